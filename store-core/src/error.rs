//! Why an operation on a table, or a whole transaction, was not done.
//!
//! A failed operation leaves its transaction exactly as it was.

use std::error::Error;
use std::sync::Arc;

use proposer::{AbortReason, Version};

use crate::key::KEY_BYTES_MAX;
use crate::object::Object;

/// A rule of the object's kind refuses the change; the source says which.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RuleError(Box<dyn Error + Send + Sync>);

impl RuleError {
    /// Wraps what is wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }

    /// Returns the rule's own error, if it is of this type.
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }
}

/// Why an object was not created. When several reasons hold, the first in this order is given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// A rule of the kind refuses it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A key of it is longer than [`KEY_BYTES_MAX`].
    #[error(
        "a key of {table} is too long; index {index} got {bytes} bytes, {KEY_BYTES_MAX} are the most"
    )]
    KeyTooLong {
        /// The table.
        table: &'static str,
        /// The index; `id` is the primary key.
        index: &'static str,
        /// The encoded key's length.
        bytes: usize,
    },
    /// Another object has its key of a unique index.
    #[error("{index} conflicts with an existing object; {table} {holder} holds it")]
    Conflict {
        /// The table.
        table: &'static str,
        /// The unique index.
        index: &'static str,
        /// The primary key of the object that has the key.
        holder: String,
    },
    /// The primary key is taken.
    #[error("object already exists; {table} {key}")]
    Exists {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
    },
    /// The table holds as many objects as it can: 2^32 - 1.
    #[error("table {table} is full")]
    Full {
        /// The table.
        table: &'static str,
    },
}

/// Why an object was not updated. When several reasons hold, the first in this order is given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// A rule of the kind refuses it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A key of it is longer than [`KEY_BYTES_MAX`].
    #[error(
        "a key of {table} is too long; index {index} got {bytes} bytes, {KEY_BYTES_MAX} are the most"
    )]
    KeyTooLong {
        /// The table.
        table: &'static str,
        /// The index; `id` is the primary key.
        index: &'static str,
        /// The encoded key's length.
        bytes: usize,
    },
    /// Another object has its key of a unique index.
    #[error("{index} conflicts with an existing object; {table} {holder} holds it")]
    Conflict {
        /// The table.
        table: &'static str,
        /// The unique index.
        index: &'static str,
        /// The primary key of the object that has the key.
        holder: String,
    },
    /// No object has this primary key.
    #[error("object does not exist; {table} {key}")]
    NotFound {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
    },
    /// The object was changed since the version that this update was made from.
    #[error(
        "update out of sequence; {table} {key} has version {stored}, the update was made from version {given}: \
         read it again and repeat the change"
    )]
    OutOfSequence {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
        /// The version that is stored.
        stored: Version,
        /// The version that the update was made from.
        given: Version,
    },
}

/// Why an object was not deleted. When several reasons hold, the first in this order is given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteError {
    /// No object has this primary key.
    #[error("object does not exist; {table} {key}")]
    NotFound {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
    },
    /// A rule of the kind refuses it.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

impl DeleteError {
    pub(crate) fn not_found<O: Object>(key: &O::Key) -> Self {
        Self::NotFound {
            table: O::TABLE,
            key: key.to_string(),
        }
    }
}

/// Why a transaction was not committed, as far as is known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransactionError<E> {
    /// The closure said no; what it read is committed.
    #[error(transparent)]
    Rejected(E),
    /// It is certainly not committed, and never will be: it is safe to try again.
    #[error("the transaction was not committed: {0}")]
    Aborted(AbortReason),
    /// It may be committed, now or later: look before trying again.
    #[error(
        "it is not known whether the transaction is committed as version {version}: {reason}; read before trying again"
    )]
    Unknown {
        /// The version that it has if it is committed.
        version: Version,
        /// Why this is not known.
        reason: AbortReason,
    },
}

/// Why a table refuses an operation, in terms of the engine.
#[derive(Debug)]
pub(crate) enum Refusal<O> {
    Exists,
    NotFound,
    Conflict { index: &'static str, holder: Arc<O> },
    OutOfSequence { stored: Version, given: Version },
    KeyTooLong { index: &'static str, bytes: usize },
    Full,
}

impl<O: Object> Refusal<O> {
    pub(crate) fn on_create(self, object: &O) -> CreateError {
        let table = O::TABLE;
        match self {
            Self::Exists => CreateError::Exists {
                table,
                key: object.key().to_string(),
            },
            Self::Conflict { index, holder } => CreateError::Conflict {
                table,
                index,
                holder: holder.key().to_string(),
            },
            Self::KeyTooLong { index, bytes } => CreateError::KeyTooLong {
                table,
                index,
                bytes,
            },
            Self::Full => CreateError::Full { table },
            Self::NotFound | Self::OutOfSequence { .. } => {
                unreachable!("a creation looks for no stored object")
            }
        }
    }

    pub(crate) fn on_update(self, object: &O) -> UpdateError {
        let table = O::TABLE;
        match self {
            Self::NotFound => UpdateError::NotFound {
                table,
                key: object.key().to_string(),
            },
            Self::Conflict { index, holder } => UpdateError::Conflict {
                table,
                index,
                holder: holder.key().to_string(),
            },
            Self::KeyTooLong { index, bytes } => UpdateError::KeyTooLong {
                table,
                index,
                bytes,
            },
            Self::OutOfSequence { stored, given } => UpdateError::OutOfSequence {
                table,
                key: object.key().to_string(),
                stored,
                given,
            },
            Self::Exists | Self::Full => unreachable!("an update takes no new slot"),
        }
    }
}
