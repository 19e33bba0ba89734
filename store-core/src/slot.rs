//! The writer slot: held by whoever makes a transaction; knows since when.

use std::time::{Duration, Instant};

use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard, lock};

thread_local! {
    /// Something whose address names this thread.
    static THREAD: u8 = const { 0 };
}

pub(crate) struct Slot {
    mutex: Mutex<()>,
    /// The thread that holds the slot, by the address of its `THREAD`; 0 while it is free.
    holder: AtomicUsize,
    opened: Instant,
    /// Nanoseconds from `opened` to when the slot was taken; 0 while it is free.
    since: AtomicU64,
    wedge_timeout: Duration,
}

/// Frees the slot when it is dropped, also by a panic.
pub(crate) struct Held<'a> {
    slot: &'a Slot,
    _guard: MutexGuard<'a, ()>,
}

impl Slot {
    pub(crate) fn new(wedge_timeout: Duration) -> Self {
        Self {
            mutex: Mutex::new(()),
            holder: AtomicUsize::new(0),
            opened: Instant::now(),
            since: AtomicU64::new(0),
            wedge_timeout,
        }
    }

    /// Takes the slot.
    ///
    /// # Panics
    /// When this thread holds it: a transaction inside a transaction would wait for itself.
    pub(crate) fn take(&self) -> Held<'_> {
        let this = THREAD.with(|thread| std::ptr::from_ref(thread).addr());
        // Only this thread writes its own address, so a relaxed look cannot miss it.
        assert_ne!(
            self.holder.load(Ordering::Relaxed),
            this,
            "a transaction was begun inside a transaction of the same store"
        );
        let guard = lock(&self.mutex);
        self.holder.store(this, Ordering::Relaxed);
        self.since.store(self.now(), Ordering::Relaxed);
        Held {
            slot: self,
            _guard: guard,
        }
    }

    /// Returns how long the slot has been held by its holder; zero while it is free.
    pub(crate) fn held_for(&self) -> Duration {
        match self.since.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => Duration::from_nanos(self.now().saturating_sub(since)),
        }
    }

    pub(crate) fn is_wedged(&self) -> bool {
        self.held_for() > self.wedge_timeout
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_nanos())
            .unwrap_or(u64::MAX)
            .max(1)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.slot.holder.store(0, Ordering::Relaxed);
        self.slot.since.store(0, Ordering::Relaxed);
    }
}
