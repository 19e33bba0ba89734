//! `cargo xtask build`: the release binaries.

use anyhow::Result;

use crate::command_line::CommandLine;

/// Builds `stated` and `statectl` as they are shipped.
///
/// # Errors
/// The build fails.
pub(crate) fn run() -> Result<()> {
    CommandLine::parse("cargo build --release --package controlapi --bin stated --bin statectl")?
        .run()
}
