//! What commits of this replica's own transactions have replaced: the states before, and changes that the history no longer
//! holds.
//!
//! It is freed by whoever makes the next transaction, outside every lock. The memory came from those threads; the thread of
//! the log, which commits, would stand in their allocator's way, and they wait for it. Each transaction takes all there is,
//! so there is never more than was in flight at once.

use std::sync::Arc;

use crate::changes::Changes;
use crate::schema::Schema;
use crate::snapshot::Root;

/// What one commit has replaced.
#[expect(dead_code, reason = "all that is left to do is to drop it")]
pub(crate) struct Replaced<S: Schema> {
    pub(crate) root: Arc<Root<S>>,
    pub(crate) forgotten: Option<Changes<S>>,
}

pub(crate) struct Retired<S: Schema> {
    /// Without an allocation: where each transaction is waited for before the next, there is one.
    first: Option<Replaced<S>>,
    others: Vec<Replaced<S>>,
}

impl<S: Schema> Retired<S> {
    pub(crate) const fn new() -> Self {
        Self {
            first: None,
            others: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, replaced: Replaced<S>) {
        if self.first.is_none() {
            self.first = Some(replaced);
        } else {
            self.others.push(replaced);
        }
    }

    /// Takes what there is.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new())
    }
}
