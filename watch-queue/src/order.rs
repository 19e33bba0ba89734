//! The one order of a queue's publications: a lock that is held through each of them.
//!
//! A predicate or an event that publishes from inside a publication would wait for itself, so the lock knows its holder
//! and panics instead.

use std::ops::{Deref, DerefMut};
use std::sync::TryLockError;

use crate::Position;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard, NO_THREAD, lock, thread_number};

/// The position of the last publication, and who publishes.
pub(crate) struct Order {
    last: Mutex<Position>,
    /// The number of the thread that holds `last`, or [`NO_THREAD`]. A thread only asks whether it is its own number, which
    /// nobody else writes.
    holder: AtomicU64,
}

/// The right to publish.
pub(crate) struct Turn<'a> {
    last: MutexGuard<'a, Position>,
    holder: &'a AtomicU64,
}

impl Order {
    pub(crate) fn new() -> Self {
        Self {
            last: Mutex::new(Position::START),
            holder: AtomicU64::new(NO_THREAD),
        }
    }

    /// Waits for the other publishers.
    ///
    /// # Panics
    /// If this thread is publishing.
    pub(crate) fn turn(&self) -> Turn<'_> {
        let me = thread_number();
        let last = match self.last.try_lock() {
            Ok(last) => last,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                assert!(
                    self.holder.load(Ordering::Relaxed) != me,
                    "a queue is not published to from inside a publication"
                );
                lock(&self.last)
            }
        };
        self.holder.store(me, Ordering::Relaxed);
        Turn {
            last,
            holder: &self.holder,
        }
    }
}

impl Deref for Turn<'_> {
    type Target = Position;

    fn deref(&self) -> &Position {
        &self.last
    }
}

impl DerefMut for Turn<'_> {
    fn deref_mut(&mut self) -> &mut Position {
        &mut self.last
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.holder.store(NO_THREAD, Ordering::Relaxed);
    }
}
