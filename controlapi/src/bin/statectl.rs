//! `statectl`: the command line of the control API. All of it lives in [`controlapi::cli`].

use std::process::ExitCode;

use clap::Parser as _;
use controlapi::cli::Cli;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("{}", error.report());
            error.exit().into()
        }
    }
}
