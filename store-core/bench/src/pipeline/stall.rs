//! A log that stands still under full load: how much a store keeps, and whether it goes on afterwards.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use proposer::{
    Change, HistoryError, Loopback, Proposal, Proposer, Refused, Replica, StartError, Version,
};
use serde::Serialize;

use crate::pipeline::cluster::{Cluster, Payload};

const SUBMITTERS: usize = 64;

/// Of memory.
const PAGE: usize = 4_096;

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Stall {
    pub(crate) seconds: f64,
    /// Transactions that were in flight at the end of the stall, and their bytes as the store counts them.
    pub(crate) in_flight: usize,
    pub(crate) in_flight_bytes: usize,
    /// Transactions that were made after the first second of it: the bound holds when there are none.
    pub(crate) later: usize,
    /// What the process had in memory more at the end of the stall than before.
    pub(crate) resident_bytes: usize,
    /// Transactions that were committed when the log went on.
    pub(crate) committed: usize,
}

/// A log in memory that can stand still: it takes what it is given, and does not answer.
struct Stalled {
    inner: Loopback<Payload>,
    stands: AtomicBool,
    taken: Mutex<Vec<Proposal<Payload>>>,
}

pub(super) fn measure(length: Duration) -> Result<Stall> {
    let log = Arc::new(Stalled {
        inner: Loopback::new(),
        stands: AtomicBool::new(false),
        taken: Mutex::new(Vec::new()),
    });
    let cluster = Cluster::open(Arc::clone(&log))?;
    log.stands.store(true, Ordering::SeqCst);
    let (number, ended, over) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let before = resident()?;
    let begin = Instant::now();
    let stall = thread::scope(|scope| {
        for _ in 0..SUBMITTERS {
            scope.spawn(|| {
                let mut pending = Vec::new();
                while !over.load(Ordering::SeqCst) {
                    pending.push(cluster.submit(number.fetch_add(1, Ordering::SeqCst)));
                }
                for pending in pending {
                    pending.wait().expect("the log goes on");
                    ended.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        thread::sleep(length.min(Duration::from_secs(1)));
        let early = number.load(Ordering::SeqCst);
        thread::sleep(length.saturating_sub(begin.elapsed()));
        let stats = cluster.store.stats();
        let stall = resident().map(|resident| Stall {
            seconds: begin.elapsed().as_secs_f64(),
            in_flight: stats.in_flight,
            in_flight_bytes: stats.in_flight_bytes,
            later: number.load(Ordering::SeqCst) - early,
            resident_bytes: resident.saturating_sub(before),
            committed: 0,
        });
        over.store(true, Ordering::SeqCst);
        log.go_on();
        stall
    });
    let mut stall = stall?;
    stall.committed = ended.into_inner();
    let made = number.into_inner();
    ensure!(
        stall.committed == made,
        "{made} transactions were made, {} committed",
        stall.committed
    );
    Ok(stall)
}

/// Returns how much memory the process has, as Linux counts it; zero where there is no such account.
fn resident() -> Result<usize> {
    let Ok(account) = fs::read_to_string("/proc/self/statm") else {
        return Ok(0);
    };
    let pages = account.split(' ').nth(1).context("no resident pages")?;
    Ok(pages.parse::<usize>()? * PAGE)
}

impl Stalled {
    /// Commits what was taken, and everything from now on.
    fn go_on(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for proposal in taken.drain(..) {
            let _refused = self.inner.propose(proposal);
        }
        self.stands.store(false, Ordering::SeqCst);
    }
}

impl Proposer<Payload> for Stalled {
    fn start(&self, replica: Arc<dyn Replica<Payload>>) -> Result<(), StartError> {
        self.inner.start(replica)
    }

    fn propose(&self, proposal: Proposal<Payload>) -> Result<(), Refused<Payload>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stands.load(Ordering::SeqCst) {
            taken.push(proposal);
            return Ok(());
        }
        self.inner.propose(proposal)
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<Payload>>, HistoryError> {
        self.inner.changes_between(after, through)
    }

    fn stop(&self) {
        self.inner.stop();
    }
}
