//! Where a watch stands, to be resumed from there.

use std::fmt;

use proposer::{Epoch, Version};

use crate::sync::{Mutex, lock};

/// A version, and the history that it numbers.
///
/// Kept by a watcher, it is what [`Store::watch_from`](crate::Store::watch_from) resumes from: after a restore, or on a store
/// that was created anew, the same version is another state, and the epoch tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The history. [`Epoch::ZERO`] where it is not known, and before the first transaction: it is then taken for the
    /// current one.
    pub epoch: Epoch,
    /// The version.
    pub version: Version,
}

impl Position {
    /// Whether it is one of this history, as far as is known.
    pub(crate) fn is_of(self, epoch: Epoch) -> bool {
        self.epoch == epoch || self.epoch == Epoch::ZERO
    }
}

impl From<Version> for Position {
    /// A version of which the caller knows that it is one of the current history.
    fn from(version: Version) -> Self {
        Self {
            epoch: Epoch::ZERO,
            version,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of epoch {}", self.version, self.epoch)
    }
}

/// Which versions belong to which epoch, since the store was opened; shared with its watchers, whose batches come without.
///
/// It grows by an entry a restore.
#[derive(Debug, Default)]
pub(crate) struct Epochs(Mutex<Vec<Position>>);

impl Epochs {
    /// Notes that versions from this one on belong to an epoch. Called with ascending versions.
    pub(crate) fn begin(&self, first: Version, epoch: Epoch) {
        let mut begun = lock(&self.0);
        if begun.last().is_none_or(|last| last.epoch != epoch) {
            let version = first;
            begun.push(Position { epoch, version });
        }
    }

    /// Returns a version with its epoch.
    pub(crate) fn position(&self, version: Version) -> Position {
        let begun = lock(&self.0);
        let before = begun.partition_point(|begin| begin.version <= version);
        let epoch = before
            .checked_sub(1)
            .map_or(Epoch::ZERO, |last| begun[last].epoch);
        Position { epoch, version }
    }

    /// Returns the first version of the newest epoch.
    pub(crate) fn newest_first(&self) -> Option<Version> {
        lock(&self.0).last().map(|begin| begin.version)
    }
}

// Loom's locks work inside a model only.
#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_version_belongs_to_the_last_epoch_that_had_begun() {
        let epochs = Epochs::default();
        for (first, epoch) in [(1, 7), (2, 7), (5, 9)] {
            epochs.begin(Version::new(first), Epoch::new(epoch));
        }
        let of = |version| epochs.position(Version::new(version)).epoch.get();
        assert_eq!([0, 1, 4, 5, 9].map(of), [0, 7, 7, 9, 9]);
        assert_eq!(epochs.newest_first(), Some(Version::new(5)));
    }
}
