//! Locking that outlives a panic.
//!
//! Every critical section of this crate leaves its data whole at each point where user code can panic, so a poisoned
//! mutex carries no news.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, whether or not another holder has panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
