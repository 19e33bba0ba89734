//! `store-bench`: the engine of `store-core`, and its watches, beside their peers, on the same work; and the commit pipeline of
//! a whole store.
//!
//! A person starts it by `cargo xtask bench engine`, which is `store-bench compare`, by `cargo xtask bench watch`, or by
//! `cargo xtask bench pipeline`. The first two start this program again for every peer and pass, each in a process of its
//! own, so that none inherits another's heap. This file only parses and calls.

mod args;
mod case;
mod compare;
mod counting;
mod dataset;
mod effort;
mod engine;
mod go;
mod measure;
mod pipeline;
mod report;
mod swarmkit;
mod task;
mod watch;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use serde::Serialize;

use args::{Cli, Command};

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Compare(options) => compare::run(&options),
        Command::Pipeline(options) => pipeline::run(&options),
        Command::Run(options) => print(&measure::run(&options)?),
        Command::Watch(options) => watch::compare::run(&options),
        Command::WatchRun(options) => print(&watch::measure::run(&options)?),
    }
}

/// Prints a result as one line of JSON, for the process that asked for it.
fn print(measured: &impl Serialize) -> Result<()> {
    let line = serde_json::to_string(measured).context("failed to write the result")?;
    println!("{line}");
    Ok(())
}
