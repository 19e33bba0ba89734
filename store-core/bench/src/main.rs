//! `store-bench`: the engine of `store-core` beside its peers, on the same work.
//!
//! A person starts it by `cargo xtask bench engine`, which is `store-bench compare`; that starts
//! `store-bench run` once for every engine, size and pass, each in a process of its own, so that none inherits another's
//! heap. This file only parses and calls.

mod args;
mod case;
mod compare;
mod counting;
mod dataset;
mod effort;
mod engine;
mod measure;
mod memdb;
mod report;
mod task;

use anyhow::{Context as _, Result};
use clap::Parser as _;

use args::{Cli, Command};

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Compare(options) => compare::run(&options),
        Command::Run(options) => {
            let measured = measure::run(&options)?;
            let line = serde_json::to_string(&measured).context("failed to write the result")?;
            println!("{line}");
            Ok(())
        }
    }
}
