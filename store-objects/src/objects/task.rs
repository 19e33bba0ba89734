//! Tasks: single runs of a service's spec, each on one node at most.

mod decode;

use std::borrow::Cow;

use store_core::{Index, Indexes, Key, KeyBuf, Object};

use super::{Annotated, ById, extract, runtime};
use crate::wire::{Annotations, Config, IndexEntry, Network, Node, Secret, Service, Task, Volume};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Task> = ById::NEW;

/// The task's [`name`]; not unique.
pub const BY_NAME: Index<Task, FoldedName> =
    Index::non_unique("name", |task, keys| keys.push(FoldedName::new(&name(task))));

/// Each custom index entry of the task's own annotations.
pub const BY_CUSTOM: Index<Task, IndexEntry> = Index::non_unique("custom", extract::custom);

/// The runtime: `attachment`, `container`, or the kind of a generic one in lower case.
///
/// What is looked for is taken as it is.
pub const BY_RUNTIME: Index<Task, str> = Index::non_unique("runtime", |task, keys| {
    runtime::runtime(task.spec.as_deref(), keys);
});

/// The service; empty for a task of none.
pub const BY_SERVICE: Index<Task, Id<Service>> = Index::non_unique("serviceid", |task, keys| {
    keys.push(Id::new(&task.service_id));
});

/// The node; empty until the task is assigned to one.
pub const BY_NODE: Index<Task, Id<Node>> =
    Index::non_unique("nodeid", |task, keys| keys.push(Id::new(&task.node_id)));

/// The place within the service.
pub const BY_SLOT: Index<Task, Slot> = Index::non_unique("slot", |task, keys| {
    keys.push(&Slot {
        service: task.service_id.clone(),
        slot: task.slot,
    });
});

/// The number of the state that the task shall reach, see [`TaskState`](crate::wire::TaskState).
pub const BY_DESIRED_STATE: Index<Task, i32> =
    Index::non_unique("desiredstate", |task, keys| keys.push(&task.desired_state));

/// The number of the state that the task was seen in, see [`TaskState`](crate::wire::TaskState).
pub const BY_STATE: Index<Task, i32> = Index::non_unique("taskstate", |task, keys| {
    keys.push(&task.status.as_ref().map_or(0, |status| status.state));
});

/// Each network that the spec asks for; not those that the task was attached to.
pub const BY_NETWORK: Index<Task, Id<Network>> = Index::non_unique("network", |task, keys| {
    if let Some(spec) = &task.spec {
        runtime::networks(&spec.networks, keys);
    }
});

/// Each secret that the container is given.
pub const BY_SECRET: Index<Task, Id<Secret>> = Index::non_unique("secret", |task, keys| {
    runtime::secrets(task.spec.as_deref(), keys);
});

/// Each config that the container is given.
pub const BY_CONFIG: Index<Task, Id<Config>> = Index::non_unique("config", |task, keys| {
    runtime::configs(task.spec.as_deref(), keys);
});

/// Each volume that was chosen for the task.
pub const BY_VOLUME: Index<Task, Id<Volume>> =
    Index::non_unique("volumeattachment", |task, keys| {
        task.volumes
            .iter()
            .for_each(|attachment| keys.push(Id::new(&attachment.id)));
    });

/// A place within a replicated service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The service's id.
    pub service: String,
    /// The number of the place: from 1; 0 for a task that belongs to a node instead.
    pub slot: u64,
}

impl Key for Slot {
    fn encode(&self, out: &mut KeyBuf) {
        self.service.encode(out);
        self.slot.encode(out);
    }
}

/// Returns the name that a task is known by (SwarmKit `api/naming`).
///
/// It is the task's own if it has one; else that of its service, its slot, or its node where it has no slot, and its id.
///
/// ```
/// use store_objects::{task, wire::{Annotations, Task}};
/// let service = Annotations { name: "web".into(), ..Annotations::default() };
/// let task = Task { id: "x7".into(), slot: 3, service_annotations: Some(service.into()), ..Task::default() };
/// assert_eq!(task::name(&task), "web.3.x7");
/// ```
#[must_use]
pub fn name(task: &Task) -> Cow<'_, str> {
    let own = Annotated::name(task);
    if !own.is_empty() {
        return Cow::Borrowed(own);
    }
    let Task {
        id,
        slot,
        node_id,
        service_annotations,
        ..
    } = task;
    let service = service_annotations
        .as_ref()
        .map_or("", |annotations| &annotations.name);
    Cow::Owned(match slot {
        0 => format!("{service}.{node_id}.{id}"),
        slot => format!("{service}.{slot}.{id}"),
    })
}

impl Object for Task {
    type Key = Id<Self>;
    const TABLE: &'static str = "task";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME)
            .add(BY_CUSTOM)
            .add(BY_RUNTIME)
            .add(BY_SERVICE)
            .add(BY_NODE)
            .add(BY_SLOT)
            .add(BY_DESIRED_STATE)
            .add(BY_STATE)
            .add(BY_NETWORK)
            .add(BY_SECRET)
            .add(BY_CONFIG)
            .add(BY_VOLUME);
    }

    stored_as_message!(decode::decode);
}

impl Annotated for Task {
    fn annotations(&self) -> Option<&Annotations> {
        self.annotations.as_ref()
    }
}
