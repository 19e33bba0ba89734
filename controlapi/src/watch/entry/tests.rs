//! Which changes each filter lets pass.

use proposer::Loopback;
use store_core::{Kind, Object, Store, Subscription};
use store_objects::Id;
use store_objects::wire::{
    Annotations, NodeDescription, NodeSpec, Resource, SelectByCustom, ServiceSpec, Shared,
};

use super::*;

const ALL: i32 = 7;

type Local = Store<Orchestration, Loopback<store_core::Changes<Orchestration>>>;

fn entry(kind: &str, action: i32, filters: &[By]) -> WatchEntry {
    WatchEntry {
        kind: kind.to_owned(),
        action,
        filters: filters
            .iter()
            .map(|by| SelectBy {
                by: Some(by.clone()),
            })
            .collect(),
    }
}

fn create<O: Kind<Orchestration> + Object<Key = Id<O>> + Clone>(store: &Local, object: &O) {
    store.update(|tx| tx.create(object.clone())).unwrap();
}

/// Returns what has been received by now: actions and ids.
fn received(subscription: &mut Subscription<Orchestration>) -> Vec<(WatchActionKind, String)> {
    let mut all = Vec::new();
    while let Ok(batch) = subscription.try_recv() {
        all.extend(
            batch
                .iter()
                .map(|event| (action(event), event.object().id().to_owned())),
        );
    }
    all
}

/// Creates the tasks, and returns the ids of those that the filters let pass.
fn tasks(filters: &[By], tasks: &[Task]) -> Vec<String> {
    let store: Local = Store::open(Loopback::new()).unwrap();
    let mut subscription = store.watch(watch(vec![entry("task", ALL, filters)]).unwrap());
    for task in tasks {
        create(&store, task);
    }
    received(&mut subscription)
        .into_iter()
        .map(|(_, id)| id)
        .collect()
}

fn task(id: &str, service: &str, slot: u64, node: &str, name: &str) -> Task {
    Task {
        id: id.to_owned(),
        service_id: service.to_owned(),
        slot,
        node_id: node.to_owned(),
        annotations: Some(Annotations {
            name: name.to_owned(),
            indices: vec![IndexEntry {
                key: "zone".to_owned(),
                val: format!("east-{id}"),
            }],
            ..Annotations::default()
        }),
        ..Task::default()
    }
}

#[test]
fn filters_of_tasks() {
    let all = [
        task("a1", "web", 1, "n1", "Web"),
        task("a2", "web", 2, "", "web"),
        task("b1", "api", 1, "n1", ""),
    ];
    let text = str::to_owned;
    let custom = |value: &str| SelectByCustom {
        kind: "ignored".to_owned(),
        index: "zone".to_owned(),
        value: value.to_owned(),
    };
    let slot = |service: &str, slot| {
        By::Slot(SelectBySlot {
            service_id: text(service),
            slot,
        })
    };
    for (filters, expected) in [
        (vec![], vec!["a1", "a2", "b1"]),
        (vec![By::Id(text("a1"))], vec!["a1"]),
        (vec![By::IdPrefix(text("a"))], vec!["a1", "a2"]),
        (vec![By::Name(text("web"))], vec!["a2"]),
        (vec![By::NamePrefix(text("W"))], vec!["a1"]),
        (vec![By::Custom(custom("east-a1"))], vec!["a1"]),
        (vec![By::CustomPrefix(custom("east-a"))], vec!["a1", "a2"]),
        (vec![By::ServiceId(text("web"))], vec!["a1", "a2"]),
        (vec![By::NodeId(text("n1"))], vec!["a1", "b1"]),
        (vec![By::NodeId(text(""))], vec!["a2"]),
        // The service counts, whether or not the task is assigned to a node.
        (vec![slot("web", 1)], vec!["a1"]),
        (vec![slot("web", 2)], vec!["a2"]),
        (vec![slot("api", 1), By::NodeId(text("n1"))], vec!["b1"]),
        (vec![By::DesiredState(0)], vec!["a1", "a2", "b1"]),
        (vec![By::DesiredState(512)], vec![]),
        // What tasks do not have is ignored.
        (
            vec![By::Role(1), By::ReferencedSecretId(text("s"))],
            vec!["a1", "a2", "b1"],
        ),
    ] {
        assert_eq!(tasks(&filters, &all), expected, "{filters:?}");
    }
}

#[test]
fn filters_of_nodes() {
    let node = |id: &str, hostname: &str, role, membership| Node {
        id: id.to_owned(),
        description: Some(Shared::new(NodeDescription {
            hostname: hostname.to_owned(),
            ..NodeDescription::default()
        })),
        spec: Some(NodeSpec {
            annotations: Some(Annotations {
                name: "spec".to_owned(),
                indices: vec![IndexEntry {
                    key: "zone".to_owned(),
                    val: id.to_owned(),
                }],
                ..Annotations::default()
            }),
            membership,
            ..NodeSpec::default()
        }),
        role,
        ..Node::default()
    };
    let all = [
        node("a", "Host", 0, 1),
        node("b", "host", 1, 0),
        Node {
            id: "bare".to_owned(),
            ..Node::default()
        },
    ];
    let text = str::to_owned;
    let zone = |value: &str| SelectByCustom {
        index: text("zone"),
        value: text(value),
        ..SelectByCustom::default()
    };
    for (by, expected) in [
        (By::Role(0), vec!["a", "bare"]),
        (By::Role(1), vec!["b"]),
        (By::Membership(1), vec!["a"]),
        (By::Membership(0), vec!["b", "bare"]),
        // The name is the host's, as it is written.
        (By::Name(text("host")), vec!["b"]),
        (By::Name(text("spec")), vec![]),
        (By::Name(text("")), vec![]),
        (By::NamePrefix(text("")), vec!["a", "b"]),
        (By::Custom(zone("a")), vec!["a"]),
        (By::CustomPrefix(zone("")), vec!["a", "b"]),
        (By::IdPrefix(text("")), vec!["a", "b", "bare"]),
    ] {
        let store: Local = Store::open(Loopback::new()).unwrap();
        let entry = entry("node", ALL, std::slice::from_ref(&by));
        let mut subscription = store.watch(watch(vec![entry]).unwrap());
        for node in &all {
            create(&store, node);
        }
        let ids = received(&mut subscription).into_iter().map(|(_, id)| id);
        assert!(ids.eq(expected), "{by:?}");
    }
}

#[test]
fn entries_are_alternatives_and_an_event_comes_once() {
    let store: Local = Store::open(Loopback::new()).unwrap();
    let prefix = By::NamePrefix("east".to_owned());
    let entries = vec![
        entry("node", ALL, &[prefix]),
        entry("node", ALL, &[By::Role(1)]),
    ];
    let mut subscription = store.watch(watch(entries).unwrap());
    let node = |id: &str, hostname: Option<&str>, role| Node {
        id: id.to_owned(),
        description: hostname.map(|hostname| {
            Shared::new(NodeDescription {
                hostname: hostname.to_owned(),
                ..NodeDescription::default()
            })
        }),
        role,
        spec: Some(NodeSpec::default()),
        ..Node::default()
    };
    create(&store, &node("manager", None, 1));
    create(&store, &node("worker", None, 0));
    create(&store, &node("west", Some("west-1"), 0));
    create(&store, &node("both", Some("east-1"), 1));
    let created = |id: &str| (WatchActionKind::WatchActionCreate, id.to_owned());
    assert_eq!(
        received(&mut subscription),
        [created("manager"), created("both")]
    );
}

#[test]
fn actions_are_a_union_and_the_object_after_the_change_decides() {
    let store: Local = Store::open(Loopback::new()).unwrap();
    let named = |name: &str| {
        let by = [By::Name(name.to_owned())];
        // A bit that means nothing changes nothing.
        store.watch(watch(vec![entry("service", 1 | 4 | 64, &by)]).unwrap())
    };
    let updates = |name: &str| {
        store.watch(watch(vec![entry("service", 2, &[By::Name(name.to_owned())])]).unwrap())
    };
    let (mut old, mut new) = (named("old"), named("new"));
    let (mut from_old, mut to_new) = (updates("old"), updates("new"));
    let service = |name: &str| Service {
        id: "s".to_owned(),
        spec: Some(Shared::new(ServiceSpec {
            annotations: Some(Annotations {
                name: name.to_owned(),
                ..Annotations::default()
            }),
            ..ServiceSpec::default()
        })),
        ..Service::default()
    };
    let made = store.update(|tx| tx.create(service("old"))).unwrap().value;
    let renamed = Service {
        meta: made.meta,
        ..service("new")
    };
    store.update(|tx| tx.update(renamed.clone())).unwrap();
    store
        .update(|tx| tx.delete::<Service>(Id::new("s")))
        .unwrap();
    let id = || "s".to_owned();
    assert_eq!(
        received(&mut old),
        [(WatchActionKind::WatchActionCreate, id())]
    );
    assert_eq!(
        received(&mut new),
        [(WatchActionKind::WatchActionRemove, id())]
    );
    assert_eq!(received(&mut from_old), []);
    assert_eq!(
        received(&mut to_new),
        [(WatchActionKind::WatchActionUpdate, id())]
    );
}

#[test]
fn a_kind_that_is_no_table_is_one_of_resources() {
    let store: Local = Store::open(Loopback::new()).unwrap();
    let mut backups = store.watch(watch(vec![entry("backup", ALL, &[])]).unwrap());
    let mut others =
        store.watch(watch(vec![entry("resource", ALL, &[]), entry("Backup", ALL, &[])]).unwrap());
    let annotations = |name: &str| {
        Some(Annotations {
            name: name.to_owned(),
            ..Annotations::default()
        })
    };
    create(
        &store,
        &Extension {
            id: "e".to_owned(),
            annotations: annotations("backup"),
            ..Extension::default()
        },
    );
    let resource = Resource {
        id: "r".to_owned(),
        annotations: annotations("nightly"),
        kind: "backup".to_owned(),
        ..Resource::default()
    };
    create(&store, &resource);
    assert_eq!(
        received(&mut backups),
        [(WatchActionKind::WatchActionCreate, "r".to_owned())]
    );
    assert_eq!(received(&mut others), []);
}

#[test]
fn the_first_fault_of_the_first_faulty_entry_is_told() {
    let (id, prefix) = (By::Id("a".to_owned()), By::IdPrefix("b".to_owned()));
    let service = By::ServiceId("s".to_owned());
    let slot = By::Slot(SelectBySlot::default());
    let good = entry("task", ALL, std::slice::from_ref(&id));
    for (entries, place, expected) in [
        (
            vec![entry("", 0, &[id.clone(), prefix.clone()])],
            0,
            "no kind of object specified",
        ),
        (
            vec![good.clone(), entry("task", 0, &[id.clone(), prefix])],
            1,
            "conflicting filters specified",
        ),
        (
            vec![entry("task", ALL, &[service.clone(), slot.clone()])],
            0,
            "conflicting filters specified",
        ),
        (
            vec![entry("task", ALL, &[slot.clone(), service])],
            0,
            "conflicting filters specified",
        ),
        (
            vec![good.clone(), good, entry("task", 8, &[])],
            2,
            "unrecognized action",
        ),
    ] {
        match watch(entries) {
            Err(Refusal::WatchEntry { text, entry, .. }) => {
                assert_eq!((text, entry), (expected, place));
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
    // What a kind does not know cannot conflict.
    assert!(watch(vec![entry("node", ALL, &[slot.clone(), slot])]).is_ok());
}

/// In either order and whatever they say: SwarmKit takes a first filter that is empty for none.
#[test]
fn two_filters_about_the_same_conflict() {
    let text = || "x".to_owned();
    let ids = [By::Id(text()), By::IdPrefix(text()), By::Id(String::new())];
    let names = [
        By::Name(text()),
        By::NamePrefix(text()),
        By::Name(String::new()),
    ];
    let customs = [
        By::Custom(SelectByCustom::default()),
        By::CustomPrefix(SelectByCustom::default()),
    ];
    let services = [
        By::ServiceId(text()),
        By::Slot(SelectBySlot::default()),
        By::ServiceId(String::new()),
    ];
    let nodes = [By::NodeId(text()), By::NodeId(String::new())];
    let (states, roles) = ([By::DesiredState(0)], [By::Role(0)]);
    let memberships = [By::Membership(0)];
    let of_all = [&ids[..], &names, &customs];
    let of_tasks = [&of_all[..], &[&services, &nodes, &states]].concat();
    let of_nodes = [&of_all[..], &[&roles, &memberships]].concat();
    for (kind, subjects) in [
        ("task", &of_tasks[..]),
        ("node", &of_nodes),
        ("service", &of_all),
        ("backup", &of_all),
    ] {
        for (first, one) in subjects.iter().enumerate() {
            for (second, other) in subjects.iter().enumerate() {
                for pair in one
                    .iter()
                    .flat_map(|a| other.iter().map(move |b| [a.clone(), b.clone()]))
                {
                    let refused = watch(vec![entry(kind, ALL, &pair)]).is_err();
                    assert_eq!(refused, first == second, "{kind} {pair:?}");
                }
            }
        }
    }
    let nothing = SelectBy { by: None };
    let empty = WatchEntry {
        filters: vec![nothing.clone(), nothing],
        ..entry("task", ALL, &[])
    };
    assert!(watch(vec![empty]).is_ok(), "an empty selector is none");
}

/// SwarmKit refuses no selector of another table over the wire: its store would, but a watch passes on only those that the
/// kind has, and the filters of lists have a field for each.
#[test]
fn a_selector_of_another_table_narrows_nothing_and_is_no_error() {
    let text = || "x".to_owned();
    let for_all = [
        By::Id(text()),
        By::IdPrefix(text()),
        By::Name(text()),
        By::NamePrefix(text()),
        By::Custom(SelectByCustom::default()),
        By::CustomPrefix(SelectByCustom::default()),
    ];
    let for_nodes = [By::Role(1), By::Membership(1)];
    let for_tasks = [
        By::ServiceId(text()),
        By::Slot(SelectBySlot::default()),
        By::NodeId(text()),
        By::DesiredState(512),
    ];
    let for_none = [
        By::ReferencedNetworkId(text()),
        By::ReferencedSecretId(text()),
        By::ReferencedConfigId(text()),
        By::Kind(text()),
    ];
    let kinds = [
        "node",
        "service",
        "task",
        "network",
        "cluster",
        "secret",
        "config",
        "extension",
        "volume",
        "resource",
        "backup",
    ];
    for kind in kinds {
        for (selectors, knows) in [
            (&for_all[..], true),
            (&for_nodes, kind == "node"),
            (&for_tasks, kind == "task"),
            (&for_none, false),
        ] {
            for by in selectors {
                let one = watch(vec![entry(kind, ALL, std::slice::from_ref(by))]);
                assert!(one.is_ok(), "{kind} {by:?}");
                let filter = SelectBy {
                    by: Some(by.clone()),
                };
                let filters = super::known(kind, vec![filter]).unwrap();
                assert_eq!(filters.len(), usize::from(knows), "{kind} {by:?}");
            }
        }
    }
    // Through what is ignored everything passes, whatever it says.
    let store: Local = Store::open(Loopback::new()).unwrap();
    let ignored = [&for_nodes[..], &for_tasks, &for_none].concat();
    let mut services = store.watch(watch(vec![entry("service", ALL, &ignored)]).unwrap());
    let service = Service {
        id: "s".to_owned(),
        ..Service::default()
    };
    create(&store, &service);
    assert_eq!(received(&mut services).len(), 1);
}
