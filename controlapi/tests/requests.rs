//! Requests that are wrong, put to a real server: each gets the right code, and a text that says what to do.

mod support;

use store_objects::wire::{
    Annotations, CreateServiceRequest, GetServiceRequest, RemoveServiceRequest,
    UpdateServiceRequest, Version,
};
use support::{Stated, create, service};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, text: &str) -> Status {
    let status = answer.unwrap_err();
    assert_eq!((status.code(), status.message()), (code, text));
    status
}

#[tokio::test]
async fn what_is_wrong_is_said() {
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
    let (id, version) = (made.id, made.meta.unwrap().version.unwrap());

    let taken = client.create_service(create("WEB")).await;
    let text = format!(
        "name conflicts with an existing object: service WEB already exists; service {id} has that name"
    );
    let status = refused(taken, Code::AlreadyExists, &text);
    assert_eq!(
        status.get_details_error_info().unwrap().metadata["holder"],
        id
    );

    let update = |seen| UpdateServiceRequest {
        service_id: id.clone(),
        service_version: Some(Version { index: seen }),
        spec: Some(service("web")),
        rollback: 0,
    };
    let stale = client.update_service(update(version.index - 1)).await;
    let text = format!(
        "update out of sequence; service {id} has version {}, the update was made from version {}: read it again and \
         repeat the change",
        version.index,
        version.index - 1
    );
    let status = refused(stale, Code::Aborted, &text);
    let info = status.get_details_error_info().unwrap();
    assert_eq!(
        (info.reason.as_str(), &info.metadata["stored"]),
        ("VERSION_CONFLICT", &version.index.to_string())
    );
    client.update_service(update(version.index)).await.unwrap();

    let unknown = GetServiceRequest {
        service_id: "nope".to_owned(),
        insert_defaults: false,
    };
    refused(
        client.get_service(unknown).await,
        Code::NotFound,
        "service nope not found",
    );
    let unknown = RemoveServiceRequest {
        service_id: "nope".to_owned(),
    };
    refused(
        client.remove_service(unknown).await,
        Code::NotFound,
        "service nope not found",
    );

    let empty = client.create_service(CreateServiceRequest::default()).await;
    let status = refused(
        empty,
        Code::InvalidArgument,
        "invalid argument; spec: must be given",
    );
    assert_eq!(
        status.get_details_bad_request().unwrap().field_violations[0].field,
        "spec"
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut client = server.control().await;
    let labelled = |bytes: usize| {
        let mut spec = service("large");
        let labels = [("padding".to_owned(), "x".repeat(bytes))].into();
        spec.annotations = Some(Annotations {
            name: "large".to_owned(),
            labels,
            ..Annotations::default()
        });
        CreateServiceRequest { spec: Some(spec) }
    };
    let request = labelled(5 << 20);
    let bytes = prost::Message::encoded_len(&request);
    let text = format!("grpc: received message larger than max ({bytes} vs. 4194304)");
    refused(
        client.create_service(request).await,
        Code::ResourceExhausted,
        &text,
    );

    let status = client.create_service(labelled(2 << 20)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let text = "raft: raft message is too large and can't be sent; the transaction has ";
    assert!(status.message().starts_with(text), "{}", status.message());

    // The server has come to no harm.
    client.create_service(labelled(1 << 20)).await.unwrap();
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<GetServiceRequest, GetServiceRequest>::default();
    let path =
        tonic::codegen::http::uri::PathAndQuery::from_static("/docker.swarmkit.v1.Control/Fly");
    let answer = grpc
        .unary(
            tonic::Request::new(GetServiceRequest::default()),
            path,
            codec,
        )
        .await;
    refused(
        answer,
        Code::Unimplemented,
        "unknown method Fly for service docker.swarmkit.v1.Control",
    );
}
