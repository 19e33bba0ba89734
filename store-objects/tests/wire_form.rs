//! The forms in the log and in the saved state: SwarmKit reads what we write, and the other way round.

mod support;

use std::fs;

use proptest::prelude::*;
use prost::Message;
use store_core::{Event, Query, Read, Schema};
use store_objects::wire::{
    Cluster, Config, Extension, InternalRaftRequest, Network, Node, Resource, Secret, Service,
    StoreAction, StoreActionKind, StoreSnapshot, Task, Volume, store_action::Target,
};
use store_objects::{Id, Orchestration, StoreObject, service};
use support::*;

fn golden(name: &str) -> Vec<u8> {
    fs::read(format!(
        "{}/tests/golden/{name}.bin",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn encoded(changes: &[Event<Orchestration>]) -> Vec<u8> {
    let mut out = Vec::new();
    Orchestration::encode_changes(changes, &mut out);
    let lens = changes.iter().map(Orchestration::encoded_change_len);
    assert_eq!(out.len(), lens.sum::<usize>());
    out
}

fn decode(action: i32, target: Option<Target>) -> Result<Vec<Event<Orchestration>>, String> {
    let request = InternalRaftRequest {
        id: 7,
        action: vec![StoreAction { action, target }],
    };
    Orchestration::decode_changes(&request.encode_to_vec()).map_err(|error| error.to_string())
}

#[test]
fn golden_actions_are_the_changes_of_every_kind() {
    let bytes = golden("internal_raft_request");
    let changes = Orchestration::decode_changes(&bytes).unwrap();
    let request = InternalRaftRequest::decode(bytes.as_slice()).unwrap();
    assert_eq!(changes.len(), 30, "create, update and remove of ten kinds");
    assert_eq!(changes.len(), request.action.len());
    for table in StoreObject::TABLES {
        let of_table = changes
            .iter()
            .filter(|change| change.object().table() == *table);
        assert_eq!(of_table.count(), 3, "{table}");
    }
    for (change, action) in changes.iter().zip(&request.action) {
        let kind = match change {
            Event::Created(_) => StoreActionKind::StoreActionCreate,
            Event::Updated { .. } => StoreActionKind::StoreActionUpdate,
            Event::Deleted(_) => StoreActionKind::StoreActionRemove,
        };
        assert_eq!(kind as i32, action.action);
    }
    let again = InternalRaftRequest::decode(encoded(&changes).as_slice()).unwrap();
    assert_eq!(again, InternalRaftRequest { id: 0, ..request });
}

#[test]
fn golden_saved_states_are_records_one_after_the_other() {
    for name in ["store_snapshot", "store_snapshot_zero"] {
        let bytes = golden(name);
        let mut rest = bytes.as_slice();
        let mut again = Vec::new();
        let mut records = 0;
        while !rest.is_empty() {
            let object = Orchestration::read_record(&mut rest).unwrap();
            Orchestration::write_record(&object, &mut again);
            records += 1;
        }
        assert_eq!(records, if name == "store_snapshot" { 20 } else { 10 });
        assert_eq!(
            StoreSnapshot::decode(again.as_slice()).unwrap(),
            StoreSnapshot::decode(bytes.as_slice()).unwrap(),
            "{name}"
        );
    }
}

fn all<O: Sample>(view: &store_core::Snapshot<Orchestration>) -> Vec<O> {
    view.find(Query::<O>::all())
        .map(|object| O::clone(object))
        .collect()
}

#[test]
fn the_records_of_a_store_are_one_message() {
    let store = populated();
    let mut records = Vec::new();
    store
        .view()
        .for_each(|object| Orchestration::write_record(&object, &mut records));
    let message = StoreSnapshot::decode(records.as_slice()).unwrap();
    let view = store.view();
    assert_eq!(
        message,
        StoreSnapshot {
            nodes: all(&view),
            services: all(&view),
            networks: all(&view),
            tasks: all(&view),
            clusters: all(&view),
            secrets: all(&view),
            resources: all(&view),
            extensions: all(&view),
            configs: all(&view),
            volumes: all(&view),
        }
    );
    assert_eq!(message.tasks.len(), 3);
}

#[test]
fn what_is_no_action_is_refused() {
    let target = || Some(Target::Node(Node::sample("id1", "")));
    for number in [0, 4, -1] {
        assert_eq!(
            decode(number, target()).unwrap_err(),
            format!("unrecognized action type; {number} for node id1")
        );
    }
    assert_eq!(
        decode(1, None).unwrap_err(),
        "unrecognized action type; the action has no object"
    );
    assert!(matches!(
        decode(3, target()).unwrap()[..],
        [Event::Deleted(StoreObject::Node(_))]
    ));
    assert!(Orchestration::decode_changes(&[0xff]).is_err());
}

/// What is not known around an object may change what an action means: nothing is guessed.
#[test]
fn what_is_unknown_around_an_object_is_refused() {
    let read =
        |bytes: &[u8]| Orchestration::decode_changes(bytes).map_err(|error| error.to_string());
    assert_eq!(read(&[]).unwrap().len(), 0);
    assert_eq!(read(&[1 << 3, 7]).unwrap().len(), 0, "the request's id");
    let unknown = [3 << 3, 1];
    assert_eq!(
        read(&unknown).unwrap_err(),
        "field 3 of a log entry is unknown"
    );
    assert_eq!(
        read(&[2 << 3 | 2, 2, 12 << 3, 1]).unwrap_err(),
        "field 12 of an action is unknown"
    );
    assert_eq!(
        read(&[2 << 3 | 2, 4, 1 << 3, 1, 12 << 3 | 2, 0]).unwrap_err(),
        "unrecognized action type; field 12 is of no kind known here"
    );
    assert_eq!(
        read(&[2 << 3 | 2, 6, 1 << 3, 1, 2 << 3 | 2, 0, 3 << 3 | 2, 0]).unwrap_err(),
        "unrecognized action type; the action has two objects"
    );
    assert_eq!(
        read(&[2 << 3 | 5, 0, 0, 0, 0]).unwrap_err(),
        "field 2 is of wire type 5, which no field here is"
    );
}

#[test]
fn what_is_no_record_is_refused() {
    let read = |bytes: &[u8]| {
        let mut rest = bytes;
        Orchestration::read_record(&mut rest)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(read(&[]), "a number is cut off");
    assert_eq!(
        read(&[0x0a, 5, 0x0a]),
        "a message is longer than what holds it"
    );
    assert_eq!(
        read(&[
            0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1
        ]),
        "a number is longer than 64 bits"
    );
    assert_eq!(
        read(&[11 << 3 | 2, 0]),
        "field 11 of the saved state is of no kind known here"
    );
    assert_eq!(
        read(&[1 << 3, 0]),
        "field 1 of the saved state is no list of objects"
    );
}

/// One object that the saved state has too, with another version, and one that it has not.
fn seed<O: Sample>(store: &LocalStore) {
    create(
        store,
        [O::sample("id1", "name1"), O::sample("foreign", "foreign")],
    );
}

#[test]
fn a_restored_store_is_the_saved_one() {
    let source = populated();
    let mut saved = Vec::new();
    source.save(&mut saved).unwrap();

    let target = store();
    seed::<Cluster>(&target);
    seed::<Config>(&target);
    seed::<Extension>(&target);
    seed::<Network>(&target);
    seed::<Node>(&target);
    create(&target, [Extension::sample("registers", "kind")]);
    seed::<Resource>(&target);
    seed::<Secret>(&target);
    seed::<Service>(&target);
    seed::<Task>(&target);
    seed::<Volume>(&target);
    let (before, mut events) = target.view_and_watch(store_core::Watch::everything());
    target.restore(saved.as_slice()).unwrap();

    assert_eq!(target.view().digest(), source.view().digest());
    let batch = events.recv().unwrap();
    assert_eq!(batch.version(), before.version().next());
    for table in StoreObject::TABLES {
        let of_table = || {
            batch
                .iter()
                .filter(|event| event.object().table() == *table)
        };
        let updated =
            of_table().filter(|event| matches!(event, Event::Updated { old: Some(_), .. }));
        let created = of_table().filter(|event| matches!(event, Event::Created(_)));
        let deleted = of_table().filter(|event| matches!(event, Event::Deleted(_)));
        let foreign = 1 + usize::from(*table == "extension");
        assert_eq!(
            (updated.count(), created.count(), deleted.count()),
            (1, 2, foreign),
            "{table}"
        );
    }
    assert!(events.try_recv().is_err(), "one transaction");
    target.check_invariants();
}

#[test]
fn names_that_changed_hands_are_found_after_a_restore() {
    let store = store();
    let named = |id: &str, name: &str| Service::sample(id, name);
    create(&store, [named("a", "x"), named("b", "y"), named("c", "z")]);
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    store
        .update(|tx| {
            for id in ["a", "b", "c"] {
                tx.delete::<Service>(Id::new(id))?;
            }
            for (id, name) in [("a", "y"), ("b", "x"), ("d", "z")] {
                tx.create(named(id, name))?;
            }
            Ok::<_, Box<dyn std::error::Error>>(())
        })
        .unwrap();
    store.restore(saved.as_slice()).unwrap();
    for (id, known_as) in [("a", "x"), ("b", "y"), ("c", "z")] {
        assert_eq!(ids(&store, service::BY_NAME.eq(name(known_as))), [id]);
    }
    store.check_invariants();
}

/// A second store that repeats the events of the first has the same objects.
#[test]
fn a_store_can_be_followed_from_a_snapshot_on() {
    let first = populated();
    let (view, mut events) = first.view_and_watch(store_core::Watch::everything());
    let second = store();
    second
        .update(|tx| {
            let mut result = Ok(());
            view.for_each(|object| {
                if result.is_ok() {
                    result = repeat(tx, &Event::Created(object));
                }
            });
            result
        })
        .unwrap();

    first
        .update(|tx| tx.create(Node::sample("id4", "name4")))
        .unwrap();
    change::<Node>(&first, "id1", |node| node.role = 0).unwrap();
    first
        .update(|tx| tx.delete::<Task>(Id::new("id2")))
        .unwrap();
    change::<Service>(&first, "id3", |service| service.pending_delete = true).unwrap();
    for _ in 0..4 {
        let batch = events.recv().unwrap();
        assert_eq!(batch.events().len(), 1);
        second
            .update(|tx| batch.iter().try_for_each(|event| repeat(tx, event)))
            .unwrap();
    }
    assert!(events.try_recv().is_err());

    let contents = |store: &LocalStore| {
        let mut objects = Vec::new();
        store
            .view()
            .for_each(|object| objects.push(without_meta(&object)));
        objects
    };
    assert_eq!(contents(&second), contents(&first));
}

type Tx<'a> = store_core::WriteTx<'a, Orchestration>;

fn repeat(tx: &mut Tx<'_>, event: &Event<Orchestration>) -> Result<(), Box<dyn std::error::Error>> {
    fn one<O: Sample>(
        tx: &mut Tx<'_>,
        event: &Event<Orchestration>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let Some(change) = event.of::<O>() else {
            return Ok(());
        };
        let mut object = O::clone(change.object());
        match change {
            store_core::Change::Created(_) => drop(tx.create(object)?),
            store_core::Change::Updated { .. } => {
                object.set_meta(tx.get::<O>(object.key()).unwrap().meta());
                tx.update(object)?;
            }
            store_core::Change::Deleted(_) => drop(tx.delete::<O>(object.key())?),
        }
        Ok(())
    }
    one::<Cluster>(tx, event)?;
    one::<Config>(tx, event)?;
    one::<Extension>(tx, event)?;
    one::<Network>(tx, event)?;
    one::<Node>(tx, event)?;
    one::<Resource>(tx, event)?;
    one::<Secret>(tx, event)?;
    one::<Service>(tx, event)?;
    one::<Task>(tx, event)?;
    one::<Volume>(tx, event)
}

fn without_meta(object: &StoreObject) -> Vec<u8> {
    let mut record = Vec::new();
    Orchestration::write_record(object, &mut record);
    let snapshot = StoreSnapshot::decode(record.as_slice()).unwrap();
    let mut json = serde_json::to_value(snapshot).unwrap();
    let list = json.as_object_mut().unwrap().values_mut().next().unwrap();
    list[0].as_object_mut().unwrap().remove("meta").unwrap();
    json.to_string().into_bytes()
}

proptest! {
    /// Whatever a transaction did comes out of the log as it went in, but for the old objects.
    #[test]
    fn changes_survive_the_log(steps in prop::collection::vec((0..3_u8, 0..4_u8, "[a-z]{0,200}"), 0..20)) {
        let store = populated();
        let mut changes = Vec::new();
        store
            .update(|tx| {
                for (what, id, label) in &steps {
                    let id = format!("id{id}");
                    let mut node = Node::sample(&id, label);
                    // Some of these fail; they leave no change.
                    let _ = match what {
                        0 => tx.create(node).is_ok(),
                        1 => {
                            node.meta = tx.get::<Node>(Id::new(&id)).and_then(|stored| stored.meta);
                            tx.update(node).is_ok()
                        }
                        _ => tx.delete::<Node>(Id::new(&id)).is_ok(),
                    };
                }
                changes = tx.changes().to_vec();
                Ok::<_, std::convert::Infallible>(())
            })
            .unwrap();
        let decoded = Orchestration::decode_changes(&encoded(&changes)).unwrap();
        prop_assert_eq!(decoded.len(), changes.len());
        for (decoded, change) in decoded.iter().zip(&changes) {
            prop_assert_eq!(std::mem::discriminant(decoded), std::mem::discriminant(change));
            let (StoreObject::Node(decoded), StoreObject::Node(node)) = (decoded.object(), change.object()) else {
                panic!("only nodes were changed");
            };
            prop_assert_eq!(decoded, node);
        }
    }
}
