//! `cargo xtask verify <what>`: what is too slow, or asks for too much, to be run with every change.
//!
//! Each builds in a directory of its own below `target`, so that nothing else is rebuilt because of
//! it.

mod loom;

use anyhow::Result;
use clap::Subcommand;

/// What to verify.
#[derive(Subcommand)]
pub(crate) enum What {
    /// Try the protocols between threads in every order of their steps.
    Loom {
        /// Only the models whose names contain this.
        #[arg(value_name = "MODEL")]
        only: Option<String>,
    },
}

/// Verifies what is named.
///
/// # Errors
/// Something was found, or what is needed for it is missing; the error says what to install.
pub(crate) fn run(what: &What) -> Result<()> {
    match what {
        What::Loom { only } => loom::run(only.as_deref()),
    }
}
