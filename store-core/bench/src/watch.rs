//! Watches beside their peers: `cargo xtask bench watch`.
//!
//! One file measures, on whatever implements [`peer::Peer`]; the Go harness follows it name by name.

pub(crate) mod args;
mod broadcast;
mod case;
pub(crate) mod compare;
pub(crate) mod measure;
mod ours;
mod peer;
mod report;
mod tasks;
