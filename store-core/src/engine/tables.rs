//! The set of a schema's tables: what a snapshot sees and a transaction changes.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use crate::object::Kind;
use crate::schema::Schema;

use super::table::Table;

/// A table of any kind, shared by the sets in which it is the same.
pub(crate) type SharedTable = Arc<Kept<dyn Any + Send + Sync>>;

/// A table, with what was found out about its content since that was last changed.
pub(crate) struct Kept<T: ?Sized> {
    digest: OnceLock<u128>,
    table: T,
}

/// Shares a table.
pub(crate) fn share(table: impl Any + Send + Sync) -> SharedTable {
    Arc::new(Kept {
        digest: OnceLock::new(),
        table,
    })
}

/// One table of each kind of `S`. Cloning takes as long as there are kinds, however many objects there are.
pub(crate) struct Tables<S: Schema> {
    /// Each is a `Table<O>`, at the place of its kind.
    list: Vec<SharedTable>,
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
        typed(&self.list[O::ORDINAL])
    }

    /// Returns the digest of the table at a kind's place, which `compute` gives where it is not known yet.
    pub(crate) fn digest(&self, ordinal: usize, compute: impl FnOnce() -> u128) -> u128 {
        *self.list[ordinal].digest.get_or_init(compute)
    }

    /// Returns the table to be changed; other clones keep what they see.
    pub(crate) fn get_mut<O: Kind<S>>(&mut self) -> &mut Table<O> {
        let shared = &mut self.list[O::ORDINAL];
        if Arc::get_mut(shared).is_none() {
            *shared = share(typed::<S, O>(shared).clone());
        }
        let kept = Arc::get_mut(shared).expect("it was just made, or owned alone by this set");
        kept.digest.take();
        kept.table.downcast_mut().expect(OF_ITS_KIND)
    }
}

const OF_ITS_KIND: &str = "a kind's ordinal is its place in Schema::kinds";

fn typed<S: Schema, O: Kind<S>>(shared: &SharedTable) -> &Table<O> {
    shared.table.downcast_ref().expect(OF_ITS_KIND)
}

impl<S: Schema> Clone for Tables<S> {
    fn clone(&self) -> Self {
        Self {
            list: self.list.clone(),
            of: self.of,
        }
    }
}
