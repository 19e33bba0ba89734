//! Objects whose drop panics: whatever runs it, the table is as it was, or as it is to be.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use proposer::DecodeError;

use crate::engine::Table;
use crate::index::{Index, Indexes};
use crate::meta::Meta;
use crate::object::Object;
use crate::query::Query;

#[derive(Debug)]
struct Bomb(String);

const BY_ID: Index<Bomb, str> = Index::unique("own", |bomb, keys| keys.push(&bomb.0));
const BY_LEN: Index<Bomb, u64> = Index::non_unique("len", |bomb, keys| {
    keys.push(&(bomb.0.len() as u64));
});

impl Object for Bomb {
    type Key = str;
    const TABLE: &'static str = "bomb";

    fn key(&self) -> &str {
        &self.0
    }
    fn meta(&self) -> Meta {
        Meta::default()
    }
    fn set_meta(&mut self, _: Meta) {}
    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_ID);
    }
    fn encode(&self, _: &mut Vec<u8>) {}
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        unreachable!("nothing is encoded here")
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(self.0 != "b" || std::thread::panicking(), "the bomb");
    }
}

fn bomb(id: &str) -> Arc<Bomb> {
    Arc::new(Bomb(id.to_owned()))
}

/// A table without the bomb, and the version before, which has it.
fn defused() -> (Table<Bomb>, Table<Bomb>) {
    let mut table = Table::new();
    for id in ["a", "b", "c"] {
        table.create(bomb(id)).unwrap();
    }
    let before = table.clone();
    drop(table.delete("b").unwrap());
    (table, before)
}

fn ids(table: &Table<Bomb>) -> Vec<&str> {
    table.check_invariants();
    table.find(Query::all()).map(|bomb| &*bomb.0).collect()
}

#[test]
fn an_object_whose_drop_panics_leaves_a_table_that_works() {
    let (mut table, before) = defused();
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        drop(before);
        let next = table.clone();
        drop(next);
        table.collect();
    }));
    assert!(dropped.is_err());
    table.create(bomb("d")).unwrap();
    assert_eq!(ids(&table), ["a", "c", "d"]);
}

/// A change that freed an object of an older version did so when it was done: it panicked, and was there all the same. An
/// index that was added was there, and empty.
#[test]
fn a_change_that_panics_in_the_drop_of_another_object_leaves_no_trace() {
    type Change = fn(&mut Table<Bomb>);
    let changes: [(Change, &[&str], &[&str]); 5] = [
        (
            |table| table.create(bomb("d")).unwrap(),
            &["a", "c", "d"],
            &["id", "own"],
        ),
        (
            |table| drop(table.update(bomb("a")).unwrap()),
            &["a", "c"],
            &["id", "own"],
        ),
        (
            |table| drop(table.delete("a").unwrap()),
            &["c"],
            &["id", "own"],
        ),
        (
            |table| table.add_index(BY_LEN).unwrap(),
            &["a", "c"],
            &["id", "own", "len"],
        ),
        (
            |table| assert!(table.drop_index("own")),
            &["a", "c"],
            &["id"],
        ),
    ];
    let indexes = |table: &Table<Bomb>| -> Vec<&str> {
        let indexes = table.memory().indexes;
        indexes.iter().map(|index| index.name).collect()
    };
    for (change, after, with) in changes {
        let (mut table, before) = defused();
        // A fork that is dropped: the next change looks for what else was.
        let fork = table.clone();
        let first = Arc::clone(table.get("a").unwrap());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            drop((before, fork));
            change(&mut table);
        }));
        assert!(outcome.is_err());
        assert_eq!(ids(&table), ["a", "c"]);
        assert_eq!(indexes(&table), ["id", "own"]);
        assert!(Arc::ptr_eq(&first, table.get("a").unwrap()));
        change(&mut table);
        assert_eq!(ids(&table), after);
        assert_eq!(indexes(&table), with);
    }
}
