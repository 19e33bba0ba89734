//! `stated`, the server: see [`controlapi::server`].

use std::process::ExitCode;

use clap::Parser as _;
use controlapi::server::{Options, RunError, run};

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The text holds its causes already; the chain of them would tell them twice.
            eprintln!("stated: {error}");
            error
                .downcast_ref()
                .map_or(ExitCode::FAILURE, RunError::exit_code)
        }
    }
}

fn start() -> anyhow::Result<()> {
    Ok(run(&Options::parse())?)
}
