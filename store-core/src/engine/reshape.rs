//! Indexes that come and go on a table that is in use.

use std::sync::Arc;

use crate::error::{CreateError, Refusal};
use crate::index::{Index, IndexDef};
use crate::key::Key;
use crate::object::Object;
use crate::query::Query;

use super::def::TableDef;
use super::full_keys::{Pending, insert_entry};
use super::keys::with_key_sets;
use super::memory::{Forest, Tree};
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
        let mut added = self.clone();
        let mut def = TableDef::clone(&self.def);
        def.indexes.push(Arc::clone(index));
        added.def = Arc::new(def);
        added.version.write().parts().0.trees.push(Tree::new());
        let at = self.def.indexes.len();
        for object in self.find(Query::all()) {
            let indexed = added.index_object(at, object);
            indexed.map_err(|refusal| refusal.on_create(object))?;
        }
        *self = added;
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

    fn index_object(&mut self, at: usize, object: &Arc<O>) -> Result<(), Refusal<O>> {
        with_key_sets(|keys, none| {
            keys.fill(&self.def, object)?;
            none.clear();
            let slot = self.slot(keys.primary()).expect("the object was just read");
            let def = Arc::clone(&self.def);
            for (index, key) in keys.iter().filter(|(index, _)| *index == at) {
                self.check_free(index, key, Some(slot))?;
                let mut writing = self.version.write();
                let (Forest { slots, trees }, mut pen) = writing.parts();
                insert_entry(
                    &def,
                    slots,
                    trees,
                    &mut pen,
                    Pending {
                        index,
                        slot,
                        key,
                        primary: keys.primary().len(),
                        held: none,
                    },
                );
            }
            Ok(())
        })
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
        self.def = Arc::new(def);
        let mut writing = self.version.write();
        let (Forest { trees, .. }, mut pen) = writing.parts();
        trees.remove(1 + at).clear(&mut pen.pages);
        true
    }
}
