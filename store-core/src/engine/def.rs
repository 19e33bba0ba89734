//! What is fixed about a table: its indexes.

use std::fmt;
use std::sync::Arc;

use crate::index::{IndexDef, Indexes};
use crate::object::Object;

/// The indexes of a table.
pub struct TableDef<O: Object> {
    pub(super) indexes: Vec<Arc<IndexDef<O>>>,
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

    pub(crate) fn indexes(&self) -> &[Arc<IndexDef<O>>] {
        &self.indexes
    }

    /// Returns the place of the index with this name.
    ///
    /// # Panics
    /// When the table has none: the query was made from an index that `Object::indexes` does not list.
    pub(crate) fn position(&self, name: &'static str) -> usize {
        self.find(name).unwrap_or_else(|| {
            panic!(
                "table {} has no index {name}; list it in Object::indexes, or add it",
                O::TABLE
            )
        })
    }

    /// Returns the place of the index with this name, if there is one.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.indexes
            .iter()
            .position(|index| std::ptr::eq(index.name, name) || index.name == name)
    }
}

impl<O: Object> Default for TableDef<O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<O: Object> Clone for TableDef<O> {
    fn clone(&self) -> Self {
        Self {
            indexes: self.indexes.clone(),
        }
    }
}

impl<O: Object> fmt::Debug for TableDef<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.indexes.iter().map(|index| index.name))
            .finish()
    }
}
