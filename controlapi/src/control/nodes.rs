//! Nodes: read, update, remove (SwarmKit control API, section 2).

mod removal;

use std::time::SystemTime;

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, Query, Read};
use store_objects::wire::{
    GetNodeRequest, GetNodeResponse, ListNodesRequest, ListNodesResponse, Node, NodeRole,
    RemoveNodeRequest, RemoveNodeResponse, UpdateNodeRequest, UpdateNodeResponse,
    list_nodes_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, node};

use super::backend::{Backend, stored};
use super::list::{Labels, Listing};
use crate::refusal::Refusal;
use crate::validate::request;

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

/// Replaces the spec of a node.
///
/// - `InvalidArgument`: no id, version or spec.
/// - `NotFound`: no node of that id; a manager that is to be a worker is no member of the log.
/// - `FailedPrecondition`: the last manager is to be a worker.
/// - `Aborted`: the version is not that of the node: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateNodeRequest,
) -> Result<UpdateNodeResponse, Refusal> {
    let id = request.node_id;
    request::id(&id, "node_id")?;
    let seen = request::version(request.node_version, "node_version")?;
    let spec = request::part(request.spec.as_ref(), "spec")?;
    let updated = backend
        .transact(spec.encoded_len(), |tx| {
            let mut node = Node::clone(stored::<Node>(tx, &id)?);
            if is_manager(&node) && spec.desired_role == i32::from(NodeRole::Worker) {
                return Err(demotion(tx, &id));
            }
            node.spec = Some(spec.clone());
            node.meta.get_or_insert_default().version = Some(seen);
            Ok(tx.update(node)?)
        })
        .await?;
    Ok(UpdateNodeResponse {
        node: Some(Node::clone(&updated)),
    })
}

/// Removes a node: its tasks are orphans then, and its certificate is not accepted any more.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no node of that id.
/// - `FailedPrecondition`: it is meant to be a manager, or it is up and not removed by force.
/// - `Internal`: there is no cluster object.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveNodeRequest,
) -> Result<RemoveNodeResponse, Refusal> {
    let id = request.node_id;
    request::id(&id, "node_id")?;
    let now = SystemTime::now().into();
    backend
        .transact(id.len(), |tx| removal::remove(tx, &id, request.force, now))
        .await?;
    Ok(RemoveNodeResponse {})
}

/// Whether a node is wanted as a manager.
fn is_wanted_as_manager(node: &Node) -> bool {
    node.spec
        .as_ref()
        .is_some_and(|spec| spec.desired_role == i32::from(NodeRole::Manager))
}

/// Whether a node is wanted as a manager and is one. Where it is none yet, it has nothing to leave.
fn is_manager(node: &Node) -> bool {
    is_wanted_as_manager(node) && node.role == i32::from(NodeRole::Manager)
}

/// Says why a manager cannot become a worker: as long as nodes are no members of the log, none can.
fn demotion(state: &impl Read<Schema = Orchestration>, id: &str) -> Refusal {
    let id = id.to_owned();
    let managers = state.find(node::BY_ROLE.eq(&i32::from(NodeRole::Manager)));
    if managers.take(2).count() == 1 {
        return Refusal::LastManager { id };
    }
    Refusal::NotAMember { id }
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
