//! The last committed transactions, kept in memory for watches that resume.

use std::collections::VecDeque;
use std::sync::Arc;

use proposer::{Epoch, HistoryError, Version};

use crate::event::Event;
use crate::schema::Schema;

/// The changes of a committed transaction.
pub(crate) type Past<S> = (Version, Arc<[Event<S>]>);

/// A run of consecutive committed transactions, of one epoch, that ends with the newest.
pub(crate) struct History<S: Schema> {
    entries: VecDeque<Past<S>>,
    /// The version before the first entry.
    floor: Version,
    epoch: Epoch,
    changes: usize,
    changes_max: usize,
}

impl<S: Schema> History<S> {
    pub(crate) const fn new(changes_max: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            floor: Version::ZERO,
            epoch: Epoch::ZERO,
            changes: 0,
            changes_max,
        }
    }

    /// Forgets everything: what follows continues from this version.
    pub(crate) fn begin(&mut self, version: Version, epoch: Epoch) {
        self.entries.clear();
        self.changes = 0;
        (self.floor, self.epoch) = (version, epoch);
    }

    pub(crate) fn push(&mut self, version: Version, epoch: Epoch, changes: Arc<[Event<S>]>) {
        if epoch != self.epoch || version != self.newest().next() {
            // What was before does not lead here.
            self.begin(version.previous().unwrap_or(Version::ZERO), epoch);
        }
        self.changes += changes.len();
        self.entries.push_back((version, changes));
        while self.changes > self.changes_max
            && let Some((version, changes)) = self.entries.pop_front()
        {
            self.changes -= changes.len();
            self.floor = version;
        }
    }

    /// Returns the transactions after a version, up to the newest.
    pub(crate) fn after(&self, version: Version) -> Result<Vec<Past<S>>, HistoryError> {
        let (asked, current) = (version, self.newest());
        if version > current {
            return Err(HistoryError::OutOfOrder {
                after: version,
                through: current,
                current,
            });
        }
        if version < self.floor {
            return Err(HistoryError::Compacted {
                asked,
                oldest: self.floor,
                current,
                epoch: self.epoch,
            });
        }
        let skip = self.entries.partition_point(|(entry, _)| *entry <= version);
        Ok(self.entries.range(skip..).cloned().collect())
    }

    /// Returns the number of changes held.
    pub(crate) const fn changes(&self) -> usize {
        self.changes
    }

    fn newest(&self) -> Version {
        self.entries
            .back()
            .map_or(self.floor, |(version, _)| *version)
    }
}
