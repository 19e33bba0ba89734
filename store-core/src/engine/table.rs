//! One table: the objects of one kind in their slots, with the primary key and every index over them.
//!
//! An operation computes and checks every key before it writes anything, so it is done whole or leaves no trace.
//!
//! Invariants: every object has exactly one entry in the primary index and one for each of its keys in each index, all
//! naming its slot; no two objects share a key of a unique index. The key of a non-unique index is followed by the
//! primary key, so that equal keys stand in order of it.

use std::sync::Arc;

use proposer::Version;

use crate::error::Refusal;
use crate::index::{IndexDef, Indexes};
use crate::key::{KEY_BYTES_MAX, KeyBuf};
use crate::object::Object;

use super::slots::Slots;
use super::tree::Tree;

/// What is fixed about a table: made once a kind.
#[derive(Debug)]
pub struct TableDef<O: Object> {
    indexes: Vec<IndexDef<O>>,
}

impl<O: Object> TableDef<O> {
    /// Collects what the kind declares.
    #[must_use]
    pub fn new() -> Self {
        let mut indexes = Indexes::new();
        O::indexes(&mut indexes);
        Self {
            indexes: indexes.into_list(),
        }
    }

    pub(crate) fn indexes(&self) -> &[IndexDef<O>] {
        &self.indexes
    }

    /// Returns the place of the index with this name.
    ///
    /// # Panics
    /// When the table has none: the query was made from an index that `Object::indexes` does not list.
    pub(crate) fn position(&self, name: &'static str) -> usize {
        self.indexes
            .iter()
            .position(|index| std::ptr::eq(index.name, name) || index.name == name)
            .unwrap_or_else(|| {
                panic!(
                    "table {} has no index {name}; list it in Object::indexes",
                    O::TABLE
                )
            })
    }
}

impl<O: Object> Default for TableDef<O> {
    fn default() -> Self {
        Self::new()
    }
}

pub(crate) struct Table<O: Object> {
    def: &'static TableDef<O>,
    rows: Slots<O>,
    primary: Tree,
    indexes: Vec<Tree>,
}

impl<O: Object> Table<O> {
    pub(crate) fn new(def: &'static TableDef<O>) -> Self {
        let indexes = def.indexes.iter().map(|_| Tree::new()).collect();
        Self {
            def,
            rows: Slots::new(),
            primary: Tree::new(),
            indexes,
        }
    }

    pub(crate) const fn def(&self) -> &'static TableDef<O> {
        self.def
    }

    pub(crate) const fn len(&self) -> usize {
        self.primary.len()
    }

    pub(crate) fn get(&self, key: &O::Key) -> Option<&Arc<O>> {
        self.primary
            .get(KeyBuf::of(key).as_slice())
            .map(|slot| self.rows.get(slot))
    }

    /// Returns the object in a slot that an index named.
    pub(crate) fn row(&self, slot: u32) -> &Arc<O> {
        self.rows.get(slot)
    }

    /// Returns the index of primary keys.
    pub(crate) const fn primary(&self) -> &Tree {
        &self.primary
    }

    /// Returns an index.
    pub(crate) fn index(&self, at: usize) -> &Tree {
        &self.indexes[at]
    }

    /// Adds an object.
    pub(crate) fn create(&mut self, object: &Arc<O>) -> Result<(), Refusal<O>> {
        let key = KeyBuf::of(object.key());
        let keys = self.keys_of(object, &key)?;
        self.check_unique(&keys, None)?;
        if self.primary.get(key.as_slice()).is_some() {
            return Err(Refusal::Exists);
        }
        let Some(slot) = self.rows.insert(Arc::clone(object)) else {
            return Err(Refusal::Full);
        };
        self.primary.insert(key.as_slice(), slot);
        for (index, value) in keys.iter() {
            self.insert_entry(index, value, key.as_slice(), slot);
        }
        Ok(())
    }

    /// Replaces the object with the same primary key and returns the old one.
    ///
    /// With `given`, the stored object must have that version.
    pub(crate) fn update(
        &mut self,
        object: &Arc<O>,
        given: Option<Version>,
    ) -> Result<Arc<O>, Refusal<O>> {
        let key = KeyBuf::of(object.key());
        let keys = self.keys_of(object, &key)?;
        let slot = self.primary.get(key.as_slice());
        self.check_unique(&keys, slot)?;
        let Some(slot) = slot else {
            return Err(Refusal::NotFound);
        };
        let stored = self.rows.get(slot);
        if let Some(given) = given
            && stored.meta().version != given
        {
            return Err(Refusal::OutOfSequence {
                stored: stored.meta().version,
                given,
            });
        }
        let old_keys = KeySet::of(self.def, stored);
        let old = self.rows.replace(slot, Arc::clone(object));
        for (index, value) in old_keys.iter_without(&keys) {
            self.remove_entry(index, value, key.as_slice());
        }
        for (index, value) in keys.iter_without(&old_keys) {
            self.insert_entry(index, value, key.as_slice(), slot);
        }
        Ok(old)
    }

    /// Removes the object with this primary key and returns it.
    pub(crate) fn delete(&mut self, key: &O::Key) -> Result<Arc<O>, Refusal<O>> {
        let key = KeyBuf::of(key);
        let Some(slot) = self.primary.remove(key.as_slice()) else {
            return Err(Refusal::NotFound);
        };
        let old = self.rows.remove(slot);
        for (index, value) in KeySet::of(self.def, &old).iter() {
            self.remove_entry(index, value, key.as_slice());
        }
        Ok(old)
    }

    fn keys_of(&self, object: &O, primary: &KeyBuf) -> Result<KeySet, Refusal<O>> {
        let keys = KeySet::of(self.def, object);
        let longest = keys
            .iter()
            .map(|(index, value)| (self.def.indexes[index].name, value.len()));
        let primary = std::iter::once(("id", primary.as_slice().len()));
        if let Some((index, bytes)) = primary
            .chain(longest)
            .find(|(_, bytes)| *bytes > KEY_BYTES_MAX)
        {
            return Err(Refusal::KeyTooLong { index, bytes });
        }
        Ok(keys)
    }

    /// Checks that no object but the one in slot `own` has one of these keys of a unique index.
    fn check_unique(&self, keys: &KeySet, own: Option<u32>) -> Result<(), Refusal<O>> {
        for (index, value) in keys
            .iter()
            .filter(|(index, _)| self.def.indexes[*index].unique)
        {
            if let Some(slot) = self.indexes[index].get(value)
                && Some(slot) != own
            {
                let holder = Arc::clone(self.rows.get(slot));
                return Err(Refusal::Conflict {
                    index: self.def.indexes[index].name,
                    holder,
                });
            }
        }
        Ok(())
    }

    /// Whether another object has one of the object's unique keys.
    pub(crate) fn holds_unique_key_of(&self, object: &O) -> bool {
        let own = self.primary.get(KeyBuf::of(object.key()).as_slice());
        let keys = KeySet::of(self.def, object);
        self.check_unique(&keys, own).is_err()
    }

    fn insert_entry(&mut self, index: usize, value: &[u8], primary: &[u8], slot: u32) {
        let tree = &mut self.indexes[index];
        let old = if self.def.indexes[index].unique {
            tree.insert(value, slot)
        } else {
            tree.insert(&[value, primary].concat(), slot)
        };
        debug_assert!(
            old.is_none(),
            "an entry is added once, and a unique key was checked to be free"
        );
    }

    fn remove_entry(&mut self, index: usize, value: &[u8], primary: &[u8]) {
        let tree = &mut self.indexes[index];
        let old = if self.def.indexes[index].unique {
            tree.remove(value)
        } else {
            tree.remove(&[value, primary].concat())
        };
        debug_assert!(old.is_some(), "every key of a stored object has an entry");
    }

    /// Checks the table's invariants, at the cost of reading everything.
    ///
    /// # Panics
    /// When one does not hold; the message names it.
    pub(crate) fn check(&self) {
        let mut expected = vec![0; self.indexes.len()];
        let mut rows = 0;
        let mut cursor = self.primary.seek(&[]);
        while let Some((key, slot)) = cursor.next() {
            let object = self.rows.get(slot);
            rows += 1;
            assert_eq!(
                KeyBuf::of(object.key()).as_slice(),
                key,
                "{}: the primary index names the slot",
                O::TABLE
            );
            for (index, value) in KeySet::of(self.def, object).iter() {
                let def = &self.def.indexes[index];
                let stored = if def.unique {
                    value.to_vec()
                } else {
                    [value, key].concat()
                };
                let found = self.indexes[index].get(&stored);
                assert_eq!(
                    found,
                    Some(slot),
                    "{}: every key of an object is in index {}",
                    O::TABLE,
                    def.name
                );
                expected[index] += 1;
            }
        }
        assert_eq!(
            rows,
            self.primary.len(),
            "{}: the length is the number of objects",
            O::TABLE
        );
        for (index, tree) in self.indexes.iter().enumerate() {
            let name = self.def.indexes[index].name;
            assert_eq!(
                tree.len(),
                expected[index],
                "{}: index {name} holds no key of no object",
                O::TABLE
            );
        }
    }
}

impl<O: Object> Clone for Table<O> {
    fn clone(&self) -> Self {
        Self {
            def: self.def,
            rows: self.rows.clone(),
            primary: self.primary.clone(),
            indexes: self.indexes.clone(),
        }
    }
}

/// All keys of one object, by index, each once, ascending.
pub(crate) struct KeySet {
    bytes: Vec<u8>,
    entries: Vec<(usize, usize, usize)>,
}

impl KeySet {
    pub(crate) fn of<O: Object>(def: &TableDef<O>, object: &O) -> Self {
        let mut bytes = Vec::with_capacity(32 * def.indexes.len());
        let mut entries = Vec::with_capacity(def.indexes.len());
        for (index, index_def) in def.indexes.iter().enumerate() {
            let first = entries.len();
            index_def.keys(object, &mut |key| {
                entries.push((index, bytes.len(), bytes.len() + key.len()));
                bytes.extend_from_slice(key);
            });
            if entries.len() > first + 1 {
                entries[first..].sort_by(|a, b| bytes[a.1..a.2].cmp(&bytes[b.1..b.2]));
            }
        }
        entries.dedup_by(|a, b| a.0 == b.0 && bytes[a.1..a.2] == bytes[b.1..b.2]);
        Self { bytes, entries }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.entries
            .iter()
            .map(|(index, start, end)| (*index, &self.bytes[*start..*end]))
    }

    /// Returns the keys that the other set does not have.
    fn iter_without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let mut others = other.iter().peekable();
        self.iter().filter(move |own| {
            while others.peek().is_some_and(|key| key < own) {
                others.next();
            }
            others.peek() != Some(own)
        })
    }
}
