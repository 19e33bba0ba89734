//! What commits have replaced is freed by the transaction after them, or by `collect`.

mod support;

use std::sync::{Arc, Weak};

use proposer::Loopback;
use store_core::{Read as _, Store};
use support::{Job, LocalStore, create, job, options};

fn store() -> LocalStore {
    let mut options = options();
    options.history_changes_max = 1;
    let mut log = proposer::LoopbackOptions::default();
    log.history_entries_max = 1;
    Store::open_with(Loopback::with(log), options).unwrap()
}

fn change(store: &LocalStore, name: &str) -> Weak<Job> {
    let id = "a".to_owned();
    let before = Arc::downgrade(store.view().get::<Job>(&id).unwrap());
    store
        .update(|tx| {
            let mut job = Job::clone(tx.get::<Job>(&id).unwrap());
            name.clone_into(&mut job.name);
            tx.update(job).map(drop)
        })
        .unwrap();
    before
}

#[test]
fn the_transactions_after_it_free_what_one_replaced() {
    let store = store();
    create(&store, [job("a")]);
    let replaced: Vec<_> = (0..10)
        .map(|number| change(&store, &number.to_string()))
        .collect();
    let alive = replaced
        .iter()
        .filter(|old| old.upgrade().is_some())
        .count();
    assert!((1..=4).contains(&alive), "{alive} of 10 are there");
}

#[test]
fn collecting_frees_what_the_last_ones_replaced() {
    let store = store();
    create(&store, [job("a")]);
    let first = change(&store, "one");
    let second = change(&store, "two");
    store.collect();
    // The history's one change still tells what the last update replaced.
    assert!(first.upgrade().is_none());
    assert!(second.upgrade().is_some());
}
