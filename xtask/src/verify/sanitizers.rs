//! `cargo xtask verify sanitizers [SANITIZER]...`: the engine's tests, watched for what safe code
//! cannot do and `unsafe` code can.
//!
//! The compiler's sanitizers see every access of ours, but not those inside the standard library,
//! which comes built without them. What follows from that for the thread sanitizer is said in
//! `thread.supp`. Valgrind sees every access, also into memory that was never written, but knows
//! neither the order between threads nor the bounds of what lies on a stack.

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;

use crate::command_line::CommandLine;
use crate::test;

use super::{PLATFORM, nightly};

/// A way to watch a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sanitizer {
    /// Use of freed memory, access out of bounds, leaks.
    Address,
    /// Data races.
    Thread,
    /// Use of memory that was never written, and what `address` finds on the heap.
    Valgrind,
}

/// Tests of one run of cargo.
struct Suite {
    targets: &'static str,
    /// Only those whose names contain this.
    filter: Option<&'static str>,
}

/// The tests of store-core that are about the engine: its own, and the others.
const SUITES: &[Suite] = &[
    Suite {
        targets: "--lib",
        filter: Some("engine::"),
    },
    Suite {
        targets: test::ENGINE,
        filter: None,
    },
];

/// How many cases of a random test are run under valgrind, which takes some thirty times as long.
const VALGRIND_CASES: &str = "4";

/// Runs the sanitizers named in `only`, or all.
///
/// # Errors
/// A sanitizer finds something, a test fails, or a sanitizer that was named, or every one, is
/// missing.
pub(super) fn run(only: &[Sanitizer]) -> Result<()> {
    let skipped = run_each(only, Sanitizer::find, |sanitizer| {
        for suite in SUITES {
            sanitizer.command(suite)?.run()?;
        }
        Ok(())
    })?;
    for (sanitizer, reason) in &skipped {
        println!("skipped: {sanitizer}: {reason}");
    }
    Ok(())
}

/// Runs what can be run of `only`, or of all; which were skipped, and why.
fn run_each(
    only: &[Sanitizer],
    find: impl Fn(Sanitizer) -> Result<()>,
    run: impl Fn(Sanitizer) -> Result<()>,
) -> Result<Vec<(&'static str, String)>> {
    let all = Sanitizer::value_variants();
    let mut skipped = Vec::new();
    for sanitizer in if only.is_empty() { all } else { only } {
        let name = sanitizer.name();
        println!("\n==> {name}");
        match find(*sanitizer) {
            Ok(()) => run(*sanitizer).with_context(|| {
                format!("`{name}` failed; to run it alone: cargo xtask verify sanitizers {name}")
            })?,
            Err(missing) if only.is_empty() => skipped.push((name, missing.to_string())),
            Err(missing) => bail!("`{name}` cannot be run: {missing}"),
        }
    }
    ensure!(
        skipped.len() < all.len(),
        "no sanitizer can be run: {}",
        skipped[0].1
    );
    Ok(skipped)
}

impl Sanitizer {
    /// The name by which it is chosen.
    const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Thread => "thread",
            Self::Valgrind => "valgrind",
        }
    }

    /// Checks that this machine has what it needs.
    ///
    /// # Errors
    /// Something is missing; the error says how to install it.
    fn find(self) -> Result<()> {
        match self {
            Self::Address | Self::Thread => nightly::find(),
            Self::Valgrind if CommandLine::parse("valgrind --version")?.succeeds() => Ok(()),
            Self::Valgrind => bail!("it needs valgrind: apt-get install valgrind"),
        }
    }

    /// What runs a suite under it.
    fn command(self, suite: &Suite) -> Result<CommandLine> {
        let name = self.name();
        let test = format!(
            "test --package store-core {} --target {PLATFORM} --target-dir target/sanitizers/{name}",
            suite.targets
        );
        let command = match self {
            Self::Address => nightly::cargo(&test)?
                .env("RUSTFLAGS", "-Zsanitizer=address")
                .env(
                    "ASAN_OPTIONS",
                    "detect_leaks=1:detect_stack_use_after_return=1",
                )
                .program_args(None::<&str>),
            Self::Thread => nightly::cargo(&test)?
                // The standard library is built without; the compiler wants to be told that we know.
                .env(
                    "RUSTFLAGS",
                    "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer --cfg=tsan",
                )
                // Tests are run in store-core. The second option is explained where the first one leads.
                .env(
                    "TSAN_OPTIONS",
                    "suppressions=../xtask/src/verify/thread.supp:force_seq_cst_atomics=1",
                )
                .program_args(["--test-threads=1"]),
            Self::Valgrind => CommandLine::parse(&format!("cargo {test}"))?
                .env("PROPTEST_CASES", VALGRIND_CASES)
                .env(
                    "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER",
                    "valgrind --quiet --error-exitcode=1 --leak-check=full \
                     --suppressions=../xtask/src/verify/valgrind.supp",
                )
                .program_args(["--test-threads=1"]),
        };
        Ok(command.args(suite.filter))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn shown(sanitizer: Sanitizer) -> String {
        sanitizer.command(&SUITES[0]).unwrap().to_string()
    }

    #[test]
    fn a_name_is_the_word_of_the_command_line() {
        for sanitizer in Sanitizer::value_variants() {
            let word = sanitizer.to_possible_value().unwrap();
            assert_eq!(word.get_name(), sanitizer.name());
        }
    }

    #[test]
    fn each_has_its_flags_and_a_directory_of_its_own() {
        let address = shown(Sanitizer::Address);
        assert!(address.starts_with("RUSTFLAGS=-Zsanitizer=address "));
        assert!(address.contains("rustup run nightly cargo test --package store-core --lib"));
        assert!(address.ends_with("--target-dir target/sanitizers/address -- engine::"));
        let thread = shown(Sanitizer::Thread);
        assert!(thread.contains("-Zsanitizer=thread"), "{thread}");
        assert!(
            thread.ends_with("target/sanitizers/thread -- --test-threads=1 engine::"),
            "{thread}"
        );
        let valgrind = shown(Sanitizer::Valgrind);
        assert!(valgrind.contains("RUNNER='valgrind "), "{valgrind}");
        assert!(valgrind.contains(" cargo test "), "{valgrind}");
    }

    #[test]
    fn the_suppressions_are_where_the_option_says() {
        for sanitizer in [Sanitizer::Thread, Sanitizer::Valgrind] {
            let file = format!("../xtask/src/verify/{}.supp", sanitizer.name());
            assert!(shown(sanitizer).contains(&format!("suppressions={file}")));
            let path = crate::workspace::root().join("store-core").join(file);
            assert!(path.exists(), "{}", path.display());
        }
    }

    /// Which were run and what came of it, on a machine without valgrind.
    fn without_valgrind(only: &[Sanitizer]) -> (Vec<Sanitizer>, Result<String>) {
        let ran = RefCell::new(Vec::new());
        let find = |sanitizer| {
            ensure!(sanitizer != Sanitizer::Valgrind, "install it");
            Ok(())
        };
        let run = |sanitizer| {
            ran.borrow_mut().push(sanitizer);
            Ok(())
        };
        let skipped = run_each(only, find, run);
        (ran.take(), skipped.map(|skipped| format!("{skipped:?}")))
    }

    #[test]
    fn one_that_is_missing_is_skipped_unless_it_was_named() {
        let (ran, skipped) = without_valgrind(&[]);
        assert_eq!(ran, [Sanitizer::Address, Sanitizer::Thread]);
        assert_eq!(skipped.unwrap(), r#"[("valgrind", "install it")]"#);
        let (ran, error) = without_valgrind(&[Sanitizer::Thread, Sanitizer::Valgrind]);
        assert_eq!(ran, [Sanitizer::Thread]);
        let error = error.unwrap_err().to_string();
        assert_eq!(error, "`valgrind` cannot be run: install it");
    }

    #[test]
    fn a_machine_without_any_is_an_error() {
        let error = run_each(&[], |_| bail!("install it"), |_| Ok(())).unwrap_err();
        assert_eq!(error.to_string(), "no sanitizer can be run: install it");
    }

    #[test]
    fn a_failure_says_how_to_run_it_alone() {
        let error = run_each(&[], |_| Ok(()), |_| bail!("a race")).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("cargo xtask verify sanitizers address: a race"));
    }
}
