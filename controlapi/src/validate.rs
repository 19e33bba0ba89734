//! The rules for requests: what is refused whatever the state of the cluster is, and in which words.
//!
//! Pure functions on wire types. Nothing here knows the store, the network or gRPC; where a rule needs objects that
//! exist (ports in use, the node of a task), they are arguments. The rules and their order are those of the SwarmKit
//! control API, so that a client cannot tell the two apart; where we differ, `DIFFERENCES.md` says why.
//!
//! | rules for | here |
//! |---|---|
//! | any request | [`request`] |
//! | services | [`service_spec`], [`ports_free`], [`needs_ingress`], [`not_found`] |
//! | networks, volumes, clusters | [`network_spec`], [`volume_spec`], [`volume_change`], [`cluster_spec`] |
//! | secrets, configs | [`secret_spec`], [`config_spec`] |
//! | lists | [`filter`], [`is_dirty`] |
//! | answers | [`insert_defaults`], [`redact_cluster`], [`redact_secret`] |

mod cluster;
mod constraint;
mod container;
mod data;
mod defaults;
mod duration;
mod endpoint;
mod expansion;
mod go;
mod image;
mod invalid;
mod mode;
mod name;
mod network;
mod redact;
mod references;
mod resources;
mod restart;
mod runtime;
mod service;
mod subnet;
mod task;
mod template;
mod volume;

pub mod filter;
pub mod request;

pub use cluster::cluster_spec;
pub use constraint::Constraint;
pub use data::{config_spec, secret_spec};
pub use defaults::insert_defaults;
pub use endpoint::{needs_ingress, ports_free};
pub use invalid::{Code, Invalid};
pub use name::{data_name, dns_name};
pub use network::network_spec;
pub use redact::{redact_cluster, redact_secret};
pub use references::not_found;
pub use runtime::runtime_name;
pub use service::service_spec;
pub use task::{is_dirty, task_name};
pub use volume::{volume_change, volume_spec};
