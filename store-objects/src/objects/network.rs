//! Networks: what tasks are attached to.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract};
use crate::wire::{Annotations, IndexEntry, Network};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Network> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Network, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Network, IndexEntry> = Index::non_unique("custom", extract::custom);

impl Object for Network {
    type Key = Id<Self>;
    const TABLE: &'static str = "network";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM);
    }

    stored_as_message!();
}

impl Annotated for Network {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}
