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
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{
    Annotations, IndexEntry, Node, NodeDescription, NodeRole, NodeSpec, SelectBy, SelectByCustom,
    Version, WatchActionKind, WatchMessage, WatchRequest,
};
use store_objects::{Id, Orchestration};
use tokio_stream::StreamExt as _;
use tonic::Request;

const CREATE: i32 = 1;
const UPDATE: i32 = 2;
const REMOVE: i32 = 4;

type Local = Loopback<Changes<Orchestration>>;

struct Service {
    store: Store<Orchestration, Local>,
    watches: WatchService<Local>,
    _ending: EndingSender,
}

type Messages = <WatchService<Local> as Watch>::WatchStream;

impl Service {
    fn new() -> Self {
        let store = Store::open(Loopback::new()).unwrap();
        let (sender, ending) = ending();
        Self {
            watches: WatchService::new(store.clone(), ending),
            store,
            _ending: sender,
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
        description: hostname.map(|hostname| NodeDescription {
            hostname: hostname.to_owned(),
            ..NodeDescription::default()
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

/// The one event of a message: its action, and the node.
fn only(message: &WatchMessage) -> (WatchActionKind, Node, Option<Node>) {
    let [event] = &message.events[..] else {
        panic!("{message:?}")
    };
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
