//! The workspace's own commands: `cargo xtask <command>`.
//!
//! One file a command; this one only parses and calls. CI runs nothing but these commands, so
//! whatever it finds can be had on any machine with the same words.

mod bench;
mod build;
mod ci;
mod codegen;
mod command_line;
mod examples;
mod markdown;
mod smoke;
mod test;
mod tidy;
mod verify;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

/// Build, test, bench and check the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the release binaries `stated` and `statectl`.
    Build,
    /// Run the test command that the README shows: unit, integration and doc tests.
    Test,
    /// Run the criterion benchmarks of all crates, or of those named; or one that is special.
    #[command(
        after_help = "Examples: cargo xtask bench store-core -- --quick get\n          cargo xtask bench engine --sizes 10k\n          cargo xtask bench objects",
        args_conflicts_with_subcommands = true,
        disable_help_subcommand = true
    )]
    Bench {
        #[command(subcommand)]
        special: Option<bench::Special>,
        /// Crates to bench; all that have benchmarks when none is given.
        #[arg(value_name = "CRATE")]
        crates: Vec<String>,
        /// Arguments for criterion: a filter, `--quick`, `--save-baseline NAME`.
        #[arg(last = true, value_name = "ARGS")]
        criterion: Vec<String>,
    },
    /// Run every check in order, or the steps named, and stop at the first failure.
    Ci {
        /// Steps to run, in the order of the list, whatever the order given.
        #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(ci::names()))]
        steps: Vec<String>,
    },
    /// Check the rules of the tree that the compiler does not see: layers, docs, layout.
    Tidy,
    /// Generate Rust from the `.proto` files.
    Codegen {
        /// Change nothing; fail and name the generated files that are stale.
        #[arg(long)]
        check: bool,
    },
    /// Run the simulation with many seeds; or another of the slow checks.
    #[command(args_conflicts_with_subcommands = true)]
    Verify {
        #[command(subcommand)]
        what: Option<verify::What>,
        #[command(flatten)]
        seeds: verify::Seeds,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // The last line says what to mend; a backtrace below it would bury it.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Build => build::run(),
        Command::Test => test::run(),
        Command::Bench {
            special: Some(special),
            ..
        } => special.run(),
        Command::Bench {
            special: None,
            crates,
            criterion,
        } => bench::run(&crates, criterion),
        Command::Ci { steps } => ci::run(&steps),
        Command::Tidy => tidy::run(),
        Command::Codegen { check } => codegen::run(check),
        Command::Verify { what, seeds } => verify::run(what.as_ref(), seeds),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn engine_is_a_special_benchmark_and_takes_any_option() {
        let words = ["cargo xtask", "bench", "engine", "--quick", "--help"];
        let Command::Bench {
            special: Some(bench::Special::Engine { options }),
            ..
        } = Cli::try_parse_from(words).unwrap().command
        else {
            panic!("another command");
        };
        assert_eq!(options, ["--quick", "--help"]);
    }

    #[test]
    fn crates_and_their_criterion_arguments_are_told_apart() {
        let words = ["cargo xtask", "bench", "store-core", "--", "--quick"];
        let Command::Bench {
            special: None,
            crates,
            criterion,
        } = Cli::try_parse_from(words).unwrap().command
        else {
            panic!("another command");
        };
        assert_eq!(
            (crates, criterion),
            (vec!["store-core".to_owned()], vec!["--quick".to_owned()])
        );
    }
}
