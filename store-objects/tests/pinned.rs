//! Behaviours that SwarmKit's own store tests pin (`manager/state/store/*_test.go`), and the tests of ours that pin them.
//!
//! [`PINNED`] lists them, by kind; a test sees to it that each named test is there. Below are those that no other file has.

mod support;

use store_core::{CreateError, Object, Query, Read, UpdateError};
use store_objects::wire::{Node, Service, Task};
use store_objects::{Id, node};
use support::*;

/// What is pinned, and by which test: the file, below the workspace, and the function.
const PINNED: &[(&str, &str, &str)] = &[
    // Nodes.
    (
        "an empty store: everything is an empty list",
        EVERY_KIND,
        "everything_is_found",
    ),
    (
        "in an update, everything is seen",
        HERE,
        "a_transaction_finds_everything",
    ),
    ("a taken id", HERE, "an_id_is_taken_once"),
    (
        "what is got equals what was created",
        EVERY_KIND,
        "everything_is_found",
    ),
    (
        "hostnames, shared ones, unions, id prefix",
        NODES,
        "nodes_may_share_a_hostname",
    ),
    (
        "role and membership",
        NODES,
        "nodes_are_found_by_role_and_membership",
    ),
    (
        "replacing and deleting, seen at once",
        NODES,
        "a_transaction_sees_what_it_did_to_nodes",
    ),
    // Services.
    (
        "taken ids, taken names, in upper case too",
        EVERY_KIND,
        "names_are_unique",
    ),
    (
        "prefixes, their unions, id prefix",
        OTHERS,
        "service_prefixes_unite",
    ),
    (
        "labels that changed are read at once",
        HERE,
        "changed_labels_are_read_at_once",
    ),
    (
        "renaming, to taken and to free names",
        EVERY_KIND,
        "renaming_moves_the_name",
    ),
    ("unknown ids", EVERY_KIND, "operations_on_absent_ids_say_so"),
    // Networks.
    ("a taken id", HERE, "an_id_is_taken_once"),
    ("exact names", EVERY_KIND, "everything_is_found"),
    ("deletion", EVERY_KIND, "operations_on_absent_ids_say_so"),
    // Tasks.
    (
        "name, node, service, desired state",
        NODES,
        "tasks_are_found_by_name_node_service_and_desired_state",
    ),
    (
        "replacing moves between names",
        NODES,
        "replacing_a_task_moves_it_between_names",
    ),
    (
        "deletion clears the name",
        EVERY_KIND,
        "operations_on_absent_ids_say_so",
    ),
    // Custom index.
    (
        "values and prefixes, each object once",
        EVERY_KIND,
        "custom_entries_are_found",
    ),
    // The combinator.
    (
        "or: no, one, the same, several branches",
        HERE,
        "branches_of_or_unite",
    ),
    (
        "or, for every kind",
        EVERY_KIND,
        "or_gives_each_object_once",
    ),
    // Transactions.
    (
        "an error undoes everything",
        HERE,
        "an_error_undoes_everything",
    ),
    (
        "versions: what was written back can be updated",
        HERE,
        "what_a_creation_returns_can_be_updated",
    ),
    (
        "versions: a stale object is refused",
        EVERY_KIND,
        "stale_updates_are_refused",
    ),
    (
        "times of creation and update",
        HERE,
        "times_are_those_of_creation_and_of_the_last_update",
    ),
    (
        "405 creations in a batch: 200, 200, 5",
        CORE_BATCHES,
        "a_batch_is_cut_by_the_number_of_changes",
    ),
    (
        "a batch that fails keeps what was committed",
        CORE_BATCHES,
        "an_error_of_the_closure_drops_the_open_transaction_only",
    ),
    // Fork and follow, save and restore, resuming.
    (
        "a second store follows the first",
        WIRE,
        "a_store_can_be_followed_from_a_snapshot_on",
    ),
    (
        "a restored store is the saved one; its events",
        WIRE,
        "a_restored_store_is_the_saved_one",
    ),
    (
        "watching from a version on",
        CORE_WATCHES,
        "a_watch_resumes_where_it_was",
    ),
    (
        "an unknown version",
        CORE_WATCHES,
        "history_beyond_memory_comes_from_the_log_until_that_ends",
    ),
];

const HERE: &str = "store-objects/tests/pinned.rs";
const EVERY_KIND: &str = "store-objects/tests/every_kind.rs";
const NODES: &str = "store-objects/tests/nodes_and_tasks.rs";
const OTHERS: &str = "store-objects/tests/other_kinds.rs";
const WIRE: &str = "store-objects/tests/wire_form.rs";
const CORE_BATCHES: &str = "store-core/tests/batches.rs";
const CORE_WATCHES: &str = "store-core/tests/watches.rs";

#[test]
fn every_pinned_behaviour_has_its_test() {
    for (behaviour, file, test) in PINNED {
        let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let function = format!("fn {test}");
        assert!(text.contains(&function), "{behaviour}: no {test} in {file}");
    }
}

#[test]
fn a_transaction_finds_everything() {
    populated()
        .update(|tx| {
            assert_eq!(tx.find(Query::<Node>::all()).count(), 3);
            assert_eq!(tx.count(Query::<Task>::all()), 3);
            Ok::<_, std::convert::Infallible>(())
        })
        .unwrap();
}

#[test]
fn an_id_is_taken_once() {
    fn taken<O: Sample>(store: &LocalStore) {
        let error = refusal(store, &O::sample("id1", "free"));
        assert!(matches!(error, CreateError::Exists { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            format!("object already exists; {} id1", O::TABLE)
        );
    }
    let store = populated();
    taken::<Node>(&store);
    taken::<Task>(&store);
    taken::<store_objects::wire::Network>(&store);
}

#[test]
fn changed_labels_are_read_at_once() {
    let store = populated();
    let labels = |service: &Service| service.spec.clone().unwrap().annotations.unwrap().labels;
    store
        .update(|tx| {
            let mut service = Service::clone(tx.get::<Service>(Id::new("id1")).unwrap());
            let annotations = service.annotations_mut();
            annotations.labels.insert("a".into(), "b".into());
            tx.update(service)?;
            assert_eq!(labels(tx.get::<Service>(Id::new("id1")).unwrap())["a"], "b");
            Ok::<_, UpdateError>(())
        })
        .unwrap();
    assert_eq!(labels(&get(&store, "id1").unwrap())["a"], "b");
}

#[test]
fn branches_of_or_unite() {
    let store = populated();
    let by_name = |host: &str| node::BY_NAME.eq(name(host));
    let by_id = |prefix: &str| node::BY_ID.prefix(prefix);
    let found = |branches: Vec<Query<Node>>| ids(&store, Query::any_of(branches)).len();
    assert_eq!(found(vec![]), 0);
    assert_eq!(found(vec![by_name("name1")]), 1);
    assert_eq!(found(vec![by_name("name1"), by_name("name1")]), 1);
    assert_eq!(found(vec![by_name("name1"), by_name("name2")]), 3);
    assert_eq!(found(vec![by_name("name1"), by_id("id1")]), 1);
    assert_eq!(found(vec![by_name("name1"), by_id("id5295")]), 1);
    assert_eq!(found(vec![by_id("id1"), by_id("id2")]), 2);
    assert_eq!(found(vec![by_id("id1"), by_id("id2"), by_id("id3")]), 3);
}

#[test]
fn an_error_undoes_everything() {
    let store = populated();
    let error = store
        .update(|tx| {
            tx.create(Node::sample("id4", "name4"))
                .map_err(|error| error.to_string())?;
            Err::<(), _>("no".to_owned())
        })
        .unwrap_err();
    assert_eq!(rejection(error), "no");
    assert_eq!(ids(&store, Query::<Node>::all()), ["id1", "id2", "id3"]);
    assert_eq!(
        ids(&store, node::BY_NAME.prefix("name4")),
        Vec::<String>::new()
    );
}

/// SwarmKit writes the new version into the caller's object; here the stored object is what a creation returns.
#[test]
fn what_a_creation_returns_can_be_updated() {
    let store = store();
    let created = store.update(|tx| tx.create(Node::sample("id1", "name1")));
    let created = created.unwrap();
    let node = Node::clone(&created.value);
    assert_eq!(node.meta().version, created.version);
    let updated = store.update(|tx| {
        let updated = tx.update(node.clone())?;
        assert_eq!(tx.get::<Node>(Id::new("id1")), Some(&updated));
        Ok::<_, UpdateError>(updated)
    });
    let updated = updated.unwrap();
    assert_eq!(updated.value.meta().version, updated.version);

    // The first object is stale now; the transaction goes on all the same.
    let read = get::<Node>(&store, "id1").unwrap();
    let done = store.update(|tx| {
        let stale = tx.update(node.clone()).unwrap_err();
        assert!(
            matches!(stale, UpdateError::OutOfSequence { .. }),
            "{stale}"
        );
        tx.update(read.clone())
    });
    done.unwrap();
}

#[test]
fn times_are_those_of_creation_and_of_the_last_update() {
    let store = store();
    create(&store, [Node::sample("id1", "name1")]);
    let created = get::<Node>(&store, "id1").unwrap().meta();
    assert!(created.created.is_some());
    assert_eq!(created.created, created.updated);
    change::<Node>(&store, "id1", |node| node.role = 1).unwrap();
    let updated = get::<Node>(&store, "id1").unwrap().meta();
    assert_eq!(updated.created, created.created);
    assert!(updated.updated > created.updated, "{updated:?}");
}
