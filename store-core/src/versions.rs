//! Waiting for a version to be committed here.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use proposer::{AbortReason, Version};

use crate::shared::lock;
use crate::ticket::{Ticket, Verdict};

/// Who waits for which version.
#[derive(Default)]
pub(crate) struct Versions {
    waiting: Mutex<BTreeMap<Version, Vec<Arc<Ticket>>>>,
    /// How many wait, so that a commit that nobody waits for takes no lock. A waiter counts itself, then looks at what
    /// is committed; a commit publishes, then looks at the count. A fence stands between the two steps on either side, so
    /// that one of them sees the other.
    count: AtomicUsize,
    closed: AtomicBool,
}

impl Versions {
    /// Returns a ticket that is completed when `committed` gives at least this version.
    pub(crate) fn wait_for(&self, version: Version, committed: impl Fn() -> Version) -> WaitFor {
        let ticket = Arc::new(Ticket::default());
        self.count.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        lock(&self.waiting)
            .entry(version)
            .or_default()
            .push(Arc::clone(&ticket));
        // Looked at again after entering: the version may have been committed meanwhile, or everything closed.
        if committed() >= version {
            self.reached(committed());
        }
        if self.closed.load(Ordering::SeqCst) {
            self.close();
        }
        WaitFor { ticket }
    }

    pub(crate) fn reached(&self, version: Version) {
        fence(Ordering::SeqCst);
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        let mut waiting = lock(&self.waiting);
        let later = waiting.split_off(&version.next());
        let reached = std::mem::replace(&mut *waiting, later);
        drop(waiting);
        self.end(reached, &Verdict::Committed);
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let all = std::mem::take(&mut *lock(&self.waiting));
        self.end(all, &Verdict::Unknown(AbortReason::Stopped));
    }

    fn end(&self, tickets: BTreeMap<Version, Vec<Arc<Ticket>>>, verdict: &Verdict) {
        for ticket in tickets.into_values().flatten() {
            self.count.fetch_sub(1, Ordering::SeqCst);
            ticket.complete(verdict.clone());
        }
    }
}

/// Waits for a version: by [`WaitFor::wait`], or by `.await`.
#[derive(Debug)]
#[must_use = "it does nothing until it is waited for"]
pub struct WaitFor {
    ticket: Arc<Ticket>,
}

/// The store was closed before the version was committed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store was closed before the version was committed")]
pub struct Closed;

impl WaitFor {
    /// Waits until the version is committed here.
    ///
    /// # Errors
    /// When the store is closed first.
    ///
    /// # Blocking
    /// Without a bound: a version that is never committed is waited for until the store is closed.
    pub fn wait(self) -> Result<(), Closed> {
        outcome(&self.ticket.wait())
    }
}

impl Future for WaitFor {
    type Output = Result<(), Closed>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(outcome(&ready!(self.ticket.poll(context))))
    }
}

fn outcome(verdict: &Verdict) -> Result<(), Closed> {
    if *verdict == Verdict::Committed {
        Ok(())
    } else {
        Err(Closed)
    }
}
