//! What operations cost, in looks at pages: as many as trees are high, however large and wide they are.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::table::{BY_GROUP, BY_NAME, Thing, thing};
use crate::engine::Table;
use crate::engine::tree::is_leaf;
use crate::engine::visits::visits_of;
use crate::query::Query;

fn id(number: usize) -> String {
    format!("{number:05}")
}

/// Makes a table with pages that are nearly full, so that a deletion merges none.
fn table(things: usize, alive: &Arc<AtomicUsize>) -> Table<Thing> {
    let thing = |number| thing(&id(number), &format!("n{}", id(number)), &[1], alive);
    Table::from_objects((0..things).map(thing)).unwrap()
}

/// Returns how many levels of pages the tree of an index has, or that of the primary keys.
fn height(table: &Table<Thing>, index: Option<usize>) -> usize {
    let mut page = table.tree(index).root.as_ref().unwrap();
    let mut height = 1;
    while !is_leaf(page) {
        page = &page.boxes()[0];
        height += 1;
    }
    height
}

/// A rollback that looked at every page below those that were copied would do all that it should, but for its cost.
///
/// The changes are of the usual sort. Those that split or merge pages move all that are below one; and of a key that goes far
/// away, the pages between its old and its new place are looked at, too.
#[cfg(not(feature = "safe-memory"))]
#[test]
fn a_rollback_looks_at_the_pages_that_were_changed() {
    /// Levels of pages that the slots of so many things have at most.
    const SLOTS_HEIGHT: usize = 3;
    let alive = Arc::default();
    for things in [300, 10_000] {
        let mut held = table(things, &alive);
        let heights = [None, Some(0), Some(1)].map(|index| height(&held, index));
        let bound = SLOTS_HEIGHT + heights.iter().sum::<usize>();
        let check = |what: &str, held: &Table<Thing>, change: &dyn Fn(&mut Table<Thing>)| {
            let mut open = held.clone();
            change(&mut open);
            drop(open);
            let visits = visits_of(|| held.collect());
            assert!(
                (1..=bound).contains(&visits),
                "{what} of {things}: {visits} pages, {bound} on the ways to it"
            );
        };
        for at in (0..things).step_by(things / 10) {
            let named = |name: String| thing(&id(at), &name, &[1], &alive);
            let same = || named(format!("n{}", id(at)));
            check("an update", &held, &|open| {
                drop(open.update(same()).unwrap());
            });
            check("an update of a key", &held, &|open| {
                drop(open.update(named(format!("n{}a", id(at)))).unwrap());
            });
            check("a deletion", &held, &|open| {
                drop(open.delete(&id(at)).unwrap());
            });
            // In the room that it leaves.
            held.delete(&id(at)).unwrap();
            check("a creation", &held, &|open| open.create(same()).unwrap());
        }
        held.check_invariants();
    }
}

#[test]
fn a_count_looks_at_the_pages_on_the_way_to_both_ends() {
    let alive = Arc::default();
    for things in [300, 10_000] {
        let table = table(things, &alive);
        let prefixed = if things > 1_000 { 1_000 } else { things };
        let cases = [
            ("all", None, Query::all(), things),
            ("a key prefix", None, Query::key_prefix("00"), prefixed),
            ("one key of an index", Some(1), BY_GROUP.eq(&[1]), things),
            (
                "one key of a unique index",
                Some(0),
                BY_NAME.eq("n00042"),
                1,
            ),
            ("a limit", Some(1), BY_GROUP.eq(&[1]).limit(7), 7),
        ];
        for (what, index, query, expected) in cases {
            // Down to each end, two looks at each page, and a few more at its leaf.
            let bound = 2 * (2 * height(&table, index) + 3);
            let visits = visits_of(|| assert_eq!(table.count(query), expected, "{what}"));
            assert!(
                visits <= bound,
                "{what} of {things}: {visits} looks, {bound} expected at most"
            );
        }
    }
}
