//! What commits of this replica's own transactions have replaced: the states before, and changes that the history no longer
//! holds.
//!
//! It is freed by whoever makes the next transactions, outside every lock. The memory came from those threads; the thread of
//! the log, which commits, would stand in their allocator's way, and they wait for it. Each transaction frees what one has
//! replaced, oldest first, and gets for itself what it has just given back; freeing what a whole group has replaced, it would
//! give back more than the allocator keeps at hand for a thread. When this replica's transactions in flight are dropped,
//! whoever drops them frees all of it: perhaps there is no next transaction.
//!
//! Dropping it runs code of the user's, the drop of objects: never under a lock.

use std::collections::VecDeque;
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

/// What is being freed.
pub(crate) type Retired<S> = Few<Replaced<S>>;

/// Where more wait, a transaction frees two: so they become fewer again after many were in flight at once.
const MANY: usize = 64;

/// What waits for a transaction that frees it.
pub(crate) struct Backlog<S: Schema>(VecDeque<Replaced<S>>);

impl<S: Schema> Backlog<S> {
    pub(crate) const fn new() -> Self {
        Self(VecDeque::new())
    }

    pub(crate) fn add(&mut self, replaced: Replaced<S>) {
        self.0.push_back(replaced);
    }

    /// Takes what one transaction frees.
    pub(crate) fn take_next(&mut self) -> Retired<S> {
        let mut next = Retired {
            first: self.0.pop_front(),
            others: Vec::new(),
        };
        if self.0.len() >= MANY {
            next.others.extend(self.0.pop_front());
        }
        next
    }

    /// Takes everything.
    pub(crate) fn take_all(&mut self) -> Retired<S> {
        Retired {
            first: None,
            others: std::mem::take(&mut self.0).into(),
        }
    }
}

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

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.others)
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, others: I) {
        others.into_iter().for_each(|other| self.add(other));
    }
}
