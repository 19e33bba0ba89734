//! `cargo xtask verify loom [MODEL]`: the models in `tests/loom.rs` of the crates that have some, and those of the engine.
//!
//! A release build, since a model is run thousands of times; with assertions, since they are what a
//! model is about.

use std::env;

use anyhow::Result;

use crate::command_line::CommandLine;

/// How many times a model may take a thread off the processor where it did not give way by itself.
/// Nearly every known bug shows with two; each more multiplies the time.
const PREEMPTIONS: (&str, &str) = ("LOOM_MAX_PREEMPTIONS", "3");

/// The models among the unit tests; the others know nothing of loom.
const ENGINE: &str = "engine::tests::publication";

/// Runs the models, or those whose names contain `only`.
///
/// # Errors
/// A model fails.
pub(super) fn run(only: Option<&str>) -> Result<()> {
    let given = env::var(PREEMPTIONS.0).ok();
    for package in ["watch-queue", "store-core"] {
        command(package, "--test loom", only, given.as_deref())?.run()?;
    }
    let only = Some(only.unwrap_or(ENGINE));
    command("store-core", "--lib", only, given.as_deref())?.run()
}

/// The command, with as many preemptions as are `given`.
fn command(
    package: &str,
    target: &str,
    only: Option<&str>,
    given: Option<&str>,
) -> Result<CommandLine> {
    let line =
        format!("cargo test --package {package} {target} --release --target-dir target/loom");
    Ok(CommandLine::parse(&line)?
        .env("RUSTFLAGS", "--cfg loom")
        .env("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true")
        .env(PREEMPTIONS.0, given.unwrap_or(PREEMPTIONS.1))
        .program_args(only))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_given_and_the_user_decides_on_preemptions() {
        let shown = command("store-core", "--lib", None, None)
            .unwrap()
            .to_string();
        assert!(shown.starts_with("RUSTFLAGS='--cfg loom' "), "{shown}");
        assert!(shown.contains("LOOM_MAX_PREEMPTIONS=3 cargo test"));
        let shown = command("store-core", "--lib", Some("close"), Some("5"))
            .unwrap()
            .to_string();
        assert!(shown.contains("LOOM_MAX_PREEMPTIONS=5 cargo test"));
        assert!(shown.ends_with(" -- close"), "{shown}");
    }
}
