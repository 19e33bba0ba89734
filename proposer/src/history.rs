//! Committed transactions, read back from the log.

use crate::{Epoch, Version};

/// One committed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// Its version.
    pub version: Version,
    /// The history that it belongs to.
    pub epoch: Epoch,
    /// Its changes.
    pub payload: T,
}

/// Why a stretch of history cannot be given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The log no longer reaches back that far: list again, then watch from the version of the list.
    #[error(
        "history after version {asked} is gone: the oldest that is kept follows version {oldest}, the current version is {current} of epoch {epoch}"
    )]
    Compacted {
        /// The version after which changes were asked for.
        asked: Version,
        /// The smallest version that can be asked for.
        oldest: Version,
        /// The newest committed version.
        current: Version,
        /// The history that these versions belong to.
        epoch: Epoch,
    },
    /// The stretch ends beyond the newest committed version, or before it begins.
    #[error(
        "versions are out of order: after {after}, through {through}, the current version is {current}"
    )]
    OutOfOrder {
        /// The version after which changes were asked for.
        after: Version,
        /// The last version that was asked for.
        through: Version,
        /// The newest committed version.
        current: Version,
    },
    /// The log could not be read.
    #[error("the log could not be read: {0}")]
    Failed(String),
}
