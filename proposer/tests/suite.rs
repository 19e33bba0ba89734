//! The conformance suite finds what it is there to find: each way to break the contract fails under its name.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

use proposer::testing::{Blob, conformance, durability};
use proposer::{
    AbortReason, Change, Epoch, HistoryError, Incarnation, Loopback, Outcome, Proposal, ProposalId,
    Proposer, Refused, Replica, StartError, Term, Version,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Breach {
    ForgetsOne,
    AppliesTwice,
    AppliesWhatItAborted,
    SettlesWhatItApplied,
    AltersThePayload,
    AltersWhatItRefuses,
    FollowsInsidePropose,
    AppliesAForeignOneInsidePropose,
    CallsBesideAnotherCall,
    DropsOneAndGoesOn,
    LeadsUnderTheSameTerm,
    StartsTwice,
    TakesAfterStop,
    KeepsTheReplica,
    HasAGap,
    HasAGapInParts,
    ReadsOutOfOrder,
}

/// A loopback that breaks the contract in one way, from the third proposal on.
struct Broken {
    inner: Loopback<Blob>,
    breach: Breach,
    replica: Mutex<Option<Arc<dyn Replica<Blob>>>>,
    /// What it took and keeps to itself.
    held: Mutex<Option<ProposalId>>,
}

impl Broken {
    fn new(breach: Breach) -> Self {
        Self {
            inner: Loopback::new(),
            breach,
            replica: Mutex::default(),
            held: Mutex::default(),
        }
    }
}

impl Proposer<Blob> for Broken {
    fn start(&self, replica: Arc<dyn Replica<Blob>>) -> Result<(), StartError> {
        *self.replica.lock().unwrap() = Some(Arc::clone(&replica));
        match self.inner.start(replica) {
            Err(StartError::Started) if self.breach == Breach::StartsTwice => Ok(()),
            result => result,
        }
    }

    fn propose(&self, mut proposal: Proposal<Blob>) -> Result<(), Refused<Blob>> {
        let Some(replica) = self.replica.lock().unwrap().clone() else {
            return self.inner.propose(proposal);
        };
        let original = proposal.clone();
        let from = proposal.id;
        if from.version < Version::new(3) {
            return self.inner.propose(proposal);
        }
        let reason = AbortReason::Superseded;
        match self.breach {
            Breach::ForgetsOne => return Ok(()),
            Breach::AppliesWhatItAborted => replica.settle(Outcome::Aborted { from, reason }),
            Breach::AltersThePayload => proposal.payload = Blob::new(0, 3),
            Breach::AltersWhatItRefuses => {
                proposal.payload = Blob::new(0, 3);
                return Err(Refused { proposal, reason });
            }
            Breach::FollowsInsidePropose => replica.follow(None),
            Breach::AppliesAForeignOneInsidePropose => {
                drop(replica.apply(foreign()));
            }
            Breach::CallsBesideAnotherCall if from.version == Version::new(3) => {
                overlap(&*replica);
            }
            // The second stands behind the first, which is dropped, and comes back all the same.
            Breach::DropsOneAndGoesOn => {
                let held = self.held.lock().unwrap().take();
                if let Some(from) = held {
                    replica.settle(Outcome::Aborted { from, reason });
                    drop(replica.apply(proposal));
                } else {
                    *self.held.lock().unwrap() = Some(from);
                }
                return Ok(());
            }
            Breach::LeadsUnderTheSameTerm => replica.lead(Term::new(1)),
            _ => {}
        }
        self.inner.propose(proposal)?;
        match self.breach {
            Breach::AppliesTwice => drop(replica.apply(original)),
            Breach::SettlesWhatItApplied => {
                let reason = AbortReason::Superseded;
                replica.settle(Outcome::Unknown { from, reason });
            }
            _ => {}
        }
        Ok(())
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<Blob>>, HistoryError> {
        match self.inner.changes_between(after, through) {
            Ok(mut changes) if self.breach == Breach::HasAGap && changes.len() > 2 => {
                changes.remove(1);
                Ok(changes)
            }
            Err(HistoryError::OutOfOrder { .. }) if self.breach == Breach::ReadsOutOfOrder => {
                Ok(Vec::new())
            }
            result => result,
        }
    }

    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        _: usize,
    ) -> Result<Vec<Change<Blob>>, HistoryError> {
        let mut changes = self.changes_between(after, through)?;
        if self.breach == Breach::HasAGapInParts {
            changes.drain(..1);
        }
        Ok(changes)
    }

    fn stop(&self) {
        if self.breach != Breach::TakesAfterStop {
            self.inner.stop();
        }
        if self.breach != Breach::KeepsTheReplica {
            *self.replica.lock().unwrap() = None;
        }
    }
}

/// A proposal that the replica never made, and skips.
fn foreign() -> Proposal<Blob> {
    Proposal {
        id: ProposalId {
            term: Term::ZERO,
            incarnation: Incarnation::ZERO,
            version: Version::ZERO,
        },
        epoch: Epoch::new(1),
        payload: Blob::new(0, 3),
    }
}

/// Calls the replica from two threads, so often that some calls overlap.
fn overlap(replica: &dyn Replica<Blob>) {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    drop(replica.apply(foreign()));
                }
            });
        }
    });
}

fn failure(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("a breach is found");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .expect("a panic with a text")
}

#[test]
fn each_breach_fails_under_its_name() {
    for (breach, name) in [
        (Breach::ForgetsOne, "ends once"),
        (Breach::AppliesTwice, "ends once"),
        (Breach::AppliesWhatItAborted, "ends once"),
        (Breach::SettlesWhatItApplied, "ends once"),
        (Breach::AltersThePayload, "is not what was handed over"),
        (Breach::AltersWhatItRefuses, "not handed back"),
        (Breach::FollowsInsidePropose, "inside propose: follow"),
        (
            Breach::AppliesAForeignOneInsidePropose,
            "inside propose: apply",
        ),
        (Breach::CallsBesideAnotherCall, "calls never overlap"),
        (
            Breach::DropsOneAndGoesOn,
            "4 (term 1.0) is applied, but had ended: Aborted",
        ),
        (Breach::LeadsUnderTheSameTerm, "not greater than any before"),
        (Breach::StartsTwice, "Ok(())"),
        (Breach::TakesAfterStop, "stop: takes no further"),
        (Breach::KeepsTheReplica, "stop: lets go of the replica"),
        (Breach::HasAGap, "history: ascending, without a gap"),
        (Breach::HasAGapInParts, "history in parts"),
        (Breach::ReadsOutOfOrder, "Ok([])"),
    ] {
        let text = failure(|| conformance(|| Broken::new(breach)));
        assert!(text.contains(name), "{breach:?}: {text}");
    }
}

#[test]
fn a_log_that_forgets_is_not_durable() {
    let text = failure(|| durability(Loopback::new));
    assert!(text.contains("the state of before"), "{text}");
}
