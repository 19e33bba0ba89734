//! What was measured, as a table and as JSON, beside what was asked for.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::pipeline::alone::Alone;
use crate::pipeline::group::Group;
use crate::pipeline::stall::Stall;
use crate::pipeline::submitters::SUBMITTERS;
use crate::report::count;

/// Nanoseconds of SwarmKit's benchmark `UpdateNodeTransaction` (commit 3e72cb64) on a machine of two processors, without a
/// log: a figure to set beside, not one of this run.
const SWARMKIT_UPDATE: f64 = 26_100.0;

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) alone: Alone,
    /// Nanoseconds for an update in go-memdb, which SwarmKit's store is made of, in this run; without copies, events or
    /// versions.
    pub(crate) memdb: Option<f64>,
    pub(crate) group: Group,
    pub(crate) stall: Stall,
}

impl Report {
    /// The table that is printed.
    pub(crate) fn table(&self) -> String {
        let Self {
            alone,
            memdb,
            group,
            stall,
        } = self;
        let mut table = String::new();
        let mut row = |what: &str, figure: String, beside: String| {
            // Writing to a string does not fail.
            let _ = writeln!(table, "{what:<52}{figure:>16}   {beside}");
        };
        let micros = |nanoseconds: f64| format!("{:.2} us", nanoseconds / 1e3);
        let a_second = |rate: f64| format!("{rate:.0} /s");
        row(
            "update one of 10 000 nodes, in memory",
            micros(alone.update),
            format!(
                "{:.1} x SwarmKit's {} (as published; 15 wanted)",
                SWARMKIT_UPDATE / alone.update,
                micros(SWARMKIT_UPDATE)
            ),
        );
        if let Some(memdb) = memdb {
            row(
                "  beside: an update in go-memdb, in this run",
                micros(*memdb),
                format!("ours is {:.1} x as fast", memdb / alone.update),
            );
        }
        row(
            "  of these, p50 and p99",
            micros(alone.update_p50),
            micros(alone.update_p99),
        );
        row("get, nobody writes", micros(alone.get), String::new());
        row(
            "get, beside a writer",
            micros(alone.get_beside_a_writer),
            format!(
                "{:.2} of the former, with {}",
                alone.get_beside_a_writer / alone.get,
                a_second(alone.beside_a_second)
            ),
        );
        row(
            "flush of a page, p50 and mean",
            micros(group.flush_p50),
            micros(group.flush_mean),
        );
        row(
            "update on disk, one flush each",
            a_second(group.alone_a_second),
            String::new(),
        );
        for (who, many) in [("threads", &group.threads), ("tasks", &group.tasks)] {
            row(
                &format!("update on disk, {SUBMITTERS} submitters: {who}"),
                a_second(many.a_second),
                format!(
                    "{:.1} x one flush each (15 wanted), {:.0} a flush",
                    many.a_second / group.alone_a_second,
                    many.a_flush
                ),
            );
            row(
                "  of these, p50",
                micros(many.p50),
                format!("{:.1} flushes of a page", many.p50 / group.flush_mean),
            );
            row(
                "  of these, p99",
                micros(many.p99),
                format!(
                    "{:.1} flushes of a page (4 at most wanted)",
                    many.p99 / group.flush_mean
                ),
            );
            row(
                "  of the journal, a group from flush to flush",
                micros(many.flush),
                String::new(),
            );
        }
        row(
            &format!("in flight after {:.0} s without an answer", stall.seconds),
            count(stall.in_flight),
            format!(
                "{} bytes of changes, {} bytes of memory; {} more after the first second",
                count(stall.in_flight_bytes),
                count(stall.resident_bytes),
                stall.later
            ),
        );
        row(
            "committed when the log went on",
            count(stall.committed),
            "all".to_owned(),
        );
        table
    }

    /// Writes `pipeline.json` into `out`, and returns its path.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, out: &Path) -> Result<PathBuf> {
        let json = serde_json::to_string_pretty(self).context("failed to make the JSON")?;
        let path = out.join("pipeline.json");
        fs::create_dir_all(out).with_context(|| format!("failed to make {}", out.display()))?;
        fs::write(&path, json + "\n")
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    }
}
