//! What the queue synchronises by: `std`'s locks and atomics, or loom's where `tests/loom.rs` tries every order.
//!
//! Locking outlives a panic: every critical section of this crate leaves its data whole at each point where user code can
//! panic, so a poisoned mutex carries no news.

#[cfg(not(all(loom, test)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};

#[cfg(all(loom, test))]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};

/// Loom runs all threads of a model on one of the system's.
#[cfg(all(loom, test))]
use loom::thread_local;

use std::sync::PoisonError;
use std::time::Duration;

/// Locks, whether or not another holder has panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until told, without the mutex meanwhile.
pub(crate) fn wait<'a, T>(condvar: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condvar.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// Waits until told, at most so long, without the mutex meanwhile.
pub(crate) fn wait_timeout<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: Duration,
) -> MutexGuard<'a, T> {
    let waited = condvar.wait_timeout(guard, timeout);
    waited.unwrap_or_else(PoisonError::into_inner).0
}

/// The number of no thread.
pub(crate) const NO_THREAD: u64 = 0;

/// Returns the number of this thread, which no other has, and never [`NO_THREAD`].
pub(crate) fn thread_number() -> u64 {
    // Not of a model: it only has to count.
    static THREADS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(NO_THREAD);
    thread_local! {
        static NUMBER: u64 = 1 + THREADS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
