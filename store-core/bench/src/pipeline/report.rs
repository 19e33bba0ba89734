//! What was measured, as a table and as JSON, beside what was asked for.

use std::fmt::{Display, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::pipeline::alone::Alone;
use crate::pipeline::group::Group;
use crate::pipeline::stall::Stall;
use crate::pipeline::submitters::SUBMITTERS;
use crate::report::count;
use crate::swarmkit::Figure;

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) alone: Alone,
    /// Nanoseconds of SwarmKit's `BenchmarkUpdateNodeTransaction`, which has no log, visits the nodes in order, and reads none
    /// before.
    pub(crate) swarmkit: Figure,
    /// Nanoseconds for an update in go-memdb, which SwarmKit's store is made of, in this run; without copies, events or
    /// versions.
    pub(crate) memdb: Option<f64>,
    pub(crate) group: Group,
    pub(crate) stall: Stall,
}

impl Report {
    /// The table that is printed.
    pub(crate) fn table(&self) -> String {
        let mut rows = Rows::default();
        self.in_memory(&mut rows);
        self.on_disk(&mut rows);
        let stall = &self.stall;
        rows.add(
            &format!("in flight after {:.0} s without an answer", stall.seconds),
            count(stall.in_flight),
            format!(
                "{} bytes of changes, {} bytes of memory; {} more after the first second",
                count(stall.in_flight_bytes),
                count(stall.resident_bytes),
                stall.later
            ),
        );
        rows.add(
            "committed when the log went on",
            count(stall.committed),
            "all",
        );
        rows.0
    }

    fn in_memory(&self, rows: &mut Rows) {
        let alone = &self.alone;
        rows.add(
            "update one of 10 000 nodes, in memory",
            micros(alone.update),
            format!(
                "{:.1} x SwarmKit's {} ({}; 15 wanted)",
                self.swarmkit.value / alone.update,
                micros(self.swarmkit.value),
                self.swarmkit.from
            ),
        );
        if let Some(memdb) = self.memdb {
            rows.add(
                "  beside: an update in go-memdb, in this run",
                micros(memdb),
                format!("ours is {:.1} x as fast", memdb / alone.update),
            );
        }
        rows.add(
            "  of these, p50 and p99",
            micros(alone.update_p50),
            micros(alone.update_p99),
        );
        rows.add("get, nobody writes", micros(alone.get), "");
        for (what, beside) in [
            (
                "get, beside a writer of another store",
                alone.get_beside_another,
            ),
            (
                "get, beside a writer of this store",
                alone.get_beside_a_writer,
            ),
        ] {
            rows.add(
                what,
                micros(beside.get),
                format!(
                    "{:.2} of the quiet one, with {}",
                    beside.get / alone.get,
                    a_second(beside.writes_a_second)
                ),
            );
        }
    }

    fn on_disk(&self, rows: &mut Rows) {
        let group = &self.group;
        rows.add(
            "flush of a page, p50 and mean",
            micros(group.flush_p50),
            micros(group.flush_mean),
        );
        // Whoever waits for the disk waits as long as it takes now and then.
        rows.add(
            "  of these, p99",
            micros(group.flush_p99),
            flushes(group.flush_p99, group.flush_mean),
        );
        rows.add(
            "update on disk, one flush each",
            a_second(group.alone_a_second),
            "",
        );
        for (who, many) in [("threads", &group.threads), ("tasks", &group.tasks)] {
            rows.add(
                &format!("update on disk, {SUBMITTERS} submitters: {who}"),
                a_second(many.a_second),
                format!(
                    "{:.1} x one flush each (15 wanted), {:.0} a flush",
                    many.a_second / group.alone_a_second,
                    many.a_flush
                ),
            );
            rows.add(
                "  of these, p50",
                micros(many.p50),
                flushes(many.p50, group.flush_mean),
            );
            rows.add(
                "  of these, p99",
                micros(many.p99),
                format!(
                    "{} (4 at most wanted), {:.1} of their own p99",
                    flushes(many.p99, group.flush_mean),
                    many.p99 / group.flush_p99
                ),
            );
            rows.add(
                "  of the journal, a group from flush to flush",
                micros(many.flush),
                "",
            );
        }
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

/// The lines of the table.
#[derive(Default)]
struct Rows(String);

impl Rows {
    fn add(&mut self, what: &str, figure: impl Display, beside: impl Display) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "{what:<52}{figure:>16}   {beside}");
    }
}

fn micros(nanoseconds: f64) -> String {
    format!("{:.2} us", nanoseconds / 1e3)
}

/// A time in flushes.
fn flushes(time: f64, flush: f64) -> String {
    format!("{:.1} flushes of a page", time / flush)
}

fn a_second(rate: f64) -> String {
    format!("{rate:.0} /s")
}
