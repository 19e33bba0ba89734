//! What the tests of the journal share.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use proposer::testing::{Blob, End, Recorder};
use proposer::{
    AbortReason, Applied, Journal, JournalOptions, Outcome, Peer, Proposal, ProposalId, Proposer,
    Replica, RestoreError, Standing, StartError, Term, Version,
};

/// Bytes of a payload here.
pub(crate) const PAYLOAD: usize = 40;

/// Bytes of its record in the log: the header, the payload, the mark.
pub(crate) const RECORD: u64 = 56 + PAYLOAD as u64 + 1;

/// Opens a journal and starts it with a fresh recorder.
pub(crate) fn start(
    dir: &Path,
    options: &JournalOptions,
) -> Result<(Journal<Blob>, Arc<Recorder>), StartError> {
    let recorder = Arc::new(Recorder::new());
    let journal = Journal::open(dir, options.clone())?;
    journal.start(Arc::clone(&recorder) as Arc<dyn Replica<Blob>>)?;
    Ok((journal, recorder))
}

/// Submits payloads one after the other, waiting for each: each has a flush of its own.
pub(crate) fn commit(journal: &Journal<Blob>, recorder: &Recorder, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let id = recorder
            .submit(journal, Blob::new(seed, PAYLOAD))
            .expect("taken");
        assert_eq!(recorder.wait(id), End::Applied);
    }
}

/// Returns the payloads that these seeds make.
pub(crate) fn payloads(seeds: std::ops::Range<u64>) -> Vec<Blob> {
    seeds.map(|seed| Blob::new(seed, PAYLOAD)).collect()
}

/// Copies a directory and what is in it, as it is at this moment.
pub(crate) fn copy(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).unwrap();
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Returns the seed of this run: `SEED`, or another each time, printed.
pub(crate) fn seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed =
        std::env::var("SEED").map_or(now.subsec_nanos().into(), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    u64::max(seed, 1)
}

/// Returns the files of the log, oldest first.
pub(crate) fn log_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir.join("log"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wal"))
        .collect();
    files.sort();
    files
}

/// Returns the saved states, oldest first.
pub(crate) fn saved_states(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("state-")
        })
        .collect();
    files.sort();
    files
}

/// A journal that writes nothing: what is submitted queues up until it goes on.
pub(crate) struct Halted {
    pub(crate) journal: Journal<Blob>,
    pub(crate) recorder: Arc<Recorder>,
    gate: Sender<()>,
}

impl Halted {
    /// While one group is applied, one waits for that, and one to be handed on.
    pub(crate) const BEHIND: usize = 3;

    /// Commits transactions, which have a flush each, and halts while the first of the last three is applied.
    pub(crate) fn behind(dir: &Path, options: JournalOptions, entries: &[Blob]) -> Self {
        let recorder = Arc::new(Recorder::new());
        let (gate, opened) = channel::<()>();
        let opened = Mutex::new(opened);
        let mut replica = Hooked::new(&recorder);
        let halting = Version::new((entries.len() + 1 - Self::BEHIND) as u64);
        replica.on_apply = Box::new(move |id| {
            if id.version == halting {
                opened.lock().unwrap().recv().unwrap();
            }
            None
        });
        let journal = Journal::open(dir, options).unwrap();
        journal.start(Arc::new(replica)).unwrap();
        let halted = Self {
            journal,
            recorder,
            gate,
        };
        for (flushes, entry) in (1..).zip(entries) {
            halted.submit(entry).unwrap();
            while halted.journal.stats().flushes < flushes {
                thread::yield_now();
            }
        }
        halted
    }

    pub(crate) fn submit(&self, payload: &Blob) -> Result<ProposalId, AbortReason> {
        self.recorder.submit(&self.journal, payload.clone())
    }

    pub(crate) fn go_on(&self) {
        self.gate.send(()).unwrap();
    }
}

/// A recorder whose answers a test can change.
pub(crate) struct Hooked {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) on_lead: Box<dyn Fn() + Send + Sync>,
    pub(crate) on_apply: Box<dyn Fn(ProposalId) -> Option<Applied> + Send + Sync>,
    pub(crate) on_save: Box<dyn Fn() -> io::Result<()> + Send + Sync>,
    /// How many of a group it takes.
    pub(crate) group_max: usize,
}

impl Hooked {
    pub(crate) fn new(recorder: &Arc<Recorder>) -> Self {
        Self {
            recorder: Arc::clone(recorder),
            on_lead: Box::new(|| ()),
            on_apply: Box::new(|_| None),
            on_save: Box::new(|| Ok(())),
            group_max: usize::MAX,
        }
    }
}

impl Replica<Blob> for Hooked {
    fn apply(&self, proposal: Proposal<Blob>) -> Applied {
        let answer = (self.on_apply)(proposal.id);
        answer.unwrap_or_else(|| self.recorder.apply(proposal))
    }

    fn apply_group(&self, group: &mut dyn Iterator<Item = Proposal<Blob>>) -> Applied {
        let mut applied = group.take(self.group_max).map(|one| self.apply(one));
        let refused = applied.find(|one| *one != Applied::Accepted);
        refused.unwrap_or(Applied::Accepted)
    }

    fn settle(&self, outcome: Outcome) {
        self.recorder.settle(outcome);
    }

    fn lead(&self, term: Term) {
        self.recorder.lead(term);
        (self.on_lead)();
    }

    fn follow(&self, leader: Option<Peer>) {
        self.recorder.follow(leader);
    }

    fn standing(&self) -> Standing {
        self.recorder.standing()
    }

    fn save(&self, out: &mut dyn Write) -> io::Result<Standing> {
        (self.on_save)()?;
        self.recorder.save(out)
    }

    fn restore(&self, from: &mut dyn Read) -> Result<Standing, RestoreError> {
        self.recorder.restore(from)
    }
}
