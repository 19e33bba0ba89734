//! The keys of one tree, all at once and in order: what a tree is built from when many objects come together.

use std::sync::Arc;

use crate::error::Refusal;
use crate::index::IndexDef;
use crate::key::{KEY_BYTES_MAX, Key as _, KeyBuf};
use crate::object::Object;

use super::full_keys::hold_of;
use super::keys::KeySet;
use super::node::common;
use super::tree::number;

/// Keys with their slots, ascending.
#[derive(Default)]
pub(super) struct SortedKeys {
    /// One behind the other, as they came.
    bytes: Vec<u8>,
    /// As they came; the last only says where the one before it ends.
    keys: Vec<Place>,
    /// In order: what a key has behind what all begin with, as a number, and which one it is.
    order: Vec<(u64, u32)>,
}

#[derive(Clone, Copy)]
struct Place {
    start: usize,
    slot: u32,
    hold: u32,
}

/// One of the keys.
#[derive(Clone, Copy)]
pub(super) struct SortedKey<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) slot: u32,
    /// How much of it a leaf holds at least.
    pub(super) hold: usize,
}

/// Why keys make no tree: what is wrong with the object in a slot.
pub(super) struct Unfit<O> {
    pub(super) slot: u32,
    pub(super) refusal: Refusal<O>,
}

impl SortedKeys {
    /// Returns the primary keys of objects, which come with their slots.
    ///
    /// # Errors
    /// When a key is too long, or two objects have the same.
    pub(super) fn primary<O: Object>(objects: &[(u32, &Arc<O>)]) -> Result<Self, Unfit<O>> {
        let mut keys = Self::default();
        let mut key = KeyBuf::new();
        for (slot, object) in objects {
            key.clear();
            object.key().encode(&mut key);
            keys.push(None, key.as_slice(), &[], *slot)?;
        }
        keys.sort();
        keys.distinct(|_| Refusal::Exists)?;
        Ok(keys)
    }

    /// Takes the keys in an index of objects, which come with their slots and primary keys, in order of these, instead of
    /// those that it has.
    ///
    /// # Errors
    /// When a key is too long, or two objects have the same and the index is a unique one.
    pub(super) fn fill<O: Object>(
        &mut self,
        index: &IndexDef<O>,
        objects: &[(u32, &Arc<O>)],
        primary: &Self,
    ) -> Result<(), Unfit<O>> {
        self.bytes.clear();
        self.keys.clear();
        self.order.clear();
        let mut set = KeySet::default();
        for (at, (slot, object)) in objects.iter().enumerate() {
            let primary = if index.unique {
                &[]
            } else {
                primary.get(at).bytes
            };
            set.fill_with(index, object);
            for (_, key) in set.iter() {
                self.push(Some(index), key, primary, *slot)?;
            }
        }
        self.sort();
        self.distinct(|holder| {
            let holder = objects.iter().find(|(slot, _)| *slot == holder);
            Refusal::Conflict {
                index: index.name,
                holder: Arc::clone(holder.expect("the key came from one of them").1),
            }
        })
    }

    fn push<O>(
        &mut self,
        index: Option<&IndexDef<O>>,
        key: &[u8],
        primary: &[u8],
        slot: u32,
    ) -> Result<(), Unfit<O>> {
        let bytes = key.len();
        if bytes > KEY_BYTES_MAX {
            let index = index.map_or("id", |index| index.name);
            let refusal = Refusal::KeyTooLong { index, bytes };
            return Err(Unfit { slot, refusal });
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(primary);
        let hold = hold_of(index, self.bytes.len() - start, primary.len());
        let hold = u32::try_from(hold).expect("a key has less than 4 GiB");
        self.keys.push(Place { start, slot, hold });
        Ok(())
    }

    fn sort(&mut self) {
        self.keys.push(Place {
            start: self.bytes.len(),
            slot: 0,
            hold: 0,
        });
        let mut order = std::mem::take(&mut self.order);
        let keys = || (0..number(self.keys.len() - 1)).map(|at| (self.bytes_of(at), at));
        let Some((first, _)) = keys().next() else {
            return;
        };
        let shared = keys().fold(first.len(), |shared, (key, _)| {
            shared.min(common(&first[..shared], key))
        });
        order.extend(keys().map(|(key, at)| (head(&key[shared..]), at)));
        // Numbers are sorted fast; where they are the same, keys came in order as a rule.
        order.sort_unstable();
        for run in order.chunk_by_mut(|left, right| left.0 == right.0) {
            run.sort_by(|left, right| self.bytes_of(left.1).cmp(self.bytes_of(right.1)));
        }
        self.order = order;
    }

    /// Leaves of the same key of the same slot one. Of two slots, the later is refused; `why` is told the earlier one.
    fn distinct<O>(&mut self, why: impl Fn(u32) -> Refusal<O>) -> Result<(), Unfit<O>> {
        let mut order = std::mem::take(&mut self.order);
        let mut unfit = None;
        order.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0 && self.bytes_of(later.1) == self.bytes_of(earlier.1);
            if same {
                let [slot, holder] = [later, earlier].map(|(_, at)| self.keys[*at as usize].slot);
                if slot != holder {
                    unfit.get_or_insert_with(|| Unfit {
                        slot,
                        refusal: why(holder),
                    });
                }
            }
            same
        });
        self.order = order;
        unfit.map_or(Ok(()), Err)
    }

    fn bytes_of(&self, at: u32) -> &[u8] {
        let at = at as usize;
        &self.bytes[self.keys[at].start..self.keys[at + 1].start]
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Returns the slots, in order of the keys.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> {
        self.order
            .iter()
            .map(|(_, at)| self.keys[*at as usize].slot)
    }

    /// Gives every key the number of its place as its slot.
    pub(super) fn number_by_order(&mut self) {
        for (slot, (_, at)) in (0..).zip(&self.order) {
            self.keys[*at as usize].slot = slot;
        }
    }

    /// Returns the key at a place in order.
    pub(super) fn get(&self, at: usize) -> SortedKey<'_> {
        let (_, key) = self.order[at];
        let Place { slot, hold, .. } = self.keys[key as usize];
        SortedKey {
            bytes: self.bytes_of(key),
            slot,
            hold: hold as usize,
        }
    }
}

/// Returns the first eight bytes as a number that compares as they do.
fn head(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or_else(
        || {
            let mut head = [0; 8];
            head[..bytes.len()].copy_from_slice(bytes);
            u64::from_be_bytes(head)
        },
        |head| u64::from_be_bytes(*head),
    )
}
