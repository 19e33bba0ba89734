//! The log's side of the contract: takes proposals, and gives committed ones back.

use std::sync::Arc;

use crate::{Change, HistoryError, Proposal, Refused, Replica, RestoreError, Version};

/// A replicated (or durable, or merely ordered) log of transactions.
///
/// A proposer and a [`Replica`] face each other. The replica hands proposals over in version order and does not wait;
/// the proposer gives each back exactly once: through [`Replica::apply`] when it is committed, or through
/// [`Replica::settle`] when it was dropped.
///
/// # Correctness
/// - Every proposal that [`Proposer::propose`] took ends exactly once, applied or settled, in the order of handing over.
/// - *Applied*: durable by this proposer's promise before the replica hears of it.
/// - *Aborted*: no replica applies it, ever. *Unknown*: it may still be applied, here or elsewhere.
/// - If a proposal is dropped, so is every later one of its term and incarnation (the suffix property).
/// - Calls to the replica never overlap, but for [`Replica::save`], which may run beside any other.
/// - The replica may be called from inside `propose`, but then only to apply or settle proposals that this replica
///   handed over, up to the one that is being handed over; never a foreign one, never `restore`, `lead` or `follow`.
pub trait Proposer<T>: Send + Sync + 'static {
    /// Connects the replica, brings it up to date (saved state, then the log), and begins to take part.
    ///
    /// When it returns, the replica holds everything that this proposer knows to be committed. A proposer that leads
    /// from the start has called [`Replica::lead`] by then.
    ///
    /// # Errors
    /// When what is stored cannot be read as it was written; nothing that is stored has been changed then.
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError>;

    /// Takes a proposal on its way; does not wait for its replication.
    ///
    /// # Errors
    /// When it is certainly not in the log and never will be; it is handed back with the reason.
    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>>;

    /// Returns the committed transactions with `after < version <= through`, ascending and without a gap.
    ///
    /// # Errors
    /// When the log does not hold all of them.
    ///
    /// # Blocking
    /// May read from disk.
    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError>;

    /// Returns the first of the transactions of [`Proposer::changes_between`]: as many as have so many encoded bytes together, the
    /// last of them perhaps more, so at least one where there is one.
    ///
    /// For whoever goes through a long stretch without holding it whole. A log that has it in memory anyway need not implement
    /// this: it then gives all of them.
    ///
    /// # Errors
    /// When the log does not hold all of those that it gives, or the versions are out of order.
    ///
    /// # Blocking
    /// May read from disk.
    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        bytes: usize,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        let _ = bytes;
        self.changes_between(after, through)
    }

    /// Ends the work: takes no further proposal, settles or applies those that were taken, and lets go of the replica.
    ///
    /// Calling it again does nothing.
    ///
    /// # Blocking
    /// Until what was taken has ended.
    fn stop(&self);
}

/// A proposer that somebody else keeps a hand on, to look at its figures or to tell it what only it can do.
impl<T, P: Proposer<T>> Proposer<T> for Arc<P> {
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError> {
        (**self).start(replica)
    }

    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        (**self).propose(proposal)
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        (**self).changes_between(after, through)
    }

    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        bytes: usize,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        (**self).first_changes_between(after, through, bytes)
    }

    fn stop(&self) {
        (**self).stop();
    }
}

/// Why a proposer cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// It was started before.
    #[error("the proposer was started before; a proposer serves one store")]
    Started,
    /// What is stored is not as it was written.
    #[error("{path}: {what}")]
    Damaged {
        /// The file.
        path: String,
        /// Where in it, what is wrong, and what to do.
        what: String,
    },
    /// What is stored was written by another release.
    #[error("{path}: it has format {found}, this release reads format {supported}")]
    Format {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
        /// The one that is read.
        supported: u32,
    },
    /// A saved state was refused by the replica, and there is no other.
    #[error("{path}: {source}")]
    Restore {
        /// The file.
        path: String,
        /// Why it was refused.
        source: RestoreError,
    },
    /// Another process works with the same directory.
    #[error("{path}: in use by {}", holder.map_or_else(|| "another process".to_owned(), |id| format!("process {id}")))]
    Locked {
        /// The file that is locked.
        path: String,
        /// The process that holds it, where that is known.
        holder: Option<u32>,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}
