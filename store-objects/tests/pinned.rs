//! What SwarmKit's own store tests pin of its tables (`manager/state/store/*_test.go`), and the tests of ours that pin it;
//! `pinned_transactions.rs` does the same for transactions and the log.
//!
//! [`PINNED`] lists them, by kind; a test sees to it that each named test is there. Below are those that no other file has.

mod support;

use store_core::{CreateError, Query, Read, UpdateError};
use store_objects::wire::{Node, Service, Task};
use store_objects::{Annotated, Id, node};
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
];

const HERE: &str = "store-objects/tests/pinned.rs";
const EVERY_KIND: &str = "store-objects/tests/every_kind.rs";
const NODES: &str = "store-objects/tests/nodes_and_tasks.rs";
const OTHERS: &str = "store-objects/tests/other_kinds.rs";

#[test]
fn every_pinned_behaviour_has_its_test() {
    assert_tests_exist(PINNED);
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
    let labels = |service: &Service| Annotated::annotations(service).unwrap().labels.clone();
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
