//! Watches over the real socket.

mod support;

use controlapi::rpc::control_client::ControlClient;
use store_objects::Annotated as _;
use store_objects::wire::object::Object as Kind;
use store_objects::wire::select_by::By;
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{
    RemoveServiceRequest, SelectBy, Service, Shared, UpdateServiceRequest, Version,
    WatchActionKind, WatchMessage, WatchRequest,
};
use support::{PATIENCE, Stated, create};
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

const ALL: i32 = 7;

fn services(filters: Vec<By>) -> WatchRequest {
    let filters = filters
        .into_iter()
        .map(|by| SelectBy { by: Some(by) })
        .collect();
    WatchRequest {
        entries: vec![WatchEntry {
            kind: "service".to_owned(),
            action: ALL,
            filters,
        }],
        ..WatchRequest::default()
    }
}

/// What a test reads of a message: its version, and of each event the action, the service's name and the old replicas.
type Seen = (u64, Vec<(WatchActionKind, String)>);

struct Stream(Streaming<WatchMessage>);

impl Stream {
    /// Opens a watch, and receives its first message.
    async fn open(server: &Stated, request: WatchRequest) -> Result<Self, Status> {
        let mut stream = Self(server.watch().await.watch(request).await?.into_inner());
        assert_eq!(
            stream.message().await?,
            WatchMessage::default(),
            "the first message is empty"
        );
        Ok(stream)
    }

    async fn message(&mut self) -> Result<WatchMessage, Status> {
        let message = timeout(PATIENCE, self.0.message())
            .await
            .expect("a message comes")?;
        Ok(message.expect("the stream goes on"))
    }

    async fn next(&mut self) -> Seen {
        let message = self.message().await.unwrap();
        let version = message
            .version
            .expect("every message has its version")
            .index;
        let events = message.events.into_iter().map(|event| {
            let service = service_of(event.object);
            let action = WatchActionKind::try_from(event.action).unwrap();
            (action, service.name().to_owned())
        });
        (version, events.collect())
    }
}

fn service_of(object: Option<store_objects::wire::Object>) -> Service {
    match object.and_then(|object| object.object) {
        Some(Kind::Service(service)) => service,
        other => panic!("{other:?} is not a service"),
    }
}

fn version(service: &Service) -> u64 {
    service.meta.unwrap().version.unwrap().index
}

async fn made(client: &mut ControlClient<Channel>, name: &str) -> Service {
    client
        .create_service(create(name))
        .await
        .unwrap()
        .into_inner()
        .service
        .unwrap()
}

async fn changed(client: &mut ControlClient<Channel>, old: &Service, replicas: u64) -> Service {
    let mut spec = old.spec.clone().unwrap();
    spec.mode = Some(support::replicated(replicas));
    let request = UpdateServiceRequest {
        service_id: old.id.clone(),
        service_version: old.meta.unwrap().version,
        spec: Some(Shared::into_inner(spec)),
        rollback: 0,
    };
    client
        .update_service(request)
        .await
        .unwrap()
        .into_inner()
        .service
        .unwrap()
}

#[tokio::test]
async fn a_client_sees_every_change_with_its_version_also_across_a_restart() {
    use WatchActionKind::{
        WatchActionCreate as Create, WatchActionRemove as Remove, WatchActionUpdate as Update,
    };
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut client = server.control().await;
    let mut stream = Stream::open(&server, services(vec![])).await.unwrap();
    let mut named = Stream::open(&server, services(vec![By::NamePrefix("w".to_owned())]))
        .await
        .unwrap();

    let web = made(&mut client, "web").await;
    let api = made(&mut client, "api").await;
    let web2 = changed(&mut client, &web, 2).await;
    client
        .remove_service(RemoveServiceRequest {
            service_id: api.id.clone(),
        })
        .await
        .unwrap();

    let event = |action, name: &str| vec![(action, name.to_owned())];
    let history = [
        (version(&web), event(Create, "web")),
        (version(&api), event(Create, "api")),
        (version(&web2), event(Update, "web")),
        (version(&web2) + 1, event(Remove, "api")),
    ];
    for expected in &history {
        assert_eq!(stream.next().await, *expected);
    }
    assert_eq!(named.next().await, history[0]);
    assert_eq!(named.next().await, history[2]);

    drop(server);
    let server = Stated::start(directory.path());
    for after in 0..history.len() {
        let resume_from = Some(Version {
            index: history[after].0,
        });
        let mut resumed = Stream::open(
            &server,
            WatchRequest {
                resume_from,
                ..services(vec![])
            },
        )
        .await
        .unwrap();
        for expected in &history[after + 1..] {
            assert_eq!(resumed.next().await, *expected, "resumed after {after}");
        }
        let late = made(&mut server.control().await, &format!("late-{after}")).await;
        let mut next = resumed.next().await;
        while next.0 < version(&late) {
            next = resumed.next().await;
        }
        assert_eq!(
            next.1,
            event(Create, &format!("late-{after}")),
            "it goes on with what happens"
        );
    }
}

#[tokio::test]
async fn the_old_object_comes_when_it_is_asked_for_also_when_resumed() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut client = server.control().await;
    let web = made(&mut client, "web").await;
    let request = WatchRequest {
        include_old_object: true,
        ..services(vec![By::Id(web.id.clone())])
    };
    let mut live = Stream::open(&server, request.clone()).await.unwrap();
    let updated = changed(&mut client, &web, 2).await;
    let resume_from = web.meta.unwrap().version;
    let mut resumed = Stream::open(
        &server,
        WatchRequest {
            resume_from,
            ..request
        },
    )
    .await
    .unwrap();
    for stream in [&mut live, &mut resumed] {
        let mut message = stream.message().await.unwrap();
        let event = message.events.remove(0);
        assert_eq!(service_of(event.old_object), web);
        assert_eq!(service_of(event.object), updated);
    }
    let mut without = Stream::open(
        &server,
        WatchRequest {
            resume_from,
            ..services(vec![])
        },
    )
    .await
    .unwrap();
    assert_eq!(without.message().await.unwrap().events[0].old_object, None);
}

#[tokio::test]
async fn a_request_that_cannot_be_watched_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let refused = async |request: WatchRequest| {
        Stream::open(&server, request)
            .await
            .err()
            .expect("it is refused")
    };
    let entry = |kind: &str, action, filters: &[By]| WatchRequest {
        entries: vec![WatchEntry {
            kind: kind.to_owned(),
            action,
            filters: filters
                .iter()
                .map(|by| SelectBy {
                    by: Some(by.clone()),
                })
                .collect(),
        }],
        ..WatchRequest::default()
    };
    let id = By::Id("a".to_owned());
    let prefix = By::IdPrefix("b".to_owned());
    for (request, text) in [
        (
            entry("", 0, &[id.clone(), id.clone()]),
            "no kind of object specified; entries[0]: ",
        ),
        (
            entry("service", 0, &[id.clone(), prefix]),
            "conflicting filters specified; entries[0]: ",
        ),
        (
            entry("service", 8, &[id]),
            "unrecognized action; entries[0]: ",
        ),
    ] {
        let status = refused(request).await;
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert!(status.message().starts_with(text), "{}", status.message());
    }
    let future = WatchRequest {
        resume_from: Some(Version { index: 1 << 40 }),
        ..services(vec![])
    };
    let status = refused(future).await;
    assert_eq!(status.code(), Code::OutOfRange);
    assert!(
        status
            .message()
            .starts_with("versions are out of order; version 1099511627776 was asked for"),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_watch_of_nothing_gives_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut silent = Stream::open(&server, WatchRequest::default())
        .await
        .unwrap();
    made(&mut server.control().await, "web").await;
    server.ask_to_end();
    let status = silent.message().await.unwrap_err();
    assert_eq!(
        status.code(),
        Code::Unavailable,
        "nothing came before the end: {status:?}"
    );
}
