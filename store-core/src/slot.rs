//! The writer slot: held by whoever makes a transaction; knows since when.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::shared::lock;

thread_local! {
    /// The slot that this thread holds, by address; 0 for none.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

pub(crate) struct Slot {
    mutex: Mutex<()>,
    opened: Instant,
    /// Nanoseconds from `opened` to when the slot was taken; 0 while it is free.
    since: AtomicU64,
    wedge_timeout: Duration,
}

/// Frees the slot when it is dropped, also by a panic.
pub(crate) struct Held<'a> {
    slot: &'a Slot,
    outer: usize,
    _guard: MutexGuard<'a, ()>,
}

impl Slot {
    pub(crate) fn new(wedge_timeout: Duration) -> Self {
        Self {
            mutex: Mutex::new(()),
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
        let address = std::ptr::from_ref(self).addr();
        assert_ne!(
            HELD.get(),
            address,
            "a transaction was begun inside a transaction of the same store"
        );
        let guard = lock(&self.mutex);
        self.since.store(self.now(), Ordering::Relaxed);
        Held {
            slot: self,
            outer: HELD.replace(address),
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
        HELD.set(self.outer);
        self.slot.since.store(0, Ordering::Relaxed);
    }
}
