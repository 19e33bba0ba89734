//! A proposer that does what the test says, when it says it.

use std::sync::{Arc, Mutex};

use proposer::{
    AbortReason, Applied, Change, HistoryError, Outcome, Proposal, Proposer, Refused, Replica,
    StartError, Term, Version,
};

/// Takes proposals and keeps them until the test commits or drops them.
pub struct Manual<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    replica: Mutex<Option<Arc<dyn Replica<T>>>>,
    taken: Mutex<Vec<Proposal<T>>>,
    refuse: Mutex<Option<AbortReason>>,
}

impl<T> Clone for Manual<T> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Manual<T> {
    pub fn new() -> Self {
        let inner = Inner {
            replica: Mutex::new(None),
            taken: Mutex::new(Vec::new()),
            refuse: Mutex::new(None),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    pub fn replica(&self) -> Arc<dyn Replica<T>> {
        self.inner
            .replica
            .lock()
            .unwrap()
            .clone()
            .expect("the store is open")
    }

    /// Returns the versions that were handed over and not ended yet.
    pub fn taken(&self) -> Vec<u64> {
        self.inner
            .taken
            .lock()
            .unwrap()
            .iter()
            .map(|proposal| proposal.id.version.get())
            .collect()
    }

    pub fn proposals(&self) -> Vec<Proposal<T>> {
        self.inner.taken.lock().unwrap().clone()
    }

    /// Commits the first `count` that were handed over.
    pub fn commit(&self, count: usize) {
        let first: Vec<_> = self.inner.taken.lock().unwrap().drain(..count).collect();
        for proposal in first {
            assert_eq!(self.replica().apply(proposal), Applied::Accepted);
        }
    }

    /// Drops what was handed over, but for the first `keep`: certainly, or perhaps, not in the log.
    pub fn drop_after(&self, keep: usize, unknown: bool) -> Vec<Proposal<T>> {
        let dropped: Vec<_> = self.inner.taken.lock().unwrap().drain(keep..).collect();
        let (from, reason) = (dropped[0].id, AbortReason::NotLeader { leader: None });
        let outcome = if unknown {
            Outcome::Unknown { from, reason }
        } else {
            Outcome::Aborted { from, reason }
        };
        self.replica().settle(outcome);
        dropped
    }

    /// Loses what was handed over, and tells nobody.
    pub fn forget(&self) {
        let lost = std::mem::take(&mut *self.inner.taken.lock().unwrap());
        drop(lost);
    }

    /// Refuses what is handed over from now on.
    pub fn refuse(&self, reason: Option<AbortReason>) {
        *self.inner.refuse.lock().unwrap() = reason;
    }
}

impl<T: Clone + Send + Sync + 'static> Proposer<T> for Manual<T> {
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError> {
        replica.lead(Term::new(1));
        *self.inner.replica.lock().unwrap() = Some(replica);
        Ok(())
    }

    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        if let Some(reason) = self.inner.refuse.lock().unwrap().clone() {
            return Err(Refused { proposal, reason });
        }
        self.inner.taken.lock().unwrap().push(proposal);
        Ok(())
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        Err(HistoryError::OutOfOrder {
            after,
            through,
            current: Version::ZERO,
        })
    }

    fn stop(&self) {
        *self.inner.replica.lock().unwrap() = None;
    }
}
