//! `cargo xtask ci [STEP]...`: every check, in order, up to the first failure.
//!
//! The quick checks come first, then those that build in debug mode, then those that build in
//! release mode. A step is known by one name: in the output, in the table of times, and as the
//! argument that runs it alone.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::command_line::CommandLine;
use crate::{build, codegen, examples, smoke, test, tidy};

/// One check.
struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        run: || CommandLine::parse("cargo fmt --all --check")?.run(),
    },
    Step {
        name: "clippy",
        run: || {
            // With all features the engine's twin stands in for its module with `unsafe`, which is to be looked at as well.
            for what in ["--workspace --all-features", "-p store-core"] {
                CommandLine::parse(&format!("cargo clippy {what} --all-targets"))?
                    .program_args(["-D", "warnings"])
                    .run()?;
            }
            Ok(())
        },
    },
    Step {
        name: "test",
        run: test::run,
    },
    Step {
        name: "twin",
        run: test::run_on_twin,
    },
    Step {
        name: "examples",
        run: examples::run,
    },
    Step {
        name: "doc",
        run: || {
            CommandLine::parse("cargo doc --workspace --all-features --no-deps")?
                .env("RUSTDOCFLAGS", "-D warnings")
                .run()
        },
    },
    Step {
        name: "codegen",
        run: || codegen::run(true),
    },
    Step {
        name: "tidy",
        run: tidy::run,
    },
    Step {
        name: "deny",
        run: deny,
    },
    Step {
        name: "build",
        run: build::run,
    },
    Step {
        name: "smoke",
        run: smoke::run,
    },
];

/// The names of all steps, in order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.name)
}

/// Runs the steps named in `only`, or all, and prints what each took.
///
/// # Errors
/// The first step that fails, with the command that runs it alone.
pub(crate) fn run(only: &[String]) -> Result<()> {
    let chosen = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    let (times, outcome) = run_steps(STEPS.iter().filter(chosen));
    println!("\n==> times");
    for (name, took) in &times {
        println!("{name:<10}{:>8.1} s", took.as_secs_f64());
    }
    let total: Duration = times.iter().map(|(_, took)| *took).sum();
    println!("{:<10}{:>8.1} s", "total", total.as_secs_f64());
    outcome
}

/// Runs `steps` up to the first failure; what each took, and how it ended.
fn run_steps<'a>(
    steps: impl Iterator<Item = &'a Step>,
) -> (Vec<(&'static str, Duration)>, Result<()>) {
    let mut times = Vec::new();
    for step in steps {
        println!("\n==> {}", step.name);
        let start = Instant::now();
        let outcome = (step.run)();
        times.push((step.name, start.elapsed()));
        if let Err(error) = outcome {
            let name = step.name;
            let failed = anyhow!(
                "step `{name}` failed: {error:#}\n    to run it alone: cargo xtask ci {name}"
            );
            return (times, Err(failed));
        }
    }
    (times, Ok(()))
}

/// Licences, sources and bans, where `cargo deny` is installed.
///
/// Advisories are left out: they change without a change of ours, and need the network.
fn deny() -> Result<()> {
    if CommandLine::parse("cargo --list")?
        .output()?
        .lines()
        .all(|line| line.split_whitespace().next() != Some("deny"))
    {
        println!("skipped: cargo-deny is not installed");
        return Ok(());
    }
    CommandLine::parse("cargo deny check bans licenses sources")?.run()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use anyhow::bail;

    use super::*;

    #[test]
    fn the_first_failure_ends_the_run_and_says_how_to_run_it_alone() {
        let steps = [
            Step {
                name: "good",
                run: || Ok(()),
            },
            Step {
                name: "bad",
                run: || bail!("it broke"),
            },
            Step {
                name: "never",
                run: || unreachable!("a step after a failure"),
            },
        ];
        let (times, outcome) = run_steps(steps.iter());
        let names: Vec<_> = times.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["good", "bad"]);
        assert_eq!(
            outcome.unwrap_err().to_string(),
            "step `bad` failed: it broke\n    to run it alone: cargo xtask ci bad"
        );
    }

    #[test]
    fn every_step_has_its_own_name() {
        let distinct: BTreeSet<_> = names().collect();
        assert_eq!(distinct.len(), STEPS.len());
    }
}
