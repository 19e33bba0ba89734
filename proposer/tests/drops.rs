//! Payloads whose drop asks the log: none that a log forgets is dropped under a lock that this needs.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use proposer::{
    Applied, DecodeError, Epoch, Incarnation, Journal, JournalOptions, Loopback, LoopbackOptions,
    Outcome, Payload, Peer, Proposal, ProposalId, Proposer, Replica, RestoreError, Standing, Term,
    Version,
};

type Log = Arc<dyn Proposer<Curious>>;

/// A payload that does something when it is dropped, by its number.
#[derive(Clone)]
struct Curious(u64, Arc<dyn Fn(u64) + Send + Sync>);

impl Drop for Curious {
    fn drop(&mut self) {
        (self.1)(self.0);
    }
}

impl Payload for Curious {
    fn encoded_len(&self) -> usize {
        1
    }
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(0);
    }
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self(0, Arc::new(|_| ())))
    }
}

/// A replica that accepts everything.
#[derive(Default)]
struct Accepting(Mutex<Standing>);

impl Replica<Curious> for Accepting {
    fn apply(&self, proposal: Proposal<Curious>) -> Applied {
        *self.0.lock().unwrap() = Standing::of(&proposal);
        Applied::Accepted
    }
    fn settle(&self, _: Outcome) {}
    fn lead(&self, _: Term) {}
    fn follow(&self, _: Option<Peer>) {}
    fn standing(&self) -> Standing {
        *self.0.lock().unwrap()
    }
    fn save(&self, _: &mut dyn Write) -> io::Result<Standing> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn restore(&self, _: &mut dyn Read) -> Result<Standing, RestoreError> {
        Ok(self.standing())
    }
}

/// Commits up to four transactions by a log that remembers one, and returns how many there were.
fn commit(
    log: &Log,
    replica: &Arc<Accepting>,
    on_drop: impl Fn(u64) + Send + Sync + 'static,
) -> u64 {
    let on_drop = Arc::new(on_drop);
    log.start(Arc::clone(replica) as Arc<dyn Replica<Curious>>)
        .unwrap();
    for number in 1..=4 {
        let proposal = Proposal {
            id: ProposalId {
                term: Term::new(1),
                incarnation: Incarnation::ZERO,
                version: Version::new(number),
            },
            epoch: Epoch::new(1),
            payload: Curious(number, on_drop.clone()),
        };
        if log.propose(proposal).is_err() {
            break;
        }
    }
    log.stop();
    replica.standing().version.get()
}

/// Does it with each log, where it may wait for itself for ever.
fn with_each_log(play: fn(Log)) {
    let dir = tempfile::tempdir().unwrap();
    let mut options = JournalOptions::default();
    options.memory_entries_max = 1;
    let journal = Journal::open(dir.path(), options).unwrap();
    let mut options = LoopbackOptions::default();
    options.history_entries_max = 1;
    let logs: [Log; 2] = [Arc::new(journal), Arc::new(Loopback::with(options))];
    for log in logs {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            play(log);
            tell.send(()).unwrap();
        });
        let ends = told.recv_timeout(Duration::from_secs(10));
        assert!(ends.is_ok(), "it waits for itself, or fails: {ends:?}");
    }
}

/// What left the memory was dropped under the lock of the history.
#[test]
fn what_a_log_forgets() {
    with_each_log(|log| {
        let looks = Arc::new(AtomicUsize::new(0));
        let (asked, seen) = (Arc::downgrade(&log), Arc::clone(&looks));
        let on_drop = move |_| {
            if let Some(log) = asked.upgrade() {
                assert!(log.changes_between(Version::ZERO, Version::ZERO).is_ok());
                seen.fetch_add(1, Ordering::Relaxed);
            }
        };
        assert_eq!(commit(&log, &Arc::default(), on_drop), 4);
        // Each as it was applied, and the first three when they were forgotten.
        assert_eq!(looks.load(Ordering::Relaxed), 7);
    });
}

/// What a drop panics with stays with it: the transaction that the log forgets, and the one that it is forgotten for, are
/// committed.
#[test]
fn what_panics_when_a_log_forgets_it() {
    with_each_log(|log| {
        let (replica, panics) = (Arc::<Accepting>::default(), Arc::new(AtomicUsize::new(0)));
        let (seen, counted) = (Arc::clone(&replica), Arc::clone(&panics));
        let on_drop = move |number| {
            if number < seen.standing().version.get() {
                counted.fetch_add(1, Ordering::Relaxed);
                panic!("a test of what a panic does");
            }
        };
        assert_eq!(commit(&log, &replica, on_drop), 4);
        assert_eq!(panics.load(Ordering::Relaxed), 3);
    });
}

/// It is dropped when the log is done with the transaction that it is forgotten for.
#[test]
fn what_stops_the_log_that_forgets_it() {
    with_each_log(|log| {
        let replica = Arc::<Accepting>::default();
        let (asked, seen) = (Arc::downgrade(&log), Arc::clone(&replica));
        let on_drop = move |number| {
            if number < seen.standing().version.get()
                && let Some(log) = asked.upgrade()
            {
                log.stop();
            }
        };
        assert!(commit(&log, &replica, on_drop) >= 2);
    });
}
