//! The last committed transactions, kept in memory for watches that resume.

use std::collections::VecDeque;
use std::sync::Arc;

use proposer::{Epoch, HistoryError, Payload as _, Version};

use crate::changes::Changes;
use crate::event::Event;
use crate::position::{Epochs, Position};
use crate::retired::Few;
use crate::schema::Schema;

/// The changes of a committed transaction.
pub(crate) type Past<S> = (Position, Arc<[Event<S>]>);

/// A run of consecutive committed transactions, of one epoch, that ends with the newest.
pub(crate) struct History<S: Schema> {
    entries: VecDeque<(Version, Changes<S>)>,
    /// The version before the first entry.
    floor: Version,
    epoch: Epoch,
    epochs: Arc<Epochs>,
    changes: usize,
    changes_max: usize,
    bytes: usize,
    bytes_max: usize,
}

impl<S: Schema> History<S> {
    pub(crate) fn new(changes_max: usize, bytes_max: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            floor: Version::ZERO,
            epoch: Epoch::ZERO,
            epochs: Arc::default(),
            changes: 0,
            changes_max,
            bytes: 0,
            bytes_max,
        }
    }

    /// Forgets everything, and returns it: what follows continues from this version, which is the first of its epoch if that is
    /// another.
    pub(crate) fn begin(&mut self, version: Version, epoch: Epoch) -> Few<Changes<S>> {
        let mut forgotten = Few::new();
        self.forget(version, epoch, &mut forgotten);
        self.epochs.begin(version, epoch);
        forgotten
    }

    fn forget(&mut self, version: Version, epoch: Epoch, forgotten: &mut Few<Changes<S>>) {
        for (_, changes) in self.entries.drain(..) {
            forgotten.add(changes);
        }
        (self.changes, self.bytes) = (0, 0);
        (self.floor, self.epoch) = (version, epoch);
    }

    /// Returns which versions belong to which epoch.
    pub(crate) const fn epochs(&self) -> &Arc<Epochs> {
        &self.epochs
    }

    /// Adds a transaction, and returns those that there is no room for any more: as a rule, one.
    pub(crate) fn push(
        &mut self,
        version: Version,
        epoch: Epoch,
        changes: Changes<S>,
    ) -> Few<Changes<S>> {
        let mut forgotten = Few::new();
        if epoch != self.epoch || version != self.newest().next() {
            // What was before does not lead here.
            let before = version.previous().unwrap_or(Version::ZERO);
            self.forget(before, epoch, &mut forgotten);
            self.epochs.begin(version, epoch);
        }
        self.changes += changes.len();
        self.bytes += changes.encoded_len();
        self.entries.push_back((version, changes));
        while (self.changes > self.changes_max || self.bytes > self.bytes_max)
            && let Some((version, changes)) = self.entries.pop_front()
        {
            self.changes -= changes.len();
            self.bytes -= changes.encoded_len();
            self.floor = version;
            forgotten.add(changes);
        }
        forgotten
    }

    /// Returns the transactions after a position, up to the newest.
    pub(crate) fn after(&self, position: Position) -> Result<Vec<Past<S>>, HistoryError> {
        let (asked, current) = (position.version, self.newest());
        let of_another_history = !position.is_of(self.epoch);
        if asked > current && !of_another_history {
            return Err(HistoryError::OutOfOrder {
                after: asked,
                through: current,
                current,
            });
        }
        if asked < self.floor || of_another_history {
            return Err(HistoryError::Compacted {
                asked,
                oldest: self.floor,
                current,
                epoch: self.epoch,
            });
        }
        let skip = self.entries.partition_point(|(entry, _)| *entry <= asked);
        let epoch = self.epoch;
        let past = self.entries.range(skip..).map(|(version, changes)| {
            let version = *version;
            (Position { epoch, version }, changes.shared())
        });
        Ok(past.collect())
    }

    /// Returns the number of changes held.
    pub(crate) const fn changes(&self) -> usize {
        self.changes
    }

    /// Returns the bytes that they take in the log.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    fn newest(&self) -> Version {
        self.entries
            .back()
            .map_or(self.floor, |(version, _)| *version)
    }
}
