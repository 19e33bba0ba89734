//! All keys of one object.

use std::cell::Cell;

use crate::error::Refusal;
use crate::key::{KEY_BYTES_MAX, KeyBuf};
use crate::object::Object;

use super::table::TableDef;

/// All keys of one object as the trees have them: the primary one, and those of each index, each once, ascending.
#[derive(Default)]
pub(crate) struct KeySet {
    bytes: Vec<u8>,
    primary: usize,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    index: usize,
    start: usize,
    end: usize,
}

impl KeySet {
    /// Takes the keys of an object; on an error, it holds some of them.
    pub(crate) fn fill<O: Object>(
        &mut self,
        def: &TableDef<O>,
        object: &O,
    ) -> Result<(), Refusal<O>> {
        self.clear();
        let Self {
            bytes,
            primary,
            entries,
        } = self;
        let key = KeyBuf::of(object.key());
        bytes.extend_from_slice(key.as_slice());
        *primary = bytes.len();
        let mut too_long = (*primary > KEY_BYTES_MAX).then_some(("id", *primary));
        for (index, def) in def.indexes().iter().enumerate() {
            let first = entries.len();
            def.keys(object, &mut |value| {
                let start = bytes.len();
                bytes.extend_from_slice(value);
                if value.len() > KEY_BYTES_MAX {
                    too_long.get_or_insert((def.name, value.len()));
                }
                if !def.unique {
                    bytes.extend_from_slice(key.as_slice());
                }
                entries.push(Entry {
                    index,
                    start,
                    end: bytes.len(),
                });
            });
            if entries.len() > first + 1 {
                let key = |entry: &Entry| &bytes[entry.start..entry.end];
                entries[first..].sort_by(|a, b| key(a).cmp(key(b)));
                entries.dedup_by(|a, b| a.index == b.index && key(a) == key(b));
            }
        }
        too_long.map_or(Ok(()), |(index, bytes)| {
            Err(Refusal::KeyTooLong { index, bytes })
        })
    }

    /// Returns the primary key.
    pub(crate) fn primary(&self) -> &[u8] {
        &self.bytes[..self.primary]
    }

    /// Returns the keys of the indexes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.entries
            .iter()
            .map(|entry| (entry.index, &self.bytes[entry.start..entry.end]))
    }

    /// Makes it a set without keys.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
        self.primary = 0;
    }

    /// Whether the object has this key in an index.
    pub(crate) fn contains(&self, index: usize, key: &[u8]) -> bool {
        self.iter().any(|other| other == (index, key))
    }

    /// Returns the keys of the indexes that the other set does not have.
    pub(crate) fn iter_without<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (usize, &'a [u8])> {
        let mut others = other.iter().peekable();
        self.iter().filter(move |own| {
            while others.peek().is_some_and(|key| key < own) {
                others.next();
            }
            others.peek() != Some(own)
        })
    }
}

thread_local! {
    /// Kept for their allocations.
    static KEY_SETS: Cell<Option<Box<(KeySet, KeySet)>>> = const { Cell::new(None) };
}

/// Calls `f` with two sets to be filled.
pub(crate) fn with_key_sets<R>(f: impl FnOnce(&mut KeySet, &mut KeySet) -> R) -> R {
    let mut sets = KEY_SETS.take().unwrap_or_default();
    let result = f(&mut sets.0, &mut sets.1);
    KEY_SETS.set(Some(sets));
    result
}
