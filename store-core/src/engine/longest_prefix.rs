//! The longest key of an index that a text begins with, as routes are looked up.

use crate::index::Index;
use crate::key::{KeyBuf, PrefixKey};
use crate::object::Object;
use crate::query::{KeyRange, Query};
use crate::rows::Rows;

use super::node::common;
use super::table::Table;

impl<O: Object> Table<O> {
    /// Returns the objects whose key of an index is the longest of those that `text` begins with.
    ///
    /// # Panics
    /// When the table does not have the index.
    ///
    /// # Complexity
    /// O(d log n), where d is at most the number of keys that `text` begins with in part.
    pub fn find_longest_prefix<K: PrefixKey<Prefix = K> + ?Sized>(
        &self,
        index: &Index<O, K>,
        text: &K,
    ) -> Rows<'_, O> {
        let mut open = KeyBuf::new();
        K::encode_prefix(text, &mut open);
        let range = self.longest_prefix(self.def.position(index.name()), open.as_slice());
        let query = range.map_or_else(Query::none, |range| Query::range(index.name(), range));
        self.find(query)
    }

    /// Returns the range of the longest key that is a beginning of some open bytes.
    fn longest_prefix(&self, index: usize, open: &[u8]) -> Option<KeyRange> {
        let mut len = open.len();
        loop {
            let mut key = KeyBuf::from(&open[..len]);
            key.push_raw(&[0, 0]);
            let range = KeyRange::exact_bytes(key);
            let mut scan = self.scan(Some(index), true);
            let (start, end) = range.bounds();
            let run = self.next_run(Some(index), &mut scan, (&[], end))?;
            let last = self.entry_key(Some(index), &run, run.to - 1);
            if last.starts_with(start) {
                return Some(range);
            }
            if last == open[..len] {
                // A key without an end mark.
                return Some(KeyRange::exact_bytes(KeyBuf::from(&open[..len])));
            }
            // No longer beginning is a key: that one would stand between the two.
            let shared = common(&last, &open[..len]);
            let escape = shared > 0 && open[shared - 1..].starts_with(&[0, 0xff]);
            len = (shared - usize::from(escape)).min(len.checked_sub(1)?);
        }
    }
}
