//! The protocols between threads, in every order that their steps can be run in: `cargo xtask verify loom`.
//!
//! The files that a model is about are included here, over loom's locks and atomics (`src/sync.rs`). So a model sees what is
//! private to the crate, and the crate does without loom. Loom knows nothing of threads' own variables, of clocks and of
//! `ArcSwap`: `slot.rs` and `shared.rs` cannot be modelled whole.

#![cfg(loom)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the models use a part of what is included"
)]

#[path = "../src/each.rs"]
mod each;
#[path = "../src/sync.rs"]
mod sync;
#[path = "../src/ticket.rs"]
mod ticket;
#[path = "../src/versions.rs"]
mod versions;

use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;
use proposer::{AbortReason, Version};

use ticket::{Ticket, Verdict, complete_all};
use versions::{Closed, Versions};

/// What a store has committed. Relaxed, so that only the fences of [`Versions`] order it.
#[derive(Clone)]
struct Committed(Arc<AtomicU64>);

impl Committed {
    fn none() -> Self {
        Self(Arc::new(AtomicU64::new(0)))
    }

    fn publish(&self, version: u64) {
        self.0.store(version, Ordering::Relaxed);
    }

    fn version(&self) -> Version {
        Version::new(self.0.load(Ordering::Relaxed))
    }
}

/// A commit that finds nobody waiting takes no lock. Loom would report a waiter that it overlooked as a deadlock.
#[test]
fn a_commit_and_a_waiter_that_come_together_do_not_miss_each_other() {
    loom::model(|| {
        let (versions, committed) = (Arc::new(Versions::default()), Committed::none());
        let commit = {
            let (versions, committed) = (Arc::clone(&versions), committed.clone());
            thread::spawn(move || {
                committed.publish(1);
                versions.reached(Version::new(1));
            })
        };
        let waiting = Versions::wait_for(&versions, Version::new(1), || committed.version());
        assert_eq!(waiting.wait(), Ok(()));
        commit.join().unwrap();
    });
}

#[test]
fn a_close_ends_whoever_waits_or_begins_to() {
    loom::model(|| {
        let versions = Arc::new(Versions::default());
        let close = {
            let versions = Arc::clone(&versions);
            thread::spawn(move || versions.close())
        };
        let waiting = Versions::wait_for(&versions, Version::new(1), || Version::ZERO);
        assert_eq!(waiting.wait(), Err(Closed));
        close.join().unwrap();
    });
}

/// The one who gives up takes itself off the list, or finds that the commit has: nobody is counted twice, so the next one who
/// waits is found.
#[test]
fn a_waiter_who_gives_up_during_a_commit_is_counted_out_once() {
    loom::model(|| {
        let (versions, committed) = (Arc::new(Versions::default()), Committed::none());
        let waiting = Versions::wait_for(&versions, Version::new(1), || committed.version());
        let commit = {
            let (versions, committed) = (Arc::clone(&versions), committed.clone());
            thread::spawn(move || {
                committed.publish(1);
                versions.reached(Version::new(1));
            })
        };
        drop(waiting);
        commit.join().unwrap();

        let waiting = Versions::wait_for(&versions, Version::new(2), || committed.version());
        committed.publish(2);
        versions.reached(Version::new(2));
        assert_eq!(waiting.wait(), Ok(()));
    });
}

/// Whoever polls a handle and drops it when it is not ready, and whoever completes it at that moment: the task is woken if it
/// was told to wait, and who comes later finds the verdict.
#[test]
fn a_handle_is_completed_while_its_task_gives_up() {
    loom::model(|| {
        let ticket = Arc::new(Ticket::default());
        let complete = {
            let ticket = Arc::clone(&ticket);
            thread::spawn(move || ticket.complete(Verdict::Committed))
        };
        let woken = Arc::new(Woken(AtomicU64::new(0)));
        let waker = Waker::from(Arc::clone(&woken));
        let first = ticket.poll(&Context::from_waker(&waker));
        let other = Arc::clone(&ticket);
        // The task is gone; the one who made the transaction holds the other half.
        drop(ticket);
        complete.join().unwrap();
        let told = woken.0.load(Ordering::Relaxed);
        assert_eq!(
            told,
            u64::from(first.is_pending()),
            "woken exactly when it waits"
        );
        assert_eq!(other.wait(), Verdict::Committed);
    });
}

/// Whoever completes tickets wakes their tasks, or one of these does that looks at its own meanwhile: each is woken once, if it
/// was told to wait.
#[test]
fn tasks_whose_tickets_end_together_are_each_woken_once() {
    loom::model(|| {
        let tickets = [(); 3].map(|()| Arc::new(Ticket::default()));
        let tasks = [(); 3].map(|()| Arc::new(Woken(AtomicU64::new(0))));
        let poll = |at: usize| {
            let waker = Waker::from(Arc::clone(&tasks[at]));
            tickets[at].poll(&Context::from_waker(&waker)).is_pending()
        };
        assert!(poll(0) && poll(1));
        let complete = {
            let ended = tickets.clone().map(|ticket| (ticket, Verdict::Committed));
            thread::spawn(move || complete_all(ended))
        };
        let third = poll(2);
        // As one does that is woken.
        poll(0);
        complete.join().unwrap();
        let woken = tasks.each_ref().map(|task| task.0.load(Ordering::Relaxed));
        assert_eq!(woken, [1, 1, u64::from(third)]);
    });
}

/// A transaction that the log commits while the store is closed has one end, and both who wait for it hear the same.
#[test]
fn a_handle_that_is_completed_twice_ends_once() {
    loom::model(|| {
        let ticket = Arc::new(Ticket::default());
        let ends = [Verdict::Committed, Verdict::Unknown(AbortReason::Stopped)].map(|verdict| {
            let ticket = Arc::clone(&ticket);
            thread::spawn(move || ticket.complete(verdict))
        });
        let first = ticket.wait();
        for end in ends {
            end.join().unwrap();
        }
        assert_eq!(ticket.wait(), first);
    });
}

/// Counts how often a task is woken.
struct Woken(AtomicU64);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
