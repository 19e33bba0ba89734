//! What holds for every kind alike: SwarmKit's rules of tables, sections 1.2 to 1.6.

mod support;

use store_core::{CreateError, DeleteError, Query, Read, UpdateError};
use store_objects::wire::{
    Cluster, Config, Extension, Network, Node, Resource, Secret, Service, Task, Volume,
};
use store_objects::{Id, StoreObject};
use support::*;

/// Runs a generic test for each of these kinds, as a test of its own.
macro_rules! for_kinds {
    ($test:ident: $($name:ident $kind:ident),+) => {
        mod $test {
            use super::*;
            $(#[test] fn $name() { super::$test::<$kind>(); })+
        }
    };
}

/// A store in which a resource can be created.
fn store_for_any_kind() -> LocalStore {
    let store = store();
    create(&store, [Extension::sample("registers", "kind")]);
    store
}

/// The ids of what a query finds, but for the extension that is always there.
fn found<O: Sample>(store: &LocalStore, query: Query<O>) -> Vec<String> {
    let mut ids = ids(store, query);
    ids.retain(|id| id != "registers");
    ids
}

for_kinds! { everything_is_found: cluster Cluster, config Config, extension Extension, network Network, node Node,
resource Resource, secret Secret, service Service, task Task, volume Volume }

fn everything_is_found<O: Sample>() {
    let store = store_for_any_kind();
    assert_eq!(found::<O>(&store, Query::all()), Vec::<String>::new());
    let names = [
        ("b", "a"),
        ("a", "Beta"),
        ("e", "ab"),
        ("c", "a.b"),
        ("d", "a-b"),
    ];
    create(&store, names.map(|(id, name)| O::sample(id, name)));

    let stored: O = get(&store, "a").unwrap();
    let mut expected = O::sample("a", "Beta");
    expected.set_meta(stored.meta());
    assert_eq!(stored, expected);
    assert_eq!(stored.meta().version, store.view().version());
    assert!(get::<O>(&store, "A").is_none());

    assert_eq!(found::<O>(&store, Query::all()), ["a", "b", "c", "d", "e"]);
    let prefix = |prefix: &str| found(&store, O::BY_NAME.prefix(prefix));
    assert_eq!(prefix("a"), ["b", "d", "c", "e"], "in order of the name");
    assert_eq!(prefix("A."), ["c"]);
    assert_eq!(found(&store, O::BY_NAME.eq(name("BETA"))), ["a"]);
    assert_eq!(
        found(&store, O::BY_NAME.eq(name("bet"))),
        Vec::<String>::new()
    );
    assert_eq!(found(&store, O::BY_ID.eq(Id::new("b"))), ["b"]);
    assert_eq!(found(&store, O::BY_ID.prefix("a")), ["a"]);
    assert_eq!(found(&store, O::BY_ID.prefix("A")), Vec::<String>::new());
    assert_eq!(
        found(&store, O::BY_ID.prefix("")),
        ["a", "b", "c", "d", "e"]
    );
    store.check_invariants();
}

for_kinds! { or_gives_each_object_once: cluster Cluster, config Config, extension Extension, network Network, node Node,
resource Resource, secret Secret, service Service, task Task, volume Volume }

fn or_gives_each_object_once<O: Sample>() {
    let store = store_for_any_kind();
    create(
        &store,
        [
            O::sample("id1", "x1"),
            O::sample("id2", "x2"),
            O::sample("id3", "y"),
        ],
    );
    let x = || O::BY_NAME.prefix("x");
    let y = || O::BY_NAME.eq(name("y"));
    assert_eq!(found(&store, Query::<O>::any_of([])), Vec::<String>::new());
    assert_eq!(found(&store, y().or(x())), ["id3", "id1", "id2"]);
    assert_eq!(
        found(&store, x().or(O::BY_ID.prefix("id1"))),
        ["id1", "id2"]
    );
    assert_eq!(
        found(&store, x().or(O::BY_ID.prefix("id5295"))),
        ["id1", "id2"]
    );
    assert_eq!(found(&store, y().or(y()).or(y())), ["id3"]);
}

for_kinds! { custom_entries_are_found: cluster Cluster, config Config, extension Extension, network Network, node Node,
resource Resource, secret Secret, service Service, task Task, volume Volume }

fn custom_entries_are_found<O: Sample>() {
    let store = store_for_any_kind();
    let with = |id: &str, entries: &[(&str, &str)]| {
        let mut object = O::sample(id, id);
        object.annotations_mut().indices =
            entries.iter().map(|(key, val)| entry(key, val)).collect();
        object
    };
    create(
        &store,
        [
            with("id1", &[]),
            with("id2", &[("before", "id1")]),
            with("id3", &[("before", "id1"), ("before", "id2")]),
            with("id4", &[("a|b", "c")]),
        ],
    );
    let exact = |key: &str, val: &str| found(&store, O::BY_CUSTOM.eq(&entry(key, val)));
    assert_eq!(exact("before", "id2"), ["id3"]);
    assert_eq!(exact("before", "id1"), ["id2", "id3"]);
    assert_eq!(exact("before", "id3"), Vec::<String>::new());
    assert_eq!(exact("BEFORE", "id1"), Vec::<String>::new());
    assert_eq!(exact("a|b", "c"), ["id4"]);
    assert_eq!(
        exact("a", "b|c"),
        Vec::<String>::new(),
        "key and value do not run into each other"
    );
    let prefix = |key: &str, val: &str| found(&store, O::BY_CUSTOM.prefix(&entry(key, val)));
    assert_eq!(prefix("before", "id"), ["id2", "id3"], "each object once");
    assert_eq!(prefix("before", "id6"), Vec::<String>::new());
    assert_eq!(prefix("befor", ""), Vec::<String>::new());
}

for_kinds! { operations_on_absent_ids_say_so: cluster Cluster, config Config, network Network, node Node,
resource Resource, secret Secret, service Service, task Task, volume Volume }

fn operations_on_absent_ids_say_so<O: Sample>() {
    let store = store_for_any_kind();
    create(&store, [O::sample("id1", "name1")]);
    let update = rejection(
        store
            .update(|tx| tx.update(O::sample("absent", "free")))
            .unwrap_err(),
    );
    assert!(matches!(update, UpdateError::NotFound { .. }), "{update}");
    assert_eq!(
        update.to_string(),
        format!("object does not exist; {} absent", O::TABLE)
    );
    let delete = rejection(
        store
            .update(|tx| tx.delete::<O>(Id::new("absent")))
            .unwrap_err(),
    );
    assert!(matches!(delete, DeleteError::NotFound { .. }), "{delete}");

    store.update(|tx| tx.delete::<O>(Id::new("id1"))).unwrap();
    assert!(get::<O>(&store, "id1").is_none());
    assert_eq!(found(&store, O::BY_NAME.prefix("")), Vec::<String>::new());
    assert_eq!(found(&store, O::BY_ID.prefix("")), Vec::<String>::new());
    store.check_invariants();
}

for_kinds! { an_unnamed_object_is_named_by_nothing: cluster Cluster, config Config, network Network,
resource Resource, secret Secret, service Service, volume Volume }

fn an_unnamed_object_is_named_by_nothing<O: Sample>() {
    let store = store_for_any_kind();
    create(&store, [O::sample("", "")]);
    assert_eq!(found(&store, O::BY_NAME.eq(name(""))), [""]);
    assert!(matches!(
        refusal(&store, &O::sample("id2", "")),
        CreateError::Conflict { .. }
    ));
}

for_kinds! { names_are_unique: cluster Cluster, config Config, extension Extension, network Network, resource Resource,
secret Secret, service Service, volume Volume }

fn names_are_unique<O: Sample>() {
    let store = store_for_any_kind();
    create(&store, [O::sample("id1", "name1"), O::sample("id2", "ΑΣ")]);
    for (id, taken, holder) in [
        ("id3", "name1", "id1"),
        ("id3", "NAME1", "id1"),
        ("id1", "name1", "id1"),
        ("x", "ασ", "id2"),
    ] {
        assert_eq!(
            refusal(&store, &O::sample(id, taken)).to_string(),
            format!(
                "name conflicts with an existing object; {} {holder} holds it",
                O::TABLE
            ),
        );
    }
    assert_eq!(
        refusal(&store, &O::sample("id1", "free")).to_string(),
        format!("object already exists; {} id1", O::TABLE)
    );
    // The sigma at the end of a word is another letter.
    create(&store, [O::sample("id3", "ας")]);
    assert_eq!(found(&store, O::BY_NAME.prefix("α")), ["id3", "id2"]);
}

for_kinds! { keys_are_compared_whole: cluster Cluster, config Config, extension Extension, network Network, node Node,
resource Resource, secret Secret, service Service, task Task, volume Volume }

/// SwarmKit finds a name that contains a NUL by what stands before it.
fn keys_are_compared_whole<O: Sample>() {
    let store = store_for_any_kind();
    create(
        &store,
        [O::sample("id", "zz\0tail"), O::sample("id\0", "zz")],
    );
    assert_eq!(found(&store, O::BY_NAME.eq(name("zz"))), ["id\0"]);
    assert_eq!(found(&store, O::BY_NAME.eq(name("ZZ\0Tail"))), ["id"]);
    assert_eq!(found(&store, O::BY_NAME.prefix("z")), ["id\0", "id"]);
    assert_eq!(get::<O>(&store, "id").unwrap().id(), "id");
}

for_kinds! { renaming_moves_the_name: cluster Cluster, config Config, network Network, resource Resource, secret Secret,
service Service, volume Volume }

fn renaming_moves_the_name<O: Sample>() {
    let store = store_for_any_kind();
    create(
        &store,
        [O::sample("id1", "name1"), O::sample("id2", "name2")],
    );
    let rename = |id: &str, to: &str| {
        change::<O>(&store, id, |object| {
            object.rename(to);
        })
    };
    for taken in ["name2", "NAME2"] {
        let error = rename("id1", taken).unwrap_err();
        assert!(
            matches!(&error, UpdateError::Conflict { holder, .. } if holder == "id2"),
            "{error}"
        );
    }
    assert_eq!(found(&store, O::BY_NAME.prefix("name1")), ["id1"]);
    rename("id1", "NAME1").unwrap();
    assert_eq!(
        found(&store, O::BY_NAME.eq(name("name1"))),
        ["id1"],
        "only the case changed"
    );
    rename("id1", "new").unwrap();
    assert_eq!(
        found(&store, O::BY_NAME.prefix("name1")),
        Vec::<String>::new()
    );
    assert_eq!(found(&store, O::BY_NAME.prefix("new")), ["id1"]);

    // The name is checked before the id.
    let error = rejection(
        store
            .update(|tx| tx.update(O::sample("absent", "New")))
            .unwrap_err(),
    );
    assert!(matches!(error, UpdateError::Conflict { .. }), "{error}");
    // A name is free as soon as its owner is gone or renamed.
    store
        .update(|tx| {
            tx.delete::<O>(Id::new("id1"))?;
            let mut other = O::clone(tx.get::<O>(Id::new("id2")).unwrap());
            other.rename("new");
            tx.update(other)?;
            tx.create(O::sample("id3", "name2"))?;
            Ok::<_, Box<dyn std::error::Error>>(())
        })
        .unwrap();
    assert_eq!(found(&store, O::BY_NAME.prefix("n")), ["id3", "id2"]);
    store.check_invariants();
}

for_kinds! { stale_updates_are_refused: cluster Cluster, config Config, network Network, node Node, resource Resource,
secret Secret, service Service, task Task, volume Volume }

fn stale_updates_are_refused<O: Sample>() {
    let store = store_for_any_kind();
    create(&store, [O::sample("id1", "name1")]);
    let first: O = get(&store, "id1").unwrap();
    change::<O>(&store, "id1", |object| {
        object
            .annotations_mut()
            .labels
            .insert("a".to_owned(), "b".to_owned());
    })
    .unwrap();
    let second: O = get(&store, "id1").unwrap();
    assert_eq!(second.meta().created, first.meta().created);
    assert!(second.meta().version > first.meta().version);
    let error = rejection(store.update(|tx| tx.update(first.clone())).unwrap_err());
    assert!(
        matches!(error, UpdateError::OutOfSequence { stored, given, .. }
        if stored == second.meta().version && given == first.meta().version)
    );
    assert!(
        error.to_string().starts_with("update out of sequence; "),
        "{error}"
    );
    store.update(|tx| tx.update(second.clone())).unwrap();
}

#[test]
fn tables_are_saved_in_the_order_of_their_names() {
    let expected = [
        "cluster",
        "config",
        "extension",
        "network",
        "node",
        "resource",
        "secret",
        "service",
        "task",
        "volume",
    ];
    assert_eq!(StoreObject::TABLES, expected);
}
