//! Tables made of many objects at once.

use std::sync::Arc;

use crate::error::{CreateError, Refusal};
use crate::object::Object;

use super::def::TableDef;
use super::memory::{Forest, Tree};
use super::scan::Scan;
use super::sorted::{SortedKeys, Unfit};
use super::table::{PRIMARY, Table};

impl<O: Object> Table<O> {
    /// Makes a table of many objects, faster than creating them one by one: keys are sorted first, and every page is written
    /// once.
    ///
    /// ```
    /// # #[derive(Debug)]
    /// # struct Host(String);
    /// # impl store_core::Object for Host {
    /// #     type Key = str;
    /// #     const TABLE: &'static str = "host";
    /// #     fn key(&self) -> &str { &self.0 }
    /// #     fn meta(&self) -> store_core::Meta { store_core::Meta::default() }
    /// #     fn set_meta(&mut self, _: store_core::Meta) {}
    /// #     fn indexes(_: &mut store_core::Indexes<Self>) {}
    /// #     fn encode(&self, _: &mut Vec<u8>) {}
    /// #     fn decode(_: &[u8]) -> Result<Self, store_core::DecodeError> { Err("not stored".into()) }
    /// # }
    /// # use std::sync::Arc;
    /// # use store_core::Table;
    /// let hosts = Table::from_objects((0..1_000).map(|number| Arc::new(Host(format!("host-{number}")))))?;
    /// assert_eq!(hosts.len(), 1_000);
    /// # Ok::<(), store_core::CreateError>(())
    /// ```
    ///
    /// # Errors
    /// When one of them cannot be in a table with those before it: a key is taken or too long.
    ///
    /// # Complexity
    /// O(n log n), for each index; nearly O(n) where the objects come in order.
    pub fn from_objects(objects: impl IntoIterator<Item = Arc<O>>) -> Result<Self, CreateError> {
        let objects: Vec<Arc<O>> = objects.into_iter().collect();
        Self::fill(TableDef::new(), objects.iter())
    }

    pub(crate) fn fill<'a>(
        def: TableDef<O>,
        mut objects: impl Iterator<Item = &'a Arc<O>>,
    ) -> Result<Self, CreateError> {
        let mut table = Self::with(def);
        let came: Vec<(u32, &Arc<O>)> = (0..u32::MAX).zip(objects.by_ref()).collect();
        if let Some(more) = objects.next() {
            return Err(Refusal::Full.on_create(&**more));
        }
        let mut primary = SortedKeys::primary(&came)
            .map_err(|Unfit { slot, refusal }| refusal.on_create(came[slot as usize].1))?;
        // Slots in order of the primary keys: those who read so find objects side by side.
        let ranked: Vec<(u32, &Arc<O>)> = (0..)
            .zip(primary.slots().map(|at| came[at as usize].1))
            .collect();
        primary.number_by_order();
        table.put_all(&ranked, &primary);
        let def = Arc::clone(&table.def);
        let mut keys = SortedKeys::default();
        for (at, index) in def.indexes.iter().enumerate() {
            keys.fill(index, &ranked, &primary)
                .map_err(|Unfit { slot, refusal }| refusal.on_create(ranked[slot as usize].1))?;
            table.build_index(at, &keys);
        }
        Ok(table)
    }

    /// Puts objects into an empty table's slots, and their keys into its primary tree.
    fn put_all(&mut self, objects: &[(u32, &Arc<O>)], primary: &SortedKeys) {
        let mut writing = self.version.write();
        let (Forest { slots, trees }, mut pen) = writing.parts();
        for (expected, object) in objects {
            let slot = slots.insert(&mut pen, Arc::clone(object));
            assert!(
                slot == Some(*expected),
                "the slots of an empty table are given out in order"
            );
        }
        trees[PRIMARY] = Tree::build(primary, &mut pen.pages);
    }

    /// Fills the empty tree of an index.
    pub(super) fn build_index(&mut self, index: usize, keys: &SortedKeys) {
        let mut writing = self.version.write();
        let (Forest { trees, .. }, mut pen) = writing.parts();
        trees[1 + index] = Tree::build(keys, &mut pen.pages);
    }

    /// Calls `visit` with each slot in use, in order of the primary keys.
    pub(super) fn each_slot(&self, mut visit: impl FnMut(u32)) {
        let mut scan = Scan::new(self.tree(None), false);
        while let Some(run) = self.next_run(None, &mut scan, (&[], None)) {
            run.slots()[run.from..run.to]
                .iter()
                .for_each(|slot| visit(*slot));
        }
    }
}
