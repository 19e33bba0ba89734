//! Defects at the edges that were found and mended: hostile saved states, panics, whoever is woken.

mod support;

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use store_core::{Changes, CreateError, Read, Store, TransactionError, Version};
use support::manual::Manual;
use support::*;

type ManualStore = Store<Runner, Manual<Changes<Runner>>>;

fn manual() -> (ManualStore, Manual<Changes<Runner>>) {
    let log = Manual::new();
    (Store::open_with(log.clone(), options()).unwrap(), log)
}

/// A saved state of an older version but equal content takes the version back; the next commit panics.
#[test]
fn a_restored_state_never_takes_the_version_back() {
    let mut empty = Vec::new();
    store().save(&mut empty).unwrap();
    let (store, log) = manual();
    let _one = store.submit(|tx| tx.create(job("a")).map(drop));
    log.commit(1);
    let _two = store.submit(|tx| tx.delete::<Job>(&"a".to_owned()).map(drop));
    log.commit(1);
    let _ = log.replica().restore(&mut empty.as_slice());
    assert_eq!(store.view().version(), Version::new(2));
    let _three = store.submit(|tx| tx.create(job("b")).map(drop));
    log.commit(1);
}

/// A well-formed saved state with the largest epoch.
#[test]
fn a_saved_state_with_the_largest_epoch_is_no_panic() {
    let mut bytes = Vec::new();
    filled().save(&mut bytes).unwrap();
    bytes[12..20].copy_from_slice(&u64::MAX.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..44]).to_le_bytes();
    bytes[44..48].copy_from_slice(&checksum);
    let target = store();
    let outcome = catch_unwind(AssertUnwindSafe(|| target.restore(bytes.as_slice())));
    assert!(outcome.is_ok());
}

/// And with the largest version, installed on a replica: the state is published, then it panics.
#[test]
fn a_saved_state_with_the_largest_version_is_no_panic() {
    let mut bytes = Vec::new();
    filled().save(&mut bytes).unwrap();
    bytes[20..28].copy_from_slice(&u64::MAX.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..44]).to_le_bytes();
    bytes[44..48].copy_from_slice(&checksum);
    let (store, log) = manual();
    let waiting = store.wait_for(Version::new(1));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        log.replica().restore(&mut bytes.as_slice()).is_ok()
    }));
    drop(waiting);
    assert!(outcome.is_ok());
}

fn filled() -> LocalStore {
    let store = store();
    create(&store, [job("a")]);
    store
}

/// With a clock far ahead, the epoch was one that no saved state may have: what was saved could not be restored.
#[test]
fn a_state_that_was_saved_under_a_wrong_clock_is_restored() {
    let mut options = options();
    options.clock = Arc::new(|| SystemTime::UNIX_EPOCH + Duration::from_nanos(u64::MAX));
    let store: LocalStore = Store::open_with(proposer::Loopback::new(), options).unwrap();
    create(&store, [job("a")]);
    for _ in 0..2 {
        let mut saved = Vec::new();
        store.save(&mut saved).unwrap();
        store
            .update(|tx| tx.delete::<Job>(&"a".to_owned()).map(drop))
            .unwrap();
        store.restore(saved.as_slice()).unwrap();
        assert_eq!(store.view().len::<Job>(), 1);
    }
}

/// A proposer (here: one whose `propose` panics once, as an `encode` of the user's does) must not wedge the store.
#[test]
fn a_panic_while_a_proposal_is_handed_over_leaves_the_store_usable() {
    let log = Panicking {
        log: Manual::new(),
        panics: Arc::new(AtomicBool::new(true)),
    };
    let store = Store::<Runner, _>::open_with(log.clone(), options()).unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _pending = store.submit(|tx| tx.create(job("a")).map(drop));
    }));
    assert!(panicked.is_err());
    let (told, hears) = mpsc::channel();
    let reader = store.clone();
    std::thread::spawn(move || {
        told.send(
            reader
                .update(|tx| Ok::<_, Infallible>(tx.len::<Job>()))
                .map(|done| done.value),
        )
    });
    let read = hears.recv_timeout(Duration::from_secs(2));
    assert!(
        matches!(read, Ok(Ok(0))),
        "nothing is on its way, so nothing is waited for: {read:?}"
    );
    assert_eq!(store.stats().in_flight, 0);
}

#[derive(Clone)]
struct Panicking {
    log: Manual<Changes<Runner>>,
    panics: Arc<AtomicBool>,
}

impl proposer::Proposer<Changes<Runner>> for Panicking {
    fn start(
        &self,
        replica: Arc<dyn proposer::Replica<Changes<Runner>>>,
    ) -> Result<(), proposer::StartError> {
        self.log.start(replica)
    }
    fn propose(
        &self,
        proposal: proposer::Proposal<Changes<Runner>>,
    ) -> Result<(), proposer::Refused<Changes<Runner>>> {
        assert!(
            !self.panics.swap(false, Ordering::Relaxed),
            "the user's `encode` panics"
        );
        self.log.propose(proposal)
    }
    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<proposer::Change<Changes<Runner>>>, proposer::HistoryError> {
        self.log.changes_between(after, through)
    }
    fn stop(&self) {
        assert!(
            !self.panics.swap(false, Ordering::Relaxed),
            "the log panics"
        );
        self.log.stop();
    }
}

/// A log that panicked when it was stopped kept the store from telling those who waited.
#[test]
fn a_log_that_panics_when_it_is_stopped_leaves_nobody_waiting() {
    let log = Panicking {
        log: Manual::new(),
        panics: Arc::default(),
    };
    let store = Store::<Runner, _>::open_with(log.clone(), options()).unwrap();
    let pending = store.submit(|tx| tx.create(job("a")).map(drop));
    log.panics.store(true, Ordering::Relaxed);
    assert!(catch_unwind(AssertUnwindSafe(|| store.close())).is_err());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(pending.wait()));
    let end = told.recv_timeout(Duration::from_secs(5));
    assert!(
        matches!(end, Ok(Err(TransactionError::Unknown { .. }))),
        "{end:?}"
    );
}

/// A task that drops its handle of the store when it is woken.
struct Last(Mutex<Option<ManualStore>>);

impl Wake for Last {
    fn wake(self: Arc<Self>) {
        drop(self.0.lock().unwrap().take());
    }
}

/// A task that owns the last handle is dropped by its waker, on the thread that commits.
#[test]
fn the_last_handle_may_be_dropped_by_whoever_is_woken() {
    let (told, hears) = mpsc::channel();
    std::thread::spawn(move || {
        let (store, log) = manual();
        let mut pending = store.submit(|tx| tx.create(job("a")).map(drop));
        let waker = Waker::from(Arc::new(Last(Mutex::new(Some(store)))));
        let _ = std::pin::Pin::new(&mut pending).poll(&mut Context::from_waker(&waker));
        log.commit(1);
        told.send(()).unwrap();
    });
    assert!(
        hears.recv_timeout(Duration::from_secs(3)).is_ok(),
        "the commit never returns"
    );
}

/// A step that panics, caught by the closure, leaves its changes behind.
#[test]
fn a_step_that_panics_leaves_nothing_behind() {
    let store = store();
    store
        .update(|tx| {
            let _ = catch_unwind(AssertUnwindSafe(|| {
                tx.step(|tx| -> Result<(), CreateError> {
                    tx.create(job("a"))?;
                    panic!("in the step")
                })
            }));
            Ok::<_, Infallible>(())
        })
        .unwrap();
    assert_eq!(store.view().len::<Job>(), 0);
}

/// Whoever waited for a transaction waited for ever when somebody else who was woken by its commit panicked; later, was told
/// that nobody knew of a transaction that was committed.
#[test]
fn a_panic_of_one_who_is_woken_leaves_nobody_waiting() {
    let (store, log) = manual();
    let mut other = std::pin::pin!(store.wait_for(Version::new(1)));
    let waker = Waker::from(Arc::new(PanicsWhenWoken));
    assert!(
        other
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    let author = store.submit(|tx| tx.create(job("a")).map(drop));
    let reader = store.submit(|tx| Ok::<_, Infallible>(tx.len::<Job>()));
    log.commit(1);
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (author, reader) = (author.wait().is_ok(), reader.wait().is_ok());
        tell.send((author, reader))
    });
    assert_eq!(told.recv_timeout(Duration::from_mins(1)), Ok((true, true)));
    assert_eq!(store.view().len::<Job>(), 1);
}

struct PanicsWhenWoken;

impl Wake for PanicsWhenWoken {
    fn wake(self: Arc<Self>) {
        panic!("a test of what a panic does");
    }
}

fn panics_when_woken() -> Waker {
    Waker::from(Arc::new(PanicsWhenWoken))
}

/// Of several who waited for one version, or had read one transaction, those behind one whose wake-up panicked waited for ever;
/// not even a close told them.
#[test]
fn a_panic_of_one_who_is_woken_leaves_nobody_of_its_kind_waiting() {
    let (store, log) = manual();
    let waits = [(); 3].map(|()| store.wait_for(Version::new(1)));
    let _author = store.submit(|tx| tx.create(job("a")).map(drop));
    let reads = [(); 3].map(|()| store.submit(|tx| Ok::<_, Infallible>(tx.len::<Job>())));
    let ([wait, mut bad_wait, last_wait], [read, mut bad_read, last_read]) = (waits, reads);
    let panics = panics_when_woken();
    let mut context = Context::from_waker(&panics);
    assert!(Pin::new(&mut bad_wait).poll(&mut context).is_pending());
    assert!(Pin::new(&mut bad_read).poll(&mut context).is_pending());
    let (tell, told) = mpsc::channel();
    for wait in [wait, last_wait] {
        let tell = tell.clone();
        thread::spawn(move || tell.send(wait.wait().is_ok()));
    }
    for read in [read, last_read] {
        let tell = tell.clone();
        thread::spawn(move || tell.send(read.wait().is_ok()));
    }
    log.commit(1);
    for _ in 0..4 {
        assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok(true));
    }
}

/// Whoever waited for a version waited on when a watcher's task panicked that the commit woke; the author was told that nobody
/// knew of the transaction.
#[cfg(feature = "stream")]
#[test]
fn a_panic_of_a_watcher_who_is_woken_leaves_nobody_waiting() {
    use futures_core::Stream;
    let (store, log) = manual();
    let mut stream = store.watch(store_core::Watch::everything()).into_stream();
    let panics = panics_when_woken();
    let polled = Stream::poll_next(Pin::new(&mut stream), &mut Context::from_waker(&panics));
    assert!(polled.is_pending());
    let wait = store.wait_for(Version::new(1));
    let author = store.submit(|tx| tx.create(job("a")).map(drop));
    log.commit(1);
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send((wait.wait().is_ok(), author.wait().is_ok())));
    assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok((true, true)));
}

/// A watcher's task that panicked when it was woken ended the log: one user's mistake, and nothing was committed any more.
#[cfg(feature = "stream")]
#[test]
fn a_panic_of_a_watcher_who_is_woken_does_not_end_the_log() {
    use futures_core::Stream;
    fn commit_twice<P: proposer::Proposer<Changes<Runner>>>(store: &Store<Runner, P>) {
        let mut stream = store.watch(store_core::Watch::everything()).into_stream();
        let panics = panics_when_woken();
        let polled = Stream::poll_next(Pin::new(&mut stream), &mut Context::from_waker(&panics));
        assert!(polled.is_pending());
        for id in ["a", "b"] {
            store.update(|tx| tx.create(job(id)).map(drop)).unwrap();
        }
    }
    commit_twice(&store());
    let dir = tempfile::tempdir().unwrap();
    let journal = proposer::Journal::open(dir.path(), proposer::JournalOptions::default()).unwrap();
    commit_twice(&Store::open_with(journal, options()).unwrap());
}

/// Those behind one whose wake-up panicked were told that nobody knew, of transactions that were certainly dropped.
#[test]
fn a_panic_of_one_who_is_told_that_it_was_dropped_leaves_the_others_with_what_is_known() {
    let (store, log) = manual();
    let [mut bad, other] = ["a", "b"].map(|id| store.submit(|tx| tx.create(job(id)).map(drop)));
    let panics = panics_when_woken();
    let polled = Pin::new(&mut bad).poll(&mut Context::from_waker(&panics));
    assert!(polled.is_pending());
    log.drop_after(0, false);
    let end = other.wait();
    assert!(matches!(end, Err(TransactionError::Aborted(_))), "{end:?}");
}

/// While the log stood still, each who read what was in flight and then gave up left a ticket behind.
#[test]
fn who_reads_what_is_in_flight_and_gives_up_leaves_nothing_behind() {
    struct Task;
    impl Wake for Task {
        fn wake(self: Arc<Self>) {}
    }
    let (store, log) = manual();
    let author = store.submit(|tx| tx.create(job("a")).map(drop));
    let task = Arc::new(Task);
    let waker = Waker::from(Arc::clone(&task));
    let mut context = Context::from_waker(&waker);
    let mut patient = store.submit(|tx| Ok::<_, Infallible>(tx.len::<Job>()));
    assert!(Pin::new(&mut patient).poll(&mut context).is_pending());
    for _ in 0..10_000 {
        let mut read = store.submit(|tx| Ok::<_, Infallible>(tx.len::<Job>()));
        assert!(Pin::new(&mut read).poll(&mut context).is_pending());
    }
    // What a ticket keeps of its task tells how many there are.
    assert!(Arc::strong_count(&task) < 100);
    log.commit(1);
    author.wait().unwrap();
    assert_eq!(patient.wait().unwrap().value, 1);
}

/// A watcher's task that owned the last handle, and was dropped by its waker as an executor does that has been shut down, waited
/// for the lock that the commit held while it woke it.
#[cfg(feature = "stream")]
#[test]
fn the_last_handle_may_be_dropped_by_a_watcher_who_is_woken() {
    use futures_core::Stream;
    let (told, hears) = mpsc::channel();
    thread::spawn(move || {
        let (store, log) = manual();
        let _pending = store.submit(|tx| tx.create(job("a")).map(drop));
        let mut stream = store.watch(store_core::Watch::everything()).into_stream();
        let waker = Waker::from(Arc::new(Last(Mutex::new(Some(store)))));
        let polled = Stream::poll_next(Pin::new(&mut stream), &mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        log.commit(1);
        told.send(()).unwrap();
    });
    assert!(
        hears.recv_timeout(Duration::from_secs(10)).is_ok(),
        "the commit never returns"
    );
}

/// Over a log that commits on the thread that proposes, a task that closed the store when it was woken waited for itself.
#[test]
fn a_store_over_a_loopback_may_be_closed_by_whoever_is_woken() {
    struct Closes(LocalStore);
    impl Wake for Closes {
        fn wake(self: Arc<Self>) {
            self.0.close();
        }
    }
    let (told, hears) = mpsc::channel();
    thread::spawn(move || {
        let store = store();
        let mut wait = store.wait_for(Version::new(1));
        let waker = Waker::from(Arc::new(Closes(store.clone())));
        let polled = Pin::new(&mut wait).poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        let first = store.submit(|tx| tx.create(job("a")).map(drop)).wait();
        let second = store.submit(|tx| tx.create(job("b")).map(drop)).wait();
        told.send((first.is_ok(), second.is_err())).unwrap();
    });
    let ends = hears.recv_timeout(Duration::from_secs(10));
    assert_eq!(ends, Ok((true, true)), "the commit never returns");
}
