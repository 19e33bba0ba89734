//! What a watch sends: the changes of one transaction that its client asked for.

use store_core::{Event, EventBatch};
use store_objects::wire::object::Object as Kind;
use store_objects::wire::watch_message::Event as EventMessage;
use store_objects::wire::{Object, Version, WatchActionKind, WatchMessage};
use store_objects::{Orchestration, StoreObject};

/// Returns the message of one transaction: its changes in their order, with its version.
pub(super) fn message(batch: &EventBatch<Orchestration>, include_old: bool) -> WatchMessage {
    let events = batch.iter().map(|event| EventMessage {
        action: action(event).into(),
        object: Some(object(event.object())),
        old_object: event.old().filter(|_| include_old).map(object),
    });
    WatchMessage {
        events: events.collect(),
        version: Some(Version {
            index: batch.version().get(),
        }),
    }
}

/// Returns what happened to the object.
pub(super) const fn action(event: &Event<Orchestration>) -> WatchActionKind {
    match event {
        Event::Created(_) => WatchActionKind::WatchActionCreate,
        Event::Updated { .. } => WatchActionKind::WatchActionUpdate,
        Event::Deleted(_) => WatchActionKind::WatchActionRemove,
    }
}

fn object(object: &StoreObject) -> Object {
    let kind = match object {
        StoreObject::Node(node) => Kind::Node(node.as_ref().clone()),
        StoreObject::Service(service) => Kind::Service(service.as_ref().clone()),
        StoreObject::Network(network) => Kind::Network(network.as_ref().clone()),
        StoreObject::Task(task) => Kind::Task(task.as_ref().clone()),
        StoreObject::Cluster(cluster) => Kind::Cluster(cluster.as_ref().clone()),
        StoreObject::Secret(secret) => Kind::Secret(secret.as_ref().clone()),
        StoreObject::Resource(resource) => Kind::Resource(resource.as_ref().clone()),
        StoreObject::Extension(extension) => Kind::Extension(extension.as_ref().clone()),
        StoreObject::Config(config) => Kind::Config(config.as_ref().clone()),
        StoreObject::Volume(volume) => Kind::Volume(volume.as_ref().clone()),
    };
    Object { object: Some(kind) }
}
