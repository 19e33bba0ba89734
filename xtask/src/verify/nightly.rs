//! The nightly compiler: for the flags that a stable one does not take.
//!
//! It is found by rustup's name for it. Cargo's `+nightly` would not do: the cargo that runs us is
//! that of one toolchain, and knows nothing of the others.

use anyhow::{Result, bail};

use crate::command_line::CommandLine;

const RUN: &str = "rustup run nightly";

/// `cargo` with `arguments`, of the nightly toolchain.
///
/// # Errors
/// As [`CommandLine::parse`].
pub(super) fn cargo(arguments: &str) -> Result<CommandLine> {
    CommandLine::parse(&format!("{RUN} cargo {arguments}"))
}

/// Checks that there is a nightly toolchain.
///
/// # Errors
/// There is none; the error says how to install it.
pub(super) fn find() -> Result<()> {
    if CommandLine::parse(&format!("{RUN} rustc --version"))?.succeeds() {
        return Ok(());
    }
    bail!("it needs a nightly compiler: rustup toolchain install nightly --profile minimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_that_of_nightly() {
        let shown = cargo("test --lib").unwrap().to_string();
        assert_eq!(shown, "rustup run nightly cargo test --lib");
    }
}
