//! Transactions that the log gives in groups: each is applied by itself, those who wait are told together.

mod support;

use std::future::Future;
use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};

use proposer::{AbortReason, Applied, Proposal};
use store_core::{
    Changes, Committed, CreateError, Pending, Store, TransactionError, Version, Watch,
};
use support::manual::Manual;
use support::*;

type Log = Manual<Changes<Runner>>;
type ManualStore = Store<Runner, Log>;

fn manual() -> (ManualStore, Log) {
    let log = Log::new();
    let store = Store::open_with(log.clone(), options()).unwrap();
    (store, log)
}

fn submit(store: &ManualStore, id: &str) -> Pending<(), CreateError> {
    store.submit(|tx| tx.create(job(id)).map(drop))
}

fn version(done: Result<Committed<()>, TransactionError<CreateError>>) -> Option<u64> {
    done.ok().map(|done| done.version.get())
}

#[test]
fn a_group_is_as_its_transactions_one_by_one() {
    let (store, log) = manual();
    let mut events = store.watch(Watch::table::<Job>());
    let pending: Vec<_> = (0..200).map(|n| submit(&store, &n.to_string())).collect();
    let other = manual();
    for proposal in log.proposals() {
        assert_eq!(other.1.replica().apply(proposal), Applied::Accepted);
    }
    let proposals = log.proposals();
    let applied = log.replica().apply_group(&mut proposals.into_iter());
    assert_eq!(applied, Applied::Accepted);
    for (version_due, pending) in (1..).zip(pending) {
        assert_eq!(version(pending.wait()), Some(version_due));
        assert_eq!(events.recv().unwrap().version().get(), version_due);
    }
    assert_eq!(store.view().digest(), other.0.view().digest());
    store.check_invariants();
}

/// What is behind it stays in the group, for the log to say what becomes of it.
#[test]
fn a_group_ends_behind_what_is_not_accepted() {
    let (store, log) = manual();
    let [first, second, third] = ["a", "b", "c"].map(|id| submit(&store, id));
    let [a, b, c] = log.proposals().try_into().unwrap();
    let mut group = [a, c.clone(), b, c].into_iter();
    let applied = log.replica().apply_group(&mut group);
    assert_eq!((applied, group.len()), (Applied::Skipped, 2));
    assert_eq!(version(first.wait()), Some(1));
    assert!(matches!(
        third.wait(),
        Err(TransactionError::Aborted(AbortReason::Superseded))
    ));
    // It was built on the same attempt as the one that was skipped.
    assert_eq!(log.replica().apply_group(&mut group), Applied::Skipped);
    assert!(second.wait().is_err());
    assert_eq!(store.view().version(), Version::new(1));
}

#[test]
fn those_who_wait_are_told_also_when_the_log_panics_within_a_group() {
    let (store, log) = manual();
    let [first, _second] = ["a", "b"].map(|id| submit(&store, id));
    let mut proposals = log.proposals().into_iter();
    let mut group = iter::from_fn(|| {
        let next = proposals.next();
        let is_first = |next: &Proposal<_>| next.id.version == Version::new(1);
        assert!(next.as_ref().is_some_and(is_first), "the log is lost");
        next
    });
    let panicked = catch_unwind(AssertUnwindSafe(|| log.replica().apply_group(&mut group)));
    assert!(panicked.is_err());
    assert_eq!(version(first.wait()), Some(1));
}

/// Calls back when it is woken.
struct Call<F>(F);

impl<F: Fn() + Send + Sync + 'static> Wake for Call<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

fn calls(call: impl Fn() + Send + Sync + 'static) -> Waker {
    Arc::new(Call(call)).into()
}

/// A reader who is not woken before all of a group was applied could be waited for by what is applied next.
#[cfg(feature = "stream")]
#[test]
fn watchers_are_woken_between_the_transactions_of_a_group() {
    let (store, log) = manual();
    for id in ["a", "b"] {
        drop(submit(&store, id));
    }
    let mut events = store.watch(Watch::everything()).into_stream();
    let woken = Arc::new(Mutex::new(0));
    let waker = calls({
        let woken = Arc::clone(&woken);
        move || *woken.lock().unwrap() += 1
    });
    let waits = futures_core::Stream::poll_next(
        std::pin::Pin::new(&mut events),
        &mut Context::from_waker(&waker),
    );
    assert!(waits.is_pending());
    let mut seen = Vec::new();
    let mut proposals = log.proposals().into_iter();
    let mut group = iter::from_fn(|| {
        seen.push(*woken.lock().unwrap());
        proposals.next()
    });
    assert_eq!(log.replica().apply_group(&mut group), Applied::Accepted);
    assert_eq!(seen, [0, 1, 1]);
}

/// The first task that runs wakes the others, on its own thread: within its executor, that takes no switch between threads.
#[test]
fn a_task_that_was_woken_wakes_those_whose_transactions_ended_with_its_own() {
    let (store, log) = manual();
    let pending: Vec<_> = (0..4).map(|n| submit(&store, &n.to_string())).collect();
    let mut pending = pending.into_iter();
    let (to_executor, tasks) = mpsc::channel::<()>();
    let (to_log, polled) = mpsc::channel::<()>();
    let polled = Mutex::new(polled);
    let mut first = Box::pin(pending.next().unwrap());
    // The log's thread is held up where it wakes the first, until that has run.
    let waker = calls(move || {
        to_executor.send(()).unwrap();
        polled.lock().unwrap().recv().unwrap();
    });
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    let woken_on = Arc::new(Mutex::new(Vec::<ThreadId>::new()));
    let others: Vec<_> = pending
        .map(|pending| {
            let woken_on = Arc::clone(&woken_on);
            let waker = calls(move || woken_on.lock().unwrap().push(thread::current().id()));
            let mut pending = Box::pin(pending);
            assert!(
                pending
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
            pending
        })
        .collect();
    let executor = thread::spawn(move || {
        tasks.recv().unwrap();
        let Poll::Ready(done) = first.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("it is committed");
        };
        to_log.send(()).unwrap();
        done.unwrap().version
    });
    let id = executor.thread().id();
    assert_eq!(
        log.replica().apply_group(&mut log.proposals().into_iter()),
        Applied::Accepted
    );
    assert_eq!(executor.join().unwrap(), Version::new(1));
    assert_eq!(*woken_on.lock().unwrap(), vec![id; 3]);
    for mut other in others {
        assert!(
            other
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
        );
    }
}

/// Tasks that run within their wake-up would each have begun inside the one before it.
#[test]
fn tasks_that_run_when_they_are_woken_do_not_nest() {
    const TASKS: usize = 20_000;
    let (store, log) = manual();
    drop(submit(&store, "a"));
    let ready = Arc::new(Mutex::new(0));
    for _ in 0..TASKS {
        let task = Arc::new(Mutex::new(Box::pin(store.wait_for(Version::new(1)))));
        let (runs, ready) = (Arc::clone(&task), Arc::clone(&ready));
        let waker = calls(move || {
            let polled = runs
                .lock()
                .unwrap()
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_ready());
            *ready.lock().unwrap() += 1;
        });
        let polled = task
            .lock()
            .unwrap()
            .as_mut()
            .poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    let small = thread::Builder::new().stack_size(128 << 10);
    small.spawn(move || log.commit(1)).unwrap().join().unwrap();
    assert_eq!(*ready.lock().unwrap(), TASKS);
}
