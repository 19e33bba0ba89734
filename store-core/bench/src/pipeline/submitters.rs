//! Many who submit to one store, and wait for each of their transactions before the next, as the clients of a server do: a
//! thread each, or a task each on a small executor.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use proposer::Journal;
use tokio::runtime;
use tokio::task::JoinSet;

use crate::pipeline::cluster::{Cluster, Payload};

/// As many as the contract speaks of.
pub(super) const SUBMITTERS: usize = 64;

/// Threads that the tasks share: the other of two processors is left to the log.
pub(super) const EXECUTOR_THREADS: usize = 1;

pub(super) type OnDisk = Cluster<Arc<Journal<Payload>>>;

/// Lets so many threads submit for a while, and returns how long each transaction took.
pub(super) fn threads(cluster: &OnDisk, submitters: usize, length: Duration) -> Vec<Duration> {
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

/// Lets so many tasks submit for a while, and returns how long each transaction took.
pub(super) fn tasks(
    cluster: &Arc<OnDisk>,
    submitters: usize,
    length: Duration,
) -> Result<Vec<Duration>> {
    let executor = runtime::Builder::new_multi_thread()
        .worker_threads(EXECUTOR_THREADS)
        .build()
        .context("failed to start the executor")?;
    let number = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    let all = executor.block_on(async {
        let mut all = JoinSet::new();
        for _ in 0..submitters {
            let (cluster, number) = (Arc::clone(cluster), Arc::clone(&number));
            all.spawn(async move {
                let mut took = Vec::new();
                while begin.elapsed() < length {
                    let one = Instant::now();
                    cluster
                        .update_async(number.fetch_add(1, Ordering::Relaxed))
                        .await;
                    took.push(one.elapsed());
                }
                took
            });
        }
        all.join_all().await
    });
    Ok(all.into_iter().flatten().collect())
}
