//! `cargo xtask test`: the tests, by the command that the README shows to everybody.
//!
//! Taking the command from there keeps the README true: were it wrong, CI would fail with it.

use anyhow::Result;

use crate::command_line::CommandLine;
use crate::{markdown, workspace};

/// Runs the README's test command: unit, integration and doc tests.
///
/// # Errors
/// The README shows no such command, or a test fails.
pub(crate) fn run() -> Result<()> {
    let readme = workspace::readme()?;
    CommandLine::parse(markdown::command(&readme, "cargo test")?)?.run()
}
