//! The gRPC services of `docker.swarmkit.v1`: clients, and the traits that servers implement.
//!
//! The code is generated from the `.proto` files of `store-objects`, and so are the messages, which live in
//! [`store_objects::wire`].

#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, reason = "generated")]
#[path = "generated/swarmkit.rs"]
mod swarmkit;

pub use swarmkit::{control_client, control_server, watch_client, watch_server};
