//! What the reference's own tests pin of transactions, watches and the log, and which test of ours shows it; `pinned.rs` does
//! the same for tables.
//!
//! The reference is SwarmKit, commit 3e72cb64: `manager/state/store/*_test.go`, and of `manager/state/raft/raft_test.go` what
//! concerns proposals. [`PINNED`] names a test for each; that the test exists is a test too. What had none has it below.
//!
//! # Intended differences
//! - Versions are dense: +1 each, where the reference's mock adds 3. `meta.version` is that of the transaction itself, where the
//!   reference's is the log's index before it.
//! - `create` and `update` return the object as it is stored, where the reference writes into the caller's copy; a transaction
//!   that is rolled back leaves nothing in it.
//! - Versions are checked always, also without a replicated log.
//! - A transaction's events come as one batch with its version, everywhere, where the reference publishes a marker behind them,
//!   on followers, for batches and for restores without a version.
//! - A restore tells of what differs, and not of objects that are equal on both sides; it goes through the log as one
//!   transaction, under a new epoch.
//! - A failed step of a batch leaves nothing behind, and an error says how much was committed.
//! - An outcome that is not known is told as such, apart from one that is certain; a proposal of one who lost the leadership is
//!   not reported as an error and committed all the same.
//! - The log holds transactions alone, so no stretch of its versions is empty.
//! - Members, snapshots between members, key rotation and transport belong to a replicated log, which is not here yet.

mod support;

use store_core::{CreateError, Event, Read as _, UpdateError, Version, Watch};
use store_objects::wire::{Node, Service};
use store_objects::{Id, Orchestration, StoreObject};

use support::*;

/// A behaviour, and the test that shows it: file and function.
const PINNED: &[(&str, &str, &str)] = &[
    // Transactions.
    (
        "an error rolls back",
        "store-core/tests/transactions.rs",
        "an_error_leaves_no_trace",
    ),
    (
        "the version that was read last can update, a stale one cannot",
        HERE,
        "only_what_was_read_last_can_be_updated",
    ),
    (
        "versions after create and update",
        OBJECTS,
        "stale_updates_are_refused",
    ),
    (
        "times after create",
        "store-core/tests/transactions.rs",
        "a_created_object_has_version_and_times",
    ),
    (
        "times after update",
        "store-core/tests/transactions.rs",
        "an_update_keeps_the_time_of_creation",
    ),
    (
        "a batch of 405 comes as 200, 200 and 5",
        HERE,
        "watchers_see_a_batch_as_its_transactions",
    ),
    (
        "a batch that fails at item 209 has committed 200",
        HERE,
        "watchers_see_of_a_failed_batch_what_it_committed",
    ),
    // Watching, saving, restoring.
    (
        "a second store follows the first",
        WIRE,
        "a_store_can_be_followed_from_a_snapshot_on",
    ),
    (
        "a restored store is the saved one; its events, for each table",
        WIRE,
        "a_restored_store_is_the_saved_one",
    ),
    (
        "names that changed hands",
        WIRE,
        "names_that_changed_hands_are_found_after_a_restore",
    ),
    (
        "watches from a version, with what follows",
        HERE,
        "watches_resume_among_transactions_of_two_kinds",
    ),
    (
        "a version that is not there yet",
        HERE,
        "watches_resume_among_transactions_of_two_kinds",
    ),
    // The log.
    (
        "what is proposed appears everywhere, equal",
        SIMULATION,
        STORES,
    ),
    (
        "members that join, miss, restart have it all",
        SIMULATION,
        STORES,
    ),
    (
        "chaos: all equal in the end, and nothing that nobody proposed",
        SIMULATION,
        STORES,
    ),
    (
        "who does not lead refuses, and nothing appears",
        PIPELINE,
        "a_follower_refuses_changes_and_answers_reads",
    ),
    (
        "without changes it succeeds on a follower too",
        PIPELINE,
        "a_follower_refuses_changes_and_answers_reads",
    ),
    (
        "without a majority nobody shows the value",
        PIPELINE,
        "transactions_pile_up_behind_a_slow_log",
    ),
    (
        "a store that is held too long is told",
        "store-core/tests/transactions.rs",
        "a_slot_that_is_held_too_long_is_told",
    ),
    (
        "a stretch of history, its upper bound included",
        SUITE,
        "the_history_is_what_was_applied",
    ),
    (
        "a stretch beyond the last version",
        SUITE,
        "a_stretch_out_of_order",
    ),
    (
        "the largest payload passes, one byte more does not",
        "proposer/tests/journal.rs",
        "a_payload_has_a_limit_that_itself_passes",
    ),
    ("data survives a restart", SUITE, "durability"),
    (
        "states are saved at intervals, and the log is cut",
        "proposer/tests/journal.rs",
        "the_state_is_saved_and_the_log_compacted_while_writers_go_on",
    ),
    (
        "what was given up may still commit",
        "proposer/tests/faulty.rs",
        "what_was_unknown_may_come_back",
    ),
];

const HERE: &str = "store-objects/tests/pinned_transactions.rs";
const OBJECTS: &str = "store-objects/tests/every_kind.rs";
const WIRE: &str = "store-objects/tests/wire_form.rs";
const PIPELINE: &str = "store-core/tests/pipeline.rs";
const SIMULATION: &str = "store-core/tests/simulation/main.rs";
const STORES: &str = "stores_keep_their_promises_over_a_log_that_keeps_its_own";
const SUITE: &str = "proposer/src/testing/conformance.rs";

#[test]
fn every_pinned_behaviour_has_its_test() {
    assert_tests_exist(PINNED);
}

#[test]
fn only_what_was_read_last_can_be_updated() {
    let store = store();
    let first = store
        .update(|tx| tx.create(Node::sample("id1", "name1")))
        .unwrap()
        .value;
    let read = store
        .update(|tx| {
            // What create returned can be updated, in a later transaction.
            let second = tx.update(Node::clone(&first))?;
            assert_eq!(tx.get::<Node>(Id::new("id1")), Some(&second));
            Ok::<_, UpdateError>(second)
        })
        .unwrap()
        .value;
    store
        .update(|tx| {
            tx.update(Node::clone(&read))?;
            let stale = tx.update(Node::clone(&first));
            assert!(
                matches!(stale, Err(UpdateError::OutOfSequence { .. })),
                "{stale:?}"
            );
            // The transaction goes on.
            Ok::<_, UpdateError>(())
        })
        .unwrap();
    let last = store.view().get::<Node>(Id::new("id1")).cloned().unwrap();
    assert_eq!(store_core::Object::meta(&*last).version, Version::new(3));
    store.update(|tx| tx.update(Node::clone(&last))).unwrap();
}

fn creates(store: &LocalStore, end: usize) -> Result<(), store_core::BatchError<String>> {
    store
        .batch(|batch| {
            for number in 0..405 {
                if number == end {
                    return Err("enough".to_owned());
                }
                let node = Node::sample(&format!("id{number:03}"), "name");
                batch
                    .step(|tx| tx.create(node).map(drop))
                    .map_err(|error: CreateError| error.to_string())?;
            }
            Ok(())
        })
        .map(drop)
}

/// How many creations each batch of events has, of those that came.
fn created(events: &mut store_core::Subscription<Orchestration>) -> Vec<usize> {
    let mut counts = Vec::new();
    while let Ok(batch) = events.try_recv() {
        assert!(batch.iter().all(|event| matches!(event, Event::Created(_))));
        counts.push(batch.events().len());
    }
    counts
}

#[test]
fn watchers_see_a_batch_as_its_transactions() {
    let store = store();
    let mut events = store.watch(Watch::everything());
    creates(&store, usize::MAX).unwrap();
    assert_eq!(created(&mut events), [200, 200, 5]);
}

#[test]
fn watchers_see_of_a_failed_batch_what_it_committed() {
    let store = store();
    let mut events = store.watch(Watch::everything());
    let error = creates(&store, 208).unwrap_err();
    assert_eq!(error.committed.steps, 200);
    assert_eq!(created(&mut events), [200]);
    assert_eq!(store.view().len::<Node>(), 200);
}

#[test]
fn watches_resume_among_transactions_of_two_kinds() {
    let store = store();
    let both = |number: usize| {
        let id = format!("id{number}");
        let made = store.update(|tx| {
            tx.create(Node::sample(&id, &id))?;
            tx.create(Service::sample(&id, &id)).map(drop)
        });
        made.unwrap().version
    };
    for number in 0..5 {
        assert_eq!(both(number).get(), number as u64 + 1);
    }
    let far = store.watch_from(Version::new(5_000), Watch::everything());
    assert!(far.is_err());

    let mut nodes = store
        .watch_from(
            Version::new(3),
            Watch::table::<Node>().with_bookmarks_every(1),
        )
        .unwrap();
    let mut services = store
        .watch_from(
            Version::new(4),
            Watch::table::<Service>().with_bookmarks_every(1),
        )
        .unwrap();
    both(5);
    store
        .update(|tx| tx.create(Node::sample("id6", "id6")).map(drop))
        .unwrap();
    let seen = |events: &mut store_core::Subscription<Orchestration>| {
        let mut seen = Vec::new();
        while let Ok(batch) = events.try_recv() {
            let ids = batch.iter().map(|event| match event.object() {
                StoreObject::Node(node) => node.id.clone(),
                StoreObject::Service(service) => service.id.clone(),
                other => panic!("{other:?}"),
            });
            seen.push((batch.version().get(), ids.collect::<Vec<_>>().join(" ")));
        }
        seen
    };
    let expected = |list: &[(u64, &str)]| -> Vec<(u64, String)> {
        list.iter()
            .map(|(version, ids)| (*version, (*ids).to_owned()))
            .collect()
    };
    assert_eq!(
        seen(&mut nodes),
        expected(&[(4, "id3"), (5, "id4"), (6, "id5"), (7, "id6")])
    );
    // The last one is about a node alone: its watcher hears that it was committed, no more.
    assert_eq!(
        seen(&mut services),
        expected(&[(5, "id4"), (6, "id5"), (7, "")])
    );
}
