//! What a loopback does beyond the contract of every proposer.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

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

/// A loopback that its replica stops, by a hook that is made of the way to do it.
fn stopped_by(
    hook: impl FnOnce(&mut Hooked, Box<dyn Fn() + Send + Sync>),
) -> (Arc<Loopback<Blob>>, Arc<Recorder>, Hooked) {
    let (log, recorder) = (Arc::new(Loopback::new()), Arc::new(Recorder::new()));
    let way = Arc::clone(&log);
    let mut replica = Hooked::new(&recorder);
    hook(
        &mut replica,
        Box::new(move || Proposer::<Blob>::stop(&*way)),
    );
    (log, recorder, replica)
}

/// Runs what may wait for itself for ever.
fn ends(work: impl FnOnce() + Send + 'static) -> bool {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        work();
        tell.send(()).unwrap();
    });
    told.recv_timeout(Duration::from_secs(10)).is_ok()
}

/// Whoever was told of a commit on the thread that committed, and stopped the log there, waited for itself.
#[test]
fn a_replica_may_stop_the_log_while_it_applies() {
    let (log, recorder, replica) = stopped_by(|replica, stop| {
        replica.on_apply = Box::new(move |id| {
            if id.version == Version::new(2) {
                stop();
                stop();
            }
            None
        });
    });
    assert!(ends(move || {
        log.start(Arc::new(replica)).unwrap();
        for seed in 0..2 {
            recorder.submit(&log, Blob::new(seed, 10)).unwrap();
        }
        let late = recorder.submit(&log, Blob::new(2, 10));
        assert_eq!(late, Err(AbortReason::Stopped));
        assert_eq!(recorder.payloads().len(), 2, "what it was in is applied");
        assert_eq!(Arc::strong_count(&recorder), 1, "the replica is let go");
        recorder.assert_kept();
    }));
}

#[test]
fn a_replica_may_stop_the_log_when_it_hears_that_it_leads() {
    let (log, recorder, replica) = stopped_by(|replica, stop| replica.on_lead = stop);
    assert!(ends(move || {
        log.start(Arc::new(replica)).unwrap();
        let late = recorder.submit(&log, Blob::new(0, 10));
        assert_eq!(late, Err(AbortReason::Stopped));
        assert_eq!(Arc::strong_count(&recorder), 1, "the replica is let go");
    }));
}

/// Only the thread that applies does not wait: for any other, what was taken has ended when it has stopped the log.
#[test]
fn another_thread_waits_for_what_is_being_applied() {
    let (log, recorder) = (Arc::new(Loopback::new()), Arc::new(Recorder::new()));
    let mut replica = Hooked::new(&recorder);
    let (tell, told) = mpsc::channel();
    let (way, seen) = (Arc::clone(&log), Arc::clone(&recorder));
    replica.on_apply = Box::new(move |_| {
        let (log, recorder) = (Arc::clone(&way), Arc::clone(&seen));
        let stopping = thread::spawn(move || {
            log.stop();
            recorder.payloads().len()
        });
        tell.send(stopping).unwrap();
        None
    });
    log.start(Arc::new(replica)).unwrap();
    recorder.submit(&log, Blob::new(0, 10)).unwrap();
    assert_eq!(told.recv().unwrap().join().unwrap(), 1);
}
