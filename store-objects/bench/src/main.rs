//! `objects-bench`: the orchestration tables beside SwarmKit's, in speed and memory.
//!
//! A person starts it by `cargo xtask bench objects`. This file only parses and calls.

#[path = "../../../store-core/bench/src/counting.rs"]
mod counting;
#[expect(
    dead_code,
    reason = "it is written for another benchmark, which needs all of it"
)]
#[path = "../../../store-core/bench/src/effort.rs"]
mod effort;
mod nodes;
mod reference;
mod report;
mod saved;
#[path = "../../../store-core/bench/src/swarmkit.rs"]
mod swarmkit;
mod tasks;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use effort::Effort;
use report::Report;
use swarmkit::Reference;

/// The orchestration tables beside SwarmKit's: speed and memory.
#[derive(Debug, Parser)]
#[command(override_usage = "cargo xtask bench objects [OPTIONS]")]
struct Options {
    /// Tasks whose memory is counted
    #[arg(long, default_value_t = 100_000)]
    memory_tasks: usize,
    /// Tasks that are saved and restored
    #[arg(long, default_value_t = 1_000_000)]
    saved_tasks: usize,
    #[command(flatten)]
    swarmkit: Reference,
    /// Few rounds and few tasks: whether everything works, not how fast
    #[arg(long, conflicts_with_all = ["memory_tasks", "saved_tasks"])]
    quick: bool,
    /// Where `objects.json` goes
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    out: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let (effort, memory_tasks, saved_tasks) = if options.quick {
        (Effort::QUICK, 2_000, 2_000)
    } else {
        (Effort::FULL, options.memory_tasks, options.saved_tasks)
    };
    let mut report = Report::default();
    nodes::measure(&effort, &options.swarmkit, &mut report)?;
    let go = reference::go(memory_tasks, saved_tasks, &options.out)?;
    tasks::measure(memory_tasks, go.as_ref(), &mut report)?;
    saved::measure(saved_tasks, go.as_ref(), &mut report)?;
    let file = report.write(&options.out)?;
    print!("\n{}", report.table());
    println!("{}", file.display());
    Ok(())
}
