//! Samples of every kind, and the small cluster that SwarmKit's own store tests begin with.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test uses its own part of this"
)]

use std::fmt::Debug;

use proposer::Loopback;
use store_core::{
    Changes, CreateError, Index, Kind, Object, Query, Read, Store, TransactionError, UpdateError,
};
use store_objects::wire::{
    Annotations, Cluster, ClusterSpec, Config, ConfigSpec, Driver, Extension, IndexEntry, Network,
    NetworkSpec, Node, NodeDescription, NodeSpec, Resource, Secret, SecretSpec, Service,
    ServiceSpec, Task, TaskState, Volume, VolumeSpec,
};
use store_objects::{
    ById, FoldedName, Id, Orchestration, cluster, config, extension, network, node, resource,
    secret, service, task, volume,
};

pub type LocalStore = Store<Orchestration, Loopback<Changes<Orchestration>>>;

pub fn store() -> LocalStore {
    Store::open(Loopback::new()).unwrap()
}

pub fn annotations(name: &str) -> Annotations {
    Annotations {
        name: name.to_owned(),
        ..Annotations::default()
    }
}

/// A kind, as far as all kinds are alike.
pub trait Sample: Kind<Orchestration> + Object<Key = Id<Self>> + Clone + PartialEq {
    const BY_ID: ById<Self>;
    const BY_NAME: Index<Self, FoldedName>;
    const BY_CUSTOM: Index<Self, IndexEntry>;

    /// An object that the store accepts, but for a resource's extension.
    fn sample(id: &str, name: &str) -> Self;

    /// The annotations that hold the custom index entries, and mostly the name.
    fn annotations_mut(&mut self) -> &mut Annotations;

    fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.annotations_mut().name);
    }

    fn id(&self) -> &str {
        self.key().as_str()
    }
}

macro_rules! samples {
    ($($kind:ident, $module:ident, |$id:ident, $name:ident| $sample:expr, |$object:ident| $annotations:expr;)+) => {$(
        impl Sample for $kind {
            const BY_ID: ById<Self> = $module::BY_ID;
            const BY_NAME: Index<Self, FoldedName> = $module::BY_NAME;
            const BY_CUSTOM: Index<Self, IndexEntry> = $module::BY_CUSTOM;

            fn sample($id: &str, $name: &str) -> Self {
                let $id = $id.to_owned();
                $sample
            }

            fn annotations_mut(&mut self) -> &mut Annotations {
                let $object = self;
                $annotations.get_or_insert_default()
            }
        }
    )+};
}

macro_rules! with_spec {
    ($kind:ident, $spec:ident, $id:ident, $name:ident) => {
        $kind {
            id: $id,
            spec: Some(
                $spec {
                    annotations: Some(annotations($name)),
                    ..Default::default()
                }
                .into(),
            ),
            ..Default::default()
        }
    };
}

samples! {
    Cluster, cluster, |id, name| with_spec!(Cluster, ClusterSpec, id, name),
        |object| object.spec.get_or_insert_default().annotations;
    Config, config, |id, name| with_spec!(Config, ConfigSpec, id, name),
        |object| object.spec.get_or_insert_default().annotations;
    Extension, extension,
        |id, name| Extension { id, annotations: Some(annotations(name)), ..Default::default() },
        |object| object.annotations;
    Network, network, |id, name| with_spec!(Network, NetworkSpec, id, name),
        |object| object.spec.get_or_insert_default().annotations;
    Node, node,
        |id, name| Node {
            id,
            description: Some(NodeDescription { hostname: name.to_owned(), ..Default::default() }.into()),
            spec: Some(NodeSpec::default()),
            ..Default::default()
        },
        |object| object.spec.get_or_insert_default().annotations;
    Resource, resource,
        |id, name| Resource {
            id,
            annotations: Some(annotations(name)),
            kind: "kind".to_owned(),
            ..Default::default()
        },
        |object| object.annotations;
    Secret, secret, |id, name| with_spec!(Secret, SecretSpec, id, name),
        |object| object.spec.get_or_insert_default().annotations;
    Service, service, |id, name| with_spec!(Service, ServiceSpec, id, name),
        |object| object.spec.get_or_insert_default().annotations;
    Task, task,
        |id, name| Task { id, annotations: Some(annotations(name)), ..Default::default() },
        |object| object.annotations;
    Volume, volume,
        |id, name| {
            let mut volume = with_spec!(Volume, VolumeSpec, id, name);
            volume.spec.as_mut().unwrap().driver = Some(Driver { name: "test".to_owned(), ..Default::default() });
            volume
        },
        |object| object.spec.get_or_insert_default().annotations;
}

pub fn create<O: Sample>(store: &LocalStore, objects: impl IntoIterator<Item = O>) {
    let objects: Vec<O> = objects.into_iter().collect();
    store
        .update(|tx| {
            objects
                .iter()
                .try_for_each(|object| tx.create(object.clone()).map(drop))
        })
        .unwrap();
}

pub fn get<O: Sample>(store: &LocalStore, id: &str) -> Option<O> {
    store
        .view()
        .get::<O>(Id::new(id))
        .map(|object| O::clone(object))
}

/// Changes the stored object with this id.
pub fn change<O: Sample>(
    store: &LocalStore,
    id: &str,
    change: impl Fn(&mut O),
) -> Result<(), UpdateError> {
    let done = store.update(|tx| {
        let mut object = O::clone(tx.get::<O>(Id::new(id)).unwrap());
        change(&mut object);
        tx.update(object).map(drop)
    });
    done.map(|_| ()).map_err(rejection)
}

/// Why a creation was rejected.
#[track_caller]
pub fn refusal<O: Sample>(store: &LocalStore, object: &O) -> CreateError {
    rejection(store.update(|tx| tx.create(object.clone())).unwrap_err())
}

#[track_caller]
pub fn rejection<E: Debug>(error: TransactionError<E>) -> E {
    match error {
        TransactionError::Rejected(error) => error,
        other => panic!("expected a rejection, got {other:?}"),
    }
}

/// The ids of what a query finds, in its order.
#[track_caller]
pub fn ids<O: Sample>(store: &LocalStore, query: Query<O>) -> Vec<String> {
    store
        .view()
        .find(query)
        .map(|object| object.id().to_owned())
        .collect()
}

pub fn name(name: &str) -> &FoldedName {
    FoldedName::new(name)
}

pub fn entry(key: &str, val: &str) -> IndexEntry {
    IndexEntry {
        key: key.to_owned(),
        val: val.to_owned(),
    }
}

/// Three objects of each kind: `id1` to `id3`, named `name1` to `name3`, with the differences that SwarmKit's tests rely on.
pub fn populated() -> LocalStore {
    let store = store();
    for (number, id) in [(1, "id1"), (2, "id2"), (3, "id3")] {
        let name = format!("name{number}");
        create(&store, [Cluster::sample(id, &name)]);
        create(&store, [Config::sample(id, &name)]);
        create(&store, [Extension::sample(id, &name)]);
        create(&store, [Network::sample(id, &name)]);
        create(&store, [Secret::sample(id, &name)]);
        create(&store, [Service::sample(id, &name)]);
        create(&store, [Volume::sample(id, &name)]);
        create(
            &store,
            [Resource {
                kind: name.clone(),
                ..Resource::sample(id, &name)
            }],
        );
    }
    create(&store, nodes());
    create(&store, tasks());
    store
}

fn nodes() -> [Node; 3] {
    let node = |id, host, role, membership| {
        let mut node = Node::sample(id, host);
        node.role = role;
        node.spec.as_mut().unwrap().membership = membership;
        node
    };
    [
        node("id1", "name1", 1, 0),
        node("id2", "name2", 0, 1),
        node("id3", "name2", 0, 1),
    ]
}

fn tasks() -> [Task; 3] {
    [
        Task {
            node_id: "id1".to_owned(),
            desired_state: TaskState::Running as i32,
            ..Task::sample("id1", "name1")
        },
        Task {
            service_id: "id1".to_owned(),
            desired_state: TaskState::Running as i32,
            ..Task::sample("id2", "name2.1")
        },
        Task {
            desired_state: TaskState::Shutdown as i32,
            ..Task::sample("id3", "name2.2")
        },
    ]
}

/// Asserts that every test of a list exists: what it shows, its file below the workspace, its function.
pub fn assert_tests_exist(list: &[(&str, &str, &str)]) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    for (shows, file, test) in list {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let function = format!("fn {test}");
        let found = text.match_indices(&function).any(|(at, _)| {
            // The whole name, not the beginning of a longer one.
            text[at + function.len()..].starts_with(['(', '<'])
        });
        assert!(found, "{shows}: there is no {test} in {file}");
    }
}
