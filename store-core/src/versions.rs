//! Waiting for a version to be committed here.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use proposer::{AbortReason, Version};

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::sync::{Mutex, lock};
use crate::ticket::{Ticket, Verdict, complete_all};

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
    pub(crate) fn wait_for(
        this: &Arc<Self>,
        version: Version,
        committed: impl Fn() -> Version,
    ) -> WaitFor {
        let ticket = Arc::new(Ticket::default());
        this.count.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        lock(&this.waiting)
            .entry(version)
            .or_default()
            .push(Arc::clone(&ticket));
        // Looked at again after entering: the version may have been committed meanwhile, or everything closed.
        if committed() >= version {
            this.reached(committed());
        }
        if this.closed.load(Ordering::SeqCst) {
            this.close();
        }
        WaitFor {
            ticket,
            version,
            versions: Arc::clone(this),
        }
    }

    /// Forgets one who waits no more.
    fn forget(&self, version: Version, ticket: &Arc<Ticket>) {
        let mut waiting = lock(&self.waiting);
        let Some(tickets) = waiting.get_mut(&version) else {
            return;
        };
        if let Some(at) = tickets.iter().position(|other| Arc::ptr_eq(other, ticket)) {
            tickets.swap_remove(at);
            self.count.fetch_sub(1, Ordering::SeqCst);
        }
        if tickets.is_empty() {
            waiting.remove(&version);
        }
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
        complete_all(tickets.into_values().flatten().map(|ticket| {
            self.count.fetch_sub(1, Ordering::SeqCst);
            (ticket, verdict.clone())
        }));
    }
}

/// Waits for a version: by [`WaitFor::wait`], or by `.await`.
///
/// Dropping it ends the wait.
#[must_use = "it does nothing until it is waited for"]
pub struct WaitFor {
    ticket: Arc<Ticket>,
    version: Version,
    versions: Arc<Versions>,
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

impl Drop for WaitFor {
    fn drop(&mut self) {
        self.versions.forget(self.version, &self.ticket);
    }
}

impl fmt::Debug for WaitFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitFor")
            .field("version", &self.version.get())
            .finish_non_exhaustive()
    }
}

fn outcome(verdict: &Verdict) -> Result<(), Closed> {
    if *verdict == Verdict::Committed {
        Ok(())
    } else {
        Err(Closed)
    }
}

// Loom's locks work inside a model only.
#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Whoever gave up waiting stayed in the list until the version was reached, which a client may have made up.
    #[test]
    fn a_dropped_wait_leaves_nothing_behind() {
        let versions = Arc::new(Versions::default());
        for number in 0..1_000 {
            drop(Versions::wait_for(
                &versions,
                Version::new(1_000_000 + number),
                || Version::ZERO,
            ));
        }
        assert_eq!(
            (
                lock(&versions.waiting).len(),
                versions.count.load(Ordering::SeqCst)
            ),
            (0, 0)
        );
    }
}
