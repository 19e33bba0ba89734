//! What the reference's tests pin down of the watch service, as tests of this one, without a socket.
//!
//! | there | here |
//! |---|---|
//! | the first message is empty | the same |
//! | a created node arrives as a creation with its id | the same |
//! | an event that one of several entries accepts is seen, one that none does is not | the same |
//! | only the actions of the mask come; a removal carries the object | the same |
//! | an update comes with the old object when that is asked for | the same |
//! | a watch resumes after a version that is read from an object's meta | the same; that is the version of the transaction, not the log's before it, so it resumes *after* that object |
//!
//! And what it does beyond its tests:
//!
//! | there | here |
//! |---|---|
//! | a message is what one transaction changed and the client asked for, in order; no such change, no message | the same |
//! | a batch comes as one message a slice, without version | the same, with version |
//! | each kind has its name and its field | the same |
//! | only an update has an old object | the same |
//! | a watch without entries begins, and nothing comes, also when it resumes | the same |
//! | a watch that begins when the server has stopped gets the first message and ends, cancelled | the same, with `Unavailable` and where to resume from |

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use controlapi::rpc::watch_server::Watch;
use controlapi::{EndingSender, WatchService, ending};
use proposer::Loopback;
use store_core::{Changes, Read, Store};
use store_objects::wire::object::Object as Kind;
use store_objects::wire::select_by::By;
use store_objects::wire::watch_message::Event as EventMessage;
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{
    Annotations, Cluster, Config, Driver, Extension, IndexEntry, Network, Node, NodeDescription,
    NodeRole, NodeSpec, Resource, Secret, SelectBy, SelectByCustom, Service as WireService, Shared,
    Task, Version, Volume, VolumeSpec, WatchActionKind, WatchMessage, WatchRequest,
};
use store_objects::{Id, Orchestration};
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

const CREATE: i32 = 1;
const UPDATE: i32 = 2;
const REMOVE: i32 = 4;

type Local = Loopback<Changes<Orchestration>>;

struct Service {
    store: Store<Orchestration, Local>,
    watches: WatchService<Local>,
    ending: EndingSender,
}

type IsOfKind = fn(&Kind) -> bool;
type Messages = <WatchService<Local> as Watch>::WatchStream;

impl Service {
    fn new() -> Self {
        let store = Store::open(Loopback::new()).unwrap();
        let (sender, ending) = ending();
        Self {
            watches: WatchService::new(store.clone(), ending),
            store,
            ending: sender,
        }
    }

    /// Begins a watch, and receives its first message.
    async fn watch(&self, request: WatchRequest) -> Messages {
        let response = self.watches.watch(Request::new(request)).await.unwrap();
        let mut messages = response.into_inner();
        assert_eq!(next(&mut messages).await, WatchMessage::default());
        messages
    }

    fn create(&self, node: &Node) {
        self.store.update(|tx| tx.create(node.clone())).unwrap();
    }

    fn stored(&self, id: &str) -> Node {
        let id = Id::new(id);
        (**self.store.view().get::<Node>(id).unwrap()).clone()
    }

    fn remove(&self, id: &str) {
        let id = Id::new(id);
        self.store.update(|tx| tx.delete::<Node>(id)).unwrap();
    }
}

async fn next(messages: &mut Messages) -> WatchMessage {
    let message = tokio::time::timeout(Duration::from_mins(1), messages.next());
    let message = message.await.expect("a message comes");
    message.expect("the stream goes on").unwrap()
}

/// Nothing is there: what was committed is in the stream's buffer, if it is for it.
async fn nothing(messages: &mut Messages) {
    let mut next = pin!(messages.next());
    let polled = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
    assert!(polled.is_pending());
}

/// The status with which a stream ends.
async fn end(messages: &mut Messages) -> Status {
    let status = messages.next().await.expect("it ends with a status");
    assert!(messages.next().await.is_none());
    status.expect_err("it ends")
}

fn entry(action: i32, filters: Vec<By>) -> WatchEntry {
    let filters = filters.into_iter().map(|by| SelectBy { by: Some(by) });
    WatchEntry {
        kind: "node".to_owned(),
        action,
        filters: filters.collect(),
    }
}

fn request(entries: Vec<WatchEntry>) -> WatchRequest {
    WatchRequest {
        entries,
        ..WatchRequest::default()
    }
}

fn node(id: &str, hostname: Option<&str>, role: NodeRole, indexed: bool) -> Node {
    let indices = if indexed {
        vec![IndexEntry {
            key: "myindex".to_owned(),
            val: "myval".to_owned(),
        }]
    } else {
        Vec::new()
    };
    Node {
        id: id.to_owned(),
        description: hostname.map(|hostname| {
            Shared::new(NodeDescription {
                hostname: hostname.to_owned(),
                ..NodeDescription::default()
            })
        }),
        spec: Some(NodeSpec {
            annotations: Some(Annotations {
                indices,
                ..Annotations::default()
            }),
            ..NodeSpec::default()
        }),
        role: role as i32,
        ..Node::default()
    }
}

fn worker(id: &str) -> Node {
    node(id, None, NodeRole::Worker, false)
}

/// The one event of a message.
fn only(message: &WatchMessage) -> (WatchActionKind, Node, Option<Node>) {
    let [event] = &message.events[..] else {
        panic!("{message:?}")
    };
    parts(event)
}

/// The action of an event, its node, and what that was before.
fn parts(event: &EventMessage) -> (WatchActionKind, Node, Option<Node>) {
    let node = |object: &store_objects::wire::Object| match object.object.clone() {
        Some(Kind::Node(node)) => node,
        other => panic!("{other:?}"),
    };
    let object = event.object.as_ref().expect("every event has its object");
    let action = WatchActionKind::try_from(event.action).unwrap();
    (action, node(object), event.old_object.as_ref().map(node))
}

#[tokio::test]
async fn a_created_node_arrives_after_an_empty_message() {
    let service = Service::new();
    let mut messages = service.watch(request(vec![entry(CREATE, vec![])])).await;
    service.create(&worker("id1"));
    let (action, node, _) = only(&next(&mut messages).await);
    assert_eq!(action, WatchActionKind::WatchActionCreate);
    assert_eq!(node.id, "id1");
}

#[tokio::test]
async fn what_one_of_the_entries_accepts_is_seen() {
    let service = Service::new();
    let custom = SelectByCustom {
        kind: "node".to_owned(),
        index: "myindex".to_owned(),
        value: "myval".to_owned(),
    };
    let entries = vec![
        entry(
            CREATE,
            vec![By::NamePrefix("east".to_owned()), By::Custom(custom)],
        ),
        entry(CREATE, vec![By::Role(NodeRole::Manager as i32)]),
    ];
    let mut messages = service.watch(request(entries)).await;
    service.create(&node("manager", None, NodeRole::Manager, false));
    assert_eq!(only(&next(&mut messages).await).1.id, "manager");
    service.create(&worker("plain"));
    service.create(&node("no-host", None, NodeRole::Worker, true));
    service.create(&node("west", Some("west-40"), NodeRole::Worker, true));
    nothing(&mut messages).await;
    service.create(&node("east", Some("east-95"), NodeRole::Worker, true));
    assert_eq!(only(&next(&mut messages).await).1.id, "east");
}

#[tokio::test]
async fn the_mask_selects_actions_and_a_removal_has_the_object() {
    let service = Service::new();
    let entries = vec![entry(CREATE | REMOVE, vec![])];
    let mut messages = service.watch(request(entries)).await;
    service.create(&worker("id1"));
    let created = only(&next(&mut messages).await);
    assert_eq!(created.0, WatchActionKind::WatchActionCreate);
    let mut changed = service.stored("id1");
    changed.role = NodeRole::Manager as i32;
    service
        .store
        .update(|tx| tx.update(changed.clone()))
        .unwrap();
    nothing(&mut messages).await;
    service.remove("id1");
    let (action, node, _) = only(&next(&mut messages).await);
    assert_eq!(action, WatchActionKind::WatchActionRemove);
    assert_eq!((&node.id[..], node.role), ("id1", changed.role));
}

#[tokio::test]
async fn an_update_has_the_old_object_when_it_is_asked_for() {
    let service = Service::new();
    service.create(&node("id1", None, NodeRole::Manager, false));
    let mut messages = service
        .watch(WatchRequest {
            include_old_object: true,
            ..request(vec![entry(UPDATE, vec![])])
        })
        .await;
    let mut changed = service.stored("id1");
    changed.role = NodeRole::Worker as i32;
    service
        .store
        .update(|tx| tx.update(changed.clone()))
        .unwrap();
    let (action, new, old) = only(&next(&mut messages).await);
    assert_eq!(action, WatchActionKind::WatchActionUpdate);
    assert_eq!(new.role, NodeRole::Worker as i32);
    assert_eq!(old.unwrap().role, NodeRole::Manager as i32);
}

#[tokio::test]
async fn a_watch_resumes_from_a_version_and_goes_on_live() {
    let service = Service::new();
    for id in ["id1", "id2"] {
        service.create(&worker(id));
    }
    let version_of = |id: &str| service.stored(id).meta.unwrap().version.unwrap().index;
    let index = version_of("id2") - 1;
    let mut messages = service
        .watch(WatchRequest {
            resume_from: Some(Version { index }),
            ..request(vec![entry(CREATE, vec![])])
        })
        .await;
    for id in ["id2", "id3"] {
        if id == "id3" {
            service.create(&worker(id));
        }
        let message = next(&mut messages).await;
        assert_eq!(message.version.unwrap().index, version_of(id));
        assert_eq!(only(&message).1.id, id);
    }
    nothing(&mut messages).await;
}

#[tokio::test]
async fn a_message_is_what_one_transaction_changed_in_its_order() {
    let service = Service::new();
    for id in ["a", "b", "c"] {
        service.create(&worker(id));
    }
    let mut messages = service
        .watch(WatchRequest {
            include_old_object: true,
            ..request(vec![
                entry(CREATE | REMOVE, vec![]),
                entry(UPDATE, vec![By::Role(NodeRole::Manager as i32)]),
            ])
        })
        .await;
    let b = Node {
        role: NodeRole::Manager as i32,
        ..service.stored("b")
    };
    let c = service.stored("c");
    let made = service.store.update(|tx| {
        tx.delete::<Node>(Id::new("a")).unwrap();
        tx.update(c.clone()).unwrap();
        tx.update(b.clone()).unwrap();
        tx.create(worker("d"))
    });
    let message = next(&mut messages).await;
    let seen: Vec<_> = message.events.iter().map(parts).collect();
    assert_eq!(
        seen.iter()
            .map(|(action, node, old)| (*action, &node.id[..], old.is_some()))
            .collect::<Vec<_>>(),
        [
            (WatchActionKind::WatchActionRemove, "a", false),
            (WatchActionKind::WatchActionUpdate, "b", true),
            (WatchActionKind::WatchActionCreate, "d", false),
        ]
    );
    let version = made.unwrap().version.get();
    assert_eq!(message.version.unwrap().index, version);
    let again = service.stored("c");
    service.store.update(|tx| tx.update(again.clone())).unwrap();
    nothing(&mut messages).await;
}

#[tokio::test]
async fn a_batch_comes_in_a_message_a_slice_with_its_version() {
    let service = Service::new();
    let mut messages = service.watch(request(vec![entry(CREATE, vec![])])).await;
    let report = service.store.batch(|batch| {
        (0..201).try_for_each(|number| {
            batch.step(|tx| tx.create(worker(&format!("{number:03}"))).map(drop))
        })
    });
    report.unwrap();
    for (version, events) in [(1, 200), (2, 1)] {
        let message = next(&mut messages).await;
        assert_eq!(message.version, Some(Version { index: version }));
        assert_eq!(message.events.len(), events);
    }
    nothing(&mut messages).await;
}

#[tokio::test]
async fn each_kind_comes_under_its_name_and_in_its_field() {
    let service = Service::new();
    let kinds: [(&str, IsOfKind); 10] = [
        ("node", |object| matches!(object, Kind::Node(_))),
        ("service", |object| matches!(object, Kind::Service(_))),
        ("network", |object| matches!(object, Kind::Network(_))),
        ("task", |object| matches!(object, Kind::Task(_))),
        ("cluster", |object| matches!(object, Kind::Cluster(_))),
        ("secret", |object| matches!(object, Kind::Secret(_))),
        ("backup", |object| matches!(object, Kind::Resource(_))),
        ("extension", |object| matches!(object, Kind::Extension(_))),
        ("config", |object| matches!(object, Kind::Config(_))),
        ("volume", |object| matches!(object, Kind::Volume(_))),
    ];
    let mut watches = Vec::new();
    for (kind, is_of_kind) in kinds {
        for by in [None, Some(By::Id("x".to_owned()))] {
            let of_kind = WatchEntry {
                kind: kind.to_owned(),
                ..entry(CREATE, by.into_iter().collect())
            };
            let messages = service.watch(request(vec![of_kind])).await;
            watches.push((kind, is_of_kind, messages));
        }
    }
    let id = || "x".to_owned();
    macro_rules! object {
        ($kind:ident $(, $field:ident: $value:expr)*) => {
            $kind { id: id(), $($field: $value,)* ..$kind::default() }
        };
    }
    let annotations = Some(Annotations {
        name: "backup".to_owned(),
        ..Annotations::default()
    });
    let spec = Some(VolumeSpec {
        driver: Some(Driver {
            name: "csi".to_owned(),
            ..Driver::default()
        }),
        ..VolumeSpec::default()
    });
    let made = service.store.update(|tx| {
        tx.create(object!(Node))?;
        tx.create(object!(WireService))?;
        tx.create(object!(Network))?;
        tx.create(object!(Task))?;
        tx.create(object!(Cluster))?;
        tx.create(object!(Secret))?;
        tx.create(object!(Extension, annotations: annotations.clone()))?;
        tx.create(object!(Resource, kind: "backup".to_owned()))?;
        tx.create(object!(Config))?;
        tx.create(object!(Volume, spec: spec.clone())).map(drop)
    });
    made.unwrap();
    for (kind, is_of_kind, messages) in &mut watches {
        let message = next(messages).await;
        let [event] = &message.events[..] else {
            panic!("{kind}: {message:?}")
        };
        let object = event.object.clone().unwrap().object.unwrap();
        assert!(is_of_kind(&object), "{kind}: {object:?}");
    }
}

#[tokio::test]
async fn nothing_comes_without_entries_also_when_it_is_resumed() {
    let service = Service::new();
    service.create(&worker("id1"));
    let resumed = WatchRequest {
        resume_from: Some(Version { index: 0 }),
        ..WatchRequest::default()
    };
    for request in [WatchRequest::default(), resumed] {
        let mut messages = service.watch(request).await;
        let id = format!("id{}", service.store.view().version().get() + 1);
        service.create(&worker(&id));
        nothing(&mut messages).await;
    }
}

#[tokio::test]
async fn version_0_is_before_everything() {
    let service = Service::new();
    service.create(&worker("id1"));
    let mut messages = service
        .watch(WatchRequest {
            resume_from: Some(Version { index: 0 }),
            ..request(vec![entry(CREATE, vec![])])
        })
        .await;
    assert_eq!(only(&next(&mut messages).await).1.id, "id1");
}

/// The version of the end is also past what was for others: a quiet watch that came back with its own last one might have had to
/// list again, though it had missed nothing.
#[tokio::test]
async fn the_end_of_the_server_tells_how_far_a_watch_was() {
    let service = Service::new();
    let mut quiet = service.watch(request(vec![entry(REMOVE, vec![])])).await;
    let mut behind = service.watch(request(vec![entry(CREATE, vec![])])).await;
    for id in ["id1", "id2", "id3"] {
        service.create(&worker(id));
    }
    assert_eq!(only(&next(&mut behind).await).1.id, "id1");
    service.ending.begin();
    let mut late = service.watch(request(vec![entry(CREATE, vec![])])).await;
    for (messages, expected) in [(&mut quiet, "3"), (&mut behind, "1"), (&mut late, "3")] {
        let status = end(messages).await;
        assert_eq!(status.code(), Code::Unavailable);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "SHUTTING_DOWN");
        assert_eq!(info.metadata["resume_from"], expected);
    }
}
