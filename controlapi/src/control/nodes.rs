//! Nodes: what there is of them, and which (SwarmKit control API, section 2).

use proposer::Proposer;
use store_core::{Changes, Query};
use store_objects::wire::{
    GetNodeRequest, GetNodeResponse, ListNodesRequest, ListNodesResponse, Node, list_nodes_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, node};

use super::backend::Backend;
use super::list::{Labels, Listing};
use crate::refusal::Refusal;

/// Returns a node: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetNodeRequest,
) -> Result<GetNodeResponse, Refusal> {
    let node = backend.find::<Node>(&request.node_id, "node_id")?;
    Ok(GetNodeResponse {
        node: Some(node.as_ref().clone()),
    })
}

/// Returns the nodes that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListNodesRequest,
) -> ListNodesResponse {
    let query = selected(request.filters.unwrap_or_default());
    ListNodesResponse {
        nodes: backend.list(query),
    }
}

fn selected(filters: list_nodes_request::Filters) -> Query<Node> {
    let list_nodes_request::Filters {
        names,
        id_prefixes,
        labels,
        node_labels,
        memberships,
        roles,
        name_prefixes,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| node::BY_NAME.eq(FoldedName::new(name)),
            |node, name| hostname(node) == Some(name),
        )
        .one_of(
            name_prefixes,
            |prefix| node::BY_NAME.prefix(prefix),
            |node, prefix| hostname(node).is_some_and(|name| name.starts_with(prefix)),
        )
        .one_of(
            id_prefixes,
            |prefix| node::BY_ID.prefix(prefix),
            |node, prefix| node.id.starts_with(prefix),
        )
        .one_of(
            roles,
            |role| node::BY_ROLE.eq(role),
            |node, role| node.role == *role,
        )
        .one_of(
            memberships,
            |membership| node::BY_MEMBERSHIP.eq(membership),
            |node, membership| node.spec.as_ref().map_or(0, |spec| spec.membership) == *membership,
        )
        .labelled(labels, engine_labels)
        .labelled(node_labels, spec_labels)
        .query()
}

fn hostname(node: &Node) -> Option<&String> {
    Some(&node.description.as_ref()?.hostname)
}

fn engine_labels(node: &Node) -> Option<&Labels> {
    Some(&node.description.as_ref()?.engine.as_ref()?.labels)
}

fn spec_labels(node: &Node) -> Option<&Labels> {
    Some(&node.annotations()?.labels)
}
