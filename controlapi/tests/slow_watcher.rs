//! A watch whose client does not receive.

use std::pin::Pin;

use controlapi::rpc::watch_server::Watch as _;
use controlapi::{TRANSACTIONS_BEHIND_MAX, WatchService, ending};
use proposer::Loopback;
use store_core::{Changes, CreateError, Store};
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{Secret, Version, WatchMessage, WatchRequest};
use store_objects::{IdSource, Orchestration};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

type Messages = Pin<Box<dyn Stream<Item = Result<WatchMessage, Status>> + Send>>;

async fn watch(
    service: &WatchService<Loopback<Changes<Orchestration>>>,
    resume_from: Option<u64>,
) -> Result<Messages, Status> {
    let entry = WatchEntry {
        kind: "secret".to_owned(),
        action: 7,
        filters: Vec::new(),
    };
    let resume_from = resume_from.map(|index| Version { index });
    let request = WatchRequest {
        entries: vec![entry],
        resume_from,
        include_old_object: false,
    };
    let mut messages = service.watch(Request::new(request)).await?.into_inner();
    assert_eq!(
        messages.next().await.unwrap().unwrap(),
        WatchMessage::default()
    );
    Ok(messages)
}

fn create(store: &Store<Orchestration, Loopback<Changes<Orchestration>>>, ids: &IdSource) -> u64 {
    let id = ids.next();
    let mut secret = Secret {
        id: id.clone(),
        ..Secret::default()
    };
    secret
        .spec
        .get_or_insert_default()
        .annotations
        .get_or_insert_default()
        .name = id;
    store
        .update(|tx| {
            tx.create(secret.clone())
                .map(drop)
                .map_err(|error: CreateError| error)
        })
        .unwrap()
        .version
        .get()
}

#[tokio::test]
async fn it_ends_with_the_version_from_which_nothing_is_missed() {
    let store = Store::open(Loopback::new()).unwrap();
    let (_sender, ending) = ending();
    let service = WatchService::new(store.clone(), ending);
    let ids = IdSource::new();
    let mut slow = watch(&service, None).await.unwrap();
    let mut newest = 0;
    for _ in 0..TRANSACTIONS_BEHIND_MAX + 100 {
        newest = create(&store, &ids);
    }

    let mut received = 0;
    let status = loop {
        match slow.next().await.expect("it ends with a status") {
            Ok(message) => {
                let version = message.version.unwrap().index;
                assert_eq!(version, received + 1, "nothing is missed before the end");
                received = version;
            }
            Err(status) => break status,
        }
    };
    assert!(received < newest);
    assert_eq!(status.code(), Code::Aborted);
    assert_eq!(
        status.message(),
        format!("the watch ended: the client fell behind; resume it from version {received}")
    );
    let info = status.get_details_error_info().unwrap();
    assert_eq!(
        (info.reason.as_str(), &info.metadata["resume_from"]),
        ("WATCH_LAGGED", &received.to_string())
    );
    assert!(slow.next().await.is_none());

    let mut resumed = watch(&service, Some(received)).await.unwrap();
    for version in received + 1..=newest {
        assert_eq!(
            resumed.next().await.unwrap().unwrap().version,
            Some(Version { index: version })
        );
    }
}

#[tokio::test]
async fn closing_the_store_ends_its_watches() {
    let store = Store::open(Loopback::new()).unwrap();
    let (_sender, ending) = ending();
    let service = WatchService::new(store.clone(), ending);
    let mut messages = watch(&service, None).await.unwrap();
    let version = create(&store, &IdSource::new());
    assert_eq!(
        messages.next().await.unwrap().unwrap().version,
        Some(Version { index: version })
    );
    store.close();
    let status = messages.next().await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(
        status.get_details_error_info().unwrap().metadata["resume_from"],
        version.to_string()
    );
}
