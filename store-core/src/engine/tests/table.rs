//! Versions of a table against plain maps: forked from any, changed, and dropped, in any order and on any thread.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proposer::DecodeError;
use proptest::prelude::*;

use crate::engine::Table;
use crate::error::CreateError;
use crate::index::{Index, Indexes};
use crate::meta::Meta;
use crate::object::Object;
use crate::query::Query;

/// An object that counts how many of its kind there are.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) id: String,
    name: String,
    groups: Vec<u8>,
    alive: Arc<AtomicUsize>,
}

pub(super) const BY_NAME: Index<Thing, str> =
    Index::unique("name", |thing, keys| keys.push(&thing.name));
pub(super) const BY_GROUP: Index<Thing, [u8]> = Index::non_unique("group", |thing, keys| {
    thing.groups.iter().for_each(|group| keys.push(&[*group]));
});
const BY_LEN: Index<Thing, u32> = Index::non_unique("len", |thing, keys| {
    keys.push(&u32::try_from(thing.groups.len()).unwrap());
});

impl Object for Thing {
    type Key = str;
    const TABLE: &'static str = "thing";

    fn key(&self) -> &str {
        &self.id
    }
    fn meta(&self) -> Meta {
        Meta::default()
    }
    fn set_meta(&mut self, _: Meta) {}
    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_GROUP);
    }
    fn encode(&self, _: &mut Vec<u8>) {}
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        unreachable!("nothing is encoded here")
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

type Model = BTreeMap<String, (String, Vec<u8>)>;

pub(super) fn thing(id: &str, name: &str, groups: &[u8], alive: &Arc<AtomicUsize>) -> Arc<Thing> {
    alive.fetch_add(1, Ordering::Relaxed);
    Arc::new(Thing {
        id: id.to_owned(),
        name: name.to_owned(),
        groups: groups.to_vec(),
        alive: Arc::clone(alive),
    })
}

#[derive(Clone, Debug)]
enum Write {
    Put { id: u16, name: u16, groups: Vec<u8> },
    Delete(u16),
}

#[derive(Clone, Debug)]
enum Step {
    /// Begins a version from one that is there, and changes it.
    Fork(usize, Vec<Write>),
    /// Changes a version, whether or not others were forked from it.
    Change(usize, Vec<Write>),
    /// Ends a version, whatever it was: a snapshot, a transaction that is not committed, the newest state.
    Drop(usize),
    DropElsewhere(usize),
    Collect,
    /// Puts a table in a version's place that was made of its objects at once.
    Rebuild(usize),
    /// Drops an index, or adds it where it is not there.
    Reindex(usize),
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        5 => (0_u16..300, 0_u16..400, prop::collection::vec(0_u8..5, 0..4))
            .prop_map(|(id, name, groups)| Write::Put { id, name, groups }),
        2 => (0_u16..300).prop_map(Write::Delete),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let writes = || prop::collection::vec(write(), 0..40);
    prop_oneof![
        6 => (any::<usize>(), writes()).prop_map(|(of, writes)| Step::Fork(of, writes)),
        3 => (any::<usize>(), writes()).prop_map(|(of, writes)| Step::Change(of, writes)),
        4 => any::<usize>().prop_map(Step::Drop),
        1 => any::<usize>().prop_map(Step::DropElsewhere),
        1 => Just(Step::Collect),
        1 => any::<usize>().prop_map(Step::Rebuild),
        2 => any::<usize>().prop_map(Step::Reindex),
    ]
}

fn perform(table: &mut Table<Thing>, model: &mut Model, write: &Write, alive: &Arc<AtomicUsize>) {
    match write {
        Write::Put { id, name, groups } => {
            let (id, name) = (format!("{id:03}"), format!("name-{name}"));
            let new = thing(&id, &name, groups, alive);
            let taken = model
                .iter()
                .any(|(other, (held, _))| *held == name && *other != id);
            let done = if model.contains_key(&id) {
                table.update(new).is_ok()
            } else {
                table.create(new).is_ok()
            };
            assert_eq!(done, !taken);
            if done {
                model.insert(id, (name, groups.clone()));
            }
        }
        Write::Delete(id) => {
            let id = format!("{id:03}");
            assert_eq!(table.delete(&id).is_ok(), model.remove(&id).is_some());
        }
    }
}

fn perform_all(
    table: &mut Table<Thing>,
    model: &mut Model,
    writes: &[Write],
    alive: &Arc<AtomicUsize>,
) {
    for write in writes {
        perform(table, model, write, alive);
    }
}

fn compare(table: &Table<Thing>, model: &Model) {
    let found: Vec<_> = table
        .find(Query::all())
        .map(|thing| (&thing.id, (&thing.name, &thing.groups)))
        .collect();
    let expected: Vec<_> = model
        .iter()
        .map(|(id, (name, groups))| (id, (name, groups)))
        .collect();
    assert_eq!(found, expected);
    for group in 0..5 {
        let expected = model
            .values()
            .filter(|(_, groups)| groups.contains(&group))
            .count();
        assert_eq!(table.count(BY_GROUP.eq(&[group])), expected);
        assert_eq!(table.find(BY_GROUP.eq(&[group]).rev()).count(), expected);
    }
    if table.def().find(BY_LEN.name()).is_some() {
        let mut expected: Vec<_> = model
            .iter()
            .map(|(id, (_, groups))| (groups.len(), id))
            .collect();
        expected.sort();
        let found = table.find(BY_LEN.all());
        assert!(
            found
                .map(|thing| (thing.groups.len(), &thing.id))
                .eq(expected)
        );
    }
    table.check_invariants();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is forked from what, and dropped when: every version keeps what it was, the last one has all the memory that
    /// is left, and nothing is left after it.
    #[test]
    fn versions_are_values(steps in prop::collection::vec(step(), 1..60)) {
        let alive = Arc::new(AtomicUsize::new(0));
        let mut versions = vec![(Table::new(), Model::new())];
        for step in steps {
            let len = versions.len();
            match step {
                Step::Fork(of, writes) => {
                    let (mut table, mut model) = versions[of % len].clone();
                    perform_all(&mut table, &mut model, &writes, &alive);
                    versions.push((table, model));
                }
                Step::Change(of, writes) => {
                    let (table, model) = &mut versions[of % len];
                    perform_all(table, model, &writes, &alive);
                }
                Step::Drop(of) if len > 1 => drop(versions.swap_remove(of % len)),
                Step::DropElsewhere(of) if len > 1 => {
                    let version = versions.swap_remove(of % len);
                    std::thread::spawn(move || drop(version)).join().unwrap();
                }
                Step::Drop(_) | Step::DropElsewhere(_) => {}
                Step::Collect => versions[0].0.collect(),
                Step::Rebuild(of) => {
                    let (table, _) = &mut versions[of % len];
                    *table = Table::from_objects(table.find(BY_NAME.all()).cloned()).unwrap();
                }
                Step::Reindex(of) => {
                    let (table, _) = &mut versions[of % len];
                    if !table.drop_index(BY_LEN.name()) {
                        table.add_index(BY_LEN).unwrap();
                    }
                    let (table, model) = &versions[of % len];
                    compare(table, model);
                }
            }
            let (table, model) = &versions[versions.len() - 1];
            compare(table, model);
        }
        for (table, model) in &versions {
            compare(table, model);
        }
        let (table, model) = versions.pop().unwrap();
        drop(versions);
        table.collect();
        prop_assert_eq!(alive.load(Ordering::Relaxed), model.len());
        let memory = table.memory();
        if cfg!(not(feature = "safe-memory")) {
            let own: usize = memory.indexes.iter().map(|index| index.bytes).sum();
            prop_assert_eq!(memory.all_versions_bytes, memory.slot_bytes + own);
            prop_assert_eq!(memory.versions, 1);
        }
        drop(table);
        prop_assert_eq!(alive.load(Ordering::Relaxed), 0);
    }

    /// The three ends of a transaction, as a pipeline has them: sealed on the tip, published in order, rolled back as a
    /// suffix; with steps inside that are undone, and snapshots of published states that are held.
    #[test]
    fn sealed_published_and_rolled_back(ends in prop::collection::vec((0_u8..8, any::<usize>(), prop::collection::vec(write(), 0..20)), 1..60)) {
        let alive = Arc::new(AtomicUsize::new(0));
        let mut committed = (Table::new(), Model::new());
        let mut sealed: Vec<(Table<Thing>, Model)> = Vec::new();
        let mut held = Vec::new();
        for (end, which, writes) in ends {
            match end {
                0..=3 => {
                    let (mut table, mut model) = sealed.last().unwrap_or(&committed).clone();
                    let (first, rest) = writes.split_at(writes.len() / 2);
                    perform_all(&mut table, &mut model, first, &alive);
                    // A step that fails.
                    let (before, mut undone) = (table.clone(), model.clone());
                    perform_all(&mut table, &mut undone, rest, &alive);
                    if end < 2 {
                        table = before;
                    } else {
                        model = undone;
                    }
                    perform_all(&mut table, &mut model, first, &alive);
                    sealed.push((table, model));
                }
                4 | 5 if !sealed.is_empty() => committed = sealed.remove(0),
                6 => sealed.truncate(which % (sealed.len() + 1)),
                7 if held.len() < 8 => held.push(committed.clone()),
                _ if !held.is_empty() => drop(held.swap_remove(which % held.len())),
                _ => {}
            }
            let (table, model) = sealed.last().unwrap_or(&committed);
            compare(table, model);
            compare(&committed.0, &committed.1);
        }
        for (table, model) in held {
            compare(&table, &model);
        }
        sealed.clear();
        committed.0.collect();
        prop_assert_eq!(alive.load(Ordering::Relaxed), committed.1.len());
    }
}

#[test]
fn a_held_version_pins_what_it_sees_and_nothing_that_came_after() {
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    for id in 0..1_000 {
        table
            .create(thing(&format!("{id:04}"), &format!("n{id}"), &[1], &alive))
            .unwrap();
    }
    let held = table.clone();
    let mut bytes = 0;
    for round in 0..20_000 {
        // The same ten objects over and over, a transaction each.
        let id = round % 10;
        let next = table.clone();
        table = next;
        table
            .update(thing(&format!("{id:04}"), &format!("n{id}"), &[1], &alive))
            .unwrap();
        if round == 1_000 {
            bytes = table.memory().all_versions_bytes;
        }
    }
    table.collect();
    assert_eq!(alive.load(Ordering::Relaxed), 1_010);
    assert!(table.memory().all_versions_bytes <= bytes);
    held.check_invariants();
    drop(held);
    table.collect();
    assert_eq!(alive.load(Ordering::Relaxed), 1_000);
}

#[test]
fn what_a_long_held_version_pinned_is_freed_in_pieces() {
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    for id in 0..5_000 {
        table
            .create(thing(&format!("{id:04}"), &format!("n{id}"), &[], &alive))
            .unwrap();
    }
    let held = table.clone();
    for id in 0..5_000 {
        table = table.clone();
        table
            .update(thing(&format!("{id:04}"), &format!("n{id}"), &[2], &alive))
            .unwrap();
    }
    drop(held);
    let mut last = alive.load(Ordering::Relaxed);
    for _ in 0..5_000 {
        table = table.clone();
        table.update(thing("0000", "n0", &[3], &alive)).unwrap();
        let now = alive.load(Ordering::Relaxed);
        assert!(
            last.saturating_sub(now) < 1_000 || cfg!(feature = "safe-memory"),
            "no transaction pays for all of it"
        );
        last = now;
    }
    // All but the one that was replaced last.
    assert!(last <= 5_001, "{last} objects are left of 5000");
}

#[test]
fn an_index_is_added_to_a_table_that_is_in_use_and_dropped() {
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    for id in 0..500_u16 {
        let groups = vec![0; usize::from(id % 3)];
        table
            .create(thing(
                &format!("{id:04}"),
                &format!("n{id}"),
                &groups,
                &alive,
            ))
            .unwrap();
    }
    let before = table.clone();
    table.add_index(BY_LEN).unwrap();
    assert_eq!(table.count(BY_LEN.eq(&2)), 166);
    table.delete("0002").unwrap();
    assert_eq!(table.count(BY_LEN.eq(&2)), 165);
    table.check_invariants();
    before.check_invariants();

    let taken = Index::<Thing, u32>::unique("len-unique", |thing, keys| {
        keys.push(&u32::try_from(thing.groups.len()).unwrap());
    });
    assert!(matches!(
        table.add_index(taken),
        Err(CreateError::Conflict {
            index: "len-unique",
            ..
        })
    ));
    assert_eq!(table.count(BY_LEN.eq(&2)), 165);

    assert!(table.drop_index("len"));
    assert!(!table.drop_index("len"));
    table.check_invariants();
    drop(before);
    table.collect();
    if cfg!(not(feature = "safe-memory")) {
        let memory = table.memory();
        let own: usize = memory.indexes.iter().map(|index| index.bytes).sum();
        assert_eq!(memory.all_versions_bytes, memory.slot_bytes + own);
    }
}

/// A leaf that had grown for very long keys was kept as large for short ones: with room for more keys than its header can
/// say, so that the next copy put its arrays where nobody looked for them.
#[test]
fn a_leaf_that_grew_for_long_keys_is_no_trap_for_short_ones() {
    let by_groups = Index::<Thing, [u8]>::non_unique("groups", |thing, keys| {
        keys.push(&thing.groups);
    });
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    table.drop_index("group");
    table.add_index(by_groups).unwrap();
    let long_id = |number: u32| format!("{}{number}", "x".repeat(65_000));
    let long = |number: u8| {
        // Two of a value, so that what is held of their keys goes through the whole primary key.
        let groups = vec![1 + number / 2; 65_000];
        let id = long_id(number.into());
        thing(&id, &format!("n{number}"), &groups, &alive)
    };
    let short = |number: u8| {
        let id = format!("short-{number}");
        thing(&id, &id, &[100 + number], &alive)
    };
    (0..6).for_each(|number| table.create(long(number)).unwrap());
    table.create(short(0)).unwrap();
    // Written anew in a page as large, with room for more keys than were there.
    for number in [1, 3] {
        table.delete(&long_id(number)).unwrap();
    }
    table.create(long(1)).unwrap();
    for number in [0, 1, 2, 4, 5] {
        table.delete(&long_id(number)).unwrap();
    }
    (1..40)
        .rev()
        .for_each(|number| table.create(short(number)).unwrap());
    table.check_invariants();
    assert_eq!(table.find(by_groups.all()).count(), 40);
    let bytes = table.memory().indexes.pop().unwrap().bytes;
    assert!(bytes < 8_192, "forty short keys take {bytes} bytes");
}

/// Each key that was added to an object asked all the others whether they had been there before.
#[test]
fn an_object_may_change_all_of_a_few_thousand_keys() {
    let by_pair = Index::<Thing, [u8]>::non_unique("pair", |thing, keys| {
        thing.groups.chunks(4).for_each(|pair| keys.push(pair));
    });
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    table.drop_index("group");
    table.add_index(by_pair).unwrap();
    let groups = |first: u32| -> Vec<u8> {
        (0..2_000_u32)
            .flat_map(|number| (0x0101_0101 * first + 7 * number).to_be_bytes())
            .collect()
    };
    table.create(thing("a", "a", &groups(1), &alive)).unwrap();
    table.update(thing("a", "a", &groups(2), &alive)).unwrap();
    table.check_invariants();
}

/// Of a unique index, a leaf holds no more than tells its keys apart: those of one object that begin alike are rivals of one
/// another, and of the one that is being added.
#[test]
fn an_object_may_have_several_unique_keys_that_begin_alike() {
    let by_alias = Index::<Thing, str>::unique("alias", |thing, keys| {
        let aliases = thing.groups.iter().rev();
        aliases.for_each(|group| keys.push(&format!("an-alias-{group:03}-of-{}", thing.id)));
    });
    let alive = Arc::new(AtomicUsize::new(0));
    let mut table = Table::new();
    table.add_index(by_alias).unwrap();
    // One that the object keeps, and is greater than the one that is added.
    table.create(thing("x", "x", &[3], &alive)).unwrap();
    table.update(thing("x", "x", &[1, 3], &alive)).unwrap();
    for number in 0..40_u8 {
        let id = number.to_string();
        let groups = [number, number + 1, 100, 101, 102];
        table.create(thing(&id, &id, &groups, &alive)).unwrap();
        table.check_invariants();
        let groups = [99, 101, 103, number + 1, 2];
        table.update(thing(&id, &id, &groups, &alive)).unwrap();
        table.check_invariants();
    }
    assert_eq!(table.find(by_alias.eq("an-alias-103-of-7")).count(), 1);
    assert_eq!(table.find(by_alias.eq("an-alias-102-of-7")).count(), 0);
    assert_eq!(table.find(by_alias.prefix("an-alias-1")).count(), 40);
}
