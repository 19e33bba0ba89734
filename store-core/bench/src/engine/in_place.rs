//! A table that is changed in place: no snapshots, and a lock only where threads share it.
//!
//! It is not what a store could use; it says how fast the work is without versions.

use std::sync::{PoisonError, RwLock};

use super::{Engine, Shared, Table};

pub(crate) struct InPlace<T> {
    table: T,
}

impl<T: Table> Engine for InPlace<T> {
    type Table = T;
    type Shared = RwLock<T>;

    fn new() -> Self {
        Self { table: T::empty() }
    }

    fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.table)
    }

    fn write<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.table)
    }

    fn share(self) -> RwLock<T> {
        RwLock::new(self.table)
    }
}

impl<T: Table> Shared for RwLock<T> {
    type Table = T;

    fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.write().unwrap_or_else(PoisonError::into_inner))
    }
}
