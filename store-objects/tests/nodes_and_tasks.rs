//! Selectors and indexes of nodes and tasks, and what SwarmKit's store tests pin of them.

mod support;

use store_core::Read;
use store_objects::wire::node_spec::Membership;
use store_objects::wire::{
    ConfigReference, ContainerSpec, GenericRuntimeSpec, Network, NetworkAttachment,
    NetworkAttachmentConfig, NetworkAttachmentSpec, Node, NodeDescription, NodeRole,
    SecretReference, Shared, Task, TaskSpec, TaskState, TaskStatus, VolumeAttachment,
    task_spec::Runtime,
};
use store_objects::{Id, node, task};
use support::*;

#[test]
fn nodes_may_share_a_hostname() {
    let store = populated();
    let by_name = |host: &str| ids(&store, node::BY_NAME.eq(name(host)));
    assert_eq!(by_name("name1"), ["id1"]);
    assert_eq!(by_name("NAME2"), ["id2", "id3"]);
    assert_eq!(by_name("name3"), Vec::<String>::new());
    let either = node::BY_NAME.any_of([name("name1"), name("name1"), name("name2")]);
    assert_eq!(ids(&store, either), ["id1", "id2", "id3"]);
    assert_eq!(ids(&store, node::BY_ID.prefix("id")), ["id1", "id2", "id3"]);
}

#[test]
fn nodes_are_found_by_role_and_membership() {
    let store = populated();
    let by_role = |role: NodeRole| ids(&store, node::BY_ROLE.eq(&(role as i32)));
    assert_eq!(by_role(NodeRole::Manager), ["id1"]);
    assert_eq!(by_role(NodeRole::Worker), ["id2", "id3"]);
    let by_membership = |number: Membership| ids(&store, node::BY_MEMBERSHIP.eq(&(number as i32)));
    assert_eq!(by_membership(Membership::Pending), ["id1"]);
    assert_eq!(by_membership(Membership::Accepted), ["id2", "id3"]);
    let both = node::BY_ROLE.eq(&0).and(node::BY_NAME.eq(name("name2")));
    assert_eq!(ids(&store, both), ["id2", "id3"]);

    change::<Node>(&store, "id2", |node| node.role = 7).unwrap();
    assert_eq!(
        ids(&store, node::BY_ROLE.eq(&7)),
        ["id2"],
        "a role that has no name"
    );
    change::<Node>(&store, "id3", |node| {
        node.spec.as_mut().unwrap().desired_role = 1;
    })
    .unwrap();
    assert_eq!(
        by_role(NodeRole::Manager),
        ["id1"],
        "the wish plays no part"
    );
}

#[test]
fn a_nodes_name_is_its_hostname_once_it_has_described_itself() {
    let store = populated();
    change::<Node>(&store, "id1", |node| node.description = None).unwrap();
    assert_eq!(ids(&store, node::BY_NAME.prefix("")), ["id2", "id3"]);
    change::<Node>(&store, "id1", |node| {
        node.description = Some(Shared::default());
    })
    .unwrap();
    assert_eq!(ids(&store, node::BY_NAME.eq(name(""))), ["id1"]);
    change::<Node>(&store, "id1", |node| {
        node.rename("spec");
    })
    .unwrap();
    assert_eq!(
        ids(&store, node::BY_NAME.eq(name("spec"))),
        Vec::<String>::new()
    );
}

#[test]
fn a_transaction_sees_what_it_did_to_nodes() {
    let store = populated();
    store
        .update(|tx| {
            let mut node = Node::clone(tx.get::<Node>(Id::new("id3")).unwrap());
            node.description = Some(Shared::new(NodeDescription {
                hostname: "name3".to_owned(),
                ..Default::default()
            }));
            let stored = tx.update(node)?;
            assert_eq!(tx.get::<Node>(Id::new("id3")), Some(&stored));
            assert_eq!(tx.count(node::BY_NAME.eq(name("name2"))), 1);
            assert_eq!(tx.count(node::BY_NAME.eq(name("name3"))), 1);
            assert!(tx.update(Node::sample("absent", "")).is_err());
            tx.delete::<Node>(Id::new("id1"))?;
            assert!(tx.get::<Node>(Id::new("id1")).is_none());
            assert_eq!(tx.count(node::BY_NAME.eq(name("name1"))), 0);
            assert!(tx.delete::<Node>(Id::new("absent")).is_err());
            Ok::<_, Box<dyn std::error::Error>>(())
        })
        .unwrap();
    assert_eq!(store.view().len::<Node>(), 2);
}

#[test]
fn tasks_are_found_by_name_node_service_and_desired_state() {
    let store = populated();
    let prefix = |text: &str| ids(&store, task::BY_NAME.prefix(text));
    assert_eq!(prefix("name1"), ["id1"]);
    assert_eq!(prefix("Name2"), ["id2", "id3"]);
    assert_eq!(prefix("name3"), Vec::<String>::new());
    let by_node = |id: &str| ids(&store, task::BY_NODE.eq(Id::new(id)));
    assert_eq!(by_node("id1"), ["id1"]);
    assert_eq!(by_node("absent"), Vec::<String>::new());
    assert_eq!(by_node(""), ["id2", "id3"], "tasks of no node");
    let by_service = |id: &str| ids(&store, task::BY_SERVICE.eq(Id::new(id)));
    assert_eq!(by_service("id1"), ["id2"]);
    assert_eq!(by_service("absent"), Vec::<String>::new());
    assert_eq!(by_service(""), ["id1", "id3"], "tasks of no service");
    let desired = |state: TaskState| ids(&store, task::BY_DESIRED_STATE.eq(&(state as i32)));
    assert_eq!(desired(TaskState::Running), ["id1", "id2"]);
    assert_eq!(desired(TaskState::Shutdown), ["id3"]);
    assert_eq!(desired(TaskState::Pending), Vec::<String>::new());
}

#[test]
fn replacing_a_task_moves_it_between_names() {
    let store = populated();
    store
        .update(|tx| {
            let mut task = Task::clone(tx.get::<Task>(Id::new("id3")).unwrap());
            task.rename("name3");
            tx.update(task)?;
            assert_eq!(tx.count(task::BY_NAME.prefix("name2")), 1);
            assert_eq!(tx.count(task::BY_NAME.prefix("name3")), 1);
            Ok::<_, store_core::UpdateError>(())
        })
        .unwrap();
}

#[test]
fn tasks_are_found_by_slot_and_observed_state() {
    let store = store();
    let task = |id: &str, service: &str, slot, state: TaskState| Task {
        service_id: service.to_owned(),
        slot,
        status: Some(TaskStatus {
            state: state as i32,
            ..Default::default()
        }),
        ..Task::sample(id, id)
    };
    create(
        &store,
        [
            task("a", "s", 1, TaskState::Running),
            task("b", "s", 2, TaskState::Running),
            task("c", "t", 1, TaskState::Failed),
            task("d", "s", 1, TaskState::New),
            Task::sample("e", "e"),
        ],
    );
    let slot = |service: &str, slot| {
        ids(
            &store,
            task::BY_SLOT.eq(&task::Slot {
                service: service.to_owned(),
                slot,
            }),
        )
    };
    assert_eq!(slot("s", 1), ["a", "d"]);
    assert_eq!(slot("t", 1), ["c"]);
    assert_eq!(slot("", 0), ["e"]);
    assert_eq!(slot("t", 2), Vec::<String>::new());
    let state = |state: TaskState| ids(&store, task::BY_STATE.eq(&(state as i32)));
    assert_eq!(state(TaskState::Running), ["a", "b"]);
    assert_eq!(state(TaskState::New), ["d", "e"], "also without a status");
}

#[test]
fn a_task_without_a_name_is_known_by_its_place() {
    let store = store();
    let nameless = |id: &str| Task {
        service_annotations: Some(annotations("Web").into()),
        annotations: None,
        ..Task::sample(id, "")
    };
    create(
        &store,
        [
            Task {
                slot: 3,
                node_id: "n".to_owned(),
                ..nameless("a")
            },
            Task {
                node_id: "n".to_owned(),
                ..nameless("b")
            },
            Task {
                service_annotations: None,
                ..nameless("c")
            },
            Task {
                annotations: Some(annotations("own")),
                ..nameless("d")
            },
        ],
    );
    for (known_as, id) in [
        ("web.3.A", "a"),
        ("web.n.b", "b"),
        ("..c", "c"),
        ("own", "d"),
    ] {
        assert_eq!(
            ids(&store, task::BY_NAME.eq(name(known_as))),
            [id],
            "{known_as}"
        );
    }
}

#[test]
fn tasks_are_found_by_what_their_spec_uses() {
    let store = store();
    let runs = |id: &str, runtime: Runtime| Task {
        spec: Some(
            TaskSpec {
                runtime: Some(runtime),
                ..Default::default()
            }
            .into(),
        ),
        ..Task::sample(id, id)
    };
    let secret = |id: &str| SecretReference {
        secret_id: id.to_owned(),
        ..Default::default()
    };
    let config = |id: &str| ConfigReference {
        config_id: id.to_owned(),
        ..Default::default()
    };
    let mut container = runs(
        "container",
        Runtime::Container(ContainerSpec {
            secrets: vec![secret("s1"), secret("s2"), secret("s1")],
            configs: vec![config("c1")],
            ..Default::default()
        }),
    );
    container.spec.as_mut().unwrap().networks = vec![NetworkAttachmentConfig {
        target: "n1".to_owned(),
        ..Default::default()
    }];
    container.networks = vec![NetworkAttachment {
        network: Some(Network::sample("n2", "n2").into()),
        ..Default::default()
    }];
    container.volumes = vec![
        VolumeAttachment {
            id: "v1".to_owned(),
            ..Default::default()
        },
        VolumeAttachment {
            id: "v2".to_owned(),
            ..Default::default()
        },
    ];
    create(
        &store,
        [
            container,
            runs(
                "attachment",
                Runtime::Attachment(NetworkAttachmentSpec::default()),
            ),
            runs(
                "generic",
                Runtime::Generic(GenericRuntimeSpec {
                    kind: "Job".to_owned(),
                    payload: None,
                }),
            ),
            runs("kindless", Runtime::Generic(GenericRuntimeSpec::default())),
            Task::sample("none", "none"),
        ],
    );

    let by_runtime = |runtime: &str| ids(&store, task::BY_RUNTIME.eq(runtime));
    assert_eq!(by_runtime("container"), ["container"]);
    assert_eq!(by_runtime("attachment"), ["attachment"]);
    assert_eq!(by_runtime("job"), ["generic"]);
    assert_eq!(
        by_runtime("Job"),
        Vec::<String>::new(),
        "what is looked for is not folded"
    );
    assert_eq!(by_runtime(""), ["kindless"]);
    assert_eq!(
        ids(&store, task::BY_SECRET.eq(Id::new("s1"))),
        ["container"]
    );
    assert_eq!(
        ids(&store, task::BY_SECRET.eq(Id::new("s2"))),
        ["container"]
    );
    assert_eq!(
        ids(&store, task::BY_CONFIG.eq(Id::new("c1"))),
        ["container"]
    );
    assert_eq!(
        ids(&store, task::BY_NETWORK.eq(Id::new("n1"))),
        ["container"]
    );
    assert_eq!(
        ids(&store, task::BY_NETWORK.eq(Id::new("n2"))),
        Vec::<String>::new()
    );
    assert_eq!(
        ids(&store, task::BY_VOLUME.eq(Id::new("v2"))),
        ["container"]
    );
    store.check_invariants();
}
