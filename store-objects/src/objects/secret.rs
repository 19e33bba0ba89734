//! Secrets: data that only the tasks that need it may see.
//!
//! The store keeps them like any object; who may read one is not decided here.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract};
use crate::wire::{Annotations, IndexEntry, Secret};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Secret> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Secret, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Secret, IndexEntry> = Index::non_unique("custom", extract::custom);

impl Object for Secret {
    type Key = Id<Self>;
    const TABLE: &'static str = "secret";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM);
    }

    stored_as_message!();
}

impl Annotated for Secret {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}
