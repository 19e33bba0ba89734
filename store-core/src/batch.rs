//! Batches: many small steps, committed in as few transactions as the limits allow.

use proposer::{AbortReason, Proposer, Version};

use crate::changes::Changes;
use crate::error::TransactionError;
use crate::flow::Attempt;
use crate::pending::Pending;
use crate::schema::Schema;
use crate::store::{Open, Store};
use crate::write::WriteTx;

/// A batch while it is made; see [`Store::batch`].
pub struct Batch<'a, S: Schema, P: Proposer<Changes<S>>> {
    store: &'a Store<S, P>,
    open: Option<Open<'a, S>>,
    /// Steps in the open transaction.
    steps: usize,
    /// Transactions on their way, each with its number of steps.
    sent: Vec<Sent>,
    /// Under which attempt the first was sent: when it is over, one of them may have been dropped.
    attempt: Option<Attempt>,
    /// Whether one may have been dropped, so that nothing more is sent.
    cut_off: bool,
}

type Never = std::convert::Infallible;

struct Sent {
    steps: usize,
    /// Whether it is a transaction of its own: without changes, what was read is waited for, no more.
    changed: bool,
    pending: Pending<(), Never>,
}

/// What a batch has committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchReport {
    /// Steps that are committed: the first ones, in order.
    pub steps: usize,
    /// Transactions that they were committed in.
    pub transactions: usize,
    /// The versions of the first and the last of them.
    pub versions: Option<(Version, Version)>,
}

/// Why a batch was not committed whole, and how much of it was.
#[derive(Debug, thiserror::Error)]
#[error("the batch committed {} steps in {} transactions, then failed: {cause}", committed.steps, committed.transactions)]
pub struct BatchError<E> {
    /// What is committed all the same.
    pub committed: BatchReport,
    /// What failed.
    pub cause: TransactionError<E>,
}

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Runs a closure that makes many steps, each of them whole, and returns when all are committed.
    ///
    /// Steps are gathered into one transaction until it has [`batch_changes_max`](crate::StoreOptions::batch_changes_max)
    /// changes or [`batch_bytes_max`](crate::StoreOptions::batch_bytes_max) bytes; a step is never split. Other writers
    /// may get in between two steps whenever a transaction was sent, so a step reads what it needs anew. Transactions are
    /// sent without waiting for the ones before.
    ///
    /// # Errors
    /// When the closure gives one, or a transaction is not committed: what was committed before stays, and the error says
    /// how much that is.
    ///
    /// # Panics
    /// When it is called inside a transaction of the same store.
    ///
    /// # Blocking
    /// Until the log has taken every transaction. The writer slot is held between steps.
    pub fn batch<E>(
        &self,
        batch: impl FnOnce(&mut Batch<'_, S, P>) -> Result<(), E>,
    ) -> Result<BatchReport, BatchError<E>> {
        let mut steps = Batch {
            store: self,
            open: None,
            steps: 0,
            sent: Vec::new(),
            attempt: None,
            cut_off: false,
        };
        let result = batch(&mut steps);
        if result.is_ok() {
            steps.send();
        }
        // An error drops the changes of the open transaction, and frees the writer slot, before anything is waited for.
        // That what its steps read is committed is waited for all the same.
        steps.discard();
        let Batch { sent, cut_off, .. } = steps;
        let mut committed = BatchReport::default();
        let mut failed = None;
        for Sent {
            steps,
            changed,
            pending,
        } in sent
        {
            match pending.wait() {
                Ok(done) if failed.is_none() => {
                    committed.steps += steps;
                    if changed {
                        committed.transactions += 1;
                        let first = committed.versions.map_or(done.version, |(first, _)| first);
                        committed.versions = Some((first, done.version));
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        if cut_off {
            failed.get_or_insert(TransactionError::Aborted(AbortReason::Superseded));
        }
        let cause = match (failed, result) {
            (None, Ok(())) => return Ok(committed),
            (None, Err(error)) => TransactionError::Rejected(error),
            (Some(TransactionError::Aborted(reason)), _) => TransactionError::Aborted(reason),
            (Some(TransactionError::Unknown { version, reason }), _) => {
                TransactionError::Unknown { version, reason }
            }
            (Some(TransactionError::Rejected(never)), _) => match never {},
        };
        Err(BatchError { committed, cause })
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> Batch<'_, S, P> {
    /// Makes one step: done whole, or, when it gives an error, not at all. The batch goes on either way.
    ///
    /// What it gives is known at once, and committed only when the batch is.
    ///
    /// # Errors
    /// Those of the step.
    pub fn step<T, E>(
        &mut self,
        step: impl FnOnce(&mut WriteTx<'_, S>) -> Result<T, E>,
    ) -> Result<T, E> {
        let store = self.store;
        let open = match &mut self.open {
            Some(open) => open,
            none => {
                let open = store.begin();
                let attempt = store.shared().flow().attempt();
                let first = self.attempt.get_or_insert_with(|| attempt.clone());
                self.cut_off |= *first != attempt;
                none.insert(open)
            }
        };
        let value = open.tx.step(step)?;
        self.steps += 1;
        let options = &store.shared().options;
        if open.tx.changes().len() >= options.batch_changes_max
            || open.tx.bytes() >= options.batch_bytes_max
        {
            self.send();
        }
        Ok(value)
    }

    fn send(&mut self) {
        if self.cut_off {
            self.discard();
        } else if let Some(open) = self.open.take() {
            let steps = std::mem::take(&mut self.steps);
            let changed = !open.tx.changes().is_empty();
            let pending = self.store.finish(open, None, Ok(()));
            // One that never set out is a hole, too, though the attempt goes on.
            self.cut_off |= pending.is_aborted();
            self.sent.push(Sent {
                steps,
                changed,
                pending,
            });
        }
    }

    fn discard(&mut self) {
        if let Some(mut open) = self.open.take() {
            open.tx.discard();
            self.sent.push(Sent {
                steps: 0,
                changed: false,
                pending: self.store.finish(open, None, Ok(())),
            });
        }
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> std::fmt::Debug for Batch<'_, S, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("sent", &self.sent.len())
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
