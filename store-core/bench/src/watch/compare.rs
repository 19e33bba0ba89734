//! The comparison: every peer in a process of its own, in turns.
//!
//! Progress goes to standard error; the table alone goes to standard output.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::args::Compare;
use super::case::Figure;
use super::peer::Name;
use super::report::Report;
use crate::go;

/// Measures, writes the file, and prints the table.
///
/// # Errors
/// A process fails, or the file cannot be written.
pub(crate) fn run(options: &Compare) -> Result<()> {
    let programs = programs(options)?;
    let mut report = Report::default();
    for pass in 1..=options.passes() {
        for (name, program) in &programs {
            eprintln!("pass {pass}: {}", name.id());
            report.add(*name, &measure(*name, program, options.quick)?);
        }
    }
    let file = report.write(&options.out)?;
    print!("\n{}", report.table());
    println!("{}", file.display());
    Ok(())
}

/// What takes part, ours first, and the program that measures it.
fn programs(options: &Compare) -> Result<Vec<(Name, PathBuf)>> {
    let own = env::current_exe().context("failed to find our own program")?;
    let mut programs = Vec::new();
    for name in [Name::Ours].into_iter().chain(options.peers()) {
        let program = if name != Name::GoEvents {
            own.clone()
        } else if let Some(missing) = go::EVENTS.missing() {
            eprintln!("{missing}");
            continue;
        } else {
            go::EVENTS.build(&options.out)?
        };
        programs.push((name, program));
    }
    Ok(programs)
}

fn measure(name: Name, program: &PathBuf, quick: bool) -> Result<Vec<Figure>> {
    let path = program.display();
    let mut command = Command::new(program);
    if name != Name::GoEvents {
        command.args(["watch-run", "--peer", name.id()]);
    }
    if quick {
        command.arg("--quick");
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("failed to start {path}"))?;
    ensure!(output.status.success(), "{path} failed: {}", output.status);
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("failed to read what {path} printed"))
}
