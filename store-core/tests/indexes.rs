//! What can be asked of an index: longest beginnings, counts, keys of any form; and indexes that come and go.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use store_core::{CreateError, Index, Query, Read, TransactionError};
use support::*;

const BY_TITLE: Index<Job, str> = Index::unique("title", |job, keys| keys.push(&job.name));
const BY_LENGTH: Index<Job, u32> = Index::non_unique("length", |job, keys| {
    keys.push(&u32::try_from(job.name.len()).unwrap());
});

fn named(id: &str, name: &str, tags: &[&str]) -> Job {
    Job {
        name: name.to_owned(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..job(id)
    }
}

#[test]
fn the_longest_beginning_is_found() {
    let store = store();
    create(
        &store,
        [
            named("1", "/", &["/", "x"]),
            named("2", "/a", &["/a", "/a/b"]),
            named("3", "/a/b", &["/a/b"]),
            named("4", "/a/bc\0", &[]),
            named("5", "/a/bc\0\u{ff}", &[]),
        ],
    );
    let view = store.view();
    let unique = |text: &str| ids(view.find_longest_prefix(&BY_NAME, text)).join(",");
    assert_eq!(unique("/a/b/c"), "3");
    assert_eq!(unique("/a/b"), "3");
    assert_eq!(unique("/a/c"), "2");
    assert_eq!(unique("/b"), "1");
    assert_eq!(unique("b"), "");
    assert_eq!(unique(""), "");
    assert_eq!(unique("/a/bc\0z"), "4");
    assert_eq!(unique("/a/bc\0\u{ff}z"), "5");
    let non_unique = |text: &str| ids(view.find_longest_prefix(&BY_TAG, text)).join(",");
    assert_eq!(non_unique("/a/b/c"), "2,3");
    assert_eq!(non_unique("/q"), "1");
}

/// A key of a fixed length, which is its own beginning.
struct Code([u8; 4]);

impl store_core::Key for Code {
    fn encode(&self, out: &mut store_core::KeyBuf) {
        out.push_raw(&self.0);
    }
}

impl store_core::PrefixKey for Code {
    type Prefix = Self;

    fn encode_prefix(prefix: &Self, out: &mut store_core::KeyBuf) {
        out.push_raw(&prefix.0);
    }
}

/// The search went round for ever, since it took every key to end with the two zeros of a string.
#[test]
fn the_longest_beginning_of_a_key_without_an_end_mark_is_found() {
    const BY_CODE: Index<Job, Code> = Index::unique("code", |job, keys| {
        if let Some(code) = job.name.as_bytes().first_chunk() {
            keys.push(&Code(*code));
        }
    });
    let store = store();
    create(&store, [named("1", "abcd", &[]), named("2", "abce", &[])]);
    store.add_index(BY_CODE).unwrap();
    let view = store.view();
    let found = |code: &[u8; 4]| ids(view.find_longest_prefix(&BY_CODE, &Code(*code))).join(",");
    assert_eq!(found(b"abcf"), "");
    assert_eq!(found(b"abcd"), "1");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_longest_beginning_is_the_longest(names in prop::collection::btree_set("[ab\0]{0,5}", 0..20), text in "[ab\0]{0,7}") {
        let store = store();
        create(&store, names.iter().enumerate().map(|(at, name)| named(&format!("{at:02}"), name, &[name])));
        let view = store.view();
        let longest = names.iter().filter(|name| text.starts_with(name.as_str())).max_by_key(|name| name.len());
        let found: Vec<&str> = view.find_longest_prefix(&BY_NAME, &text).map(|job| job.name.as_str()).collect();
        prop_assert_eq!(found, longest.iter().map(|name| name.as_str()).collect::<Vec<_>>());
        let found = view.find_longest_prefix(&BY_TAG, &text).count();
        prop_assert_eq!(found, usize::from(longest.is_some()));
    }

    /// Keys of any length, with zeros, empty, and beginning alike: found, counted, and in order, also where objects have
    /// several.
    #[test]
    fn keys_of_any_form(tags in prop::collection::btree_map("[a-d]{1,3}", prop::collection::btree_set(tag(), 0..4), 1..30)) {
        let store = store();
        create(&store, tags.iter().map(|(id, tags)| named(id, id, &tags.iter().map(String::as_str).collect::<Vec<_>>())));
        store.check_invariants();
        let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, tags) in &tags {
            for tag in tags {
                expected.entry(tag).or_default().push(id);
            }
        }
        let view = store.view();
        for (tag, with) in &expected {
            prop_assert_eq!(&ids(view.find(BY_TAG.eq(tag))), with);
            prop_assert_eq!(view.count(BY_TAG.eq(tag)), with.len());
            let mut backwards = ids(view.find(BY_TAG.eq(tag).rev()));
            backwards.reverse();
            prop_assert_eq!(&backwards, with);
        }
        // Removing half of them leaves the other half.
        let half: Vec<&String> = tags.keys().step_by(2).collect();
        store.update(|tx| half.iter().try_for_each(|id| tx.delete::<Job>(id).map(drop))).unwrap();
        store.check_invariants();
        prop_assert_eq!(store.view().len::<Job>(), tags.len() - half.len());
    }
}

fn tag() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[xy\0]{0,4}",
        2 => (1_usize..400, "[pq]{0,2}").prop_map(|(len, end)| "l".repeat(len) + &end),
        1 => (0_usize..3, "[pq]{0,1}").prop_map(|(len, end)| "m".repeat(20_000 * len) + &end),
    ]
}

#[test]
fn a_key_may_have_64_kib_and_no_more() {
    let store = store();
    let longest = "k".repeat(store_core::KEY_BYTES_MAX - 2);
    create(
        &store,
        (0..20).map(|number| {
            named(
                &format!("{number:02}"),
                &format!("n{number}"),
                &[&longest, "t"],
            )
        }),
    );
    create(&store, [named("99", &longest, &[])]);
    create(&store, [named(&longest, "n99", &["u"])]);
    let view = store.view();
    assert_eq!(ids(view.find(BY_TAG.eq("u"))), [&longest]);
    assert!(view.get::<Job>(&longest).is_some());
    assert_eq!(view.find(BY_TAG.eq(&longest)).count(), 20);
    assert_eq!(ids(view.find(BY_NAME.eq(&longest))), ["99"]);
    view.check_invariants();
    let too_long = store.update(|tx| tx.create(named("x", &format!("{longest}k"), &[])).map(drop));
    assert!(matches!(
        too_long,
        Err(TransactionError::Rejected(CreateError::KeyTooLong {
            index: "name",
            bytes: 65_537,
            ..
        }))
    ));
    store
        .update(|tx| {
            (0..20).try_for_each(|number| tx.delete::<Job>(&format!("{number:02}")).map(drop))
        })
        .unwrap();
    store.check_invariants();
}

#[test]
fn a_count_is_how_many_objects_are_found() {
    let store = store();
    create(
        &store,
        (0..5_000).map(|number| named(&format!("{number:05}"), &format!("n{number}"), &["t"])),
    );
    let view = store.view();
    assert_eq!(view.count(BY_TAG.eq("t")), 5_000);
    assert_eq!(view.count(BY_TAG.eq("t").limit(7)), 7);
    assert_eq!(view.count(Query::<Job>::all()), 5_000);
    assert_eq!(view.count(Query::<Job>::key_prefix("0012")), 10);
    assert_eq!(
        view.count(BY_TAG.prefix("t").filter(|job| job.id.ends_with('7'))),
        500
    );
}

#[test]
fn an_index_is_added_to_a_store_and_outlives_a_restore() {
    let store = store();
    create(
        &store,
        [
            named("a", "one", &[]),
            named("b", "two", &[]),
            named("c", "three", &[]),
        ],
    );
    let before = store.view();
    store.add_index(BY_LENGTH).unwrap();
    assert_eq!(ids(store.view().find(BY_LENGTH.eq(&3))), ["a", "b"]);
    create(&store, [named("d", "six", &[])]);
    assert_eq!(ids(store.view().find(BY_LENGTH.eq(&3))), ["a", "b", "d"]);

    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    store
        .update(|tx| tx.delete::<Job>(&"a".to_owned()))
        .unwrap();
    store.restore(saved.as_slice()).unwrap();
    assert_eq!(ids(store.view().find(BY_LENGTH.eq(&3))), ["a", "b", "d"]);
    store.check_invariants();

    assert!(store.drop_index::<Job>("length"));
    assert!(!store.drop_index::<Job>("length"));
    before.check_invariants();
    store.check_invariants();
    store.collect();
}

#[test]
fn a_unique_index_that_does_not_hold_is_not_added() {
    let store = store();
    create(
        &store,
        [named("a", "one", &["t"]), named("b", "two", &["t"])],
    );
    let taken = Index::<Job, str>::unique("tag-alone", |job, keys| {
        job.tags.iter().for_each(|tag| keys.push(tag));
    });
    let refused = store.add_index(taken).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "tag-alone conflicts with an existing object; job a holds it"
    );
    store.add_index(BY_TITLE).unwrap();
    let conflict = store.update(|tx| tx.create(named("c", "one", &[])).map(drop));
    assert!(matches!(
        conflict,
        Err(TransactionError::Rejected(CreateError::Conflict {
            index: "name",
            ..
        }))
    ));
}

#[test]
fn memory_is_told_by_index() {
    let store = store();
    create(
        &store,
        (0..10_000).map(|number| named(&format!("{number:05}"), &format!("n{number}"), &["t"])),
    );
    let memory = store.view().memory::<Job>();
    let names: Vec<&str> = memory.indexes.iter().map(|index| index.name).collect();
    assert_eq!(names, ["id", "name", "worker", "tag", "priority"]);
    assert_eq!(memory.objects, 10_000);
    if cfg!(not(feature = "safe-memory")) {
        let index_bytes: usize = memory.indexes.iter().map(|index| index.bytes).sum();
        assert!(
            memory.slot_bytes > 160_000 && index_bytes > 400_000,
            "{memory:?}"
        );
        assert!(index_bytes + memory.slot_bytes <= memory.all_versions_bytes);
    }
}
