//! What `Faulty` does to proposals, and that a replica above it sees the contract kept.

mod common;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use common::Hooked;
use proposer::testing::{Blob, End, Recorder, conformance};
use proposer::{
    AbortReason, Fate, Fault, Faulty, Journal, JournalOptions, Loopback, Peer, Plan, Proposer,
    Replica, Version,
};

fn start(plan: Plan) -> (Faulty<Loopback<Blob>, Blob>, Arc<Recorder>) {
    let faulty = Faulty::new(Loopback::new(), plan);
    let recorder = Arc::new(Recorder::new());
    faulty
        .start(Arc::clone(&recorder) as Arc<dyn Replica<Blob>>)
        .unwrap();
    (faulty, recorder)
}

fn submit(
    faulty: &Faulty<Loopback<Blob>, Blob>,
    recorder: &Recorder,
    seeds: std::ops::Range<u64>,
) -> Vec<proposer::ProposalId> {
    seeds
        .map(|seed| recorder.submit(faulty, Blob::new(seed, 10)).unwrap())
        .collect()
}

fn blobs(seeds: impl IntoIterator<Item = u64>) -> Vec<Blob> {
    seeds.into_iter().map(|seed| Blob::new(seed, 10)).collect()
}

#[test]
fn it_conforms_whatever_its_plan() {
    conformance(|| Faulty::new(Loopback::new(), Plan::none()));
    for seed in 0..50 {
        println!("seed {seed}");
        conformance(|| Faulty::new(Loopback::new(), Plan::random(seed)));
    }
}

#[test]
fn it_conforms_above_a_journal() {
    let dir = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    conformance(|| {
        count.set(count.get() + 1);
        let dir = dir.path().join(count.get().to_string());
        let journal = Journal::open(dir, JournalOptions::default()).unwrap();
        Faulty::new(journal, Plan::random(count.get()))
    });
}

#[test]
fn refuses_what_the_plan_says() {
    let max = 5;
    let reason = AbortReason::TooLarge { size: 10, max };
    let plan = Plan::script([Fault::None, Fault::Refuse(reason.clone())]);
    let (faulty, recorder) = start(plan);
    submit(&faulty, &recorder, 0..1);
    assert_eq!(recorder.submit(&faulty, Blob::new(1, 10)), Err(reason));
    submit(&faulty, &recorder, 2..3);
    assert_eq!(recorder.payloads(), blobs([0, 2]));
    recorder.assert_kept();
}

#[test]
fn holds_back_until_it_is_told_to_go_on() {
    let (faulty, recorder) = start(Plan::script([Fault::None, Fault::Hold]));
    submit(&faulty, &recorder, 0..5);
    assert_eq!((recorder.payloads(), faulty.held()), (blobs([0]), 4));
    assert!(faulty.step());
    assert_eq!((recorder.payloads(), faulty.held()), (blobs(0..2), 3));
    faulty.release();
    assert_eq!((recorder.payloads(), faulty.held()), (blobs(0..5), 0));
    assert!(!faulty.step());
    recorder.assert_kept();
}

#[test]
fn drops_a_suffix() {
    let plan = [Fault::Hold, Fault::None, Fault::None, Fault::Abort];
    let (faulty, recorder) = start(Plan::script(plan));
    let ids = submit(&faulty, &recorder, 0..4);
    for id in ids {
        assert_eq!(recorder.wait(id), End::Aborted(AbortReason::Superseded));
    }
    submit(&faulty, &recorder, 4..6);
    assert_eq!(recorder.payloads(), blobs(4..6));
    recorder.assert_kept();
}

#[test]
fn what_was_built_on_something_dropped_is_not_taken() {
    let (faulty, recorder) = start(Plan::script([Fault::Hold]));
    let id = submit(&faulty, &recorder, 0..1)[0];
    faulty.drop_held(Fate::Aborted);
    // As if it had been handed over before the replica heard.
    let mut late = proposer::Proposal {
        id,
        epoch: recorder.standing().epoch,
        payload: Blob::new(1, 10),
    };
    late.id.version = Version::new(2);
    let refused = faulty.propose(late).unwrap_err();
    assert_eq!(refused.reason, AbortReason::Superseded);
    recorder.assert_kept();
}

#[test]
fn loses_the_leadership_and_wins_it_again() {
    let (faulty, recorder) = start(Plan::script([Fault::None, Fault::Hold]));
    submit(&faulty, &recorder, 0..3);
    let before = recorder.leading();
    let leader = Some(Peer::new("another"));
    faulty.lose(Fate::Aborted, leader.clone());
    assert_eq!((recorder.leading(), recorder.in_flight()), (None, 0));
    let id = proposer::ProposalId {
        term: before.unwrap(),
        incarnation: proposer::Incarnation::new(9),
        version: Version::new(2),
    };
    let proposal = proposer::Proposal {
        id,
        epoch: recorder.standing().epoch,
        payload: Blob::new(3, 10),
    };
    let refused = faulty.propose(proposal.clone()).unwrap_err();
    assert_eq!(refused.reason, AbortReason::NotLeader { leader });
    faulty.regain();
    assert!(recorder.leading() > before);
    let refused = faulty.propose(proposal).unwrap_err();
    assert_eq!(refused.reason, AbortReason::NotLeader { leader: None });
    submit(&faulty, &recorder, 4..6);
    assert_eq!(recorder.payloads(), blobs([0, 4, 5]));
    recorder.assert_kept();
}

#[test]
fn what_was_unknown_may_come_back() {
    let (faulty, recorder) = start(Plan::script([Fault::None, Fault::Hold]));
    let ids = submit(&faulty, &recorder, 0..4);
    faulty.lose(Fate::Unknown, None);
    assert!(matches!(recorder.wait(ids[1]), End::Unknown(_)));
    assert!(faulty.deliver());
    assert!(faulty.deliver());
    assert_eq!(recorder.wait(ids[2]), End::AppliedLate);
    faulty.regain();
    assert!(
        !faulty.deliver(),
        "a new leader has everything that will ever be committed"
    );
    submit(&faulty, &recorder, 5..7);
    assert_eq!(recorder.payloads(), blobs([0, 1, 2, 5, 6]));
    assert!(matches!(recorder.wait(ids[3]), End::Unknown(_)));
    recorder.assert_kept();
}

#[test]
fn what_comes_back_before_its_replacement_wins() {
    let plan = [Fault::None, Fault::Unknown, Fault::Hold];
    let (faulty, recorder) = start(Plan::script(plan));
    let ids = submit(&faulty, &recorder, 0..4);
    assert!(faulty.deliver());
    assert_eq!(recorder.wait(ids[1]), End::AppliedLate);
    // The replacement was built on what is no longer the last.
    faulty.release();
    assert_eq!(recorder.wait(ids[2]), End::Aborted(AbortReason::Superseded));
    assert_eq!(recorder.wait(ids[3]), End::Aborted(AbortReason::Superseded));
    submit(&faulty, &recorder, 4..5);
    assert_eq!(recorder.payloads(), blobs([0, 1, 4]));
    recorder.assert_kept();
}

#[test]
fn what_comes_back_after_its_replacement_is_skipped() {
    let plan = [Fault::None, Fault::Hold, Fault::Unknown];
    let (faulty, recorder) = start(Plan::script(plan));
    submit(&faulty, &recorder, 0..3);
    submit(&faulty, &recorder, 3..4);
    while faulty.deliver() {}
    submit(&faulty, &recorder, 4..5);
    assert_eq!(recorder.payloads(), blobs([0, 3, 4]));
    recorder.assert_kept();
}

#[test]
fn commands_and_proposals_may_come_from_several_threads() {
    let (faulty, recorder) = start(Plan::random(7));
    thread::scope(|scope| {
        for seed in 0..3 {
            let (faulty, recorder) = (&faulty, &recorder);
            scope.spawn(move || {
                for seed in seed * 1_000..seed * 1_000 + 500 {
                    let _ = recorder.submit(faulty, Blob::new(seed, 10));
                }
            });
        }
        for round in 0..200 {
            match round % 5 {
                0 => faulty.release(),
                1 => faulty.drop_held(Fate::Unknown),
                2 => drop(faulty.deliver()),
                3 => faulty.lose(Fate::Unknown, None),
                _ => faulty.regain(),
            }
        }
        faulty.regain();
    });
    faulty.stop();
    assert_eq!(recorder.in_flight(), 0);
    recorder.assert_kept();
}

/// What stops the proposer that a replica is connected to.
type Stop = Arc<dyn Fn() + Send + Sync>;

/// Plays with a proposer that its replica stops in a call, where it may wait for itself for ever. In the end, the replica is let
/// go of, and was told what became of everything.
fn stopped_in_a_call<P: Proposer<Blob>>(
    faulty: Faulty<P, Blob>,
    hook: fn(&mut Hooked, Stop),
    play: fn(&Faulty<P, Blob>, &Recorder),
) {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (faulty, recorder) = (Arc::new(faulty), Arc::new(Recorder::new()));
        let mut replica = Hooked::new(&recorder);
        let way = Arc::downgrade(&faulty);
        hook(
            &mut replica,
            Arc::new(move || way.upgrade().unwrap().stop()),
        );
        faulty.start(Arc::new(replica)).unwrap();
        play(&faulty, &recorder);
        let late = recorder.submit(&*faulty, Blob::new(9, 10));
        assert_eq!(late, Err(AbortReason::Stopped));
        assert_eq!(recorder.in_flight(), 0);
        assert_eq!(Arc::strong_count(&recorder), 1, "the replica is let go");
        recorder.assert_kept();
        tell.send(()).unwrap();
    });
    let ends = told.recv_timeout(Duration::from_secs(10));
    assert!(ends.is_ok(), "it waits for itself, or fails: {ends:?}");
}

/// Stops it while the second transaction is applied.
fn at_the_second(replica: &mut Hooked, stop: Stop) {
    replica.on_apply = Box::new(move |id| {
        if id.version == Version::new(2) {
            stop();
            stop();
        }
        None
    });
}

/// A replica that stopped it on the thread that proposes, or commands, waited for itself.
#[test]
fn a_replica_may_stop_it_while_it_applies() {
    let faulty = || Faulty::new(Loopback::new(), Plan::none());
    stopped_in_a_call(faulty(), at_the_second, |faulty, recorder| {
        submit(faulty, recorder, 0..2);
        assert_eq!(recorder.payloads(), blobs(0..2));
    });
    let held = Faulty::new(Loopback::new(), Plan::script([Fault::None, Fault::Hold]));
    stopped_in_a_call(held, at_the_second, |faulty, recorder| {
        submit(faulty, recorder, 0..4);
        assert!(faulty.step());
        assert_eq!(recorder.payloads(), blobs(0..4), "what was taken ends");
    });
    let on_lead = |replica: &mut Hooked, stop: Stop| replica.on_lead = Box::new(move || stop());
    stopped_in_a_call(faulty(), on_lead, |_, _| ());
}

/// The transactions behind it met no replica, which ended the journal.
#[test]
fn a_replica_may_stop_it_on_a_thread_of_the_proposer_below() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), JournalOptions::default()).unwrap();
    let faulty = Faulty::new(journal, Plan::none());
    stopped_in_a_call(faulty, at_the_second, |faulty, recorder| {
        let last = (0..4).map_while(|seed| recorder.submit(faulty, Blob::new(seed, 10)).ok());
        let last = last.last().unwrap();
        assert_eq!(recorder.wait(last), End::Applied);
        // It ends with the next command.
        faulty.release();
    });
}
