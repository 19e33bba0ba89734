//! The set of a schema's tables: what a snapshot sees and a transaction changes.

use std::any::Any;
use std::sync::Arc;

use crate::object::Kind;
use crate::schema::Schema;

use super::table::Table;

/// One table of each kind of `S`. Cloning takes as long as there are kinds, however many objects there are.
pub(crate) struct Tables<S: Schema> {
    /// Each is a `Table<O>`, at the place of its kind.
    list: Vec<Arc<dyn Any + Send + Sync>>,
    of: std::marker::PhantomData<fn() -> S>,
}

impl<S: Schema> Tables<S> {
    pub(crate) fn new() -> Self {
        Self {
            list: S::kinds().iter().map(|kind| (kind.new_table)()).collect(),
            of: std::marker::PhantomData,
        }
    }

    /// Makes tables of objects, those of each kind in a list at the place of the kind.
    ///
    /// # Errors
    /// When two cannot be in one table.
    pub(crate) fn filled(objects: &[Vec<S::Any>]) -> Result<Self, String> {
        let tables = S::kinds().iter().zip(objects);
        let list: Result<_, _> = tables.map(|(kind, all)| (kind.fill_table)(all)).collect();
        Ok(Self {
            list: list?,
            of: std::marker::PhantomData,
        })
    }

    pub(crate) fn get<O: Kind<S>>(&self) -> &Table<O> {
        self.list[O::ORDINAL]
            .downcast_ref()
            .expect("a kind's ordinal is its place in Schema::kinds")
    }

    /// Returns the table to be changed; other clones keep what they see.
    pub(crate) fn get_mut<O: Kind<S>>(&mut self) -> &mut Table<O> {
        let shared = &mut self.list[O::ORDINAL];
        if Arc::get_mut(shared).is_none() {
            let table: &Table<O> = shared
                .downcast_ref()
                .expect("a kind's ordinal is its place in Schema::kinds");
            *shared = Arc::new(table.clone());
        }
        Arc::get_mut(shared)
            .and_then(|table| table.downcast_mut())
            .expect("it was just made, or owned alone by this set")
    }
}

impl<S: Schema> Clone for Tables<S> {
    fn clone(&self) -> Self {
        Self {
            list: self.list.clone(),
            of: self.of,
        }
    }
}
