//! The rules for requests: what is refused whatever the state of the cluster is, and in which words.
//!
//! Pure functions on wire types. Nothing here knows the store, the network or gRPC; where a rule needs objects that
//! exist (ports in use, the node for a constraint), they are arguments. The rules and their order are those of the SwarmKit
//! control API, so that a client cannot tell the two apart; where we differ, `DIFFERENCES.md` says why.
//!
//! | rules for | here |
//! |---|---|
//! | any request | [`request`] |
//! | services | [`service_spec`], [`ports_free`], [`needs_ingress`], [`not_found`] |
//! | networks, volumes, clusters | [`network_spec`], [`volume_spec`], [`volume_change`], [`cluster_spec`] |
//! | secrets, configs | [`secret_spec`], [`config_spec`] |
//! | tasks | [`Constraint`], [`runtime_name`] |

#[cfg(test)]
mod cases;
mod cluster;
mod constraint;
mod container;
mod data;
mod duration;
mod endpoint;
mod expansion;
mod go;
mod image;
mod invalid;
mod mode;
mod name;
mod network;
mod references;
mod resources;
mod restart;
mod runtime;
mod service;
mod subnet;
mod template;
mod volume;

pub mod request;

pub use cluster::cluster_spec;
pub use constraint::Constraint;
pub use data::{config_spec, secret_spec};
pub use endpoint::{needs_ingress, ports_free};
pub use invalid::{Code, Invalid};
pub use network::network_spec;
pub use references::not_found;
pub use runtime::runtime_name;
pub use service::service_spec;
pub use volume::{volume_change, volume_spec};
