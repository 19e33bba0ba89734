//! One table: the objects of one kind in their slots, with the primary key and every index over them.
//!
//! An operation computes and checks every key before it writes anything, so it is done whole or leaves no trace.
//!
//! Invariants: every object has exactly one entry in the primary index and one for each of its keys in each index, all
//! naming its slot; no two objects share a key of a unique index. The key of a non-unique index is followed by the
//! primary key, so that equal keys stand in order of it.

use std::fmt;
use std::sync::Arc;

use proposer::Version;

use crate::error::{CreateError, DeleteError, Refusal, UpdateError};
use crate::key::{Key as _, KeyBuf};
use crate::object::Object;
use crate::query::Query;
use crate::rows::{self, Rows};

use super::def::TableDef;
use super::full_keys::{FullKeysOf, HOLD_PRIMARY, Pending, insert_entry};
use super::keys::{KeySet, with_key_sets};
use super::memory::{Forest, Slots, Tree, Versioned};
use super::scan::{Run, Scan};
use super::tree::{Addition, FullKeys};
use super::usage::{IndexMemory, TableMemory};

/// The tree of primary keys; those of the indexes follow.
pub(super) const PRIMARY: usize = 0;

/// A persistent table: all objects of one kind, with their indexes, at one version.
///
/// Cloning gives another version with the same contents, in the time that it takes to copy a few numbers an index. From
/// then on the two change independently, and share what is the same in both: a change copies the pages that it writes to,
/// once a version. Whatever version is dropped, in whatever order and on whatever thread, takes along what only it had.
/// The objects among it are dropped by a later change or clone: one that panics there leaves the table as it was.
///
/// A [`Store`](crate::Store) is made of these; one alone is for who wants neither a log nor watches.
///
/// ```
/// # use store_core::{DecodeError, Index, Indexes, Meta, Object};
/// use std::sync::Arc;
/// use store_core::Table;
/// # #[derive(Debug)]
/// # struct Host { name: String, zone: String }
/// # const BY_ZONE: Index<Host, str> = Index::non_unique("zone", |host, keys| keys.push(&host.zone));
/// # impl Object for Host {
/// #     type Key = str;
/// #     const TABLE: &'static str = "host";
/// #     fn key(&self) -> &str { &self.name }
/// #     fn meta(&self) -> Meta { Meta::default() }
/// #     fn set_meta(&mut self, _: Meta) {}
/// #     fn indexes(list: &mut Indexes<Self>) { list.add(BY_ZONE); }
/// #     fn encode(&self, _: &mut Vec<u8>) {}
/// #     fn decode(_: &[u8]) -> Result<Self, DecodeError> { Err("not stored".into()) }
/// # }
/// # let host = |name: &str, zone: &str| Arc::new(Host { name: name.to_owned(), zone: zone.to_owned() });
/// let mut hosts = Table::new();
/// hosts.create(host("a", "north"))?;
/// hosts.create(host("b", "north"))?;
///
/// let before = hosts.clone();
/// hosts.delete("a")?;
/// assert_eq!(before.find(BY_ZONE.eq("north")).count(), 2);
/// assert_eq!(hosts.find(BY_ZONE.eq("north")).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Table<O: Object> {
    pub(super) def: Arc<TableDef<O>>,
    pub(super) version: Versioned<O>,
}

impl<O: Object> Table<O> {
    /// Makes an empty table with the indexes that the kind declares.
    #[must_use]
    pub fn new() -> Self {
        Self::with(TableDef::new())
    }

    pub(crate) fn with(def: TableDef<O>) -> Self {
        Self {
            version: Versioned::new(1 + def.indexes.len()),
            def: Arc::new(def),
        }
    }

    pub(crate) fn def(&self) -> &TableDef<O> {
        &self.def
    }

    /// Returns how many objects the table holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.primary().len
    }

    /// Whether the table holds no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the object with this primary key.
    ///
    /// # Complexity
    /// O(log n); nothing is copied.
    #[must_use]
    pub fn get(&self, key: &O::Key) -> Option<&Arc<O>> {
        Some(self.row(self.slot_of(key)?))
    }

    /// Returns the objects that a query finds.
    ///
    /// # Panics
    /// When the query was made from an index that the table does not have.
    #[must_use]
    pub fn find(&self, query: Query<O>) -> Rows<'_, O> {
        Rows::new(self, query)
    }

    /// Returns how many objects a query finds.
    ///
    /// # Panics
    /// When the query was made from an index that the table does not have.
    ///
    /// # Complexity
    /// O(log n) for a query of all objects, of one key of an index, or of a range of primary keys; otherwise, the objects
    /// are read.
    #[must_use]
    pub fn count(&self, query: Query<O>) -> usize {
        rows::count(self, query)
    }

    /// Adds an object.
    ///
    /// # Errors
    /// The first in the order of [`CreateError`]'s variants, of those that are not about rules.
    #[expect(clippy::needless_pass_by_value, reason = "the table takes the object")]
    pub fn create(&mut self, object: Arc<O>) -> Result<(), CreateError> {
        self.insert(&object)
            .map_err(|refusal| refusal.on_create(&object))
    }

    /// Replaces the object with the same primary key, whatever its version, and returns the old one.
    ///
    /// # Errors
    /// The first in the order of [`UpdateError`]'s variants, of those that are not about rules and versions.
    #[expect(clippy::needless_pass_by_value, reason = "the table takes the object")]
    pub fn update(&mut self, object: Arc<O>) -> Result<Arc<O>, UpdateError> {
        self.replace(&object, None)
            .map_err(|refusal| refusal.on_update(&object))
    }

    /// Removes the object with this primary key, and returns it.
    ///
    /// # Errors
    /// When there is none.
    pub fn delete(&mut self, key: &O::Key) -> Result<Arc<O>, DeleteError> {
        let slot = self.slot_of(key);
        let slot = slot.ok_or_else(|| DeleteError::not_found::<O>(key))?;
        Ok(self.remove_from(slot))
    }

    /// Returns the slot of the object with this primary key.
    #[inline]
    pub(crate) fn slot_of(&self, key: &O::Key) -> Option<u32> {
        // In place: returned by value, a buffer would be copied.
        let mut encoded = KeyBuf::new();
        key.encode(&mut encoded);
        self.slot(encoded.as_slice())
    }

    /// Returns the slot of the object with an encoded primary key.
    #[inline]
    pub(crate) fn slot(&self, key: &[u8]) -> Option<u32> {
        self.primary().get(key, HOLD_PRIMARY, &self.full_keys(None))
    }

    /// Whether the object with this primary key is in a slot, which may be any.
    pub(crate) fn is_in(&self, slot: u32, key: &O::Key) -> bool {
        let object = self.slots().find(slot);
        object.is_some_and(|object| object.key() == key)
    }

    /// Returns the object in a slot that an index named.
    pub(crate) fn row(&self, slot: u32) -> &Arc<O> {
        self.slots().get(slot)
    }

    /// Puts the objects in slots that an index named, as many as fit, into `out`, in order.
    pub(crate) fn rows<'a, const N: usize>(
        &'a self,
        slots: &[u32],
        out: &mut [Option<&'a Arc<O>>; N],
    ) {
        self.slots().get_all(slots, out);
    }

    fn slots(&self) -> &Slots<O> {
        &self.version.forest().slots
    }

    fn primary(&self) -> &Tree {
        self.tree(None)
    }

    /// Returns the tree of an index; without one, that of the primary keys.
    pub(super) fn tree(&self, index: Option<usize>) -> &Tree {
        &self.version.forest().trees[index.map_or(PRIMARY, |index| 1 + index)]
    }

    /// Begins to read an index, or the primary keys.
    pub(crate) fn scan(&self, index: Option<usize>, reverse: bool) -> Scan<'_> {
        Scan::new(self.tree(index), reverse)
    }

    /// Returns the next entries between two keys, the second left out.
    pub(crate) fn next_run<'a>(
        &self,
        index: Option<usize>,
        scan: &mut Scan<'a>,
        (start, end): (&[u8], Option<&[u8]>),
    ) -> Option<Run<'a>> {
        scan.next(start, end, &self.full_keys(index))
    }

    /// Returns the key of an entry.
    pub(crate) fn entry_key(&self, index: Option<usize>, run: &Run<'_>, at: usize) -> Vec<u8> {
        self.tree(index)
            .full_key(run.leaf(), at, &self.full_keys(index))
    }

    /// Returns how many entries lie between two keys, the second left out.
    pub(crate) fn count_range(
        &self,
        index: Option<usize>,
        (start, end): (&[u8], Option<&[u8]>),
    ) -> usize {
        let (tree, full) = (self.tree(index), self.full_keys(index));
        let end = end.map_or(tree.len, |end| tree.rank(end, &full));
        end.saturating_sub(tree.rank(start, &full))
    }

    /// Returns the keys that the objects have in the primary tree, or in that of an index.
    pub(super) fn full_keys(&self, index: Option<usize>) -> impl FullKeys {
        FullKeysOf {
            slots: self.slots(),
            index: index.map(|at| &*self.def.indexes[at]),
            pending: None,
        }
    }

    /// Returns the slot of the object that has this key of a unique index.
    pub(crate) fn holder(&self, index: usize, key: &[u8]) -> Option<u32> {
        self.tree(Some(index))
            .get(key, 0, &self.full_keys(Some(index)))
    }

    /// Adds an object.
    pub(crate) fn insert(&mut self, object: &Arc<O>) -> Result<(), Refusal<O>> {
        with_key_sets(|keys, none| {
            keys.fill(&self.def, object)?;
            none.clear();
            self.check_unique(keys, None)?;
            if self.slot(keys.primary()).is_some() {
                return Err(Refusal::Exists);
            }
            let def = &self.def;
            let mut writing = self.version.write();
            let (Forest { slots, trees }, mut pen) = writing.parts();
            let Some(slot) = slots.insert(&mut pen, Arc::clone(object)) else {
                return Err(Refusal::Full);
            };
            let full = FullKeysOf {
                slots,
                index: None,
                pending: None,
            };
            let new = Addition {
                key: keys.primary(),
                slot,
                hold: HOLD_PRIMARY,
            };
            trees[PRIMARY].insert(&mut pen.pages, new, &full);
            for (index, key) in keys.iter() {
                let pending = Pending {
                    index,
                    slot,
                    key,
                    primary: keys.primary().len(),
                    held: none,
                };
                insert_entry(def, slots, trees, &mut pen, pending);
            }
            Ok(())
        })
    }

    /// Replaces the object with the same primary key and returns the old one.
    ///
    /// With `given`, the stored object must have that version.
    pub(crate) fn replace(
        &mut self,
        object: &Arc<O>,
        given: Option<Version>,
    ) -> Result<Arc<O>, Refusal<O>> {
        let slot = self.slot_of(object.key());
        self.replace_in(slot, object, given)
    }

    /// As [`Table::replace`], of an object whose slot is known, if it has one.
    pub(crate) fn replace_in(
        &mut self,
        slot: Option<u32>,
        object: &Arc<O>,
        given: Option<Version>,
    ) -> Result<Arc<O>, Refusal<O>> {
        with_key_sets(|keys, old_keys| {
            keys.fill(&self.def, object)?;
            match slot {
                Some(slot) => old_keys.fill(&self.def, self.row(slot))?,
                None => old_keys.clear(),
            }
            // As a rule, an update changes no key: then no index is looked at.
            let same = keys.is_same(old_keys);
            if !same {
                keys.compare(old_keys);
                keys.iter_own()
                    .try_for_each(|(index, key)| self.check_free(index, key, slot))?;
            }
            let Some(slot) = slot else {
                return Err(Refusal::NotFound);
            };
            if let Some(given) = given {
                let stored = self.row(slot).meta().version;
                if stored != given {
                    return Err(Refusal::OutOfSequence { stored, given });
                }
            }
            let def = &self.def;
            let mut writing = self.version.write();
            let (Forest { slots, trees }, mut pen) = writing.parts();
            if same {
                return Ok(slots.replace(&mut pen, slot, Arc::clone(object)));
            }
            for (index, key) in old_keys.iter_own() {
                trees[1 + index].remove(&mut pen.pages, key, slot);
            }
            let old = slots.replace(&mut pen, slot, Arc::clone(object));
            for (index, key) in keys.iter_own() {
                let held = &*old_keys;
                let pending = Pending {
                    index,
                    slot,
                    key,
                    primary: keys.primary().len(),
                    held,
                };
                insert_entry(def, slots, trees, &mut pen, pending);
            }
            Ok(old)
        })
    }

    /// Removes the object in a slot that an index named, and returns it.
    pub(crate) fn remove_from(&mut self, slot: u32) -> Arc<O> {
        with_key_sets(|keys, _| {
            keys.fill(&self.def, self.row(slot))
                .expect("an object has the keys that it had when it was stored");
            let mut writing = self.version.write();
            let (Forest { slots, trees }, mut pen) = writing.parts();
            for (index, key) in keys.iter() {
                trees[1 + index].remove(&mut pen.pages, key, slot);
            }
            trees[PRIMARY].remove(&mut pen.pages, keys.primary(), slot);
            slots.remove(&mut pen, slot)
        })
    }

    /// Checks that no object but the one in slot `own` has one of these keys of a unique index.
    fn check_unique(&self, keys: &KeySet, own: Option<u32>) -> Result<(), Refusal<O>> {
        keys.iter()
            .try_for_each(|(index, key)| self.check_free(index, key, own))
    }

    pub(super) fn check_free(
        &self,
        index: usize,
        key: &[u8],
        own: Option<u32>,
    ) -> Result<(), Refusal<O>> {
        let def = &self.def.indexes[index];
        if def.unique
            && let Some(slot) = self.holder(index, key)
            && Some(slot) != own
        {
            return Err(Refusal::Conflict {
                index: def.name,
                holder: Arc::clone(self.row(slot)),
            });
        }
        Ok(())
    }

    /// Whether another object has one of the object's unique keys.
    pub(crate) fn holds_unique_key_of(&self, object: &O) -> bool {
        with_key_sets(|keys, _| {
            let filled: Result<(), Refusal<O>> = keys.fill(&self.def, object);
            let own = self.slot(keys.primary());
            filled.is_err() || self.check_unique(keys, own).is_err()
        })
    }

    /// Frees what no version of the table sees any more; every change frees a part of it.
    pub fn collect(&self) {
        self.version.collect();
    }

    /// Returns how much memory the table takes.
    #[must_use]
    pub fn memory(&self) -> TableMemory {
        let names = std::iter::once("id").chain(self.def.indexes.iter().map(|index| index.name));
        let indexes = names.zip(&self.version.forest().trees);
        let usage = self.version.usage();
        TableMemory {
            objects: self.len(),
            slot_bytes: self.slots().bytes,
            indexes: indexes
                .map(|(name, tree)| IndexMemory {
                    name,
                    entries: tree.len,
                    bytes: tree.bytes,
                })
                .collect(),
            all_versions_bytes: usage.bytes,
            all_versions_pages: usage.pages,
            versions: usage.versions,
        }
    }

    /// Checks the table's invariants, at the cost of reading everything.
    ///
    /// # Panics
    /// When one does not hold; the message names it.
    pub fn check_invariants(&self) {
        super::check::table(self);
    }
}

impl<O: Object> Default for Table<O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<O: Object> Clone for Table<O> {
    fn clone(&self) -> Self {
        Self {
            def: Arc::clone(&self.def),
            version: self.version.fork(),
        }
    }
}

impl<O: Object> fmt::Debug for Table<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("name", &O::TABLE)
            .field("objects", &self.len())
            .finish_non_exhaustive()
    }
}
