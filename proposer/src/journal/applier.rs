//! The thread of a journal: applies what is durable.
//!
//! It alone calls the replica once the journal has started, so that calls do not overlap.
//!
//! # Order
//! 1. A group is flushed whole before the first of it is applied.
//! 2. A transaction is in the history before it is applied: whoever hears of it can read it back.
//! 3. After an error nothing more is applied: the journal takes no proposal any more, what it had taken is settled as unknown,
//!    then the replica hears that it does not lead.

use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender};

use crate::journal::Shared;
use crate::journal::writer::{Command, Ended, Group, panicked};
use crate::{AbortReason, Applied, Change, Outcome, Payload, Proposal, ProposalId, Replica, Term};

pub(super) struct Applier<T: Payload> {
    pub(super) shared: Arc<Shared<T>>,
    pub(super) replica: Arc<dyn Replica<T>>,
    /// What is durable, in order.
    pub(super) flushed: Receiver<Group<T>>,
    pub(super) writer: JoinHandle<Ended<T>>,
    /// Where proposals queue up; nobody takes them when the writer has failed.
    pub(super) commands: Receiver<Command<T>>,
    /// The transaction that the replica applies: after a panic, it has perhaps done so.
    pub(super) applying: Option<ProposalId>,
}

impl<T: Payload> Applier<T> {
    /// Leads, then applies until the writer has ended.
    pub(super) fn run(mut self, term: Term, led: &Sender<()>) {
        let mut taken = Group::new();
        // The replica is not ours. Whatever it does, nobody waits for ever.
        let work = AssertUnwindSafe(|| {
            self.replica.lead(term);
            // The one who starts the journal may have given up waiting only by dying.
            let _ = led.send(());
            self.apply_all(&mut taken)
        });
        let applied = catch_unwind(work).unwrap_or_else(|panic| Err(panicked(&*panic)));
        if let Err(failure) = &applied {
            // The writer sees it before it writes the next group.
            self.shared.end(AbortReason::Failed(failure.clone()));
        }
        // It has ended when nothing more comes.
        taken.extend(self.flushed.iter().flatten());
        let ended = self.writer.join().unwrap_or_else(|panic| Ended {
            taken: Group::new(),
            failure: Some(panicked(&*panic)),
            saving: None,
        });
        taken.extend(ended.taken);
        if let Some(failure) = applied.err().or(ended.failure) {
            let reason = AbortReason::Failed(failure);
            self.shared.end(reason.clone());
            let queued = self
                .commands
                .try_iter()
                .filter_map(|command| match command {
                    Command::Commit(proposal, _) => Some(proposal.id),
                    _ => None,
                });
            let taken = taken.into_iter().map(|(proposal, _)| proposal.id);
            let left = self.applying.into_iter().chain(taken).chain(queued);
            settle(&*self.replica, left, &reason);
        }
        // Without a receiver, a thread that is still saving does not wait to tell.
        drop(self.commands);
        if let Some(saving) = ended.saving {
            let _ = saving.join();
        }
    }

    /// Applies group after group, until the writer has ended; what is left in a group on an error was not applied.
    fn apply_all(&mut self, group: &mut Group<T>) -> Result<(), String> {
        while let Ok(next) = self.flushed.recv() {
            *group = next;
            let (applying, history) = (&mut self.applying, &self.shared.history);
            // What a transaction displaces is dropped when that was applied.
            let mut displaced = None;
            let mut proposals = iter::from_fn(|| {
                let (proposal, size) = group.pop_front()?;
                let Proposal { id, epoch, .. } = proposal;
                *applying = Some(id);
                let change = Change {
                    version: id.version,
                    epoch,
                    payload: proposal.payload.clone(),
                };
                drop(displaced.replace(history.push(change, size)));
                Some(proposal)
            });
            let applied = self.replica.apply_group(&mut proposals);
            match (applied, self.applying.take()) {
                (Applied::Accepted, _) if group.is_empty() => {}
                (Applied::Skipped, Some(id)) => {
                    return Err(format!("the replica skipped transaction {id}"));
                }
                (Applied::Diverged(what), Some(id)) => {
                    return Err(format!("the replica refused transaction {id}: {what}"));
                }
                _ => return Err("the replica left a part of a group".to_owned()),
            }
        }
        Ok(())
    }
}

/// Tells the replica that these transactions are perhaps in the log, and that it does not lead any more.
fn settle<T>(
    replica: &dyn Replica<T>,
    left: impl Iterator<Item = ProposalId>,
    reason: &AbortReason,
) {
    let mut settled = None;
    for from in left {
        // The first of an incarnation speaks for the rest of it.
        let suffix = Some((from.term, from.incarnation));
        if settled != suffix {
            settled = suffix;
            let reason = reason.clone();
            replica.settle(Outcome::Unknown { from, reason });
        }
    }
    replica.follow(None);
}
