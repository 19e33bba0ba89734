//! Watches that resume from the log: the past is read part by part, as the watcher takes it, and joins what is committed meanwhile.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use proposer::{
    Change, HistoryError, Loopback, Payload as _, Proposal, Proposer, Refused, Replica, StartError,
};
use store_core::{
    Changes, NoBatch, Position, Read as _, Store, Subscription, Version, Watch, WatchEnd,
};
use support::*;

type Payload = Changes<Runner>;
type PartedStore = Store<Runner, Arc<Parted>>;

/// A log that gives two transactions at once, as they are when they are read from disk, and tells how often it was asked.
#[derive(Default)]
struct Parted {
    inner: Loopback<Payload>,
    parts: AtomicUsize,
    /// What it was compacted to.
    oldest: AtomicU64,
}

impl Proposer<Payload> for Parted {
    fn start(&self, replica: Arc<dyn Replica<Payload>>) -> Result<(), StartError> {
        self.inner.start(replica)
    }

    fn propose(&self, proposal: Proposal<Payload>) -> Result<(), Refused<Payload>> {
        self.inner.propose(proposal)
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<Payload>>, HistoryError> {
        let oldest = Version::new(self.oldest.load(Ordering::Relaxed));
        if after < oldest {
            return Err(HistoryError::Compacted {
                asked: after,
                oldest,
                current: through,
                epoch: proposer::Epoch::ZERO,
            });
        }
        let mut changes = self.inner.changes_between(after, through)?;
        for Change { payload, .. } in &mut changes {
            let mut bytes = Vec::new();
            payload.encode(&mut bytes);
            *payload = Changes::decode(&bytes).unwrap();
        }
        Ok(changes)
    }

    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        _: usize,
    ) -> Result<Vec<Change<Payload>>, HistoryError> {
        self.parts.fetch_add(1, Ordering::Relaxed);
        let end = after.next().next();
        self.changes_between(after, through.min(end))
    }

    fn stop(&self) {
        self.inner.stop();
    }
}

/// A store that remembers one transaction, of ten: a job is created, and its priority rises from 1 to 9.
fn ten() -> (PartedStore, Arc<Parted>) {
    let log = Arc::new(Parted::default());
    let mut options = options();
    options.history_changes_max = 1;
    let store = Store::open_with(Arc::clone(&log), options).unwrap();
    store.update(|tx| tx.create(job("a")).map(drop)).unwrap();
    (1..10).for_each(|priority| rise_to(&store, priority));
    (store, log)
}

fn rise_to(store: &PartedStore, priority: i64) {
    let done = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&"a".into()).unwrap()).clone();
        job.priority = priority;
        tx.update(job).map(drop)
    });
    done.unwrap();
}

/// The version of a batch, and what the job's priority was before, and is.
fn told(batch: &store_core::EventBatch<Runner>) -> (u64, Option<i64>, i64) {
    let [event] = batch.events() else {
        panic!("{batch:?}")
    };
    let priority = |job: &AnyObject| match job {
        AnyObject::Job(job) => job.priority,
        AnyObject::Worker(_) => unreachable!("there are none"),
    };
    let old = event.old().map(priority);
    (batch.version().get(), old, priority(event.object()))
}

fn take(events: &mut Subscription<Runner>, count: usize) -> Vec<(u64, Option<i64>, i64)> {
    (0..count)
        .map(|_| told(&events.try_recv().unwrap()))
        .collect()
}

/// What the transactions after one are told as.
fn expected(after: u64, through: u64) -> Vec<(u64, Option<i64>, i64)> {
    let priority = |version: u64| i64::try_from(version).unwrap() - 1;
    (after + 1..=through)
        .map(|version| {
            let old = (version > 1).then(|| priority(version) - 1);
            (version, old, priority(version))
        })
        .collect()
}

/// All that the log held behind the position was read into memory before the watch began.
#[test]
fn the_past_is_read_in_parts_as_it_is_taken() {
    let (store, log) = ten();
    let parts = || log.parts.load(Ordering::Relaxed);
    let mut events = store
        .watch_from(Version::ZERO, Watch::everything())
        .unwrap();
    assert_eq!(parts(), 1);
    assert_eq!(take(&mut events, 2), expected(0, 2));
    assert_eq!((parts(), events.progress()), (1, None));
    assert_eq!(take(&mut events, 1), expected(2, 3));
    assert_eq!(parts(), 2);
    // What is committed meanwhile comes in its turn, once.
    rise_to(&store, 10);
    rise_to(&store, 11);
    assert_eq!(take(&mut events, 8), expected(3, 11));
    rise_to(&store, 12);
    assert_eq!(take(&mut events, 2), expected(11, 13));
    assert_eq!(events.try_recv().unwrap_err(), NoBatch::Yet);
    assert_eq!(events.progress(), Some(store.view().position()));
    rise_to(&store, 13);
    assert_eq!(take(&mut events, 1), expected(13, 14));
}

/// What an update replaced is known from any earlier part, and from what the log holds before the position.
#[test]
fn old_objects_come_from_earlier_parts() {
    let (store, log) = ten();
    for after in 0..10 {
        let events = store.watch_from(Version::new(after), Watch::everything());
        let left = usize::try_from(10 - after).unwrap();
        assert_eq!(take(&mut events.unwrap(), left), expected(after, 10));
    }
    log.oldest.store(3, Ordering::Relaxed);
    let events = store.watch_from(Version::new(3), Watch::everything());
    let mut unknown = expected(3, 10);
    unknown[0].1 = None;
    assert_eq!(take(&mut events.unwrap(), 7), unknown);
}

/// The log was compacted before a slow watcher had taken what it held: it resumes, and learns how far back it can.
#[test]
fn a_watcher_that_compaction_overtakes_has_fallen_behind() {
    let (store, log) = ten();
    let mut events = store
        .watch_from(Version::ZERO, Watch::everything())
        .unwrap();
    log.oldest.store(8, Ordering::Relaxed);
    let resume_from = Version::new(2);
    assert_eq!(take(&mut events, 2), expected(0, 2));
    let end = WatchEnd::Lagged { resume_from };
    for _ in 0..2 {
        assert_eq!(events.recv().unwrap_err(), end);
        assert_eq!(events.try_recv().unwrap_err(), NoBatch::Ever(end));
    }
    assert_eq!(events.progress(), None);
    let gone = store.watch_from(resume_from, Watch::everything());
    assert!(
        matches!(gone, Err(HistoryError::Compacted { asked, oldest, .. })
            if (asked, oldest.get()) == (resume_from, 8)),
        "{gone:?}"
    );
}

/// A position goes on in its own history only.
#[test]
fn a_restore_meanwhile_ends_a_watch_from_a_position() {
    let (store, _log) = ten();
    let epoch = store.view().epoch();
    let version = Version::ZERO;
    let mut of_position = store
        .watch_from(Position { epoch, version }, Watch::everything())
        .unwrap();
    let mut of_version = store.watch_from(version, Watch::everything()).unwrap();
    let mut within = store
        .watch_within_history(version, Watch::everything())
        .unwrap();
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    rise_to(&store, 10);
    store.restore(&saved[..]).unwrap();
    let resume_from = Version::new(2);
    for events in [&mut of_position, &mut within] {
        assert_eq!(take(events, 2), expected(0, 2));
        assert_eq!(events.recv().unwrap_err(), WatchEnd::Lagged { resume_from });
    }
    assert_eq!(take(&mut of_version, 11), expected(0, 11));
    assert_eq!(take(&mut of_version, 1), [(12, Some(10), 9)]);
    for within in [version, resume_from, Version::new(9)] {
        let gone = store.watch_within_history(within, Watch::everything());
        assert!(
            matches!(gone, Err(HistoryError::Compacted { asked, epoch, .. })
                if asked == within && epoch == store.view().epoch()),
            "{gone:?}"
        );
    }
}

#[test]
fn a_watch_of_nothing_goes_through_the_whole_past() {
    let (store, _log) = ten();
    let of_workers = || Watch::table::<Worker>();
    let mut events = store.watch_from(Version::ZERO, of_workers()).unwrap();
    assert_eq!(events.try_recv().unwrap_err(), NoBatch::Yet);
    assert_eq!(events.progress(), Some(store.view().position()));
    // Bookmarks tell of each part that has nothing else.
    let mut events = store
        .watch_from(Version::ZERO, of_workers().with_bookmarks())
        .unwrap();
    let marks = std::iter::from_fn(|| events.try_recv().ok());
    let marks: Vec<_> = marks
        .map(|mark| (mark.version().get(), mark.events().len()))
        .collect();
    assert_eq!(marks, [2, 4, 6, 8, 9, 10].map(|version| (version, 0)));
}

/// It panics in the part that is read when those before it were received.
#[test]
fn a_predicate_that_panics_ends_its_watch() {
    let (store, _log) = ten();
    let watch = Watch::everything().filter(|event| match event.object() {
        AnyObject::Job(job) => {
            assert!(job.priority < 4, "a test of what a panic does");
            true
        }
        AnyObject::Worker(_) => true,
    });
    let mut events = store.watch_from(Version::ZERO, watch).unwrap();
    assert_eq!(take(&mut events, 4), expected(0, 4));
    let version = Version::new(5);
    for _ in 0..2 {
        assert_eq!(events.recv().unwrap_err(), WatchEnd::Panicked { version });
    }
}

#[test]
fn a_watch_that_reads_the_past_does_not_keep_the_store_open() {
    let (store, log) = ten();
    let mut events = store
        .watch_from(Version::ZERO, Watch::everything())
        .unwrap();
    drop(store);
    assert_eq!(Arc::strong_count(&log), 1);
    assert_eq!(take(&mut events, 2), expected(0, 2));
    assert_eq!(events.recv().unwrap_err(), WatchEnd::Closed);
}

/// Whatever is committed while the last parts are read comes once, in its place.
#[test]
fn nothing_is_lost_or_repeated_where_the_past_meets_what_is_committed() {
    let (store, _log) = ten();
    let writer = {
        let store = store.clone();
        thread::spawn(move || (10..2_000).for_each(|priority| rise_to(&store, priority)))
    };
    for back in [0, 1, 5].into_iter().cycle() {
        let after = store.view().version().get() - back;
        let events = store.watch_from(Version::new(after), Watch::everything());
        let mut events = events.unwrap();
        let told: Vec<_> = (0..20)
            .map_while(|_| events.try_recv().ok())
            .map(|batch| told(&batch))
            .collect();
        let through = after + told.len() as u64;
        assert!(through >= after + back);
        assert_eq!(told, expected(after, through));
        if writer.is_finished() {
            break;
        }
    }
    writer.join().unwrap();
}

#[cfg(feature = "stream")]
mod streams {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use futures_core::Stream as _;

    use super::*;

    #[test]
    fn a_stream_reads_the_past_in_parts_too() {
        let (store, log) = ten();
        let events = store.watch_from(Version::ZERO, Watch::everything());
        let mut stream = pin!(events.unwrap().into_stream());
        let mut context = Context::from_waker(Waker::noop());
        let (mut all, mut turns) = (Vec::new(), 0);
        while all.len() < 10 {
            match stream.as_mut().poll_next(&mut context) {
                Poll::Ready(batch) => all.push(told(&batch.unwrap().unwrap())),
                // Between two parts, other tasks have a turn.
                Poll::Pending => turns += 1,
            }
        }
        assert_eq!(all, expected(0, 10));
        assert_eq!((turns, log.parts.load(Ordering::Relaxed)), (5, 5));
        assert!(stream.as_mut().poll_next(&mut context).is_pending());
        rise_to(&store, 10);
        let Poll::Ready(Some(Ok(batch))) = stream.as_mut().poll_next(&mut context) else {
            panic!("it was committed")
        };
        assert_eq!(told(&batch), expected(10, 11)[0]);
    }

    #[test]
    fn a_stream_that_compaction_overtakes_ends_so() {
        let (store, log) = ten();
        let events = store.watch_from(Version::ZERO, Watch::everything());
        let mut stream = pin!(events.unwrap().into_stream());
        log.oldest.store(8, Ordering::Relaxed);
        let mut context = Context::from_waker(Waker::noop());
        let mut next = || stream.as_mut().poll_next(&mut context);
        assert!((0..2).all(|_| matches!(next(), Poll::Ready(Some(Ok(_))))));
        assert!(next().is_pending());
        let resume_from = Version::new(2);
        let end = WatchEnd::Lagged { resume_from };
        assert!(matches!(next(), Poll::Ready(Some(Err(why))) if why == end));
        assert!(matches!(next(), Poll::Ready(None)));
    }
}
