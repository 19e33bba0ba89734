//! `cargo xtask bench [CRATE]...`: the criterion benchmarks; `cargo xtask bench engine`, `objects`, `pipeline` and `watch`: ours
//! beside its peers.
//!
//! Only targets of kind `bench` are run: `cargo bench` by itself would also start the unit tests of
//! every library, with a harness that does not know criterion's arguments.

mod comparison;

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::Subcommand;

use crate::command_line::CommandLine;
use crate::workspace::{Metadata, Package};

/// Benchmarks that are no criterion benchmarks of a crate.
#[derive(Subcommand)]
pub(crate) enum Special {
    /// Measure the engine beside its peers, and print one table.
    #[command(disable_help_flag = true)]
    Engine {
        /// Options of the comparison; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Measure the orchestration tables beside SwarmKit's, and print one table.
    #[command(disable_help_flag = true)]
    Objects {
        /// Options of the comparison; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Measure the commit pipeline of a store: in memory, through a disk, and when the log stands still.
    #[command(disable_help_flag = true)]
    Pipeline {
        /// Options of the measurement; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Measure watches beside their peers, and print one table.
    #[command(disable_help_flag = true)]
    Watch {
        /// Options of the comparison; `--help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

impl Special {
    /// Runs it.
    ///
    /// # Errors
    /// It cannot be built, or it fails.
    pub(crate) fn run(&self) -> Result<()> {
        match self {
            Self::Engine { options } => comparison::ENGINE.run(options),
            Self::Objects { options } => comparison::OBJECTS.run(options),
            Self::Pipeline { options } => comparison::PIPELINE.run(options),
            Self::Watch { options } => comparison::WATCH.run(options),
        }
    }
}

/// Runs the benchmarks of `crates`, or of all crates that have some, passing `criterion` on.
///
/// # Errors
/// A crate that does not exist or has no benchmarks, or a benchmark that fails.
pub(crate) fn run(crates: &[String], criterion: Vec<String>) -> Result<()> {
    let metadata = Metadata::read()?;
    let mut command = CommandLine::parse("cargo bench")?.args(selection(&metadata, crates)?);
    if !criterion.is_empty() {
        command = command.program_args(criterion);
    }
    command.run()?;
    println!("results: {}", results(&metadata).display());
    Ok(())
}

/// Cargo's arguments for the benchmarks of `crates`.
fn selection(metadata: &Metadata, crates: &[String]) -> Result<Vec<String>> {
    let with_some: Vec<_> = metadata
        .members()
        .filter(|member| member.targets_of("bench").next().is_some())
        .collect();
    let names: Vec<_> = with_some
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    ensure!(!names.is_empty(), "no crate has benchmarks");
    if let Some(unknown) = crates.iter().find(|name| !names.contains(&name.as_str())) {
        bail!(
            "no benchmarks in `{unknown}`; there are some in: {}",
            names.join(", ")
        );
    }
    let chosen = |member: &&&Package| crates.is_empty() || crates.contains(&member.name);
    Ok(with_some
        .iter()
        .filter(chosen)
        .flat_map(|member| {
            let benches = member.targets_of("bench");
            let benches = benches.flat_map(|bench| ["--bench".to_owned(), bench.name.clone()]);
            ["--package".to_owned(), member.name.clone()]
                .into_iter()
                .chain(benches)
        })
        .collect())
}

/// Where criterion leaves its results.
fn results(metadata: &Metadata) -> PathBuf {
    env::var_os("CRITERION_HOME").map_or_else(
        || metadata.target_directory.join("criterion"),
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Target;

    fn benched() -> Metadata {
        let mut metadata = Metadata::default();
        for name in ["proposer", "store-core"] {
            let targets = &mut metadata.add_member(name, &[]).targets;
            targets.push(Target::new("lib", "lib"));
            targets.push(Target::new("bench", "log"));
        }
        metadata.add_member("xtask", &[]);
        metadata
    }

    #[test]
    fn all_crates_with_benchmarks_are_the_default() {
        let args = selection(&benched(), &[]).unwrap().join(" ");
        assert_eq!(
            args,
            "--package proposer --bench log --package store-core --bench log"
        );
    }

    #[test]
    fn named_crates_only() {
        let args = selection(&benched(), &["store-core".to_owned()]).unwrap();
        assert_eq!(args.join(" "), "--package store-core --bench log");
    }

    #[test]
    fn a_crate_without_benchmarks_is_an_error_that_names_those_with() {
        let error = selection(&benched(), &["xtask".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no benchmarks in `xtask`; there are some in: proposer, store-core"
        );
    }
}
