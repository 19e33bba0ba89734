//! Many submitters and one disk: group commit beside one flush a transaction, on the same disk, in turns.
//!
//! The many are threads, then tasks: what one who waits costs besides the flush is not the same.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use proposer::{Journal, JournalOptions};
use serde::Serialize;

use crate::effort::{float, median, nanoseconds_each, percentile};
use crate::pipeline::cluster::{Cluster, Payload};
use crate::pipeline::submitters::{self, SUBMITTERS};

/// What a flush writes when it is measured by itself: a page, about a transaction.
const PAGE: usize = 4_096;

/// Turns: what else the disk does for a while is not held against one side.
const TURNS: usize = 3;

/// Times are nanoseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Group {
    /// A page appended to a file and made durable, by itself.
    pub(crate) flush_p50: f64,
    pub(crate) flush_p99: f64,
    pub(crate) flush_mean: f64,
    /// Transactions a second with one flush each: one submitter, who waits.
    pub(crate) alone_a_second: f64,
    pub(crate) threads: Many,
    pub(crate) tasks: Many,
}

/// What many submitters reach together.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Many {
    /// Transactions a second of all together.
    pub(crate) a_second: f64,
    /// Transactions in one flush, on average.
    pub(crate) a_flush: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// From flush to flush of the journal, with as many transactions as it carries, on average.
    pub(crate) flush: f64,
}

pub(super) fn measure(disk: &Path, seconds: f64) -> Result<Group> {
    let turn = Duration::from_secs_f64(seconds / float(TURNS));
    let dir = tempfile::tempdir_in(disk)
        .with_context(|| format!("failed to make a directory in {}", disk.display()))?;
    let journal = Journal::open(dir.path().join("log"), JournalOptions::default())
        .context("failed to open the journal")?;
    let journal = Arc::new(journal);
    let cluster = Arc::new(Cluster::open(Arc::clone(&journal))?);
    let (mut flushes, mut alone) = (Vec::new(), Vec::new());
    let (mut of_threads, mut of_tasks) = (Turns::default(), Turns::default());
    for _ in 0..TURNS {
        flushes.extend(flush(&dir.path().join("page"), turn / 4)?);
        let one = submitters::threads(&cluster, 1, turn);
        alone.push(float(one.len()) / turn.as_secs_f64());
        of_threads.add(&journal, turn, || {
            Ok(submitters::threads(&cluster, SUBMITTERS, turn))
        })?;
        of_tasks.add(&journal, turn, || {
            submitters::tasks(&cluster, SUBMITTERS, turn)
        })?;
    }
    flushes.sort_unstable();
    let sum: Duration = flushes.iter().sum();
    Ok(Group {
        flush_p50: nanoseconds_each(percentile(&flushes, 500), 1),
        flush_p99: nanoseconds_each(percentile(&flushes, 990), 1),
        flush_mean: nanoseconds_each(sum, flushes.len()),
        alone_a_second: median(alone),
        threads: of_threads.end(),
        tasks: of_tasks.end(),
    })
}

/// What was measured of one sort of submitters, turn by turn.
#[derive(Default)]
struct Turns {
    a_second: Vec<f64>,
    a_flush: Vec<f64>,
    flush: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Turns {
    /// Measures another turn, in which `submit` returns how long each transaction took.
    fn add(
        &mut self,
        journal: &Journal<Payload>,
        turn: Duration,
        submit: impl FnOnce() -> Result<Vec<Duration>>,
    ) -> Result<()> {
        let before = journal.stats().flushes;
        let took = submit()?;
        let flushes = float(usize::try_from(journal.stats().flushes - before)?);
        self.a_second.push(float(took.len()) / turn.as_secs_f64());
        self.a_flush.push(float(took.len()) / flushes);
        self.flush.push(turn.as_secs_f64() * 1e9 / flushes);
        self.latencies.extend(took);
        Ok(())
    }

    fn end(mut self) -> Many {
        self.latencies.sort_unstable();
        Many {
            a_second: median(self.a_second),
            a_flush: median(self.a_flush),
            p50: nanoseconds_each(percentile(&self.latencies, 500), 1),
            p99: nanoseconds_each(percentile(&self.latencies, 990), 1),
            flush: median(self.flush),
        }
    }
}

/// Flushes again and again, and returns how long each took.
fn flush(path: &Path, length: Duration) -> Result<Vec<Duration>> {
    let shown = || format!("failed to write {}", path.display());
    let mut file = File::create(path).with_context(shown)?;
    let page = [7; PAGE];
    let (begin, mut took) = (Instant::now(), Vec::new());
    while begin.elapsed() < length || took.is_empty() {
        let one = Instant::now();
        file.write_all(&page).with_context(shown)?;
        file.sync_data().with_context(shown)?;
        took.push(one.elapsed());
    }
    Ok(took)
}
