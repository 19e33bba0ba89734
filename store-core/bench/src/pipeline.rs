//! The commit pipeline of a whole store: alone, through a disk that many share, and when the log stands still.
//!
//! The objects are the orchestration schema's nodes, ten thousand of them; a transaction reads one, copies it, gives it
//! another name and puts it back. All figures are of one run, in one process, but for SwarmKit's.

mod alone;
mod cluster;
mod group;
mod report;
mod stall;
mod submitters;

use anyhow::Result;

use crate::args::Pipeline;
use crate::compare;
use crate::swarmkit::Benchmark;

/// Measures, prints the table, and writes `pipeline.json`.
///
/// # Errors
/// A log cannot be opened, a file cannot be written, or that of the reference's figures has no such.
pub(crate) fn run(options: &Pipeline) -> Result<()> {
    let swarmkit = options.swarmkit.figure(Benchmark::UpdateNodeTransaction)?;
    eprintln!("alone, in memory");
    let alone = alone::measure(&options.effort())?;
    let memdb = compare::memdb_update(cluster::NODES, &options.out, &options.effort())?;
    eprintln!("many, through the disk below {}", options.disk().display());
    let group = group::measure(&options.disk(), options.seconds())?;
    eprintln!("a log that stands still");
    let stall = stall::measure(options.stall())?;
    let report = report::Report {
        alone,
        swarmkit,
        memdb,
        group,
        stall,
    };
    print!("{}", report.table());
    println!("\nwritten: {}", report.write(&options.out)?.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::effort::Effort;
    use crate::swarmkit::Figure;

    #[test]
    fn everything_is_measured_and_shown() {
        let disk = tempfile::tempdir().unwrap();
        let report = report::Report {
            alone: alone::measure(&Effort::QUICK).unwrap(),
            swarmkit: Figure::new(26_000.0, "go.txt"),
            memdb: Some(20_000.0),
            group: group::measure(disk.path(), 0.1).unwrap(),
            stall: stall::measure(Duration::from_millis(50)).unwrap(),
        };
        assert!(report.stall.committed >= report.stall.in_flight);
        let table = report.table();
        for row in [
            "in memory",
            "(go.txt; 15 wanted)",
            "go-memdb",
            "64 submitters: threads",
            "64 submitters: tasks",
            "in flight after",
        ] {
            assert!(table.contains(row), "{row}: {table}");
        }
        let json = std::fs::read_to_string(report.write(disk.path()).unwrap()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(json["group"]["tasks"]["a_second"].as_f64() > Some(0.0));
    }
}
