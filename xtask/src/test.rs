//! `cargo xtask test`: the tests, by the command that the README shows to everybody.
//!
//! Taking the command from there keeps the README true: were it wrong, CI would fail with it.

use anyhow::Result;

use crate::command_line::CommandLine;
use crate::{markdown, workspace};

/// The tests of store-core that are about the engine, besides its own in the library: those that compare what it does with
/// something simpler. A test that belongs to them is added here.
pub(crate) const ENGINE: &str = "--test model --test transactions --test queries --test indexes";

/// Runs the README's test command: unit, integration and doc tests.
///
/// # Errors
/// The README shows no such command, or a test fails.
pub(crate) fn run() -> Result<()> {
    let readme = workspace::readme()?;
    CommandLine::parse(markdown::command(&readme, "cargo test")?)?.run()
}

/// Runs the engine's tests on its memory without `unsafe`, which the feature `safe-memory` puts in the place of the other.
///
/// # Errors
/// A test fails.
pub(crate) fn run_on_twin() -> Result<()> {
    let line = format!("cargo test --package store-core --features safe-memory --lib {ENGINE}");
    CommandLine::parse(&line)?.run()
}
