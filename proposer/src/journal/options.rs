//! What can be set about a journal.

use crate::journal::record;

/// Bytes of a payload: what `SwarmKit` lets a transaction have.
const PAYLOAD_BYTES_MAX: usize = 1_572_864;
/// The most that may wait, whatever is set: room is made for all of them when the journal starts.
const QUEUE_ENTRIES_MOST: usize = 1 << 16;
/// Proposals waiting for the writing thread: eight times what a store has in flight by default.
const QUEUE_ENTRIES_MAX: usize = 8_192;
/// Entries that share a flush: a thousand already make the flush a small part of the cost.
const GROUP_ENTRIES_MAX: usize = 1_024;
/// Bytes that share a flush: a disk takes them in about the time of an empty flush.
const GROUP_BYTES_MAX: usize = 4 << 20;
/// Entries between two saved states: a second or two of work of a group commit log, where `SwarmKit` takes 10 000; to read
/// them again takes a second.
const COMPACT_AFTER_ENTRIES: u64 = 100_000;
/// Bytes between two saved states: a segment of `SwarmKit`'s log.
const COMPACT_AFTER_BYTES: u64 = 64_000_000;
/// Entries kept before a saved state, as in `SwarmKit`.
const HISTORY_ENTRIES_KEPT: u64 = 500;
/// Entries kept in memory; older ones are read from disk.
const MEMORY_ENTRIES_MAX: usize = 4_096;
/// Their bytes.
const MEMORY_BYTES_MAX: usize = 16 << 20;
/// Entries in one file of the log: under compaction's hundred thousand, so that each compaction drops one.
const FILE_ENTRIES_MAX: usize = 65_536;
/// Bytes in one file of the log: what one compaction or the other gives back.
const FILE_BYTES_MAX: usize = 32 << 20;

/// What can be set about a [`Journal`](crate::Journal); the defaults are those of `SwarmKit`, where it has them and nothing
/// else is said.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JournalOptions {
    /// Encoded bytes that a payload may have: 1 572 864 by default, 1 GiB at most. One that begins a new epoch carries a
    /// whole state and may have 1 GiB.
    pub payload_bytes_max: usize,
    /// Proposals that may wait for the writing thread: 8 192 by default, from 1 to 65 536.
    pub queue_entries_max: usize,
    /// Entries that share a flush: 1 024 by default.
    pub group_entries_max: usize,
    /// Encoded bytes that share a flush: 4 MiB by default. A larger entry has one of its own.
    pub group_bytes_max: usize,
    /// Entries after which the state is saved and the log compacted: 100 000 by default.
    pub compact_after_entries: u64,
    /// Encoded bytes after which the state is saved and the log compacted: 64 MB by default.
    pub compact_after_bytes: u64,
    /// Entries before the saved state that stay readable: at least 500 by default. Whole files are dropped, so that more
    /// may stay.
    pub history_entries_kept: u64,
    /// Entries kept in memory, so that reading them back needs no disk: 4 096 by default.
    pub memory_entries_max: usize,
    /// Their encoded bytes: 16 MiB by default.
    pub memory_bytes_max: usize,
    /// Entries after which the log goes on in another file: 65 536 by default.
    pub file_entries_max: usize,
    /// Bytes after which the log goes on in another file: 32 MiB by default.
    pub file_bytes_max: usize,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            payload_bytes_max: PAYLOAD_BYTES_MAX,
            queue_entries_max: QUEUE_ENTRIES_MAX,
            group_entries_max: GROUP_ENTRIES_MAX,
            group_bytes_max: GROUP_BYTES_MAX,
            compact_after_entries: COMPACT_AFTER_ENTRIES,
            compact_after_bytes: COMPACT_AFTER_BYTES,
            history_entries_kept: HISTORY_ENTRIES_KEPT,
            memory_entries_max: MEMORY_ENTRIES_MAX,
            memory_bytes_max: MEMORY_BYTES_MAX,
            file_entries_max: FILE_ENTRIES_MAX,
            file_bytes_max: FILE_BYTES_MAX,
        }
    }
}

impl JournalOptions {
    /// Returns how many bytes a payload may have. No record is longer: it would count as damage when it is read.
    pub(super) fn payload_bytes_most(&self, begins_epoch: bool) -> usize {
        if begins_epoch {
            record::PAYLOAD_BYTES_MAX
        } else {
            self.payload_bytes_max.min(record::PAYLOAD_BYTES_MAX)
        }
    }

    pub(super) fn queue_entries_most(&self) -> usize {
        self.queue_entries_max.clamp(1, QUEUE_ENTRIES_MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payload that was longer than any record may be was acknowledged, and refused as damage at the next start.
    #[test]
    fn no_payload_is_longer_than_a_record_that_is_read() {
        let mut options = JournalOptions::default();
        assert_eq!(options.payload_bytes_most(false), PAYLOAD_BYTES_MAX);
        options.payload_bytes_max = usize::MAX;
        for begins_epoch in [false, true] {
            assert_eq!(options.payload_bytes_most(begins_epoch), 1 << 30);
        }
    }
}
