//! What commits of this replica's own transactions have replaced: the states before, and changes that the history no longer
//! holds.
//!
//! It is freed by whoever makes the next transaction, outside every lock. The memory came from those threads; the thread of
//! the log, which commits, would stand in their allocator's way, and they wait for it. Each transaction takes all there is,
//! so there is never more than was in flight at once. When this replica's transactions in flight are dropped, whoever drops
//! them frees all of it: perhaps there is no next transaction.
//!
//! Dropping it runs code of the user's, the drop of objects: never under a lock.

use std::sync::Arc;

use crate::changes::Changes;
use crate::schema::Schema;
use crate::snapshot::Root;

/// What one commit has replaced.
#[expect(dead_code, reason = "all that is left to do is to drop it")]
pub(crate) struct Replaced<S: Schema> {
    pub(crate) root: Arc<Root<S>>,
    pub(crate) forgotten: Few<Changes<S>>,
}

pub(crate) type Retired<S> = Few<Replaced<S>>;

/// Some that are to be dropped, where mostly there is one or none: the first needs no allocation.
#[must_use = "it is to be dropped when no lock is held"]
pub(crate) struct Few<T> {
    first: Option<T>,
    others: Vec<T>,
}

impl<T> Few<T> {
    pub(crate) const fn new() -> Self {
        Self {
            first: None,
            others: Vec::new(),
        }
    }

    pub(crate) const fn one(first: T) -> Self {
        Self {
            first: Some(first),
            others: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, other: T) {
        if self.first.is_none() {
            self.first = Some(other);
        } else {
            self.others.push(other);
        }
    }

    /// Takes what there is.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new())
    }
}
