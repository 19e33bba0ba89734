//! `cargo xtask verify [WHAT]`: what is too slow, or asks for too much, to be run with every change; the simulation where
//! nothing is named.
//!
//! `sanitizers` and `fuzz` need a nightly compiler, `loom` needs time. Each builds in a directory of
//! its own below `target`, so that nothing else is rebuilt because of it.

mod fuzz;
mod loom;
mod mutations;
mod nightly;
mod sanitizers;
mod simulation;

use anyhow::Result;
use clap::Subcommand;

pub(crate) use simulation::Seeds;

/// The one platform that sanitizers and fuzzing are set up for. Naming it makes cargo tell the
/// compiler of our code from that of build scripts, which must not be instrumented.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// What to verify.
#[derive(Subcommand)]
pub(crate) enum What {
    /// Run the engine's tests under the address and thread sanitizers and under valgrind.
    Sanitizers {
        /// Which of them; all that this machine can run when none is given.
        #[arg(value_name = "SANITIZER", value_enum)]
        only: Vec<sanitizers::Sanitizer>,
    },
    /// Try the protocols between threads in every order of their steps.
    Loom {
        /// Only the models whose names contain this.
        #[arg(value_name = "MODEL")]
        only: Option<String>,
    },
    /// Break the store in known ways, and see whether the simulation notices.
    Mutations,
    /// Feed a store with operations made of arbitrary bytes, beside a plain map.
    Fuzz {
        /// How long.
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u32,
        /// The fuzz target.
        #[arg(default_value = fuzz::TARGETS[0], value_parser = fuzz::TARGETS)]
        target: String,
    },
}

/// Verifies what is named, or runs the simulation with these seeds.
///
/// # Errors
/// Something was found, or what is needed for it is missing; the error says what to install.
pub(crate) fn run(what: Option<&What>, seeds: Seeds) -> Result<()> {
    let Some(what) = what else {
        return simulation::run(seeds);
    };
    match what {
        What::Mutations => mutations::run(),
        What::Sanitizers { only } => sanitizers::run(only),
        What::Loom { only } => loom::run(only.as_deref()),
        What::Fuzz { seconds, target } => fuzz::run(*seconds, target),
    }
}
