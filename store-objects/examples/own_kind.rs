//! A kind of your own in somebody else's store: an extension names it, resources are its objects.
//!
//! `cargo run -p store-objects --example own_kind`

use std::error::Error;

use proposer::Loopback;
use prost::Message;
use store_core::{Query, Read, Store, Watch};
use store_objects::wire::{Annotations, Extension, IndexEntry, Resource};
use store_objects::{IdSource, Orchestration, resource};

/// What the resource is about: any message of yours.
#[derive(Clone, PartialEq, Message)]
struct Backup {
    #[prost(string, tag = "1")]
    volume: String,
    #[prost(uint32, tag = "2")]
    keep: u32,
}

impl Backup {
    const KIND: &'static str = "backup";

    /// The resource that holds it; its volume is an index of its own.
    fn resource(&self, id: String, name: &str) -> Resource {
        let volume = IndexEntry {
            key: "volume".into(),
            val: self.volume.clone(),
        };
        let payload = prost_types::Any {
            type_url: "type.example.com/Backup".into(),
            value: self.encode_to_vec(),
        };
        Resource {
            id,
            annotations: Some(Annotations {
                name: name.into(),
                indices: vec![volume],
                ..Annotations::default()
            }),
            kind: Self::KIND.into(),
            payload: Some(payload),
            ..Resource::default()
        }
    }

    fn of(resource: &Resource) -> Result<Self, prost::DecodeError> {
        Self::decode(
            resource
                .payload
                .as_ref()
                .map_or(&[][..], |payload| &payload.value),
        )
    }

    /// Finds backups by the beginning of their volume's name.
    fn by_volume(prefix: &str) -> Query<Resource> {
        let entry = IndexEntry {
            key: "volume".into(),
            val: prefix.into(),
        };
        resource::BY_CUSTOM
            .prefix(&entry)
            .and(resource::BY_KIND.eq(Self::KIND))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = Store::<Orchestration, _>::open(Loopback::new())?;
    let ids = IdSource::new();
    let mut backups = store.watch(Watch::query(resource::BY_KIND.eq(Backup::KIND)));

    // The kind exists as long as its extension does.
    let kind = Extension {
        id: ids.next(),
        annotations: Some(Annotations {
            name: Backup::KIND.into(),
            ..Annotations::default()
        }),
        ..Extension::default()
    };
    store.update(|tx| tx.create(kind.clone()))?;

    let nightly = Backup {
        volume: "db-data".into(),
        keep: 7,
    };
    store.update(|tx| tx.create(nightly.resource(ids.next(), "nightly")))?;

    let view = store.view();
    let found = view
        .find(Backup::by_volume("db-"))
        .next()
        .ok_or("no backup")?;
    assert_eq!(Backup::of(found)?, nightly);

    let batch = backups.recv()?;
    println!(
        "version {}: {} has changed",
        batch.version(),
        batch.events()[0].object().id()
    );
    assert_eq!(batch.version(), view.version());
    Ok(())
}
