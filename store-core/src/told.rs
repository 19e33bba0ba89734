//! Who hears of commits when no lock is held any more: watchers, those who wait for a version, those who made it.

use std::sync::Arc;

use proposer::Version;
use watch_queue::Delivery;

use crate::each::contain;
use crate::event::Event;
use crate::retired::{Few, Retired};
use crate::schema::Schema;
use crate::shared::Shared;
use crate::ticket::{Ticket, Verdict, complete_all};

/// Whoever is to be told of commits, and what is to be freed; who is woken, or dropped, may do anything.
///
/// Dropping it does both: it is made before the lock is taken, so that no lock is held then, and so that they hear what is
/// true also when a commit is ended by a panic.
pub(crate) struct Told<'a, S: Schema> {
    shared: &'a Shared<S>,
    /// To watchers' tasks.
    pub(crate) delivery: Option<Delivery<Event<S>>>,
    /// What is committed now.
    pub(crate) reached: Option<Version>,
    /// Those who wait for the transactions, and what became of these.
    pub(crate) waiters: Few<(Arc<Ticket>, Verdict)>,
    /// Of an own commit there is nothing: the next transaction frees it.
    pub(crate) retired: Retired<S>,
}

impl<'a, S: Schema> Told<'a, S> {
    pub(crate) const fn by(shared: &'a Shared<S>) -> Self {
        Self {
            shared,
            delivery: None,
            reached: None,
            waiters: Few::new(),
            retired: Retired::new(),
        }
    }

    /// Wakes the tasks of watchers.
    pub(crate) fn deliver(&mut self) {
        if let Some(delivery) = self.delivery.take() {
            contain(|| drop(delivery));
        }
    }

    pub(crate) fn free(&mut self) {
        contain(|| drop(self.retired.take()));
    }
}

impl<S: Schema> Drop for Told<'_, S> {
    fn drop(&mut self) {
        self.deliver();
        if let Some(version) = self.reached {
            self.shared.versions.reached(version);
        }
        complete_all(self.waiters.take());
        self.free();
    }
}
