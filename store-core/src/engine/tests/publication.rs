//! Roots are published and snapshots dropped while a writer commits, in every order that the steps of the threads can be run
//! in: `cargo xtask verify loom`.
//!
//! What is published is behind a lock here: loom does not know `ArcSwap`. The order that matters is that between the drop of
//! a version's last handle, on any thread, and the next change of the table, which may free what it held.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::sync::Mutex;
use loom::thread;
use proposer::DecodeError;

use crate::engine::Table;
use crate::index::Indexes;
use crate::meta::Meta;
use crate::object::Object;
use crate::query::Query;

#[derive(Debug)]
struct Half {
    id: u8,
    value: i8,
    alive: Arc<AtomicUsize>,
}

impl Object for Half {
    type Key = u8;
    const TABLE: &'static str = "half";

    fn key(&self) -> &u8 {
        &self.id
    }
    fn meta(&self) -> Meta {
        Meta::default()
    }
    fn set_meta(&mut self, _: Meta) {}
    fn indexes(_: &mut Indexes<Self>) {}
    fn encode(&self, _: &mut Vec<u8>) {}
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        unreachable!("nothing is encoded here")
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

fn half(id: u8, value: i8, alive: &Arc<AtomicUsize>) -> Arc<Half> {
    alive.fetch_add(1, Ordering::Relaxed);
    let alive = Arc::clone(alive);
    Arc::new(Half { id, value, alive })
}

/// Both halves of a state add up to 0.
fn read(table: &Table<Half>) -> i8 {
    let values: Vec<i8> = table.find(Query::all()).map(|half| half.value).collect();
    assert_eq!(values.len(), 2);
    assert_eq!(values[0] + values[1], 0, "a transaction is seen whole");
    values[0]
}

fn first(alive: &Arc<AtomicUsize>) -> Table<Half> {
    let mut table = Table::new();
    for id in 0..2 {
        table.create(half(id, 0, alive)).unwrap();
    }
    table
}

fn change(table: &mut Table<Half>, value: i8, alive: &Arc<AtomicUsize>) {
    table.update(half(0, value, alive)).unwrap();
    table.update(half(1, -value, alive)).unwrap();
}

#[test]
fn what_a_reader_holds_is_freed_once_and_not_before() {
    loom::model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let published = loom::sync::Arc::new(Mutex::new(Arc::new(first(&alive))));
        let reader = {
            let published = loom::sync::Arc::clone(&published);
            thread::spawn(move || {
                let view = Arc::clone(&published.lock().unwrap());
                let value = read(&view);
                assert_eq!(read(&view), value, "what is held does not change");
            })
        };
        for value in 1..=2 {
            let base = Arc::clone(&published.lock().unwrap());
            let mut next = Table::clone(&base);
            drop(base);
            change(&mut next, value, &alive);
            *published.lock().unwrap() = Arc::new(next);
        }
        reader.join().unwrap();
        let last = Arc::clone(&published.lock().unwrap());
        assert_eq!(read(&last), 2);
        last.collect();
        assert_eq!(
            alive.load(Ordering::Relaxed),
            2,
            "nothing is left of the versions before"
        );
    });
}

#[test]
fn a_transaction_that_is_dropped_elsewhere_leaves_its_base_whole() {
    loom::model(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let mut table = first(&alive);
        let mut dropped = table.clone();
        change(&mut dropped, 1, &alive);
        let elsewhere = thread::spawn(move || drop(dropped));
        change(&mut table, 2, &alive);
        assert_eq!(read(&table), 2);
        elsewhere.join().unwrap();
        table.collect();
        assert_eq!(read(&table), 2);
        assert_eq!(alive.load(Ordering::Relaxed), 2);
    });
}
