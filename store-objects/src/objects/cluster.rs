//! Clusters: the settings of the cluster itself, and its keys.
//!
//! There is one, named `default`; the store would hold more.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract};
use crate::wire::{Annotations, Cluster, IndexEntry};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Cluster> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Cluster, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Cluster, IndexEntry> = Index::non_unique("custom", extract::custom);

impl Object for Cluster {
    type Key = Id<Self>;
    const TABLE: &'static str = "cluster";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM);
    }

    stored_as_message!();
}

impl Annotated for Cluster {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}
