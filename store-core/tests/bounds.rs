//! The bounds of what is on its way through the log: who waits at them, and who is not held up by that.

mod support;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use proposer::{HistoryError, Loopback, LoopbackOptions};
use store_core::{
    AbortReason, Changes, CreateError, Pending, Store, TransactionError, Version, Watch,
};
use support::manual::Manual;
use support::*;

type ManualStore = Store<Runner, Manual<Changes<Runner>>>;

fn submit(store: &ManualStore, id: &str) -> Pending<(), CreateError> {
    store.submit(|tx| tx.create(job(id)).map(drop))
}

#[test]
fn a_full_flow_makes_writers_wait_and_not_under_the_writer_slot() {
    let log = Manual::new();
    let mut options = options();
    options.in_flight_max = 2;
    let store: ManualStore = Store::open_with(log.clone(), options).unwrap();
    let _pending = ["a", "b"].map(|id| submit(&store, id));
    thread::scope(|scope| {
        let later = ["c", "d", "e"].map(|id| scope.spawn(|| submit(&store, id).wait().unwrap()));
        while store.stats().awaiting_room < 3 {
            thread::yield_now();
        }
        assert!(store.writer_held_for().is_zero(), "the slot is free");
        assert_eq!(log.taken(), [1, 2], "and nobody has got past the bound");
        while store.view().version() < Version::new(5) {
            assert!(store.stats().in_flight <= 2);
            if !log.taken().is_empty() {
                log.commit(1);
            }
            thread::yield_now();
        }
        for later in later {
            later.join().unwrap();
        }
    });
    let stats = store.stats();
    assert_eq!((stats.in_flight, stats.awaiting_room), (0, 0));
}

#[test]
fn a_close_lets_go_of_those_who_wait_for_room() {
    let log = Manual::new();
    let mut options = options();
    options.in_flight_bytes_max = 1;
    let store: ManualStore = Store::open_with(log, options).unwrap();
    let _pending = submit(&store, "a");
    thread::scope(|scope| {
        let waiting = ["b", "c"].map(|id| scope.spawn(|| submit(&store, id).wait()));
        while store.stats().awaiting_room < 2 {
            thread::yield_now();
        }
        store.close();
        for waiting in waiting {
            let end = waiting.join().unwrap();
            assert!(
                matches!(end, Err(TransactionError::Aborted(AbortReason::Stopped))),
                "{end:?}"
            );
        }
    });
}

/// Of large objects, as many changes as the history keeps take any amount of memory.
#[test]
fn the_history_in_memory_is_bounded_by_bytes_too() {
    let mut options = options();
    options.history_bytes_max = 10_000;
    let mut log = LoopbackOptions::default();
    log.history_entries_max = 1;
    let store: LocalStore = Store::open_with(Loopback::with(log), options).unwrap();
    for number in 1..=20 {
        let mut large = job(&number.to_string());
        large.name = "x".repeat(2_000) + &large.name;
        create(&store, [large]);
        assert!(store.stats().history_bytes <= 10_000);
    }
    let stats = store.stats();
    assert_eq!(stats.history_changes, 4);
    assert!(stats.history_bytes > 8_000);
    let oldest = Version::new(16);
    assert!(store.watch_from(oldest, Watch::everything()).is_ok());
    let gone = store.watch_from(Version::new(15), Watch::everything());
    assert!(
        matches!(gone, Err(HistoryError::Compacted { .. })),
        "{gone:?}"
    );
    // One that is larger than the bound is not kept.
    let mut larger = job("larger");
    larger.name = "x".repeat(20_000);
    create(&store, [larger]);
    let stats = store.stats();
    assert_eq!((stats.history_changes, stats.history_bytes), (0, 0));
}

/// With no bytes allowed in flight every writer waited for ever, though nothing was in flight.
#[test]
fn one_transaction_may_always_be_in_flight() {
    for (transactions, bytes) in [(0, 0), (0, usize::MAX), (usize::MAX, 0)] {
        let mut options = options();
        options.in_flight_max = transactions;
        options.in_flight_bytes_max = bytes;
        let store: ManualStore = Store::open_with(Manual::new(), options).unwrap();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let _pending = submit(&store, "a");
            tell.send(store.stats().in_flight)
        });
        assert_eq!(told.recv_timeout(Duration::from_mins(1)), Ok(1));
    }
}
