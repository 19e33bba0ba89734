//! Transactions that a task waits for: tried again as a thread's are, within the same bound, and cancelled by dropping.

mod support;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use proposer::{AbortReason, Applied, Incarnation, Proposal, ProposalId, Term};
use store_core::{Changes, Event, Read, Store, TransactionError, Version};
use support::manual::Manual;
use support::*;

type ManualStore = Store<Runner, Manual<Changes<Runner>>>;

fn manual() -> (ManualStore, Manual<Changes<Runner>>) {
    let (log, mut options) = (Manual::new(), options());
    options.attempts_max = 3;
    (Store::open_with(log.clone(), options).unwrap(), log)
}

/// Counts how often it is called.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn bell() -> (Arc<Bell>, Waker) {
    let bell = Arc::new(Bell::default());
    (Arc::clone(&bell), Waker::from(bell))
}

#[test]
fn a_task_tries_again_after_a_predecessor_was_dropped() {
    let (store, log) = manual();
    let mut first = Some(store.submit(|tx| tx.create(job("a")).map(drop)));
    let mut runs = 0;
    let mut update = Box::pin(store.update_async(|tx| {
        runs += 1;
        if first.take().is_some() {
            log.drop_after(0, false);
        }
        tx.create(job("b")).map(drop)
    }));
    let (bell, waker) = bell();
    let mut context = Context::from_waker(&waker);
    assert!(update.as_mut().poll(&mut context).is_pending());
    log.commit(1);
    assert_eq!(
        bell.0.load(Ordering::Relaxed),
        1,
        "whoever commits wakes the task"
    );
    let Poll::Ready(done) = update.as_mut().poll(&mut context) else {
        panic!("it is committed");
    };
    drop(update);
    assert_eq!((done.unwrap().version, runs), (Version::new(1), 2));
}

#[test]
fn it_is_tried_as_often_as_allowed_and_no_more() {
    let (store, log) = manual();
    let mut runs = 0;
    let foreign = |number: u64| {
        let version = Version::new(number);
        let other = Worker {
            meta: store_core::Meta {
                version,
                ..store_core::Meta::default()
            },
            ..worker(&number.to_string())
        };
        Proposal {
            id: ProposalId {
                term: Term::new(1 + number),
                incarnation: Incarnation::ZERO,
                version,
            },
            epoch: store.view().epoch(),
            payload: vec![Event::Created(AnyObject::Worker(Arc::new(other)))].into(),
        }
    };
    let end = {
        let update = pin!(store.update_async(|tx| {
            runs += 1;
            // Another leader's transaction comes while the closure runs: what it read is not the newest state.
            assert_eq!(log.replica().apply(foreign(runs)), Applied::Accepted);
            tx.create(job("a")).map(drop)
        }));
        let (_, waker) = bell();
        update.poll(&mut Context::from_waker(&waker))
    };
    assert!(
        matches!(
            end,
            Poll::Ready(Err(TransactionError::Aborted(AbortReason::Superseded)))
        ),
        "{end:?}"
    );
    assert_eq!((runs, store.view().len::<Job>()), (3, 0));
}

#[test]
fn dropping_the_future_loses_the_answer_and_not_the_transaction() {
    let (store, log) = manual();
    let (bell, waker) = bell();
    {
        let update = pin!(store.update_async(|tx| tx.create(job("a")).map(drop)));
        assert!(update.poll(&mut Context::from_waker(&waker)).is_pending());
    }
    log.commit(1);
    assert_eq!(store.view().len::<Job>(), 1);
    assert_eq!(
        bell.0.load(Ordering::Relaxed),
        1,
        "a stale waker is harmless"
    );
    store.check_invariants();
}
