//! Configs: data that services read, and that is no secret.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract};
use crate::wire::{Annotations, Config, IndexEntry};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Config> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Config, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Config, IndexEntry> = Index::non_unique("custom", extract::custom);

impl Object for Config {
    type Key = Id<Self>;
    const TABLE: &'static str = "config";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM);
    }

    stored_as_message!();
}

impl Annotated for Config {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}
