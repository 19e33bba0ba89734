//! A kind that somebody else thought of, through extension and resource, without a change here: created, found by an index
//! of its own, watched, replicated, saved.

mod support;

use proposer::{Journal, JournalOptions};
use prost::Message;
use store_core::{Change, Event, Query, Read, Store, Watch};
use store_objects::wire::{Extension, Resource};
use store_objects::{Id, Orchestration, StoreObject, resource};
use support::*;

/// Somebody's message; nobody here knows it.
#[derive(Clone, PartialEq, Message)]
struct Backup {
    #[prost(string, tag = "1")]
    volume: String,
    #[prost(uint32, tag = "2")]
    keep: u32,
}

fn backup(id: &str, volume: &str, keep: u32) -> Resource {
    let message = Backup {
        volume: volume.to_owned(),
        keep,
    };
    let mut resource = Resource::sample(id, id);
    "backup".clone_into(&mut resource.kind);
    resource.annotations_mut().indices = vec![entry("volume", volume)];
    resource.payload = Some(prost_types::Any {
        type_url: "type.example.com/Backup".to_owned(),
        value: message.encode_to_vec(),
    });
    resource
}

fn read(resource: &Resource) -> Backup {
    Backup::decode(&*resource.payload.as_ref().unwrap().value).unwrap()
}

fn of_volume(prefix: &str) -> Query<Resource> {
    resource::BY_CUSTOM
        .prefix(&entry("volume", prefix))
        .and(resource::BY_KIND.eq("backup"))
}

#[test]
fn a_kind_of_ones_own_is_found_and_watched() {
    let store = store();
    let mut watch = store.watch(Watch::query(of_volume("db-")));
    create(
        &store,
        [
            Extension::sample("e1", "backup"),
            Extension::sample("e2", "kind"),
        ],
    );
    let foreign = {
        // Of another kind, with the same entry.
        let mut foreign = Resource::sample("r0", "r0");
        foreign.annotations_mut().indices = vec![entry("volume", "db-data")];
        foreign
    };
    create(
        &store,
        [
            foreign,
            backup("r1", "db-data", 7),
            backup("r2", "web", 1),
            backup("r3", "db-log", 2),
        ],
    );
    assert_eq!(ids(&store, of_volume("db-")), ["r1", "r3"]);
    assert_eq!(ids(&store, of_volume("")), ["r1", "r3", "r2"]);

    let batch = watch.recv().unwrap();
    let seen: Vec<_> = batch
        .iter()
        .map(|event| event.object().id().to_owned())
        .collect();
    assert_eq!(
        seen,
        ["r1", "r3"],
        "neither another kind nor another volume"
    );

    // An update comes with what was there before.
    change::<Resource>(&store, "r1", |resource| {
        *resource = Resource {
            meta: resource.meta,
            ..backup("r1", "db-data", 30)
        };
    })
    .unwrap();
    let batch = watch.recv().unwrap();
    let Some(Change::Updated {
        old: Some(old),
        new,
    }) = batch.events()[0].of::<Resource>()
    else {
        panic!("{batch:?}");
    };
    assert_eq!((read(old).keep, read(new).keep), (7, 30));

    store
        .update(|tx| tx.delete::<Resource>(Id::new("r1")))
        .unwrap();
    let batch = watch.recv().unwrap();
    assert!(
        matches!(&batch.events()[0], Event::Deleted(StoreObject::Resource(gone)) if gone.id == "r1")
    );
}

#[test]
fn a_kind_of_ones_own_survives_the_log_and_the_saved_state() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let journal = Journal::open(dir.path(), JournalOptions::default()).unwrap();
        Store::<Orchestration, _>::open(journal).unwrap()
    };
    let store = open();
    store
        .update(|tx| tx.create(Extension::sample("e1", "backup")))
        .unwrap();
    store
        .update(|tx| tx.create(backup("r1", "db-data", 7)))
        .unwrap();
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    drop(store);

    let kept = |found: Option<&std::sync::Arc<Resource>>| read(found.unwrap()).keep;
    assert_eq!(kept(open().view().find(of_volume("db-")).next()), 7);
    let copy = support::store();
    copy.restore(saved.as_slice()).unwrap();
    assert_eq!(kept(copy.view().find(of_volume("db-")).next()), 7);
}
