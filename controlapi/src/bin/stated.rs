//! `stated`, the server: see [`controlapi::server`].

use std::process::ExitCode;

use clap::Parser as _;
use controlapi::server::{Options, run};

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stated: {error}");
            error.exit_code()
        }
    }
}
