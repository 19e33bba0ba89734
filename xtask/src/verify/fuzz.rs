//! `cargo xtask verify fuzz [--seconds N] [TARGET]`: a fuzz target of `store-core/fuzz`.
//!
//! With a nightly compiler and a C++ one, and without cargo-fuzz: what that tool adds is flags. The
//! fuzzer begins with the inputs that are kept in the tree and with what earlier runs have found; it
//! adds to the latter only, which lie below `target`.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::command_line::CommandLine;
use crate::workspace;

use super::{PLATFORM, nightly};

/// The fuzz targets.
pub(super) const TARGETS: [&str; 1] = ["table"];

/// Coverage of each branch, for libFuzzer to steer by; memory errors; assertions.
///
/// Not of comparisons, which cargo-fuzz adds: no input has to guess a number, and with keys compared
/// byte by byte that takes most of the time.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Zsanitizer=address",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// The longest input, in bytes: some hundred operations.
const BYTES_MAX: u32 = 4096;

/// Seconds after which one input counts as a hang; the slowest take a tenth of that.
const HANG: u32 = 30;

/// Fuzzes `target` for `seconds`.
///
/// # Errors
/// An input fails, or what is needed is missing; the error says what to do.
pub(super) fn run(seconds: u32, target: &str) -> Result<()> {
    nightly::find()?;
    ensure!(
        CommandLine::parse("c++ --version")?.succeeds(),
        "it needs a C++ compiler, for libFuzzer: apt-get install g++"
    );
    build(target)?.run()?;
    for dir in [found(target), failed(target)] {
        let dir = workspace::root().join(dir);
        fs::create_dir_all(&dir).with_context(|| format!("failed to create {}", dir.display()))?;
    }
    fuzz(seconds, target)?.run().with_context(|| {
        format!(
            "an input of `{target}` failed; it lies in {}\n    \
             to keep it as a test: move it to {} and run cargo test --package store-core --test corpus",
            failed(target),
            kept(target)
        )
    })
}

fn build(target: &str) -> Result<CommandLine> {
    let line = format!(
        "build --manifest-path store-core/fuzz/Cargo.toml --bin {target} --release \
         --target {PLATFORM} --target-dir target/fuzz"
    );
    Ok(nightly::cargo(&line)?.env("RUSTFLAGS", FLAGS.join(" ")))
}

fn fuzz(seconds: u32, target: &str) -> Result<CommandLine> {
    CommandLine::parse(&format!(
        "target/fuzz/{PLATFORM}/release/{target} -max_total_time={seconds} -max_len={BYTES_MAX} \
         -timeout={HANG} -print_final_stats=1 -artifact_prefix={}/ {} {}",
        failed(target),
        found(target),
        kept(target)
    ))
}

/// Where inputs lie that are kept in the tree.
fn kept(target: &str) -> String {
    format!("store-core/fuzz/corpus/{target}")
}

/// Where inputs go that reached something new.
fn found(target: &str) -> String {
    format!("target/fuzz/corpus/{target}")
}

/// Where inputs go that failed.
fn failed(target: &str) -> String {
    format!("target/fuzz/artifacts/{target}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_built_by_nightly_with_coverage_and_nothing_else_is() {
        let shown = build("table").unwrap().to_string();
        assert!(shown.starts_with("RUSTFLAGS='--cfg=fuzzing -Zsanitizer=address "));
        assert!(
            shown.contains(" rustup run nightly cargo build "),
            "{shown}"
        );
        assert!(shown.ends_with(" --target-dir target/fuzz"), "{shown}");
    }

    #[test]
    fn the_fuzzer_adds_to_what_is_not_kept() {
        let shown = fuzz(5, "table").unwrap().to_string();
        assert!(shown.contains(" -max_total_time=5 "), "{shown}");
        assert!(
            shown.ends_with(" target/fuzz/corpus/table store-core/fuzz/corpus/table"),
            "{shown}"
        );
    }

    #[test]
    fn every_target_has_its_source_and_kept_inputs() {
        for target in TARGETS {
            let root = workspace::root();
            let source = format!("store-core/fuzz/fuzz_targets/{target}.rs");
            assert!(root.join(source).exists(), "{target}");
            assert!(root.join(kept(target)).exists(), "{target}");
        }
    }
}
