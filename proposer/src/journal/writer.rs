//! The thread of a journal: takes what has queued up, makes it durable with one flush, applies it.
//!
//! It alone writes the log, and it alone calls the replica once the journal has started, so that calls do not overlap.
//!
//! # Order
//! 1. A group is flushed whole before the first of it is applied; while it is, the one after it may be on its way to the
//!    disk.
//! 2. A transaction is in the history before it is applied: whoever hears of it can read it back.
//! 3. After an error nothing more is written or applied: the journal takes no proposal any more, what it had taken is
//!    settled as unknown, then the replica hears that it does not lead.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, RecvError, Sender};

use crate::journal::Shared;
use crate::journal::log::Log;
use crate::journal::saved;
use crate::sync::lock;
use crate::{
    AbortReason, Applied, Change, Outcome, Payload, Proposal, ProposalId, Replica, Standing, Term,
    Version,
};

/// What the thread is asked to do. When nobody can ask any more, it ends.
pub(super) enum Command<T> {
    /// Commit a proposal, whose payload has as many bytes.
    Commit(Proposal<T>, usize),
    /// Save the state and compact the log, then answer.
    Compact(Sender<io::Result<Standing>>),
    /// A state was saved, or not.
    Saved(io::Result<Standing>),
}

pub(super) struct Writer<T> {
    /// Before what is shared: the directory is perhaps free with that, and nothing may be written there any more.
    pub(super) log: Log,
    pub(super) shared: Arc<Shared<T>>,
    pub(super) replica: Arc<dyn Replica<T>>,
    pub(super) commands: Receiver<Command<T>>,
    /// The transaction that the replica applies: after a panic, it has perhaps done so.
    pub(super) applying: Option<ProposalId>,
    pub(super) compaction: Compaction,
}

/// When the state is saved, and who waits for it.
pub(super) struct Compaction {
    /// The state is saved when this version is reached...
    pub(super) due: Version,
    /// ...or as many bytes were written since.
    pub(super) bytes: u64,
    pub(super) saving: Option<thread::JoinHandle<()>>,
    /// Those whose save has begun.
    pub(super) waiting: Vec<Sender<io::Result<Standing>>>,
    /// Those who asked since.
    pub(super) asked: Vec<Sender<io::Result<Standing>>>,
}

type Group<T> = VecDeque<(Proposal<T>, usize)>;

impl<T: Payload> Writer<T> {
    /// Leads, then works until it is stopped or the log fails.
    pub(super) fn run(mut self, term: Term, led: &Sender<()>) {
        self.replica.lead(term);
        // The one who starts the journal may have given up waiting only by dying.
        let _ = led.send(());
        let (mut group, mut flushed) = (Group::new(), Group::new());
        // The replica, and what encodes payloads, are not ours. Whatever they do, nobody waits for ever.
        let work = AssertUnwindSafe(|| self.work(&mut group, &mut flushed));
        let ended = catch_unwind(work).unwrap_or_else(|panic| Err(panicked(&*panic)));
        if let Err(reason) = ended {
            flushed.append(&mut group);
            self.fail(flushed, reason);
        }
        // Without a receiver, a thread that is still saving does not wait to tell.
        drop(self.commands);
        if let Some(saving) = self.compaction.saving {
            let _ = saving.join();
        }
    }

    fn work(&mut self, group: &mut Group<T>, flushed: &mut Group<T>) -> Result<(), String> {
        while let Ok(next) = self.collect(group, flushed.is_empty()) {
            self.commit(group, flushed)?;
            match next {
                None | Some(Command::Commit(..)) => {}
                Some(Command::Compact(asker)) => self.compaction.asked.push(asker),
                Some(Command::Saved(result)) => self.saved(result)?,
            }
            self.save_if_due();
        }
        Ok(())
    }

    /// Takes the proposals that have queued up, and the command that ends them, if one does; waits for the first if there
    /// is nothing else to do.
    ///
    /// # Errors
    /// When it has waited, and nobody can ask for anything any more.
    fn collect(
        &self,
        group: &mut Group<T>,
        may_wait: bool,
    ) -> Result<Option<Command<T>>, RecvError> {
        let options = &self.shared.options;
        let mut bytes = 0;
        let mut next = if may_wait {
            Some(self.commands.recv()?)
        } else {
            self.commands.try_recv().ok()
        };
        while let Some(Command::Commit(proposal, size)) = next {
            group.push_back((proposal, size));
            bytes += size;
            if group.len() >= options.group_entries_max || bytes >= options.group_bytes_max {
                return Ok(None);
            }
            next = self.commands.try_recv().ok();
        }
        Ok(next)
    }

    /// Makes a group durable, and applies the one before it meanwhile. On an error, what is left in either was not applied.
    fn commit(&mut self, group: &mut Group<T>, flushed: &mut Group<T>) -> Result<(), String> {
        let unwritten = |error: io::Error| error.to_string();
        let begun = self.write(group);
        // Also when the next one cannot be written: this one is durable.
        self.apply_all(flushed)?;
        if !begun.map_err(unwritten)? {
            return Ok(());
        }
        self.log.end_flush().map_err(unwritten)?;
        let bytes: u64 = group.iter().map(|(_, size)| *size as u64).sum();
        self.compaction.bytes += bytes;
        {
            let mut stats = lock(&self.shared.stats);
            stats.flushes += 1;
            stats.entries += group.len() as u64;
            stats.bytes += bytes;
        }
        mem::swap(group, flushed);
        if let Some((after, file)) = self.log.turn_over().map_err(unwritten)? {
            self.shared.history.turn_over(after, file);
        }
        Ok(())
    }

    /// Appends a group, and begins to make it durable; false when there is nothing in it.
    fn write(&mut self, group: &Group<T>) -> io::Result<bool> {
        if group.is_empty() {
            return Ok(false);
        }
        for (proposal, _) in group {
            self.log.append(proposal)?;
        }
        self.log.begin_flush()?;
        Ok(true)
    }

    /// Applies a group that is durable; what is left in it on an error was not applied.
    fn apply_all(&mut self, group: &mut Group<T>) -> Result<(), String> {
        while let Some((proposal, size)) = group.pop_front() {
            self.applying = Some(proposal.id);
            let applied = self.apply(proposal, size);
            self.applying = None;
            applied?;
        }
        Ok(())
    }

    fn apply(&self, proposal: Proposal<T>, size: usize) -> Result<(), String> {
        let Proposal { id, epoch, .. } = proposal;
        let change = Change {
            version: id.version,
            epoch,
            payload: proposal.payload.clone(),
        };
        self.shared.history.push(change, size);
        match self.replica.apply(proposal) {
            Applied::Accepted => Ok(()),
            Applied::Skipped => Err(format!("the replica skipped transaction {id}")),
            Applied::Diverged(what) => Err(format!("the replica refused transaction {id}: {what}")),
        }
    }

    /// Ends the work: what was taken, and was not applied, is perhaps in the log.
    fn fail(&mut self, taken: Group<T>, what: String) {
        let reason = AbortReason::Failed(what);
        self.shared.end(reason.clone());
        let mut settled = None;
        let queued = self
            .commands
            .try_iter()
            .filter_map(|command| match command {
                Command::Commit(proposal, _) => Some(proposal.id),
                _ => None,
            });
        let taken = taken.into_iter().map(|(proposal, _)| proposal.id);
        for from in self.applying.take().into_iter().chain(taken).chain(queued) {
            // The first of an incarnation speaks for the rest of it.
            let suffix = Some((from.term, from.incarnation));
            if settled != suffix {
                settled = suffix;
                let reason = reason.clone();
                self.replica.settle(Outcome::Unknown { from, reason });
            }
        }
        self.replica.follow(None);
    }

    /// Begins to save the state on a thread of its own, when it is time.
    fn save_if_due(&mut self) {
        let options = &self.shared.options;
        let Compaction {
            due,
            bytes,
            saving,
            waiting,
            asked,
        } = &mut self.compaction;
        let reached = self.log.accepted().version;
        let is_due = reached >= *due || *bytes >= options.compact_after_bytes.max(1);
        if saving.is_some() || (asked.is_empty() && !is_due) {
            return;
        }
        let Some(done) = self.shared.commands() else {
            return;
        };
        let entries = options.compact_after_entries.max(1);
        *due = Version::new(reached.get().saturating_add(entries));
        *bytes = 0;
        waiting.append(asked);
        let dir = self.shared.place.dir().to_owned();
        let replica = Arc::clone(&self.replica);
        let thread = thread::Builder::new().name("journal-save".to_owned());
        let spawned = thread.spawn(move || {
            let save = AssertUnwindSafe(|| saved::write(&dir, &*replica));
            let result =
                catch_unwind(save).unwrap_or_else(|panic| Err(io::Error::other(panicked(&*panic))));
            // The journal may have ended meanwhile; the state is there all the same.
            let _ = done.send(Command::Saved(result));
        });
        match spawned {
            Ok(thread) => *saving = Some(thread),
            Err(error) => self.tell(&Err(error)),
        }
    }

    /// Drops what the saved state makes superfluous. An error of saving is told and tried again later; only one of the
    /// log itself is returned.
    fn saved(&mut self, result: io::Result<Standing>) -> Result<(), String> {
        self.compaction.saving = None;
        let dir = self.shared.place.dir();
        let result = result.and_then(|standing| {
            saved::remove_older(dir, standing.version)?;
            Ok(standing)
        });
        if let Ok(standing) = &result {
            let kept = self.shared.options.history_entries_kept;
            let through = Version::new(standing.version.get().saturating_sub(kept));
            let superfluous = self.shared.history.remove_through(through);
            self.log
                .remove(&superfluous)
                .map_err(|error| error.to_string())?;
        }
        self.tell(&result);
        Ok(())
    }

    fn tell(&mut self, result: &io::Result<Standing>) {
        {
            let mut stats = lock(&self.shared.stats);
            match result {
                Ok(standing) => {
                    stats.saved = standing.version;
                    stats.save_error = None;
                }
                Err(error) => stats.save_error = Some(error.to_string()),
            }
        }
        for waiting in self.compaction.waiting.drain(..) {
            let result = match result {
                Ok(standing) => Ok(*standing),
                Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
            };
            let _ = waiting.send(result);
        }
    }
}

/// Returns what a thread died of, as a reason.
fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the thread panicked: {}", text.unwrap_or("without a text"))
}
