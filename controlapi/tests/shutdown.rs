//! A server that is asked to end lets running requests finish, ends watches, removes its socket and exits with 0.

mod support;

use std::time::Instant;

use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{ListServicesRequest, WatchRequest};
use support::{PATIENCE, Stated, create};
use tokio::time::timeout;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt as _;

#[tokio::test]
async fn it_ends_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut client = server.control().await;
    let made = client
        .create_service(create("web"))
        .await
        .unwrap()
        .into_inner()
        .service
        .unwrap();
    let entry = WatchEntry {
        kind: "service".to_owned(),
        action: 7,
        filters: Vec::new(),
    };
    let request = WatchRequest {
        entries: vec![entry],
        ..WatchRequest::default()
    };
    let mut watch = server
        .watch()
        .await
        .watch(request)
        .await
        .unwrap()
        .into_inner();
    watch
        .message()
        .await
        .unwrap()
        .expect("the first message is empty");

    let asked = Instant::now();
    server.ask_to_end();
    let status = timeout(PATIENCE, watch.message())
        .await
        .expect("the watch ends")
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(
        status
            .message()
            .starts_with("the watch ended: the server is shutting down; resume it from version ")
    );
    let version = made.meta.unwrap().version.unwrap().index.to_string();
    assert_eq!(
        status.get_details_error_info().unwrap().metadata["resume_from"],
        version
    );

    // Open connections do not keep it.
    let socket = server.socket().to_owned();
    assert_eq!(server.ended().code(), Some(0));
    assert!(!socket.exists());
    assert!(asked.elapsed() < PATIENCE);

    let server = Stated::start(directory.path());
    let services = server
        .control()
        .await
        .list_services(ListServicesRequest::default())
        .await
        .unwrap();
    assert_eq!(services.into_inner().services, [made]);
}

#[tokio::test]
async fn it_is_healthy_and_describes_itself() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut health = HealthClient::new(server.channel().await);
    for service in ["", "ControlAPI"] {
        let answer = health
            .check(HealthCheckRequest {
                service: service.to_owned(),
            })
            .await
            .unwrap();
        assert_eq!(
            answer.into_inner().status(),
            ServingStatus::Serving,
            "{service:?}"
        );
    }
    let unknown = health
        .check(HealthCheckRequest {
            service: "Unknown".to_owned(),
        })
        .await
        .unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);

    let services = support::reflected_services(&server).await;
    for service in [
        "docker.swarmkit.v1.Control",
        "docker.swarmkit.v1.Watch",
        "grpc.health.v1.Health",
    ] {
        assert!(services.iter().any(|name| name == service), "{services:?}");
    }
}
