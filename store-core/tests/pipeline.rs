//! The commit pipeline: sequenced on the tip, committed in order, dropped as a suffix, and nothing dirty ever leaves.

mod support;

use std::sync::Arc;
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use proposer::{AbortReason, Applied, Incarnation, Peer, Proposal, ProposalId, Term};
use store_core::{
    Changes, CreateError, Event, Pending, Query, Read, Store, TransactionError, Version,
};
use support::manual::Manual;
use support::*;

type ManualStore = Store<Runner, Manual<Changes<Runner>>>;

fn manual() -> (ManualStore, Manual<Changes<Runner>>) {
    let log = Manual::new();
    (Store::open_with(log.clone(), options()).unwrap(), log)
}

fn submit(store: &ManualStore, id: &str) -> Pending<(), CreateError> {
    store.submit(|tx| tx.create(job(id)).map(drop))
}

struct Quiet;

impl Wake for Quiet {
    fn wake(self: Arc<Self>) {}
}

/// Whether a transaction has ended.
fn has_ended<T: Unpin, E: Unpin>(pending: &mut Pending<T, E>) -> bool {
    let waker = Waker::from(Arc::new(Quiet));
    std::pin::Pin::new(pending)
        .poll(&mut Context::from_waker(&waker))
        .is_ready()
}

#[test]
fn transactions_pile_up_behind_a_slow_log() {
    let (store, log) = manual();
    let pending = ["a", "b", "c"].map(|id| submit(&store, id));
    assert_eq!(log.taken(), [1, 2, 3]);
    assert_eq!(
        (store.view().version(), store.view().len::<Job>()),
        (Version::ZERO, 0)
    );
    assert_eq!(store.stats().in_flight, 3);
    log.commit(2);
    assert_eq!(ids(store.view().find(Query::all())), ["a", "b"]);
    log.commit(1);
    for (number, pending) in (1..).zip(pending) {
        assert_eq!(pending.wait().unwrap().version, Version::new(number));
    }
    store.check_invariants();
}

#[test]
fn a_transaction_builds_on_those_in_flight() {
    let (store, log) = manual();
    let _first = submit(&store, "a");
    let second = store.submit(|tx| {
        let a = (**tx.get::<Job>(&"a".into()).expect("the tip holds it")).clone();
        tx.update(Job { priority: 7, ..a }).map(drop)
    });
    log.commit(2);
    assert_eq!(second.wait().unwrap().version, Version::new(2));
    assert_eq!(store.view().get::<Job>(&"a".into()).unwrap().priority, 7);
}

#[test]
fn a_dropped_transaction_takes_the_later_ones_with_it() {
    let (store, log) = manual();
    let mut pending: Vec<_> = ["a", "b", "c", "d"]
        .into_iter()
        .map(|id| submit(&store, id))
        .collect();
    log.drop_after(2, false);
    let last = pending.pop().unwrap().wait();
    assert!(
        matches!(
            last,
            Err(TransactionError::Aborted(AbortReason::Superseded))
        ),
        "{last:?}"
    );
    let third = pending.pop().unwrap().wait();
    assert!(
        matches!(
            third,
            Err(TransactionError::Aborted(AbortReason::NotLeader { .. }))
        ),
        "{third:?}"
    );
    store.check_invariants();

    // The tip is the last one that is still on its way; its successor takes the version over, in the next incarnation.
    let again = submit(&store, "c");
    assert_eq!(log.taken(), [1, 2, 3]);
    assert_eq!(log.proposals()[2].id.incarnation, Incarnation::new(1));
    log.commit(3);
    assert_eq!(again.wait().unwrap().version, Version::new(3));
    assert_eq!(ids(store.view().find(Query::all())), ["a", "b", "c"]);
    store.check_invariants();
}

#[test]
fn an_unknown_outcome_is_told_as_such() {
    let (store, log) = manual();
    let pending = submit(&store, "a");
    log.drop_after(0, true);
    let error = pending.wait().unwrap_err();
    assert!(
        matches!(error, TransactionError::Unknown { version, .. } if version == Version::new(1)),
        "{error}"
    );
}

#[test]
fn a_refused_proposal_leaves_no_trace() {
    let (store, log) = manual();
    let first = submit(&store, "a");
    log.refuse(Some(AbortReason::TooLarge { size: 9, max: 8 }));
    let refused = submit(&store, "b").wait().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the transaction was not committed: the transaction has 9 bytes, the log takes 8 at most; split it"
    );
    log.refuse(None);
    let third = submit(&store, "b");
    log.commit(2);
    assert_eq!(
        (first.wait().unwrap().version, third.wait().unwrap().version),
        (Version::new(1), Version::new(2))
    );
    store.check_invariants();
}

#[test]
fn no_dirty_rejection_leaves() {
    let (store, log) = manual();
    let _first = submit(&store, "a");
    let mut rejected = submit(&store, "a");
    assert!(
        !has_ended(&mut rejected),
        "the object that it was rejected for is not committed yet"
    );
    log.commit(1);
    assert!(matches!(
        rejected.wait(),
        Err(TransactionError::Rejected(CreateError::Conflict { .. }))
    ));
}

#[test]
fn no_dirty_answer_leaves() {
    let (store, log) = manual();
    let _first = submit(&store, "a");
    let read = || store.submit(|tx| Ok::<_, CreateError>(tx.len::<Job>()));
    let (mut seen, other) = (read(), read());
    assert!(!has_ended(&mut seen));
    log.drop_after(0, false);
    assert!(
        matches!(seen.wait(), Err(TransactionError::Aborted(_))),
        "what it read never happened"
    );
    assert!(matches!(other.wait(), Err(TransactionError::Aborted(_))));
    assert_eq!(read().wait().unwrap().value, 0);
}

#[test]
fn update_tries_again_after_a_predecessor_was_dropped() {
    let (store, log) = manual();
    let (entered, inside) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    let _first = submit(&store, "a");
    let shared = &store;
    thread::scope(|scope| {
        let second = scope.spawn(move || {
            let mut runs = 0;
            let done = shared.update(|tx| {
                runs += 1;
                if runs == 1 {
                    entered.send(()).unwrap();
                    wait.recv().unwrap();
                }
                tx.create(job("b")).map(|_| runs)
            });
            done.unwrap()
        });
        inside.recv().unwrap();
        log.drop_after(0, false);
        go_on.send(()).unwrap();
        while log.taken().is_empty() {
            thread::yield_now();
        }
        log.commit(1);
        let done = second.join().unwrap();
        assert_eq!((done.value, done.version), (2, Version::new(1)));
    });
    assert_eq!(ids(store.view().find(Query::all())), ["b"]);
}

#[test]
fn a_foreign_entry_supersedes_what_is_in_flight() {
    let (store, log) = manual();
    let mine = submit(&store, "mine");
    let id = ProposalId {
        term: Term::new(2),
        incarnation: Incarnation::ZERO,
        version: Version::new(1),
    };
    let foreign = Proposal {
        id,
        epoch: log.proposals()[0].epoch,
        payload: vec![created("theirs")].into(),
    };
    assert_eq!(log.replica().apply(foreign.clone()), Applied::Accepted);
    assert_eq!(ids(store.view().find(Query::all())), ["theirs"]);
    assert_eq!(
        log.replica().apply(foreign),
        Applied::Skipped,
        "a duplicate is skipped"
    );
    // The log gives the own one later: it does not continue the sequence, and is skipped everywhere.
    assert_eq!(
        log.replica().apply(log.proposals()[0].clone()),
        Applied::Skipped
    );
    assert!(matches!(
        mine.wait(),
        Err(TransactionError::Aborted(AbortReason::Superseded))
    ));
    store.check_invariants();
}

#[test]
fn an_entry_of_an_older_leader_is_skipped() {
    let (store, log) = manual();
    let entry = |term, version, name| Proposal {
        id: ProposalId {
            term: Term::new(term),
            incarnation: Incarnation::ZERO,
            version: Version::new(version),
        },
        epoch: store.view().epoch(),
        payload: Changes::from(vec![created(name)]),
    };
    assert_eq!(log.replica().apply(entry(5, 1, "a")), Applied::Accepted);
    assert_eq!(log.replica().apply(entry(4, 2, "b")), Applied::Skipped);
    assert_eq!(log.replica().apply(entry(5, 2, "c")), Applied::Accepted);
    // Behind a gap everything of the attempt is skipped: it may have been built on what is missing.
    assert_eq!(log.replica().apply(entry(5, 4, "d")), Applied::Skipped);
    assert_eq!(log.replica().apply(entry(5, 3, "e")), Applied::Skipped);
    assert_eq!(log.replica().apply(entry(6, 3, "f")), Applied::Accepted);
    assert_eq!(ids(store.view().find(Query::all())), ["a", "c", "f"]);
}

/// The log gave two own proposals in another order. The second was skipped everywhere, and barred the first everywhere but
/// here: its own store took it as the first in flight, without asking whether it continued the sequence.
#[test]
fn own_entries_in_another_order_are_skipped_as_everywhere() {
    let (store, log) = manual();
    let (first, second) = (submit(&store, "a"), submit(&store, "b"));
    let [a, b] = log.proposals().try_into().expect("two were handed over");
    let follower = manual();
    for entry in [b, a] {
        assert_eq!(
            follower.1.replica().apply(entry.clone()),
            Applied::Skipped,
            "on a follower"
        );
        assert_eq!(
            log.replica().apply(entry),
            Applied::Skipped,
            "on the leader"
        );
    }
    for ended in [first.wait(), second.wait()] {
        assert!(
            matches!(
                ended,
                Err(TransactionError::Aborted(AbortReason::Superseded))
            ),
            "{ended:?}"
        );
    }
    store.check_invariants();
    let third = submit(&store, "c");
    let entry = log.proposals().pop().expect("it was handed over");
    assert_eq!(follower.1.replica().apply(entry.clone()), Applied::Accepted);
    assert_eq!(log.replica().apply(entry), Applied::Accepted);
    assert_eq!(third.wait().unwrap().version, Version::new(1));
}

#[test]
fn an_entry_that_a_table_refuses_is_divergence_and_changes_nothing() {
    let (store, log) = manual();
    let entry = Proposal {
        id: ProposalId {
            term: Term::new(1),
            incarnation: Incarnation::ZERO,
            version: Version::new(1),
        },
        epoch: store.view().epoch(),
        payload: vec![created("a"), created("a")].into(),
    };
    let Applied::Diverged(what) = log.replica().apply(entry) else {
        panic!("it must be refused")
    };
    assert_eq!(
        what,
        "name conflicts with an existing object; job a holds it"
    );
    assert_eq!(
        (store.view().version(), store.view().len::<Job>()),
        (Version::ZERO, 0)
    );
}

#[test]
fn a_follower_refuses_changes_and_answers_reads() {
    let (store, log) = manual();
    log.replica().follow(Some(Peer::new("manager-2")));
    let error = submit(&store, "a").wait().unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("this replica is not the leader; the leader is manager-2"),
        "{error}"
    );
    assert_eq!(
        store
            .update(|tx| Ok::<_, CreateError>(tx.len::<Job>()))
            .unwrap()
            .value,
        0
    );
}

#[test]
fn what_is_in_flight_when_leadership_is_lost_may_still_be_applied() {
    let (store, log) = manual();
    let mine = submit(&store, "a");
    let proposal = log.proposals()[0].clone();
    log.replica().follow(None);
    assert_eq!(log.replica().apply(proposal), Applied::Accepted);
    assert_eq!(mine.wait().unwrap().version, Version::new(1));
    assert_eq!(ids(store.view().find(Query::all())), ["a"]);
}

#[test]
fn a_leader_and_a_follower_have_equal_digests() {
    let leader = store();
    let (follower, log) = manual();
    log.replica().follow(None);
    let mut events = leader.watch(store_core::Watch::everything());
    create(&leader, ["a", "b", "c"].map(job));
    leader.update(|tx| tx.delete::<Job>(&"b".into())).unwrap();
    let a = (**leader.view().get::<Job>(&"a".into()).unwrap()).clone();
    leader
        .update(|tx| {
            tx.update(Job {
                priority: 3,
                ..a.clone()
            })
        })
        .unwrap();
    for version in 1..=3 {
        let batch = events.recv().unwrap();
        let id = ProposalId {
            term: Term::new(1),
            incarnation: Incarnation::ZERO,
            version: Version::new(version),
        };
        let payload = batch.iter().cloned().collect::<Vec<_>>().into();
        assert_eq!(
            log.replica().apply(Proposal {
                id,
                epoch: leader.view().epoch(),
                payload
            }),
            Applied::Accepted
        );
    }
    assert_eq!(follower.view().digest(), leader.view().digest());
}

#[test]
fn closing_ends_what_is_in_flight() {
    let (store, _log) = manual();
    let pending = submit(&store, "a");
    let wait = store.wait_for(Version::new(1));
    store.close();
    assert!(matches!(
        pending.wait(),
        Err(TransactionError::Unknown { .. })
    ));
    assert!(wait.wait().is_err());
    assert!(matches!(
        submit(&store, "b").wait(),
        Err(TransactionError::Aborted(AbortReason::Stopped))
    ));
}

#[test]
fn waiting_for_a_version() {
    let (store, log) = manual();
    assert!(store.wait_for(Version::ZERO).wait().is_ok());
    let _pending = ["a", "b"].map(|id| submit(&store, id));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| store.wait_for(Version::new(2)).wait());
        log.commit(2);
        assert!(waiting.join().unwrap().is_ok());
    });
    let mut ready = store.wait_for(Version::new(2));
    let waker = Waker::from(Arc::new(Quiet));
    assert_eq!(
        std::pin::Pin::new(&mut ready).poll(&mut Context::from_waker(&waker)),
        Poll::Ready(Ok(()))
    );
}

#[test]
fn concurrent_writers_and_readers() {
    let store = store();
    thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..200 {
                    create(store, [job(&format!("{thread}-{number:03}"))]);
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = Version::ZERO;
                while last < Version::new(800) {
                    let view = store.view();
                    assert!(view.version() >= last, "versions never go back");
                    last = view.version();
                    assert_eq!(view.len::<Job>() as u64, last.get(), "one job a version");
                }
            });
        }
    });
    store.check_invariants();
}

fn created(id: &str) -> Event<Runner> {
    Event::Created(AnyObject::Job(Arc::new(job(id))))
}
