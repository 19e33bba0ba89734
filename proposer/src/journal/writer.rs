//! The thread that writes: takes what has queued up, makes it durable with one flush, hands it on to be applied.
//!
//! It alone writes the log. While one group is applied, by the thread in `applier.rs`, the next is on its way to the disk, and
//! nothing but the disk is waited for between two flushes.
//!
//! After an error nothing more is written, whichever of the two threads meets it.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, RecvError, SendError, Sender};

use crate::journal::Shared;
use crate::journal::compaction::Compaction;
use crate::journal::log::Log;
use crate::sync::lock;
use crate::{Payload, Proposal, Standing};

/// What the thread is asked to do. When nobody can ask any more, it ends.
pub(super) enum Command<T> {
    /// Commit a proposal, whose payload has as many bytes.
    Commit(Proposal<T>, usize),
    /// Save the state and compact the log, then answer.
    Compact(Sender<io::Result<Standing>>),
    /// The thread that saves the state has done so, or not.
    Saved,
}

/// Proposals, each with the bytes of its payload.
pub(super) type Group<T> = VecDeque<(Proposal<T>, usize)>;

pub(super) struct Writer<T: Payload> {
    /// Before what is shared: the directory is perhaps free with that, and nothing may be written there any more.
    pub(super) log: Log,
    pub(super) shared: Arc<Shared<T>>,
    pub(super) commands: Receiver<Command<T>>,
    /// Takes what is durable, in order.
    pub(super) flushed: Sender<Group<T>>,
    pub(super) compaction: Compaction<T>,
}

/// How the work ended.
pub(super) struct Ended<T> {
    /// What was taken, and not handed on.
    pub(super) taken: Group<T>,
    /// What went wrong, if something did.
    pub(super) failure: Option<String>,
    /// The thread that still saves the state, if one does.
    pub(super) saving: Option<JoinHandle<io::Result<Standing>>>,
}

impl<T: Payload> Writer<T> {
    /// Works until it is stopped or something fails.
    pub(super) fn run(mut self) -> Ended<T> {
        let mut taken = Group::new();
        // What encodes payloads is not ours. Whatever it does, nobody waits for ever.
        let work = AssertUnwindSafe(|| self.work(&mut taken));
        let ended = catch_unwind(work).unwrap_or_else(|panic| Err(panicked(&*panic)));
        Ended {
            taken,
            failure: ended.err(),
            saving: self.compaction.saving.take(),
        }
    }

    fn work(&mut self, group: &mut Group<T>) -> Result<(), String> {
        while let Ok(next) = self.collect(group) {
            if self.shared.has_failed() {
                break;
            }
            self.commit(group)?;
            match next {
                None | Some(Command::Commit(..)) => {}
                Some(Command::Compact(asker)) => self.compaction.asked.push(asker),
                Some(Command::Saved) => self.compaction.end(&self.log)?,
            }
            self.compaction.begin_if_due(&self.log);
        }
        if self.shared.has_failed() {
            // Those who wait are told first.
            return Ok(());
        }
        self.compaction.end(&self.log)
    }

    /// Waits for a proposal or another command, and takes the proposals that have queued up, and the command that ends them,
    /// if one does.
    ///
    /// # Errors
    /// When nobody can ask for anything any more.
    fn collect(&self, group: &mut Group<T>) -> Result<Option<Command<T>>, RecvError> {
        let options = &self.shared.options;
        let mut bytes = 0;
        let mut next = Some(self.commands.recv()?);
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

    /// Makes a group durable, and hands it on; on an error, it is left.
    fn commit(&mut self, group: &mut Group<T>) -> Result<(), String> {
        if group.is_empty() {
            return Ok(());
        }
        self.write(group).map_err(|error| error.to_string())?;
        if let Err(SendError(left)) = self.flushed.send(mem::take(group)) {
            *group = left;
            return Err("the thread that applies has died".to_owned());
        }
        let next = self.log.turn_over();
        if let Some((after, file)) = next.map_err(|error| error.to_string())? {
            self.shared.history.turn_over(after, file);
        }
        Ok(())
    }

    fn write(&mut self, group: &Group<T>) -> io::Result<()> {
        for (proposal, _) in group {
            self.log.append(proposal)?;
        }
        self.log.flush()?;
        let bytes: u64 = group.iter().map(|(_, size)| *size as u64).sum();
        self.compaction.bytes += bytes;
        let mut stats = lock(&self.shared.stats);
        stats.flushes += 1;
        stats.entries += group.len() as u64;
        stats.bytes += bytes;
        Ok(())
    }
}

/// Returns what a thread died of, as a reason.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the thread panicked: {}", text.unwrap_or("without a text"))
}
