//! Where watches stand, and how they go on from there: epochs, old objects, bookmarks, results.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use proposer::{
    AbortReason, Applied, Change, Epoch, HistoryError, Incarnation, Payload as _, Proposal,
    ProposalId, Proposer, Refused, Replica, StartError, Term,
};
use store_core::{
    Changes, Event, NoBatch, Position, Query, Read, ResultChange, Store, Subscription, Version,
    Watch,
};
use support::manual::Manual;
use support::*;

fn update(store: &LocalStore, id: &str, change: impl Fn(&mut Job)) {
    let done = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&id.into()).expect("the job exists")).clone();
        change(&mut job);
        tx.update(job).map(drop)
    });
    done.expect("the update is allowed");
}

/// The positions and numbers of events of everything that is there by now.
fn drain(events: &mut Subscription<Runner>) -> Vec<(u64, usize)> {
    std::iter::from_fn(|| events.try_recv().ok())
        .map(|batch| (batch.version().get(), batch.events().len()))
        .collect()
}

fn compacted(error: &HistoryError) -> (u64, u64, u64, Epoch) {
    let HistoryError::Compacted {
        asked,
        oldest,
        current,
        epoch,
    } = error
    else {
        panic!("{error}")
    };
    (asked.get(), oldest.get(), current.get(), *epoch)
}

#[test]
fn a_position_of_this_history_is_resumed_from() {
    let store = store();
    let (view, mut events) = store.view_and_watch(Watch::everything());
    create(&store, [job("a")]);
    create(&store, [job("b")]);
    let first = events.recv().unwrap();
    assert_eq!(first.position().version, Version::new(1));
    assert_eq!(first.position(), {
        let version = Version::new(1);
        let epoch = store.view().epoch();
        Position { epoch, version }
    });
    for (from, expected) in [
        (view.position(), vec![(1, 1), (2, 1)]),
        (first.position(), vec![(2, 1)]),
        (store.view().position(), vec![]),
    ] {
        let mut again = store.watch_from(from, Watch::everything()).unwrap();
        assert_eq!(drain(&mut again), expected, "{from}");
    }
}

/// A restore goes on counting, so a version of before it would silently be resumed from within another state's history.
#[test]
fn a_position_from_before_a_restore_is_compacted() {
    let store = store();
    create(&store, [job("a")]);
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    create(&store, [job("b")]);
    let before = store.view().position();
    let mut live = store.watch(Watch::everything());

    store.restore(&saved[..]).unwrap();
    create(&store, [job("c")]);
    let now = store.view().position();
    assert_ne!(now.epoch, before.epoch);

    let gone = store.watch_from(before, Watch::everything()).unwrap_err();
    assert_eq!(compacted(&gone), (2, 2, 4, now.epoch));
    // One who watched through it knows the new history.
    let restored = live.recv().unwrap();
    assert_eq!(restored.version(), Version::new(3));
    assert_eq!(restored.position().epoch, now.epoch);
    let mut again = store
        .watch_from(restored.position(), Watch::everything())
        .unwrap();
    assert_eq!(drain(&mut again), [(4, 1)]);
}

#[test]
fn a_bare_version_is_taken_through_a_restore_only_by_one_who_says_so() {
    let store = store();
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    create(&store, [job("a")]);
    create(&store, [job("b")]);
    let restored = store.restore(&saved[..]).unwrap();
    create(&store, [job("c")]);
    let epoch = store.view().epoch();
    for version in 0..restored.get() {
        let version = Version::new(version);
        let gone = store.watch_within_history(version, Watch::everything());
        let expected = (version.get(), restored.get(), 4, epoch);
        assert_eq!(compacted(&gone.unwrap_err()), expected);
    }
    let mut within = store
        .watch_within_history(restored, Watch::everything())
        .unwrap();
    assert_eq!(drain(&mut within), [(4, 1)]);
    let before = restored.previous().unwrap();
    let mut through = store.watch_from(before, Watch::everything()).unwrap();
    assert_eq!(drain(&mut through), [(3, 2), (4, 1)]);
}

/// Also where the other history is longer: its version is not ahead of this one, it is none of it.
#[test]
fn a_position_from_another_store_is_compacted() {
    let (one, other) = (store(), store());
    for id in ["a", "b", "c"] {
        create(&other, [job(id)]);
    }
    create(&one, [job("a")]);
    let mut elsewhere = other.view().position();
    elsewhere.epoch = elsewhere.epoch.next();
    let gone = one.watch_from(elsewhere, Watch::everything()).unwrap_err();
    assert_eq!(compacted(&gone), (3, 0, 1, one.view().epoch()));
}

/// Only what was last written before everything that the log holds is not known.
#[test]
fn updates_resumed_from_the_log_have_their_old_objects() {
    let store = store();
    create(&store, [job("a"), job("b")]);
    for priority in 1..=2 {
        update(&store, "a", |job| job.priority = priority);
        update(&store, "b", |job| job.priority = 10 * priority);
    }
    create(&store, [job("c")]);
    let olds = |oldest, from| {
        let store = Recoded::of(&store).reaching_back_to(oldest).open();
        let mut events = store
            .watch_from(Version::new(from), Watch::everything())
            .unwrap();
        let mut olds = Vec::new();
        while let Ok(batch) = events.try_recv() {
            olds.extend(batch.iter().map(|event| {
                event.old().map(|old| match old {
                    AnyObject::Job(job) => job.priority,
                    AnyObject::Worker(_) => unreachable!("there are none"),
                })
            }));
        }
        olds
    };
    let all = [None, None, Some(0), Some(0), Some(1), Some(10), None];
    assert_eq!(olds(0, 0), all);
    // The stretch itself does not tell what they were, but what comes before it in the log does.
    assert_eq!(olds(0, 3), all[4..]);
    assert_eq!(olds(1, 4), all[5..]);
    assert_eq!(olds(2, 3), [None, Some(10), None]);
}

/// The log of a restarted process holds objects in their encoded form: without what they were.
#[test]
fn old_objects_are_there_also_when_the_log_was_read_from_disk() {
    let encoded_log = store();
    create(&encoded_log, [job("a")]);
    update(&encoded_log, "a", |job| job.tags = vec!["red".into()]);
    update(&encoded_log, "a", |job| job.tags = vec!["blue".into()]);
    update(&encoded_log, "a", |job| job.tags = Vec::new());
    let store = Recoded::of(&encoded_log).open();
    let mut red = store
        .watch_from(Version::new(2), Watch::query(BY_TAG.eq("red")))
        .unwrap();
    let batch = red.recv().unwrap();
    assert_eq!(batch.version(), Version::new(3));
    let query = BY_TAG.eq("red");
    let results: Vec<_> = batch.results(&query).collect();
    let [
        ResultChange::Left {
            old: Some(old),
            new: Some(new),
        },
    ] = results[..]
    else {
        panic!("{results:?}")
    };
    assert_eq!((&old.tags[0][..], &new.tags[0][..]), ("red", "blue"));
    assert_eq!(red.try_recv().unwrap_err(), NoBatch::Yet);
}

/// A log whose entries were written and read back.
struct Recoded {
    log: Vec<Proposal<Changes<Runner>>>,
    oldest: Version,
}

impl Recoded {
    fn of(store: &LocalStore) -> Self {
        let mut events = store
            .watch_from(Version::ZERO, Watch::everything())
            .unwrap();
        let mut log = Vec::new();
        while let Ok(batch) = events.try_recv() {
            let mut bytes = Vec::new();
            Changes::<Runner>::from(batch.events().to_vec()).encode(&mut bytes);
            log.push(Proposal {
                id: ProposalId {
                    term: Term::new(1),
                    incarnation: Incarnation::ZERO,
                    version: batch.version(),
                },
                epoch: batch.position().epoch,
                payload: Changes::decode(&bytes).unwrap(),
            });
        }
        let oldest = Version::ZERO;
        Self { log, oldest }
    }

    fn reaching_back_to(mut self, version: u64) -> Self {
        self.oldest = Version::new(version);
        self
    }

    /// Returns a store over it that remembers nothing but the last transaction.
    fn open(self) -> Store<Runner, Self> {
        let mut options = options();
        options.history_changes_max = 1;
        Store::open_with(self, options).unwrap()
    }
}

impl Proposer<Changes<Runner>> for Recoded {
    fn start(&self, replica: Arc<dyn Replica<Changes<Runner>>>) -> Result<(), StartError> {
        for proposal in &self.log {
            assert_eq!(replica.apply(proposal.clone()), Applied::Accepted);
        }
        Ok(())
    }

    fn propose(&self, proposal: Proposal<Changes<Runner>>) -> Result<(), Refused<Changes<Runner>>> {
        let reason = AbortReason::Stopped;
        Err(Refused { proposal, reason })
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<Changes<Runner>>>, HistoryError> {
        if after < self.oldest {
            return Err(HistoryError::Compacted {
                asked: after,
                oldest: self.oldest,
                current: through,
                epoch: Epoch::ZERO,
            });
        }
        let changes = self.log.iter().map(|proposal| Change {
            version: proposal.id.version,
            epoch: proposal.epoch,
            payload: proposal.payload.clone(),
        });
        Ok(changes
            .filter(|change| change.version > after && change.version <= through)
            .collect())
    }

    fn stop(&self) {}
}

#[test]
fn a_result_that_is_kept_by_its_changes_is_what_the_query_finds() {
    let store = store();
    let query = || BY_TAG.eq("red").or(BY_PRIORITY.range(&5..));
    create(&store, [job("a"), job("b")]);
    update(&store, "b", |job| job.priority = 9);
    let (view, mut events) = store.view_and_watch(Watch::query(query()));
    let mut result: BTreeMap<String, Job> = view
        .find(query())
        .map(|job| (job.id.clone(), (**job).clone()))
        .collect();

    let red = |job: &mut Job| job.tags = vec!["red".into()];
    update(&store, "a", red);
    update(&store, "a", |job| job.priority = 1);
    update(&store, "b", |job| job.priority = 0);
    update(&store, "b", |job| job.priority = 1);
    create(&store, [job("c")]);
    update(&store, "c", red);
    store.update(|tx| tx.delete::<Job>(&"c".into())).unwrap();

    let mut steps = Vec::new();
    while let Ok(batch) = events.try_recv() {
        let query = query();
        for change in batch.results(&query) {
            match change {
                ResultChange::Entered(new) => {
                    steps.push(format!("enters {}", new.id));
                    result.insert(new.id.clone(), (**new).clone());
                }
                ResultChange::Changed { new, .. } => {
                    steps.push(format!("changes {}", new.id));
                    result.insert(new.id.clone(), (**new).clone());
                }
                ResultChange::Left { old, new } => {
                    let left = old.or(new).unwrap();
                    let how = if new.is_some() {
                        "leaves"
                    } else {
                        "is deleted:"
                    };
                    steps.push(format!("{} {how}", left.id));
                    result.remove(&left.id);
                }
            }
        }
    }
    assert_eq!(
        steps,
        [
            "enters a",
            "changes a",
            "b leaves",
            "enters c",
            "c is deleted:"
        ]
    );
    let found: Vec<_> = store
        .view()
        .find(query())
        .map(|job| (**job).clone())
        .collect();
    assert_eq!(result.into_values().collect::<Vec<_>>(), found);
}

#[test]
fn an_idle_watch_learns_now_and_then_how_far_the_store_is() {
    let store = store();
    let mut idle = store.watch(Watch::table::<Worker>().with_bookmarks());
    let every = u64::from(Watch::<Runner>::BOOKMARKS_EVERY);
    let mut told = Vec::new();
    for number in 0..3 * every {
        create(&store, [job(&format!("{number:04}"))]);
        told.extend(drain(&mut idle));
    }
    assert_eq!(told.len(), 3, "once in {every} commits: {told:?}");
    assert!(told.iter().all(|(_, events)| *events == 0));
    let gaps = told.windows(2).map(|pair| pair[1].0 - pair[0].0);
    assert!(gaps.eq([every; 2]), "{told:?}");
}

#[test]
fn progress_stands_still_while_something_waits() {
    let store = store();
    let mut events = store.watch(Watch::object::<Job>(&"b".into()));
    assert_eq!(events.progress(), Some(Version::ZERO.into()));
    create(&store, [job("a")]);
    assert_eq!(events.progress(), Some(store.view().position()));
    create(&store, [job("b")]);
    assert_eq!(events.progress(), None);
    let received = events.recv().unwrap().position();
    create(&store, [job("c")]);
    let progress = events.progress().unwrap();
    assert!(progress.version > received.version);
    let mut resumed = store.watch_from(received, Watch::everything()).unwrap();
    assert_eq!(resumed.progress(), None, "the past waits");
    drain(&mut resumed);
    assert_eq!(resumed.progress(), Some(progress));
}

#[cfg(feature = "stream")]
#[test]
fn a_stream_tells_its_progress_as_its_subscription_does() {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use futures_core::Stream as _;

    let store = store();
    create(&store, [job("a")]);
    let resumed = store.watch_from(Version::ZERO, Watch::everything());
    let mut stream = resumed.unwrap().into_stream();
    assert_eq!(stream.progress(), None, "the past waits");
    let next = Pin::new(&mut stream).poll_next(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(next, Poll::Ready(Some(Ok(_)))));
    assert_eq!(stream.progress(), Some(store.view().position()));
    create(&store, [job("b")]);
    assert_eq!(stream.progress(), None);
}

/// Leader, follower, batch and restore: watchers learn the version of each commit, and can resume from it.
#[test]
fn every_commit_has_its_version_everywhere() {
    let leader = store();
    let log = Manual::new();
    let follower: Store<Runner, _> = Store::open(log.clone()).unwrap();
    log.replica().follow(None);
    let mut at_leader = leader.watch(Watch::everything());
    let mut at_follower = follower.watch(Watch::everything());
    create(&leader, [job("a")]);
    let mut saved = Vec::new();
    leader.save(&mut saved).unwrap();
    let report = leader.batch(|batch| {
        (0..450).try_for_each(|number| {
            batch.step(|tx| tx.create(job(&format!("{number:03}"))).map(drop))
        })
    });
    assert_eq!(report.unwrap().transactions, 3);
    leader.restore(&saved[..]).unwrap();

    for proposal in Recoded::of(&leader).log {
        assert_eq!(log.replica().apply(proposal), Applied::Accepted);
    }
    let told = drain(&mut at_leader);
    assert_eq!(
        told,
        [(1, 1), (2, 200), (3, 200), (4, 50), (5, 450)],
        "one by one, three steps of a batch, a restore"
    );
    assert_eq!(told, drain(&mut at_follower));
    assert_eq!(leader.view().digest(), follower.view().digest());
    for from in 0..=5 {
        let resumed = |events: &mut Subscription<Runner>| drain(events).len();
        let from = Version::new(from);
        let mut again = leader.watch_from(from, Watch::everything()).unwrap();
        let mut there = follower.watch_from(from, Watch::everything());
        let left = resumed(&mut again);
        assert_eq!(left as u64, 5 - from.get());
        if let Ok(there) = &mut there {
            assert_eq!(resumed(there), left);
        }
    }
}

/// A follower that gets a whole state instead of entries: watchers get the difference, or learn that there is none.
#[test]
fn a_state_that_is_installed_comes_as_a_difference_with_its_version() {
    let leader = store();
    let log = Manual::new();
    let follower: Store<Runner, _> = Store::open(log.clone()).unwrap();
    let mut jobs = follower.watch(Watch::table::<Job>());
    let mut idle = follower.watch(Watch::table::<Worker>().with_bookmarks_every(1));
    let install = || {
        let mut saved = Vec::new();
        leader.save(&mut saved).unwrap();
        log.replica().restore(&mut &saved[..]).unwrap();
    };
    create(&leader, [job("a"), job("b")]);
    create(&leader, [job("c")]);
    install();
    assert_eq!(drain(&mut jobs), [(2, 3)]);
    assert_eq!(drain(&mut idle), [(2, 0)]);
    create(&leader, [job("d")]);
    leader.update(|tx| tx.delete::<Job>(&"d".into())).unwrap();
    install();
    assert_eq!(drain(&mut jobs), []);
    assert_eq!(drain(&mut idle), [(4, 0)]);
    assert_eq!(jobs.progress(), Some(leader.view().position()));
    let gone = follower
        .watch_from(Version::new(2), Watch::everything())
        .unwrap_err();
    assert!(!matches!(gone, HistoryError::Failed(_)), "{gone}");
}

#[test]
fn an_event_tells_what_it_is_about() {
    let store = store();
    let mut events = store.watch(Watch::query(Query::<Job>::key_prefix("b")));
    create(&store, [job("a"), job("bb"), job("bc")]);
    let batch = events.recv().unwrap();
    let keys: Vec<_> = batch
        .iter()
        .map(|event| match event {
            Event::Created(AnyObject::Job(job)) => &job.id[..],
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, ["bb", "bc"]);
}
