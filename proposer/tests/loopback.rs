//! What a loopback does beyond the contract of every proposer.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use common::Hooked;
use proposer::testing::{Blob, Recorder};
use proposer::{AbortReason, Epoch, Loopback, Proposal, Proposer, Version};

/// It went on behind the transaction on which the replica had panicked, and the replica, which had not applied it, was
/// refused for ever as if somebody had got ahead of it.
#[test]
fn a_replica_that_panics_ends_the_log() {
    let recorder = Arc::new(Recorder::new());
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(|id| {
        assert!(id.version < Version::new(3), "a test of what a panic does");
        None
    });
    let log = Loopback::new();
    log.start(Arc::new(replica)).unwrap();
    for seed in 0..2 {
        recorder.submit(&log, Blob::new(seed, 10)).unwrap();
    }
    let third = catch_unwind(AssertUnwindSafe(|| recorder.submit(&log, Blob::new(2, 10))));
    assert!(third.is_err(), "who proposes learns of it");
    let proposal = Proposal {
        id: proposer::ProposalId {
            term: recorder.leading().unwrap(),
            incarnation: proposer::Incarnation::new(1),
            version: Version::new(3),
        },
        epoch: Epoch::new(1),
        payload: Blob::new(3, 10),
    };
    let reason = log.propose(proposal).unwrap_err().reason;
    let what = "the replica panicked on transaction 3 (term 1.0)";
    assert_eq!(reason, AbortReason::Failed(what.to_owned()));
}
