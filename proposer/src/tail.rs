//! The newest committed transactions, in memory.
//!
//! Bounded by number and by bytes; whatever no longer fits leaves at the old end. It does not read from disk: what
//! reaches further back is the affair of its owner.
//!
//! Invariants: the versions in it are consecutive, the last is `current`; `bytes` is the sum of the sizes.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Change, Epoch, HistoryError, Standing, Version};

pub(crate) struct Tail<T> {
    changes: VecDeque<(Change<T>, usize)>,
    bytes: usize,
    entries_max: usize,
    bytes_max: usize,
    current: Version,
    epoch: Epoch,
}

/// Transactions that there is no room for any more: one, as a rule, for which nothing is allocated.
///
/// Dropping a payload runs code of the user's, which may ask the log. A panic of it stays here: what was committed is.
#[must_use = "it is to be dropped when no lock is held"]
pub(crate) struct Forgotten<T> {
    first: Option<Change<T>>,
    others: Vec<Change<T>>,
}

impl<T> Drop for Forgotten<T> {
    fn drop(&mut self) {
        for change in self.first.take().into_iter().chain(self.others.drain(..)) {
            let _panic = catch_unwind(AssertUnwindSafe(|| drop(change)));
        }
    }
}

impl<T: Clone> Tail<T> {
    /// Returns a tail without a transaction, of a history that stands here.
    pub(crate) fn new(standing: Standing, entries_max: usize, bytes_max: usize) -> Self {
        Self {
            changes: VecDeque::new(),
            bytes: 0,
            entries_max,
            bytes_max,
            current: standing.version,
            epoch: standing.epoch,
        }
    }

    /// Adds a transaction, and returns those that leave for it.
    pub(crate) fn push(&mut self, change: Change<T>, size: usize) -> Forgotten<T> {
        assert_eq!(change.version, self.current.next(), "a history has no gap");
        self.current = change.version;
        self.epoch = change.epoch;
        self.bytes += size;
        self.changes.push_back((change, size));
        let mut forgotten = Forgotten {
            first: None,
            others: Vec::new(),
        };
        while (self.changes.len() > self.entries_max || self.bytes > self.bytes_max)
            && let Some((change, size)) = self.changes.pop_front()
        {
            self.bytes -= size;
            match &mut forgotten.first {
                None => forgotten.first = Some(change),
                Some(_) => forgotten.others.push(change),
            }
        }
        forgotten
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Returns the version of the newest transaction.
    pub(crate) const fn current(&self) -> Version {
        self.current
    }

    /// Returns the smallest version after which every transaction is here.
    pub(crate) fn oldest(&self) -> Version {
        self.changes.front().map_or(self.current, |(change, _)| {
            change
                .version
                .previous()
                .expect("a transaction has version 1 or greater because 0 is the empty store")
        })
    }

    pub(crate) fn between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        let Self { current, epoch, .. } = *self;
        if after > through || through > current {
            return Err(HistoryError::OutOfOrder {
                after,
                through,
                current,
            });
        }
        let oldest = self.oldest();
        if after == through {
            return Ok(Vec::new());
        }
        if after < oldest {
            return Err(HistoryError::Compacted {
                asked: after,
                oldest,
                current,
                epoch,
            });
        }
        let place = |version: Version| {
            usize::try_from(version.get() - oldest.get())
                .expect("a place in memory because the version is in the tail")
        };
        Ok(self
            .changes
            .range(place(after)..place(through))
            .map(|(change, _)| change.clone())
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(entries_max: usize, bytes_max: usize, count: u64) -> Tail<u64> {
        let mut tail = Tail::new(Standing::default(), entries_max, bytes_max);
        for number in 1..=count {
            let change = Change {
                version: Version::new(number),
                epoch: Epoch::new(7),
                payload: number * 10,
            };
            drop(tail.push(change, 100));
        }
        tail
    }

    fn between(tail: &Tail<u64>, after: u64, through: u64) -> Result<Vec<u64>, HistoryError> {
        let changes = tail.between(Version::new(after), Version::new(through))?;
        Ok(changes.into_iter().map(|change| change.payload).collect())
    }

    #[test]
    fn gives_exactly_the_range() {
        let tail = tail(10, 10_000, 5);
        assert_eq!(between(&tail, 0, 5).unwrap(), [10, 20, 30, 40, 50]);
        assert_eq!(between(&tail, 1, 3).unwrap(), [20, 30]);
        assert!(between(&tail, 5, 5).unwrap().is_empty());
    }

    #[test]
    fn says_how_far_back_it_reaches() {
        for tail in [tail(3, 10_000, 5), tail(10, 399, 5)] {
            assert_eq!(between(&tail, 2, 5).unwrap(), [30, 40, 50]);
            let error = between(&tail, 1, 5).unwrap_err();
            assert!(
                matches!(error, HistoryError::Compacted { asked, oldest, current, epoch }
                    if (asked.get(), oldest.get(), current.get(), epoch.get()) == (1, 2, 5, 7)),
                "{error}"
            );
        }
    }

    #[test]
    fn keeps_nothing_where_nothing_fits() {
        for tail in [tail(0, 10_000, 2), tail(10, 99, 2)] {
            assert_eq!(
                (tail.len(), tail.oldest(), tail.current()),
                (0, Version::new(2), Version::new(2))
            );
            assert!(matches!(
                between(&tail, 1, 2),
                Err(HistoryError::Compacted { .. })
            ));
        }
    }

    #[test]
    fn refuses_what_is_out_of_order() {
        let tail = tail(10, 10_000, 5);
        assert!(matches!(
            between(&tail, 3, 2),
            Err(HistoryError::OutOfOrder { .. })
        ));
        assert!(matches!(
            between(&tail, 3, 6),
            Err(HistoryError::OutOfOrder { .. })
        ));
    }
}
