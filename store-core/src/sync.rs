//! What the commit pipeline synchronises by: `std`'s locks and atomics, or loom's where `tests/loom.rs` tries every order.
//!
//! The models include the files that they are about, so loom takes the place of `std` in that test alone: the library itself
//! is the same with `--cfg loom` as without.

#[cfg(not(all(loom, test)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(not(all(loom, test)))]
pub(crate) use std::thread_local;

#[cfg(all(loom, test))]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(all(loom, test))]
pub(crate) use loom::thread_local;

use std::sync::PoisonError;

/// Locks a mutex that guards nothing that a panic could leave half done.
#[cfg(not(tsan))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks a mutex without waiting inside the standard library, which is built without the thread sanitizer: what it does
/// there when two threads want a lock at once would look like no lock at all.
#[cfg(tsan)]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    use std::sync::TryLockError;
    loop {
        match mutex.try_lock() {
            Ok(guard) => return guard,
            Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
}

/// Waits until told, without the mutex meanwhile.
pub(crate) fn wait<'a, T>(condvar: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condvar.wait(guard).unwrap_or_else(PoisonError::into_inner)
}
