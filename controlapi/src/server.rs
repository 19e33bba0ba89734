//! `stated`: the API of a store, served on a unix socket until a signal ends it.
//!
//! # How it ends
//! 1. It accepts no more connections and requests, and its health is `NOT_SERVING`.
//! 2. Watches end, with a status that says from where to resume; running requests finish, within a bound.
//! 3. The log is closed, the socket's file is removed.
//!
//! It ends in the same way, with an error, when its log can no longer be written: a full disk, for one. Only a new start helps then,
//! and whoever started it should know.
//!
//! A killed server leaves the socket's file behind and loses nothing that it has acknowledged; the next one replaces it.

mod dialect;
mod log_health;
mod options;
mod run;
mod socket;

pub use self::dialect::REQUEST_BYTES_MAX;
pub use self::options::Options;
pub use self::run::{RunError, run};
pub use self::socket::{BindError, PATH_BYTES_MAX, SocketFile, bind};

use std::io;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use proposer::Proposer;
use store_core::{Changes, Store};
use store_objects::{Orchestration, wire};
use tokio_stream::wrappers::UnixListenerStream;

use crate::control::ControlService;
use crate::ending;
use crate::rpc::control_server::ControlServer;
use crate::rpc::watch_server::WatchServer;
use crate::watch::WatchService;

/// The names under which the health service knows this server: as a whole, and as SwarmKit's clients ask for it.
const HEALTH_NAMES: [&str; 2] = ["", "ControlAPI"];

/// Serves the API of a store until `end` is ready; then running requests get `drain` to finish.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve<P: Proposer<Changes<Orchestration>>>(
    store: Store<Orchestration, P>,
    listener: UnixListener,
    end: impl Future<Output = ()> + Send,
    drain: Duration,
) -> io::Result<()> {
    let (ending_sender, ending) = ending::channel();
    let (health, health_service) = tonic_health::server::health_reporter();
    for name in HEALTH_NAMES {
        health
            .set_service_status(name, tonic_health::ServingStatus::Serving)
            .await;
    }
    let control = ControlServer::new(ControlService::new(store.clone()))
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(usize::MAX);
    let watch = WatchServer::new(WatchService::new(store, ending.clone()))
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(usize::MAX);
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(wire::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name("docker.swarmkit.v1.Control")
        .with_service_name("docker.swarmkit.v1.Watch")
        .with_service_name("grpc.health.v1.Health")
        .build_v1()
        .map_err(io::Error::other)?;

    let incoming = UnixListenerStream::new(tokio::net::UnixListener::from_std(listener)?);
    let ended = async move {
        end.await;
        for name in HEALTH_NAMES {
            health
                .set_service_status(name, tonic_health::ServingStatus::NotServing)
                .await;
        }
        ending_sender.begin();
    };
    let server = tonic::transport::Server::builder()
        .layer(dialect::DialectLayer)
        .add_service(control)
        .add_service(watch)
        .add_service(health_service)
        .add_service(reflection)
        .serve_with_incoming_shutdown(incoming, ended);
    let too_long = async {
        ending.begun().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        result = server => result.map_err(io::Error::other),
        () = too_long => {
            tracing::warn!(?drain, "requests are still running; they are cut off");
            Ok(())
        }
    }
}
