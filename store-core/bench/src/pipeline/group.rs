//! Many submitters and one disk: group commit beside one flush a transaction, on the same disk, in turns.
//!
//! Submitters wait for each of their transactions before the next, as clients of a server do.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use proposer::{Journal, JournalOptions};
use serde::Serialize;

use crate::effort::{float, median, nanoseconds_each, percentile};
use crate::pipeline::cluster::{Cluster, Payload};

pub(super) const SUBMITTERS: usize = 64;

/// What a flush writes when it is measured by itself: a page, about a transaction.
const PAGE: usize = 4_096;

/// Turns: what else the disk does for a while is not held against one side.
const TURNS: usize = 3;

/// Times are nanoseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Group {
    /// A page appended to a file and made durable, by itself.
    pub(crate) flush_p50: f64,
    pub(crate) flush_mean: f64,
    /// Transactions a second with one flush each: one submitter, who waits.
    pub(crate) alone_a_second: f64,
    /// Transactions a second of all submitters together.
    pub(crate) together_a_second: f64,
    /// Transactions in one flush, on average.
    pub(crate) a_flush: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// A flush of the journal, as many transactions as it carries, on average.
    pub(crate) journal_flush: f64,
}

pub(super) fn measure(disk: &Path, seconds: f64) -> Result<Group> {
    let turn = Duration::from_secs_f64(seconds / float(TURNS));
    let dir = tempfile::tempdir_in(disk)
        .with_context(|| format!("failed to make a directory in {}", disk.display()))?;
    let journal = Journal::open(dir.path().join("log"), JournalOptions::default())
        .context("failed to open the journal")?;
    let journal = Arc::new(journal);
    let cluster = Cluster::open(Arc::clone(&journal))?;
    let (mut flushes, mut alone, mut together) = (Vec::new(), Vec::new(), Vec::new());
    let (mut groups, mut latencies, mut journal_flushes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        flushes.extend(flush(&dir.path().join("page"), turn / 4)?);
        let one = submit(&cluster, 1, turn);
        alone.push(float(one.len()) / turn.as_secs_f64());
        let before = journal.stats();
        let many = submit(&cluster, SUBMITTERS, turn);
        let after = journal.stats();
        let groups_written = float(usize::try_from(after.flushes - before.flushes)?);
        groups.push(float(many.len()) / groups_written);
        journal_flushes.push(turn.as_secs_f64() * 1e9 / groups_written);
        together.push(float(many.len()) / turn.as_secs_f64());
        latencies.extend(many);
    }
    latencies.sort_unstable();
    flushes.sort_unstable();
    let sum: Duration = flushes.iter().sum();
    Ok(Group {
        flush_p50: nanoseconds_each(percentile(&flushes, 500), 1),
        flush_mean: nanoseconds_each(sum, flushes.len()),
        alone_a_second: median(alone),
        together_a_second: median(together),
        a_flush: median(groups),
        p50: nanoseconds_each(percentile(&latencies, 500), 1),
        p99: nanoseconds_each(percentile(&latencies, 990), 1),
        journal_flush: median(journal_flushes),
    })
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

/// Lets so many submit for a while, and returns how long each transaction took.
fn submit(
    cluster: &Cluster<Arc<Journal<Payload>>>,
    submitters: usize,
    length: Duration,
) -> Vec<Duration> {
    let number = AtomicUsize::new(0);
    let begin = Instant::now();
    thread::scope(|scope| {
        let submitter = || {
            let mut took = Vec::new();
            while begin.elapsed() < length {
                let one = Instant::now();
                cluster.update(number.fetch_add(1, Ordering::Relaxed));
                took.push(one.elapsed());
            }
            took
        };
        let all: Vec<_> = (0..submitters).map(|_| scope.spawn(submitter)).collect();
        all.into_iter()
            .flat_map(|one| one.join().expect("a submitter does not panic"))
            .collect()
    })
}
