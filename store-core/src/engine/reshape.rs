//! Indexes that come and go on a table that is in use.

use std::sync::Arc;

use crate::error::CreateError;
use crate::index::{Index, IndexDef};
use crate::key::Key;
use crate::object::Object;

use super::def::TableDef;
use super::memory::{Forest, Tree};
use super::sorted::{SortedKeys, Unfit};
use super::table::Table;

impl<O: Object> Table<O> {
    /// Adds an index, and fills it.
    ///
    /// Versions that were cloned before do not have it.
    ///
    /// # Errors
    /// When two objects have the same key and the index is a unique one, or when a key is too long; the table is as it was
    /// then.
    ///
    /// # Panics
    /// When the table has an index of that name.
    ///
    /// # Complexity
    /// O(n log n).
    pub fn add_index<K: Key + ?Sized + 'static>(
        &mut self,
        index: Index<O, K>,
    ) -> Result<(), CreateError> {
        assert!(
            self.def.find(index.name()).is_none(),
            "table {} has an index {} already",
            O::TABLE,
            index.name()
        );
        self.add(&Arc::new(IndexDef::of(index)))
    }

    fn add(&mut self, index: &Arc<IndexDef<O>>) -> Result<(), CreateError> {
        let mut objects = Vec::with_capacity(self.len());
        self.each_slot(|slot| objects.push((slot, self.row(slot))));
        let mut keys = SortedKeys::default();
        SortedKeys::primary(&objects)
            .and_then(|primary| keys.fill(index, &objects, &primary))
            .map_err(|Unfit { slot, refusal }| refusal.on_create(self.row(slot)))?;
        let at = self.def.indexes.len();
        let mut def = TableDef::clone(&self.def);
        def.indexes.push(Arc::clone(index));
        // First, since it may panic.
        self.version.write().parts().0.trees.push(Tree::new());
        self.def = Arc::new(def);
        self.build_index(at, &keys);
        Ok(())
    }

    /// Whether the table has every index that the other has.
    pub(crate) fn has_indexes_of(&self, other: &Self) -> bool {
        let mut others = other.def.indexes.iter();
        others.all(|index| self.def.find(index.name).is_some())
    }

    /// Adds every index that the other table has.
    pub(crate) fn adopt_indexes(&mut self, other: &Self) -> Result<(), CreateError> {
        let others = other.def.indexes.iter();
        let missing = others.filter(|index| self.def.find(index.name).is_none());
        missing
            .cloned()
            .collect::<Vec<_>>()
            .iter()
            .try_for_each(|index| self.add(index))
    }

    /// Removes an index; false when the table has none of that name.
    ///
    /// Versions that were cloned before keep it.
    pub fn drop_index(&mut self, name: &str) -> bool {
        let Some(at) = self.def.find(name) else {
            return false;
        };
        let mut def = TableDef::clone(&self.def);
        def.indexes.remove(at);
        let mut writing = self.version.write();
        self.def = Arc::new(def);
        let (Forest { trees, .. }, mut pen) = writing.parts();
        trees.remove(1 + at).clear(&mut pen.pages);
        true
    }
}
