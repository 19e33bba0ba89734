//! A server whose log can no longer be written ends, and says why.
//!
//! It went on, and answered every further change by `node lost leader status; try again`, for as long as it ran: nothing in what it
//! logged, nor its health, told of it.

mod support;

use std::io;
use std::process::{Command, Stdio};

use store_objects::wire::{Annotations, ConfigSpec, CreateConfigRequest, ListConfigsRequest};
use support::{PATIENCE, Stated, command, socket_in};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tonic::Code;

fn config(number: usize) -> CreateConfigRequest {
    CreateConfigRequest {
        spec: Some(ConfigSpec {
            annotations: Some(Annotations {
                name: format!("config-{number}"),
                ..Annotations::default()
            }),
            data: vec![b'x'; 200_000],
            ..ConfigSpec::default()
        }),
    }
}

#[tokio::test]
async fn it_ends_and_has_everything_that_it_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(directory.path());
    let stated = command(&directory.path().join("state"), &socket);
    // A file that has grown to its limit is the nearest to a full disk that needs no rights.
    let mut limited = Command::new("sh");
    limited
        .args(["-c", r#"trap "" XFSZ; ulimit -f 1024; exec "$@""#, "sh"])
        .arg(stated.get_program())
        .args(stated.get_args())
        .env_remove("RUST_LOG")
        .stderr(Stdio::piped());
    let mut server = Stated::start_by(limited, socket);
    let mut client = server.control().await;
    let mut made = 0;
    let status = loop {
        match client.create_config(config(made)).await {
            Ok(_) => made += 1,
            Err(status) => break status,
        }
        assert!(made < 100, "the limit holds");
    };
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    let stderr = server.stderr();
    let said = spawn_blocking(|| io::read_to_string(stderr));
    let said = timeout(PATIENCE, said).await.expect("it ends");
    let said = said.unwrap().unwrap();
    assert_eq!(server.ended().code(), Some(3), "{said}");
    assert!(said.contains("has failed: File too large"), "{said}");
    assert!(said.contains("then start the server again"), "{said}");

    let server = Stated::start(directory.path());
    let configs = server
        .control()
        .await
        .list_configs(ListConfigsRequest::default())
        .await
        .unwrap();
    let configs = configs.into_inner().configs.len();
    // What was not acknowledged may be there all the same.
    assert!((made..=made + 1).contains(&configs), "{configs} of {made}");
}
