//! The durable log of one node.

mod applier;
mod compaction;
mod history;
mod log;
mod options;
mod place;
mod record;
mod recover;
mod saved;
mod scan;
mod torn;
mod writer;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Sender, TrySendError, bounded};

use crate::journal::applier::Applier;
use crate::journal::compaction::Compaction;
use crate::journal::history::History;
use crate::journal::log::Log;
use crate::journal::place::{Place, failed};
use crate::journal::recover::recover;
use crate::journal::writer::{Command, Writer};
use crate::sync::lock;
use crate::tail::Tail;
use crate::{
    AbortReason, Change, HistoryError, Payload, Proposal, Proposer, Refused, Replica, Standing,
    StartError, Term, Version,
};

pub use options::JournalOptions;

/// A log in a directory: durable, of one node, which leads from its start on.
///
/// What is applied is on disk. Proposals that queue up while the disk is busy share the next flush. The state is saved and
/// the log compacted in the background. See `JOURNAL.md` beside the crate for what it was built on, and why.
///
/// One process works in a directory at a time. Dropping a journal stops it.
pub struct Journal<T: Payload> {
    shared: Arc<Shared<T>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Counters of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalStats {
    /// Entries made durable since the start.
    pub entries: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Flushes that made them durable.
    pub flushes: u64,
    /// Entries applied at the start, after the saved state.
    pub replayed: u64,
    /// Bytes cut off at the start: the end of a write that never ended.
    pub torn_bytes: u64,
    /// The version of the newest saved state; zero when there is none.
    pub saved: Version,
    /// Why the last attempt to save the state failed, if it did; it is tried again later.
    pub save_error: Option<String>,
    /// Why nothing is taken any more, if something went wrong: only a new start helps.
    pub failure: Option<String>,
}

/// What the journal and its thread share.
struct Shared<T> {
    options: JournalOptions,
    place: Place,
    door: Mutex<Door<T>>,
    history: History<T>,
    stats: Mutex<JournalStats>,
}

/// Where proposals come in. Held while one is handed over, so that they queue in the order in which they were taken.
enum Door<T> {
    New,
    Open {
        term: Term,
        /// Where the log stands when everything taken is in it.
        taken: Standing,
        commands: Sender<Command<T>>,
    },
    Shut(AbortReason),
}

impl<T: Payload> Journal<T> {
    /// Takes a directory for this process, making it where there is none. Nothing in it is read before the start.
    ///
    /// # Errors
    /// When the directory cannot be made or written, or another process works in it.
    pub fn open(dir: impl AsRef<Path>, options: JournalOptions) -> Result<Self, StartError> {
        let place = Place::take(dir.as_ref())?;
        let shared = Shared {
            history: History::new(Tail::new(Standing::default(), 0, 0)),
            options,
            place,
            door: Mutex::new(Door::New),
            stats: Mutex::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            thread: Mutex::new(None),
        })
    }

    /// Returns the journal's counters.
    #[must_use]
    pub fn stats(&self) -> JournalStats {
        let stats = lock(&self.shared.stats).clone();
        let failure = match &*lock(&self.shared.door) {
            Door::Shut(AbortReason::Failed(why)) => Some(why.clone()),
            _ => None,
        };
        JournalStats { failure, ..stats }
    }

    /// Saves the state, drops the part of the log that it makes superfluous, and returns where the saved state stands.
    ///
    /// # Errors
    /// When the journal does not run, or the state cannot be written; the log is then as it was.
    ///
    /// # Blocking
    /// Until the state is on disk. Proposals are committed meanwhile.
    pub fn compact_now(&self) -> io::Result<Standing> {
        let (asker, answer) = bounded(1);
        let commands = self.shared.commands().ok_or_else(not_running)?;
        commands
            .send(Command::Compact(asker))
            .map_err(|_| not_running())?;
        drop(commands);
        answer.recv().map_err(|_| not_running())?
    }
}

impl<T: Payload> Proposer<T> for Journal<T> {
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError> {
        let mut thread = lock(&self.thread);
        let shared = &self.shared;
        if !matches!(*lock(&shared.door), Door::New) {
            return Err(StartError::Started);
        }
        let options = &shared.options;
        let (found, newest) = recover(&shared.place, options, &*replica)?;
        let last = found.files.last().map(|(_, file)| (file, found.last));
        let mut log = Log::open(&shared.place, options, found.end, last)?;
        let term = found.end.led.next();
        log.lead(term).map_err(failed(&log.file().path))?;

        let mut files = found.files;
        if files
            .last()
            .is_none_or(|(_, last)| last.number != log.file().number)
        {
            files.push((found.end.accepted.version, log.file()));
        }
        shared.history.reset(newest, files);
        *lock(&shared.stats) = JournalStats {
            replayed: found.replayed,
            torn_bytes: found.torn_bytes,
            saved: found.saved,
            ..JournalStats::default()
        };
        let (sender, commands) = bounded(options.queue_entries_most());
        let due = found
            .saved
            .get()
            .saturating_add(options.compact_after_entries);
        let (hand_on, flushed) = bounded(1);
        let writer = Writer {
            log,
            shared: Arc::clone(shared),
            commands: commands.clone(),
            flushed: hand_on,
            compaction: Compaction {
                shared: Arc::clone(shared),
                replica: Arc::clone(&replica),
                due: Version::new(due),
                bytes: found.replayed_bytes,
                saving: None,
                waiting: Vec::new(),
                asked: Vec::new(),
            },
        };
        // Open before the replica hears that it leads: it may propose at once.
        *lock(&shared.door) = Door::Open {
            term,
            taken: found.end.accepted,
            commands: sender,
        };
        let (led, leads) = bounded(1);
        let writer = thread::Builder::new()
            .name("journal-write".to_owned())
            .spawn(move || writer.run());
        let spawned = writer.and_then(|writer| {
            let applier = Applier {
                shared: Arc::clone(shared),
                replica,
                flushed,
                writer,
                commands,
                applying: None,
            };
            thread::Builder::new()
                .name("journal".to_owned())
                .spawn(move || applier.run(term, &led))
        });
        match spawned {
            Ok(handle) => *thread = Some(handle),
            Err(error) => {
                shared.end(AbortReason::Failed(error.to_string()));
                return Err(failed(shared.place.dir())(error));
            }
        }
        // The replica may stop the journal at once.
        drop(thread);
        // An error here means that the replica panicked; the next proposal tells.
        let _ = leads.recv();
        Ok(())
    }

    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        let refused = |proposal, reason| Err(Refused { proposal, reason });
        let size = proposal.payload.encoded_len();
        let options = &self.shared.options;
        let mut door = lock(&self.shared.door);
        let (taken, commands) = match &mut *door {
            Door::New => return refused(proposal, AbortReason::NotLeader { leader: None }),
            Door::Shut(reason) => return refused(proposal, reason.clone()),
            Door::Open { term, .. } if *term != proposal.id.term => {
                return refused(proposal, AbortReason::NotLeader { leader: None });
            }
            Door::Open { taken, .. } if !taken.is_continued_by(proposal.id) => {
                return refused(proposal, AbortReason::Superseded);
            }
            Door::Open {
                taken, commands, ..
            } => (taken, commands),
        };
        let max = options.payload_bytes_most(proposal.epoch != taken.epoch);
        if size > max {
            return refused(proposal, AbortReason::TooLarge { size, max });
        }
        let standing = Standing::of(&proposal);
        let (back, reason) = match commands.try_send(Command::Commit(proposal, size)) {
            Ok(()) => {
                *taken = standing;
                return Ok(());
            }
            Err(TrySendError::Full(back)) => {
                let queued = options.queue_entries_most();
                (back, AbortReason::Overloaded { queued })
            }
            Err(TrySendError::Disconnected(back)) => {
                let what = "the thread of the journal has died";
                (back, AbortReason::Failed(what.to_owned()))
            }
        };
        let Command::Commit(proposal, _) = back else {
            unreachable!("a channel gives back what it was given")
        };
        refused(proposal, reason)
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        self.shared.history.between(after, through, usize::MAX)
    }

    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        bytes: usize,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        self.shared.history.between(after, through, bytes)
    }

    fn stop(&self) {
        // The thread ends when it has done what was taken, since nobody can ask for more.
        self.shared.end(AbortReason::Stopped);
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread
            // Whoever is told of a commit on that thread may drop the last handle there.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

impl<T: Payload> Drop for Journal<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl<T: Payload> fmt::Debug for Journal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("dir", &self.shared.place.dir())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl<T> Shared<T> {
    /// Returns the way to the thread while it is open. Whoever keeps it keeps the thread from ending.
    fn commands(&self) -> Option<Sender<Command<T>>> {
        match &*lock(&self.door) {
            Door::Open { commands, .. } => Some(commands.clone()),
            Door::New | Door::Shut(_) => None,
        }
    }

    fn is_open(&self) -> bool {
        matches!(*lock(&self.door), Door::Open { .. })
    }

    /// Whether it was shut since something went wrong: then what has queued up is not written any more.
    fn has_failed(&self) -> bool {
        matches!(*lock(&self.door), Door::Shut(AbortReason::Failed(_)))
    }

    /// Takes no proposal any more, and lets go of the way to the thread.
    fn end(&self, reason: AbortReason) {
        let mut door = lock(&self.door);
        if !matches!(*door, Door::Shut(_)) {
            *door = Door::Shut(reason);
        }
    }
}

fn not_running() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the journal does not run")
}
