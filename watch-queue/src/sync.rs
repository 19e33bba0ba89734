//! What the queue synchronises by: `std`'s locks and atomics, or loom's where `tests/loom.rs` tries every order.
//!
//! Locking outlives a panic: every critical section of this crate leaves its data whole at each point where user code can
//! panic, so a poisoned mutex carries no news.

#[cfg(not(all(loom, test)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};

#[cfg(all(loom, test))]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};

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
