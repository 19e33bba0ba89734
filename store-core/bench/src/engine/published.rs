//! A persistent table, published as a whole: a reader takes what is newest, a writer changes a clone and puts it there.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{Engine, Shared, Table};

pub(crate) struct Published<T> {
    newest: ArcSwap<T>,
}

impl<T: Table + Clone> Engine for Published<T> {
    type Table = T;
    type Shared = Self;

    fn new() -> Self {
        Self {
            newest: ArcSwap::from_pointee(T::empty()),
        }
    }

    fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        Shared::read(self, read)
    }

    fn write<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        Shared::write(self, change)
    }

    fn share(self) -> Self {
        self
    }
}

impl<T: Table + Clone> Shared for Published<T> {
    type Table = T;

    fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.newest.load_full())
    }

    fn write<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut next = T::clone(&self.newest.load_full());
        let result = change(&mut next);
        self.newest.store(Arc::new(next));
        result
    }
}
