//! What commits have replaced: the states before, and changes that the history no longer holds.
//!
//! It is freed by whoever makes the next transaction, outside every lock. The memory came from those threads; the thread of
//! the log, which commits, would stand in their allocator's way, and they wait for it. A few hundred commits that no
//! transaction follows are kept, no more.

use std::sync::Arc;

use crate::event::Event;
use crate::schema::Schema;
use crate::snapshot::Root;

/// As many states are kept; a transaction takes all there are, so in use there are as many as are in flight.
const KEPT_MAX: usize = 256;

pub(crate) struct Retired<S: Schema> {
    pub(crate) roots: Vec<Arc<Root<S>>>,
    pub(crate) changes: Vec<Arc<[Event<S>]>>,
}

impl<S: Schema> Retired<S> {
    pub(crate) const fn new() -> Self {
        Self {
            roots: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Takes what there is.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new())
    }

    /// Adds what another holds.
    pub(crate) fn append(&mut self, other: &mut Self) {
        self.roots.append(&mut other.roots);
        self.changes.append(&mut other.changes);
    }

    /// Returns everything, if it is more than is to be kept.
    pub(crate) fn overflow(&mut self) -> Option<Self> {
        (self.roots.len() > KEPT_MAX).then(|| self.take())
    }
}
