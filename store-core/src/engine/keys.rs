//! All keys of one object.

use std::cell::Cell;

use crate::error::Refusal;
use crate::index::IndexDef;
use crate::key::{KEY_BYTES_MAX, Key, KeyBuf};
use crate::object::Object;

use super::def::TableDef;

/// The most bytes that a thread keeps for the keys of the next objects: an object may have thousands of keys of 64 KiB, and a
/// thread may live for ever.
pub(super) const KEPT_BYTES_MAX: usize = 64 * 1024;

/// All keys of one object as the trees have them: the primary one, and those of each index, each once, ascending.
pub(crate) struct KeySet {
    /// One behind the other.
    bytes: KeyBuf,
    primary: usize,
    entries: Vec<Entry>,
    /// The index whose keys are being added.
    index: usize,
    /// Whether the primary key is to follow each of them.
    with_primary: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    index: usize,
    start: usize,
    end: usize,
    /// Whether the set that this one was compared with last has the key, too.
    shared: bool,
}

impl KeySet {
    /// Takes the keys of an object; on an error, it holds them all the same.
    pub(crate) fn fill<O: Object>(
        &mut self,
        def: &TableDef<O>,
        object: &O,
    ) -> Result<(), Refusal<O>> {
        self.clear();
        object.key().encode(&mut self.bytes);
        self.primary = self.bytes.as_slice().len();
        let mut too_long = (self.primary > KEY_BYTES_MAX).then_some(("id", self.primary));
        for (index, def) in def.indexes().iter().enumerate() {
            let first = self.entries.len();
            (self.index, self.with_primary) = (index, !def.unique);
            def.add_keys(object, self);
            let suffix = if def.unique { 0 } else { self.primary };
            for entry in &self.entries[first..] {
                let len = entry.end - entry.start - suffix;
                if len > KEY_BYTES_MAX {
                    too_long.get_or_insert((def.name, len));
                }
            }
            if self.entries.len() > first + 1 {
                self.sort(first);
            }
        }
        too_long.map_or(Ok(()), |(index, bytes)| {
            Err(Refusal::KeyTooLong { index, bytes })
        })
    }

    /// Takes the keys of an object in one index, as it names them.
    pub(crate) fn fill_with<O: Object>(&mut self, def: &IndexDef<O>, object: &O) {
        self.clear();
        (self.index, self.with_primary) = (0, false);
        def.add_keys(object, self);
    }

    /// Adds a key of the current index.
    pub(crate) fn push<K: Key + ?Sized>(&mut self, key: &K) {
        let start = self.bytes.as_slice().len();
        key.encode(&mut self.bytes);
        if self.with_primary {
            self.bytes.repeat(self.primary);
        }
        self.entries.push(Entry {
            index: self.index,
            start,
            end: self.bytes.as_slice().len(),
            shared: false,
        });
    }

    fn sort(&mut self, first: usize) {
        let bytes = self.bytes.as_slice();
        let key = |entry: &Entry| &bytes[entry.start..entry.end];
        self.entries[first..].sort_by(|a, b| key(a).cmp(key(b)));
        self.entries
            .dedup_by(|a, b| a.index == b.index && key(a) == key(b));
    }

    /// Returns the primary key.
    pub(crate) fn primary(&self) -> &[u8] {
        &self.bytes.as_slice()[..self.primary]
    }

    /// Returns the keys of the indexes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.entries
            .iter()
            .map(|entry| (entry.index, &self.bytes.as_slice()[entry.start..entry.end]))
    }

    /// Makes it a set without keys.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
        self.primary = 0;
    }

    /// Returns how many bytes it has allocated.
    pub(super) const fn allocated(&self) -> usize {
        self.bytes.allocated() + self.entries.capacity() * size_of::<Entry>()
    }

    /// Whether the indexes have the same keys; of sets that were filled, and not compared since.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.entries == other.entries && self.bytes.as_slice() == other.bytes.as_slice()
    }

    /// Whether the object has this key in an index.
    pub(crate) fn contains(&self, index: usize, key: &[u8]) -> bool {
        let bytes = self.bytes.as_slice();
        let of = |entry: &Entry| (entry.index, &bytes[entry.start..entry.end]);
        let found = self
            .entries
            .binary_search_by(|entry| of(entry).cmp(&(index, key)));
        found.is_ok()
    }

    /// Finds out which keys of the indexes two sets have in common.
    pub(crate) fn compare(&mut self, other: &mut Self) {
        let (bytes, other_bytes) = (self.bytes.as_slice(), other.bytes.as_slice());
        let entries = self.entries.iter_mut().chain(&mut other.entries);
        entries.for_each(|entry| entry.shared = false);
        let mut others = other.entries.iter_mut().peekable();
        for own in &mut self.entries {
            let key = (own.index, &bytes[own.start..own.end]);
            while let Some(other) = others.peek_mut() {
                let other_key = (other.index, &other_bytes[other.start..other.end]);
                // As a rule they are the same, which is seen sooner than which of the two is smaller.
                let same = other_key == key;
                (own.shared, other.shared) = (same, same);
                if !same && other_key > key {
                    break;
                }
                others.next();
                if same {
                    break;
                }
            }
        }
    }

    /// Returns the keys of the indexes that the set does not have in common with the one that it was compared with last.
    pub(crate) fn iter_own(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let own = self.entries.iter().filter(|entry| !entry.shared);
        own.map(|entry| (entry.index, &self.bytes.as_slice()[entry.start..entry.end]))
    }
}

impl Default for KeySet {
    fn default() -> Self {
        Self {
            bytes: KeyBuf::roomy(),
            primary: 0,
            entries: Vec::new(),
            index: 0,
            with_primary: false,
        }
    }
}

thread_local! {
    /// Kept for their allocations, unless these are large.
    static KEY_SETS: Cell<Option<Box<(KeySet, KeySet)>>> = const { Cell::new(None) };
}

/// Calls `f` with two sets to be filled.
pub(crate) fn with_key_sets<R>(f: impl FnOnce(&mut KeySet, &mut KeySet) -> R) -> R {
    let mut sets = KEY_SETS.take().unwrap_or_default();
    let result = f(&mut sets.0, &mut sets.1);
    if sets.0.allocated() + sets.1.allocated() <= KEPT_BYTES_MAX {
        KEY_SETS.set(Some(sets));
    }
    result
}
