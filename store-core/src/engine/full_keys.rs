//! The keys of objects as the trees have them: what a tree asks for, since it does not hold them whole.

use crate::index::IndexDef;
use crate::key::KeyBuf;
use crate::object::Object;

use super::def::TableDef;
use super::keys::KeySet;
use super::memory::{Pen, Slots, Tree};
use super::node::HEAD;
use super::tree::{Addition, FullKeys};

/// The keys that objects have in one tree.
pub(super) struct FullKeysOf<'a, O: Object> {
    pub(super) slots: &'a Slots<O>,
    /// The tree's index; none for that of primary keys.
    pub(super) index: Option<&'a IndexDef<O>>,
    pub(super) pending: Option<Pending<'a>>,
}

/// A key that is being added. Of its object's keys, those that are new and not smaller are not in the tree yet.
#[derive(Clone, Copy)]
pub(super) struct Pending<'a> {
    pub(super) index: usize,
    pub(super) slot: u32,
    pub(super) key: &'a [u8],
    /// The length of the primary key.
    pub(super) primary: usize,
    /// The keys that the object had before.
    pub(super) held: &'a KeySet,
}

impl<O: Object> FullKeys for FullKeysOf<'_, O> {
    fn each(&self, slot: u32, visit: &mut dyn FnMut(&[u8])) {
        let object = self.slots.get(slot);
        let pending = self.pending.filter(|pending| pending.slot == slot);
        let mut visit = |key: &[u8]| {
            if pending.is_none_or(|pending| {
                key < pending.key || pending.held.contains(pending.index, key)
            }) {
                visit(key);
            }
        };
        match self.index {
            None => visit(KeyBuf::of(object.key()).as_slice()),
            Some(index) if index.unique => index.keys(object, &mut visit),
            Some(index) => {
                let primary = KeyBuf::of(object.key());
                let mut key = Vec::new();
                index.keys(object, &mut |value| {
                    key.clear();
                    key.extend_from_slice(value);
                    key.extend_from_slice(primary.as_slice());
                    visit(&key);
                });
            }
        }
    }
}

/// So many bytes of a primary key are held by its leaf at least, so that a get need not ask the object: it would wait for
/// memory twice more. Ids of up to 61 characters fit, with what ends them.
pub(super) const HOLD_PRIMARY: usize = 64;

/// Returns how much of a key the tree of an index, or of the primary keys, holds at least; of its `len` bytes, the last
/// `primary` are the primary key where the index is a non-unique one.
pub(super) const fn hold_of<O>(index: Option<&IndexDef<O>>, len: usize, primary: usize) -> usize {
    match index {
        None => HOLD_PRIMARY,
        Some(index) if index.unique => 0,
        // The keys of one value go on with primary keys, which differ early as a rule.
        Some(_) => len - primary + HEAD,
    }
}

/// Adds a key of an object to the tree of its index.
pub(super) fn insert_entry<O: Object>(
    def: &TableDef<O>,
    slots: &Slots<O>,
    trees: &mut [Tree],
    pen: &mut Pen<'_, O>,
    pending: Pending<'_>,
) {
    let full = FullKeysOf {
        slots,
        index: Some(&def.indexes[pending.index]),
        pending: Some(pending),
    };
    let Pending {
        key, slot, primary, ..
    } = pending;
    let hold = hold_of(full.index, key.len(), primary);
    trees[1 + pending.index].insert(&mut pen.pages, Addition { key, slot, hold }, &full);
}
