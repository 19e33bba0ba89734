//! Committed transactions of a journal: the newest in memory, older ones in the files of the log.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::journal::record::Kind;
use crate::journal::scan::{Item, LogFile, Scan};
use crate::sync::lock;
use crate::tail::{Forgotten, Tail};
use crate::{Change, HistoryError, Payload, StartError, Version};

pub(super) struct History<T>(Mutex<Inner<T>>);

struct Inner<T> {
    tail: Tail<T>,
    /// The files of the log, oldest first, each with the version before its first entry.
    files: VecDeque<(Version, LogFile)>,
}

impl<T: Payload> History<T> {
    pub(super) fn new(tail: Tail<T>) -> Self {
        Self(Mutex::new(Inner {
            tail,
            files: VecDeque::new(),
        }))
    }

    /// Replaces everything by what recovery found.
    pub(super) fn reset(&self, tail: Tail<T>, files: Vec<(Version, LogFile)>) {
        let files = files.into();
        *lock(&self.0) = Inner { tail, files };
    }

    /// Adds a transaction, and returns those that leave the memory for it.
    pub(super) fn push(&self, change: Change<T>, size: usize) -> Forgotten<T> {
        lock(&self.0).tail.push(change, size)
    }

    pub(super) fn turn_over(&self, after: Version, file: LogFile) {
        lock(&self.0).files.push_back((after, file));
    }

    /// Forgets the files that hold nothing after a version, and returns them; the newest stays. They must be there until this
    /// returns.
    pub(super) fn remove_through(&self, version: Version) -> Vec<LogFile> {
        let mut removed = Vec::new();
        let files = &mut lock(&self.0).files;
        while files.get(1).is_some_and(|(after, _)| *after <= version) {
            removed.extend(files.pop_front().map(|(_, file)| file));
        }
        removed
    }

    /// Returns a stretch; of what has to be read from disk, as much as has so many bytes.
    pub(super) fn between(
        &self,
        after: Version,
        through: Version,
        bytes: usize,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        let (first, scans) = {
            let inner = lock(&self.0);
            let compacted = match inner.tail.between(after, through) {
                Err(HistoryError::Compacted {
                    asked,
                    current,
                    epoch,
                    ..
                }) => {
                    let oldest = inner.files.front().map_or(current, |(after, _)| *after);
                    HistoryError::Compacted {
                        asked,
                        oldest,
                        current,
                        epoch,
                    }
                }
                in_memory => return in_memory,
            };
            let first = inner.files.partition_point(|(before, _)| *before <= after);
            if first == 0 {
                return Err(compacted);
            }
            // Opened under the lock: what compaction removes later stays readable through an open file.
            let needed = inner.files.range(first - 1..);
            let scans: Result<Vec<_>, _> = needed
                .take_while(|(before, _)| *before < through)
                .map(|(_, file)| Scan::open(&file.path))
                .collect();
            (after.next(), scans.map_err(|error| unreadable(&error))?)
        };
        read(scans, first, through, bytes)
    }
}

/// Returns the entries of these files from one version through another, or until they have so many bytes.
fn read<T: Payload>(
    scans: Vec<Scan>,
    first: Version,
    through: Version,
    bytes: usize,
) -> Result<Vec<Change<T>>, HistoryError> {
    let mut changes = Vec::new();
    let mut left = bytes;
    for mut scan in scans {
        while let Some(found) = scan.next() {
            let found = found.map_err(|error| unreadable(&error))?;
            let Item::Record(record) = found.what else {
                continue;
            };
            let version = record.standing.version;
            if record.kind == Kind::Lead || version < first {
                continue;
            }
            let payload = T::decode(&record.payload)
                .map_err(|error| unreadable(&scan.damaged(found.offset, error.to_string())))?;
            changes.push(Change {
                version,
                epoch: record.standing.epoch,
                payload,
            });
            left = left.saturating_sub(record.payload.len());
            if version == through || left == 0 {
                return Ok(changes);
            }
        }
    }
    let read = changes.last().map_or(first, |change| change.version);
    Err(HistoryError::Failed(format!(
        "the log ends at version {read}, version {through} was written"
    )))
}

fn unreadable(error: &StartError) -> HistoryError {
    HistoryError::Failed(error.to_string())
}
