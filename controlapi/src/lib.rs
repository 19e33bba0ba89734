#![doc = include_str!("../README.md")]

pub mod rpc;

pub mod place;

pub mod validate;

mod refusal;

mod status;

mod authority;

mod control;

mod watch;

mod ending;

mod bootstrap;

pub mod server;

pub mod cli;

pub use bootstrap::{BootstrapError, CLUSTER_NAME, INGRESS_NAME, bootstrap};
pub use control::ControlService;
pub use ending::{Ending, EndingSender, channel as ending};
pub use refusal::{Refusal, WatchEnded};
pub use status::DOMAIN;
pub use watch::{TRANSACTIONS_BEHIND_MAX, WatchService};

/// The example of the workspace's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
