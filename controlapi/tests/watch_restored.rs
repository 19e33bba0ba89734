//! Watches that resume over SwarmKit's API, by a bare version, after the state was restored.
//!
//! A version is given without its history, so that one of the history before must be told from those of the present one by
//! where the present one begins: a client must never be sent the events of one history as the continuation of another.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use controlapi::rpc::watch_server::Watch;
use controlapi::{WatchService, ending};
use proposer::{Journal, JournalOptions, Loopback, Proposer};
use store_core::{Changes, Read as _, Store};
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{Node, Version, WatchMessage, WatchRequest};
use store_objects::{Id, Orchestration};
use tokio_stream::StreamExt as _;
use tonic::{Code, Request, Status};

fn node(id: &str) -> Node {
    Node {
        id: id.to_owned(),
        ..Node::default()
    }
}

fn create<P: Proposer<Changes<Orchestration>>>(store: &Store<Orchestration, P>, id: &str) {
    store.update(|tx| tx.create(node(id))).unwrap();
}

/// Returns the versions and ids that a client is sent by now that resumes from a version.
async fn resumed<P: Proposer<Changes<Orchestration>>>(
    store: &Store<Orchestration, P>,
    version: u64,
) -> Result<Vec<(u64, usize)>, Status> {
    let (_sender, ending) = ending();
    let request = WatchRequest {
        entries: vec![WatchEntry {
            kind: "node".to_owned(),
            action: 7,
            filters: Vec::new(),
        }],
        resume_from: Some(Version { index: version }),
        include_old_object: false,
    };
    let service = WatchService::new(store.clone(), ending);
    let mut messages = service.watch(Request::new(request)).await?.into_inner();
    assert_eq!(messages.next().await.unwrap()?, WatchMessage::default());
    let mut all = Vec::new();
    loop {
        let next = poll_fn(|context| match pin!(messages.next()).poll(context) {
            Poll::Ready(message) => Poll::Ready(message),
            Poll::Pending => Poll::Ready(None),
        })
        .await;
        match next {
            Some(message) => {
                let message = message?;
                let version = message.version.unwrap().index;
                all.push((version, message.events.len()));
            }
            None => return Ok(all),
        }
    }
}

/// Restores a state of another store, and returns the version that it becomes.
fn restore<P: Proposer<Changes<Orchestration>>>(store: &Store<Orchestration, P>) -> u64 {
    let other = Store::<Orchestration, _>::open(Loopback::new()).unwrap();
    create(&other, "x");
    create(&other, "y");
    let mut saved = Vec::new();
    other.save(&mut saved).unwrap();
    store.restore(saved.as_slice()).unwrap().get()
}

/// Checks what each version can be resumed from, where the present history begins at `first`.
async fn check<P: Proposer<Changes<Orchestration>>>(store: &Store<Orchestration, P>, first: u64) {
    let current = store.view().version().get();
    for version in 0..first {
        let status = resumed(store, version).await.expect_err("it is of before");
        assert_eq!(status.code(), Code::OutOfRange, "{version}: {status}");
        assert!(
            status
                .message()
                .starts_with("requested index is unavailable due to compaction; "),
            "{status}"
        );
    }
    for version in first..=current {
        let sent = resumed(store, version).await.unwrap();
        let expected: Vec<_> = (version + 1..=current)
            .map(|version| (version, 1))
            .collect();
        assert_eq!(sent, expected, "from {version}");
    }
    assert_eq!(
        resumed(store, current + 1).await.unwrap_err().code(),
        Code::OutOfRange
    );
}

#[tokio::test]
async fn a_version_of_before_a_restore_is_refused() {
    let store = Store::<Orchestration, _>::open(Loopback::new()).unwrap();
    for id in ["a", "b", "c"] {
        create(&store, id);
    }
    let first = restore(&store);
    create(&store, "d");
    create(&store, "e");
    check(&store, first).await;
    let again = restore(&store);
    create(&store, "f");
    check(&store, again).await;
    assert!(store.view().get::<Node>(Id::new("f")).is_some());
}

#[tokio::test]
async fn a_version_of_before_a_restore_is_refused_after_a_restart_too() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let journal = Journal::open(directory.path(), JournalOptions::default()).unwrap();
        Store::<Orchestration, _>::open(journal).unwrap()
    };
    let store = open();
    create(&store, "a");
    create(&store, "b");
    let first = restore(&store);
    create(&store, "c");
    check(&store, first).await;
    store.close();
    drop(store);
    check(&open(), first).await;
}
