//! Tasks that are read share what they have in common, and are the tasks that prost reads.

mod support;

use proptest::prelude::*;
use prost::Message as _;
use store_core::{Event, Object, Schema};
use store_objects::wire::{
    Certificate, ContainerSpec, Network, NetworkAttachment, Node, Service, ServiceSpec, Shared,
    Task, TaskSpec, task_spec::Runtime,
};
use store_objects::{Orchestration, StoreObject};
use support::*;

fn task(id: &str, image: &str) -> Task {
    let container = ContainerSpec {
        image: image.to_owned(),
        ..ContainerSpec::default()
    };
    let spec = TaskSpec {
        runtime: Some(Runtime::Container(container)),
        ..TaskSpec::default()
    };
    let attachment = NetworkAttachment {
        network: Some(Network::sample("n", image).into()),
        ..NetworkAttachment::default()
    };
    Task {
        spec: Some(spec.into()),
        service_annotations: Some(annotations(image).into()),
        networks: vec![attachment],
        ..Task::sample(id, id)
    }
}

fn same<M>(a: Option<&Shared<M>>, b: Option<&Shared<M>>) -> bool {
    Shared::is_same(a.unwrap(), b.unwrap())
}

fn share(a: &Task, b: &Task) -> bool {
    let network = |task: &Task| task.networks[0].network.clone();
    let shared = [
        same(a.spec.as_ref(), b.spec.as_ref()),
        same(
            a.service_annotations.as_ref(),
            b.service_annotations.as_ref(),
        ),
        same(network(a).as_ref(), network(b).as_ref()),
    ];
    assert!(shared.iter().all(|same| *same == shared[0]), "{shared:?}");
    shared[0]
}

#[test]
fn tasks_from_the_log_share_what_is_equal() {
    let tasks = [task("a", "web"), task("b", "web"), task("c", "db")];
    let events = tasks
        .clone()
        .map(|task| Event::Created(StoreObject::Task(task.into())));
    let mut log = Vec::new();
    Orchestration::encode_changes(&events, &mut log);
    let read: Vec<_> = Orchestration::decode_changes(&log)
        .unwrap()
        .iter()
        .map(|event| match event.object() {
            StoreObject::Task(task) => Task::clone(task),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, tasks);
    assert!(share(&read[0], &read[1]));
    assert!(!share(&read[0], &read[2]));
}

#[test]
fn tasks_from_a_saved_state_share_what_is_equal() {
    let store = store();
    create(
        &store,
        [task("a", "web"), task("b", "web"), task("c", "db")],
    );
    let mut saved = Vec::new();
    store.save(&mut saved).unwrap();
    let restored = support::store();
    restored.restore(saved.as_slice()).unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|id| get::<Task>(&restored, id).unwrap());
    assert!(share(&a, &b));
    assert!(!share(&a, &c));
    assert_eq!(restored.view().digest(), store.view().digest());
}

/// Whoever changes one task of those that share a spec, changes no other.
#[test]
fn a_change_of_one_is_no_change_of_another() {
    let store = store();
    let first = task("a", "web");
    let second = Task {
        id: "b".to_owned(),
        ..first.clone()
    };
    assert!(share(&first, &second));
    create(&store, [first, second]);
    change::<Task>(&store, "a", |task| {
        task.spec.as_mut().unwrap().force_update = 7;
    })
    .unwrap();
    let [a, b] = ["a", "b"].map(|id| get::<Task>(&store, id).unwrap().spec.unwrap());
    assert_eq!((a.force_update, b.force_update), (7, 0));
}

/// A heartbeat changes little of a node, and copies little.
#[test]
fn an_update_copies_neither_description_nor_certificate_of_a_node() {
    let store = store();
    let node = Node {
        certificate: Some(Certificate::default().into()),
        ..Node::sample("a", "ant")
    };
    create(&store, [node]);
    let before = get::<Node>(&store, "a").unwrap();
    change::<Node>(&store, "a", |node| node.role = 1).unwrap();
    let after = get::<Node>(&store, "a").unwrap();
    assert!(same(
        before.description.as_ref(),
        after.description.as_ref()
    ));
    assert!(same(
        before.certificate.as_ref(),
        after.certificate.as_ref()
    ));
    assert!(size_of::<Node>() <= 400);
}

/// Whoever replaces the spec keeps the one that was, and copies neither.
#[test]
fn a_services_previous_spec_is_the_one_that_was() {
    let store = store();
    create(&store, [Service::sample("a", "web")]);
    let before = get::<Service>(&store, "a").unwrap();
    change::<Service>(&store, "a", |service| {
        let spec = ServiceSpec::clone(service.spec.as_ref().unwrap());
        service.previous_spec = service.spec.replace(spec.into());
    })
    .unwrap();
    let after = get::<Service>(&store, "a").unwrap();
    assert!(same(before.spec.as_ref(), after.previous_spec.as_ref()));
    assert!(size_of::<Service>() <= 344);
}

/// As an orchestrator makes them; they have the service's spec itself, not one that they share with each other.
#[test]
fn tasks_made_of_a_service_share_its_spec() {
    let mut service = Service::sample("a", "web");
    service.spec.as_mut().unwrap().task = task("", "web").spec;
    let made = ["b", "c"].map(|id| Task {
        id: id.to_owned(),
        spec: service.spec.as_ref().unwrap().task.clone(),
        ..Task::default()
    });
    let store = store();
    create(&store, [service]);
    create(&store, made);
    let spec = get::<Service>(&store, "a").unwrap().spec.unwrap();
    for id in ["b", "c"] {
        let task = get::<Task>(&store, id).unwrap();
        assert!(same(task.spec.as_ref(), spec.task.as_ref()));
    }
}

#[test]
fn golden_tasks_are_those_that_prost_reads() {
    let path = format!("{}/tests/golden/task.bin", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    for _ in 0..2 {
        let task = <Task as Object>::decode(&bytes).unwrap();
        assert_eq!(task, <Task as prost::Message>::decode(&*bytes).unwrap());
    }
}

proptest! {
    /// Also of bytes that are damaged, or that name a field twice: both read the same, or neither reads anything.
    #[test]
    fn any_bytes_are_read_as_prost_reads_them(
        images in prop::collection::vec("[ab]{0,3}", 1..4),
        cut in any::<prop::sample::Index>(),
        flip in prop::option::of((any::<prop::sample::Index>(), 1..=255_u8)),
    ) {
        let mut bytes: Vec<u8> = images.iter().flat_map(|image| task("id", image).encode_to_vec()).collect();
        if let Some((at, bits)) = flip {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
            bytes.truncate(at + cut.index(bytes.len() - at) + 1);
        }
        let ours = <Task as Object>::decode(&bytes).ok();
        let theirs = <Task as prost::Message>::decode(&*bytes).ok();
        prop_assert_eq!(ours, theirs);
    }
}
