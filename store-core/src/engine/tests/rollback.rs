//! What a rollback frees: all that the version has made, and those that it absorbed, whatever it has done to the pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::table::{Thing, thing};
use crate::engine::Table;

const THINGS: usize = 5_000;

fn id(number: usize) -> String {
    format!("{number:04}")
}

/// Changes an object, deletes its neighbour, and creates another.
fn change(table: &mut Table<Thing>, at: usize, alive: &Arc<AtomicUsize>) {
    let name = format!("n{at}");
    table.update(thing(&id(at), &name, &[7], alive)).unwrap();
    table.delete(&id(at + 1)).unwrap();
    let (new, name) = (format!("{}x", id(at)), format!("x{at}"));
    table.create(thing(&new, &name, &[8], alive)).unwrap();
}

#[test]
fn a_rollback_frees_what_the_version_made_and_those_that_it_absorbed() {
    let alive = Arc::new(AtomicUsize::new(0));
    let mut held = Table::new();
    for number in 0..THINGS {
        let thing = thing(&id(number), &format!("n{number}"), &[1], &alive);
        held.create(thing).unwrap();
    }
    let memory = || {
        held.collect();
        held.memory().all_versions_bytes
    };
    let before = memory();
    for (first_at, second_at) in [(0, 4_000), (4_000, 0), (2_000, 2_100), (2_100, 2_000)] {
        let mut first = held.clone();
        change(&mut first, first_at, &alive);
        let mut second = first.clone();
        change(&mut second, second_at, &alive);
        drop(first);
        memory();
        drop(second);
        assert_eq!(memory(), before, "{first_at}, then {second_at}");
        assert_eq!(alive.load(Ordering::Relaxed), THINGS);
    }
    let mut other = held.clone();
    (500..4_500).for_each(|number| drop(other.delete(&id(number)).unwrap()));
    drop(other);
    assert_eq!(memory(), before, "pages were merged");
    let mut other = held.clone();
    for number in THINGS..2 * THINGS {
        let thing = thing(&format!("{number:05}"), &format!("n{number}"), &[], &alive);
        other.create(thing).unwrap();
    }
    drop(other);
    assert_eq!(memory(), before, "pages were split");
    held.check_invariants();
}
