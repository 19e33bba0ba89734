//! What commits have replaced is freed by the transaction after them, or by `collect`.

mod support;

use std::sync::{Arc, Weak};

use proposer::Loopback;
use store_core::{Read as _, Store};
use support::manual::Manual;
use support::{Job, LocalStore, Runner, create, job, options};

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

/// Each transaction frees what one has replaced: after many were in flight at once, those that follow work it off.
#[test]
fn what_many_replaced_at_once_is_freed_by_as_many_after_them() {
    const MANY: usize = 300;
    let (manual, mut options) = (Manual::new(), options());
    options.history_changes_max = 1;
    let store = Store::<Runner, _>::open_with(manual.clone(), options).unwrap();
    let id = "a".to_owned();
    let rename = |number: usize| {
        store.submit(|tx| {
            let mut job = Job::clone(tx.get::<Job>(&id).unwrap());
            job.name = number.to_string();
            tx.update(job).map(|job| Arc::downgrade(&job))
        })
    };
    let created = store.submit(|tx| tx.create(job("a")).map(drop));
    manual.commit(1);
    created.wait().unwrap();
    let pending: Vec<_> = (0..MANY).map(rename).collect();
    manual.commit(MANY);
    let made: Vec<_> = pending
        .into_iter()
        .map(|one| one.wait().unwrap().value)
        .collect();
    let alive = || made.iter().filter(|job| job.upgrade().is_some()).count();
    assert!(alive() > MANY - 10, "nobody has freed anything");
    let mut before = alive();
    for number in 0..MANY {
        let one = rename(number);
        manual.commit(1);
        one.wait().unwrap();
        let now = alive();
        assert!(before - now <= 2, "{before} to {now}: one frees too many");
        before = now;
    }
    assert_eq!(alive(), 0);
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
