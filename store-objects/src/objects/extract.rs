//! Keys that every kind has: what the indexes `name` and `custom` are made from.

use store_core::{Key, KeyBuf, Keys, PrefixKey};

use super::Annotated;
use crate::FoldedName;
use crate::wire::IndexEntry;

/// The name in its annotations.
pub(super) fn name<O: Annotated>(object: &O, keys: &mut Keys<'_, FoldedName>) {
    keys.push(FoldedName::new(object.name()));
}

/// Each custom index entry in its annotations.
pub(super) fn custom<O: Annotated>(object: &O, keys: &mut Keys<'_, IndexEntry>) {
    for entry in object.indices() {
        keys.push(entry);
    }
}

/// An entry is found by its key and its value together.
///
/// They do not run into each other, where SwarmKit joins them with a `|` that either may contain.
impl Key for IndexEntry {
    fn encode(&self, out: &mut KeyBuf) {
        self.key.encode(out);
        self.val.encode(out);
    }
}

/// The beginning of an entry is one with the same key and the beginning of its value.
impl PrefixKey for IndexEntry {
    type Prefix = Self;

    fn encode_prefix(prefix: &Self, out: &mut KeyBuf) {
        prefix.key.encode(out);
        String::encode_prefix(&prefix.val, out);
    }
}
