//! Finding objects by their id: the primary key, in the words of an index.

use std::fmt;
use std::marker::PhantomData;

use store_core::{Object, Query};

use crate::Id;

/// The primary key of kind `O`, to be used as its indexes are.
///
/// It is none of them: the table is ordered by id anyway.
pub struct ById<O>(PhantomData<fn() -> O>);

impl<O: Object<Key = Id<O>>> ById<O> {
    pub(super) const NEW: Self = Self(PhantomData);

    /// Returns the query for the object with this id.
    #[must_use]
    pub fn eq(&self, id: &Id<O>) -> Query<O> {
        Query::key(id)
    }

    /// Returns the query for objects whose id begins so, in order of id.
    #[must_use]
    pub fn prefix(&self, prefix: &str) -> Query<O> {
        Query::key_prefix(prefix)
    }
}

impl<O: Object> fmt::Debug for ById<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ById({})", O::TABLE)
    }
}
