//! A transaction on its way through the log, and what can become of it.
//!
//! A proposal that comes back from the log, on the replica that made it or on another, is the same [`Proposal`].

use std::error::Error;
use std::fmt;

use crate::{Epoch, Incarnation, Term, Version};

/// Names one proposal: no two proposals of one history share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProposalId {
    /// The leadership under which it was handed over.
    pub term: Term,
    /// The attempt within that leadership.
    pub incarnation: Incarnation,
    /// The version that the transaction will have when it is committed.
    pub version: Version,
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} (term {}.{})",
            self.version, self.term, self.incarnation
        )
    }
}

/// A transaction on its way through the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal<T> {
    /// Its name.
    pub id: ProposalId,
    /// The history that it belongs to; a proposal that restores a saved state carries a new one.
    pub epoch: Epoch,
    /// The transaction's changes. The proposer does not look inside.
    pub payload: T,
}

/// Why bytes are not a payload.
pub type DecodeError = Box<dyn Error + Send + Sync>;

/// A payload that a durable or remote log can carry.
///
/// # Correctness
/// - `decode` of what `encode` appended gives an equal payload.
/// - `encode` appends exactly `encoded_len` bytes.
/// - `decode` accepts any bytes without panicking.
pub trait Payload: Clone + Send + Sync + Sized + 'static {
    /// Returns the number of bytes that [`Payload::encode`] appends.
    fn encoded_len(&self) -> usize;

    /// Appends the encoded form.
    fn encode(&self, out: &mut Vec<u8>);

    /// Returns the payload that the bytes encode.
    ///
    /// # Errors
    /// When they encode none.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;
}

/// The name of another replica, as a proposer gives it, to be shown to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer(String);

impl Peer {
    /// Wraps a name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a proposal is not, or perhaps not, in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AbortReason {
    /// This replica does not lead; only the leader proposes.
    #[error("this replica is not the leader{}", leader.as_ref().map(|peer| format!("; the leader is {peer}")).unwrap_or_default())]
    NotLeader {
        /// Who leads, where that is known.
        leader: Option<Peer>,
    },
    /// The encoded payload is larger than the log takes.
    #[error("the transaction has {size} bytes, the log takes {max} at most; split it")]
    TooLarge {
        /// Bytes of the payload.
        size: usize,
        /// Bytes that the log takes.
        max: usize,
    },
    /// It makes more changes than one transaction may.
    #[error("the transaction makes {changes} changes, one may make {max} at most; split it")]
    TooManyChanges {
        /// Changes that it makes.
        changes: usize,
        /// Changes that one transaction may make.
        max: usize,
    },
    /// A proposal that this one was built on was dropped.
    #[error("an earlier transaction that this one was built on was dropped")]
    Superseded,
    /// More proposals wait for the log than it lets wait.
    #[error("{queued} transactions wait for the log already; try again later")]
    Overloaded {
        /// Proposals that wait.
        queued: usize,
    },
    /// The proposer was stopped.
    #[error("the log was stopped")]
    Stopped,
    /// The log could not be written.
    #[error("the log could not be written: {0}")]
    Failed(String),
}

impl AbortReason {
    /// Whether the same transaction can succeed when it is tried again on this replica at once.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Superseded)
    }
}

/// A proposal that was not taken, handed back: it is certainly not in the log.
#[derive(Debug)]
pub struct Refused<T> {
    /// The proposal, as it was handed over.
    pub proposal: Proposal<T>,
    /// Why it was not taken.
    pub reason: AbortReason,
}

/// What became of proposals that will not come back from the log as they were expected to.
///
/// Both forms speak of a suffix: the named proposal and every later one of its term and incarnation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Certainly not in the log, on no replica, ever: it is safe to try again.
    Aborted {
        /// The first of them.
        from: ProposalId,
        /// Why.
        reason: AbortReason,
    },
    /// Perhaps in the log: a later leader may still commit some of them.
    Unknown {
        /// The first of them.
        from: ProposalId,
        /// Why.
        reason: AbortReason,
    },
}

impl Outcome {
    /// Returns the first proposal that this speaks of.
    #[must_use]
    pub const fn from(&self) -> ProposalId {
        match self {
            Self::Aborted { from, .. } | Self::Unknown { from, .. } => *from,
        }
    }
}
