//! What transactions never see of one another: a test for each anomaly, named after it.
//!
//! The names are those of Berenson et al., "A Critique of ANSI SQL Isolation Levels" (1995), and of go-memdb's and Adya's
//! lists. Transactions are serial here, and readers see one version: so none of them can occur.

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use store_core::{Query, Read, Snapshot, UpdateError};
use support::*;

fn priorities(state: &impl Read<Schema = Runner>) -> Vec<i64> {
    state
        .find(Query::<Job>::all())
        .map(|job| job.priority)
        .collect()
}

fn set(store: &LocalStore, id: &str, priority: i64) {
    let done = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&id.to_owned()).expect("it is there")).clone();
        job.priority = priority;
        tx.update(job).map(drop)
    });
    done.expect("nobody else writes");
}

fn two_jobs() -> LocalStore {
    let store = store();
    create(&store, [job("a"), job("b")]);
    store
}

/// A reader sees what a transaction wrote before it is committed.
#[test]
fn no_dirty_read() {
    let store = two_jobs();
    let aborted = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&"a".to_owned()).expect("it is there")).clone();
        job.priority = 7;
        tx.update(job).expect("it is there");
        assert_eq!(
            priorities(&store.view()),
            [0, 0],
            "not before it is committed"
        );
        Err::<(), &str>("no")
    });
    assert!(aborted.is_err());
    assert_eq!(priorities(&store.view()), [0, 0], "nor when it never is");
}

/// Two transactions write the same objects, and each is seen in part.
#[test]
fn no_dirty_write() {
    let store = two_jobs();
    thread::scope(|scope| {
        for number in 1..=2 {
            let store = &store;
            scope.spawn(move || {
                for _ in 0..200 {
                    let done = store.update(|tx| {
                        for id in ["a", "b"] {
                            let mut job =
                                (**tx.get::<Job>(&id.to_owned()).expect("it is there")).clone();
                            job.priority = number;
                            tx.update(job)?;
                        }
                        Ok::<_, UpdateError>(())
                    });
                    done.expect("transactions are serial");
                    let seen = priorities(&store.view());
                    assert_eq!(seen[0], seen[1], "both objects are of one transaction");
                }
            });
        }
    });
}

/// A reader reads an object twice, and differently.
#[test]
fn no_non_repeatable_read() {
    let store = two_jobs();
    let view = store.view();
    let before = priorities(&view);
    set(&store, "a", 7);
    assert_eq!(priorities(&view), before);
}

/// A reader repeats a query, and finds other objects.
#[test]
fn no_phantom() {
    let store = two_jobs();
    let view = store.view();
    let found = |view: &Snapshot<Runner>| ids(view.find(BY_PRIORITY.range(&0..&10))).join(",");
    let before = found(&view);
    create(&store, [job("c")]);
    set(&store, "a", 70);
    assert_eq!(found(&view), before);
    assert_eq!(found(&store.view()), "b,c");
}

/// Two read an object, both write it, and one change is lost.
#[test]
fn no_lost_update() {
    let store = two_jobs();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let done = store.update(|tx| {
                        let mut job =
                            (**tx.get::<Job>(&"a".to_owned()).expect("it is there")).clone();
                        job.priority += 1;
                        tx.update(job).map(drop)
                    });
                    done.expect("transactions are serial");
                }
            });
        }
    });
    assert_eq!(priorities(&store.view()), [400, 0]);

    // Across transactions, the version says so.
    let stale = (**store
        .view()
        .get::<Job>(&"a".to_owned())
        .expect("it is there"))
    .clone();
    set(&store, "a", 500);
    let lost = store.update(|tx| tx.update(stale.clone()).map(drop));
    assert!(lost.is_err(), "an update from an old version is refused");
}

/// A reader sees one object before, another after a transaction that changed both.
#[test]
fn no_read_skew() {
    let store = two_jobs();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1..=500 {
                let done = store.update(|tx| {
                    for (id, priority) in [("a", number), ("b", -number)] {
                        let mut job =
                            (**tx.get::<Job>(&id.to_owned()).expect("it is there")).clone();
                        job.priority = priority;
                        tx.update(job)?;
                    }
                    Ok::<_, UpdateError>(())
                });
                done.expect("nobody else writes");
            }
            stop.store(true, Ordering::Release);
        });
        while !stop.load(Ordering::Acquire) {
            assert_eq!(priorities(&store.view()).iter().sum::<i64>(), 0);
        }
    });
}

/// Two transactions each check what the other changes, and together break what each of them kept.
#[test]
fn no_write_skew() {
    let store = two_jobs();
    set(&store, "a", 1);
    set(&store, "b", 1);
    thread::scope(|scope| {
        for id in ["a", "b"] {
            let store = &store;
            scope.spawn(move || {
                // At least one of the two is to stay at 1.
                let _ = store.update(|tx| {
                    if priorities(tx).iter().sum::<i64>() < 2 {
                        return Err(());
                    }
                    let mut job = (**tx.get::<Job>(&id.to_owned()).expect("it is there")).clone();
                    job.priority = 0;
                    tx.update(job).map(drop).map_err(drop)
                });
            });
        }
    });
    assert_eq!(priorities(&store.view()).iter().sum::<i64>(), 1);
}

/// A transaction does not see what it wrote itself.
#[test]
fn reads_its_own_writes() {
    let store = two_jobs();
    let done = store.update(|tx| {
        tx.create(job("c")).expect("it is new");
        tx.delete::<Job>(&"a".to_owned()).expect("it is there");
        assert_eq!(ids(tx.find(Query::<Job>::all())), ["b", "c"]);
        assert_eq!(ids(tx.find(BY_NAME.eq("name-c"))), ["c"]);
        Ok::<_, ()>(())
    });
    done.expect("the closure gives no error");
}

/// An iterator that is under way sees what is written meanwhile: the compiler refuses that in one transaction, and a clone
/// of the state is not touched by it.
#[test]
fn an_iterator_is_stable() {
    let store = two_jobs();
    let view = store.view();
    let mut rows = view.find(Query::<Job>::all());
    assert_eq!(rows.next().map(|job| job.id.as_str()), Some("a"));
    store
        .update(|tx| tx.delete::<Job>(&"b".to_owned()).map(drop))
        .expect("it is there");
    assert_eq!(rows.next().map(|job| job.id.as_str()), Some("b"));
    assert!(rows.next().is_none());
}

/// A reader of a later snapshot sees an older state.
#[test]
fn versions_only_rise() {
    let store = two_jobs();
    thread::scope(|scope| {
        let writer = scope.spawn(|| (0..500).for_each(|number| set(&store, "a", number)));
        let mut last = (store.view().version(), i64::MIN);
        while !writer.is_finished() {
            let view = store.view();
            let now = (view.version(), priorities(&view)[0]);
            assert!(now.0 >= last.0 && (now.0 > last.0 || now.1 == last.1 || last.1 == i64::MIN));
            last = now;
        }
    });
}
