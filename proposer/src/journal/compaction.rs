//! Saving the state, on a thread of its own, and dropping the part of the log that this makes superfluous.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crossbeam_channel::Sender;

use crate::journal::Shared;
use crate::journal::log::Log;
use crate::journal::saved;
use crate::journal::writer::{Command, panicked};
use crate::sync::lock;
use crate::{Payload, Replica, Standing, Version};

/// When the state is saved, and who waits for it.
pub(super) struct Compaction<T: Payload> {
    pub(super) shared: Arc<Shared<T>>,
    pub(super) replica: Arc<dyn Replica<T>>,
    /// The state is saved when this version is reached...
    pub(super) due: Version,
    /// ...or as many bytes were written since.
    pub(super) bytes: u64,
    pub(super) saving: Option<JoinHandle<io::Result<Standing>>>,
    /// Those whose save has begun.
    pub(super) waiting: Vec<Sender<io::Result<Standing>>>,
    /// Those who asked since.
    pub(super) asked: Vec<Sender<io::Result<Standing>>>,
}

impl<T: Payload> Compaction<T> {
    /// Begins to save the state when it is time, and no save is under way.
    pub(super) fn begin_if_due(&mut self, log: &Log) {
        let options = &self.shared.options;
        let reached = log.accepted().version;
        let is_due = reached >= self.due || self.bytes >= options.compact_after_bytes.max(1);
        if self.saving.is_some() || (self.asked.is_empty() && !is_due) || !self.shared.is_open() {
            return;
        }
        let entries = options.compact_after_entries.max(1);
        self.due = Version::new(reached.get().saturating_add(entries));
        self.bytes = 0;
        self.waiting.append(&mut self.asked);
        let (shared, replica) = (Arc::clone(&self.shared), Arc::clone(&self.replica));
        let thread = thread::Builder::new().name("journal-save".to_owned());
        let spawned = thread.spawn(move || {
            let save = AssertUnwindSafe(|| saved::write(shared.place.dir(), &*replica));
            let result =
                catch_unwind(save).unwrap_or_else(|panic| Err(io::Error::other(panicked(&*panic))));
            // A journal that has been stopped meanwhile asks for the result by itself.
            if let Some(commands) = shared.commands() {
                let _ = commands.send(Command::Saved);
            }
            result
        });
        match spawned {
            Ok(thread) => self.saving = Some(thread),
            Err(error) => self.tell(&Err(error)),
        }
    }

    /// Drops what the saved state makes superfluous, when the save that is under way has ended. An error of saving is told
    /// and tried again later; only one of the log itself is returned.
    pub(super) fn end(&mut self, log: &Log) -> Result<(), String> {
        let Some(saving) = self.saving.take() else {
            return Ok(());
        };
        let result = saving
            .join()
            .unwrap_or_else(|panic| Err(io::Error::other(panicked(&*panic))));
        let result = result.and_then(|standing| {
            saved::remove_older(self.shared.place.dir(), standing.version)?;
            Ok(standing)
        });
        if let Ok(standing) = &result {
            let kept = self.shared.options.history_entries_kept;
            let through = Version::new(standing.version.get().saturating_sub(kept));
            let superfluous = self.shared.history.remove_through(through);
            log.remove(&superfluous)
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
        for waiting in self.waiting.drain(..) {
            let result = match result {
                Ok(standing) => Ok(*standing),
                Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
            };
            let _ = waiting.send(result);
        }
    }
}
