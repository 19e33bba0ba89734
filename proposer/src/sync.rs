//! Locking without poison.
//!
//! Every mutex of this crate guards values that are whole between any two statements, so a panic elsewhere (in a
//! replica, in a payload) leaves nothing half done behind.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, whether or not a thread panicked while it held it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
