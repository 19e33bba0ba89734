//! `cargo xtask verify [--seeds N] [--seed S]`: stores over a simulated log, with more seeds than `cargo test` takes.
//!
//! In a debug build, with every assertion: a run has few objects, and what it finds is told by the code as it was written.

use anyhow::Result;
use clap::Args;

use crate::command_line::CommandLine;

/// Which runs of the simulation.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds {
    /// How many seeds to run: one takes a fifth of a second.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
}

/// Runs the simulation.
///
/// # Errors
/// A run fails; it has printed its seed, and the command that repeats it.
pub(super) fn run(seeds: Seeds) -> Result<()> {
    command(seeds)?.run()
}

fn command(Seeds { seeds, seed }: Seeds) -> Result<CommandLine> {
    let line = "cargo test --package store-core --test simulation -- --nocapture";
    Ok(CommandLine::parse(line)?
        .env("SIMULATION_SEED", seed.to_string())
        .env("SIMULATION_SEEDS", seeds.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_reach_the_simulation() {
        let shown = command(Seeds { seeds: 5, seed: 7 }).unwrap().to_string();
        assert_eq!(
            shown,
            "SIMULATION_SEED=7 SIMULATION_SEEDS=5 cargo test --package store-core --test simulation -- --nocapture"
        );
    }
}
