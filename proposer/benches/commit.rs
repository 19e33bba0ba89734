//! Transactions a second through each log, with 1, 16 and 64 submitters that wait for each commit.
//!
//! The replica does next to nothing, so that the figures are the log's own. For the journal the flushes a second stand
//! beside: their ratio is the size of a group.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use crossbeam_channel::{Sender, bounded};
use proposer::testing::Blob;
use proposer::{
    Applied, Epoch, Incarnation, Journal, JournalOptions, Loopback, Outcome, Peer, Proposal,
    ProposalId, Proposer, Replica, RestoreError, Standing, Term, Version,
};

/// About the size of a task on the wire.
const PAYLOAD: usize = 500;

/// Counts, and tells the submitter.
#[derive(Default)]
struct Counter {
    term: AtomicU64,
    applied: AtomicU64,
    waiting: Mutex<VecDeque<Sender<()>>>,
}

impl Replica<Blob> for Counter {
    fn apply(&self, proposal: Proposal<Blob>) -> Applied {
        self.applied
            .store(proposal.id.version.get(), Ordering::Release);
        let waiting = self.waiting.lock().unwrap().pop_front();
        if let Some(waiting) = waiting {
            let _ = waiting.send(());
        }
        Applied::Accepted
    }

    fn settle(&self, outcome: Outcome) {
        panic!("{outcome:?}");
    }

    fn lead(&self, term: Term) {
        self.term.store(term.get(), Ordering::Release);
    }

    fn follow(&self, _: Option<Peer>) {}

    fn standing(&self) -> Standing {
        Standing {
            version: Version::new(self.applied.load(Ordering::Acquire)),
            ..Standing::default()
        }
    }

    fn save(&self, out: &mut dyn Write) -> io::Result<Standing> {
        out.write_all(b"nothing")?;
        Ok(self.standing())
    }

    fn restore(&self, _: &mut dyn Read) -> Result<Standing, RestoreError> {
        Ok(self.standing())
    }
}

/// A log, and what is needed to name the next proposal.
struct Harness<P> {
    proposer: P,
    replica: Arc<Counter>,
    payload: Blob,
    /// The version of the last proposal; held while one is handed over.
    version: Mutex<u64>,
}

impl<P: Proposer<Blob>> Harness<P> {
    fn new(proposer: P) -> Self {
        let replica = Arc::new(Counter::default());
        proposer
            .start(Arc::clone(&replica) as Arc<dyn Replica<Blob>>)
            .unwrap();
        Self {
            proposer,
            replica,
            payload: Blob::new(1, PAYLOAD),
            version: Mutex::new(0),
        }
    }

    fn propose(&self, done: Option<&Sender<()>>) {
        let mut version = self.version.lock().unwrap();
        *version += 1;
        if let Some(done) = done {
            self.replica.waiting.lock().unwrap().push_back(done.clone());
        }
        let id = ProposalId {
            term: Term::new(self.replica.term.load(Ordering::Acquire)),
            incarnation: Incarnation::ZERO,
            version: Version::new(*version),
        };
        let proposal = Proposal {
            id,
            epoch: Epoch::default(),
            payload: self.payload.clone(),
        };
        self.proposer.propose(proposal).unwrap();
    }

    /// Commits transactions from this many threads, and returns the time that this many of them took.
    fn run(&self, asked: u64, submitters: u64) -> Duration {
        // So many that starting the threads does not count.
        let transactions = asked.max(submitters * 100);
        let begin = Instant::now();
        thread::scope(|scope| {
            for index in 0..submitters {
                let share = (transactions + index) / submitters;
                scope.spawn(move || {
                    let (done, committed) = bounded(1);
                    for _ in 0..share {
                        self.propose(Some(&done));
                        committed.recv().unwrap();
                    }
                });
            }
        });
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let share = asked as f64 / transactions as f64;
        begin.elapsed().mul_f64(share)
    }
}

fn loopback(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("loopback");
    group.throughput(Throughput::Elements(1));
    let harness = Harness::new(Loopback::new());
    group.bench_function("alone", |bench| bench.iter(|| harness.propose(None)));
    for submitters in [1, 16, 64] {
        let harness = Harness::new(Loopback::new());
        group.bench_function(submitters.to_string(), |bench| {
            bench.iter_custom(|transactions| harness.run(transactions, submitters));
        });
    }
}

fn journal(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("journal");
    group.throughput(Throughput::Elements(1));
    for submitters in [1, 16, 64] {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), JournalOptions::default()).unwrap();
        let harness = Harness::new(journal);
        let begin = Instant::now();
        group.bench_function(submitters.to_string(), |bench| {
            bench.iter_custom(|transactions| harness.run(transactions, submitters));
        });
        let stats = harness.proposer.stats();
        #[expect(clippy::cast_precision_loss, reason = "figures to read")]
        let per_second = |count: u64| count as f64 / begin.elapsed().as_secs_f64();
        println!(
            "journal/{submitters}: {:.0} transactions/s, {:.0} flushes/s",
            per_second(stats.entries),
            per_second(stats.flushes),
        );
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = loopback, journal
}
criterion_main!(benches);
