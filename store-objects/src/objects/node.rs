//! Nodes: machines that have joined the cluster.
//!
//! Not unique by name: two nodes may report the same hostname. The name in a node's spec plays no part.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract};
use crate::wire::{Annotations, IndexEntry, Node};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Node> = ById::NEW;

/// The hostname in the node's description; absent until the node has described itself.
pub const BY_NAME: Index<Node, FoldedName> = Index::non_unique("name", |node, keys| {
    if let Some(description) = &node.description {
        keys.push(FoldedName::new(&description.hostname));
    }
});

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Node, IndexEntry> = Index::non_unique("custom", extract::custom);

/// The number of the role that the node was seen in; the role that is wanted is not indexed.
///
/// See [`NodeRole`](crate::wire::NodeRole).
pub const BY_ROLE: Index<Node, i32> = Index::non_unique("role", |node, keys| keys.push(&node.role));

/// The number of the membership in the spec, see [`Membership`](crate::wire::node_spec::Membership).
pub const BY_MEMBERSHIP: Index<Node, i32> = Index::non_unique("membership", |node, keys| {
    keys.push(&node.spec.as_ref().map_or(0, |spec| spec.membership));
});

impl Object for Node {
    type Key = Id<Self>;
    const TABLE: &'static str = "node";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME)
            .add(BY_CUSTOM)
            .add(BY_ROLE)
            .add(BY_MEMBERSHIP);
    }

    stored_as_message!();
}

impl Annotated for Node {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}
