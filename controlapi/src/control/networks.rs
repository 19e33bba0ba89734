//! Networks: create, read, remove (SwarmKit control API, section 7).

use std::sync::Arc;

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, Query, Read};
use store_objects::wire::{
    CreateNetworkRequest, CreateNetworkResponse, GetNetworkRequest, GetNetworkResponse,
    ListNetworksRequest, ListNetworksResponse, Network, RemoveNetworkRequest,
    RemoveNetworkResponse, Service, Task, TaskState, list_networks_request,
};
use store_objects::{Annotated as _, FoldedName, Id, Orchestration, network, service, task};

use super::backend::{self, Backend, stored};
use super::list::Listing;
use crate::bootstrap::INGRESS_NAME;
use crate::refusal::Refusal;
use crate::validate::{self, request};

/// The label of networks that exist before any user.
const PREDEFINED_LABEL: &str = "com.docker.swarm.predefined";
/// The label that ingress networks had before there was a field for it.
const INTERNAL_LABEL: &str = "com.docker.swarm.internal";

/// Returns a network: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetNetworkRequest,
) -> Result<GetNetworkResponse, Refusal> {
    let network = backend.find::<Network>(&request.network_id, "network_id")?;
    Ok(GetNetworkResponse {
        network: Some(network.as_ref().clone()),
    })
}

/// Returns the networks that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListNetworksRequest,
) -> ListNetworksResponse {
    let query = selected(request.filters.unwrap_or_default());
    ListNetworksResponse {
        networks: backend.list(query),
    }
}

/// Creates a network; its addresses are allocated by whoever watches networks.
///
/// - `InvalidArgument`, `PermissionDenied`: the spec is not valid.
/// - `AlreadyExists`: it is to be the ingress network and there is one, or another network has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateNetworkRequest,
) -> Result<CreateNetworkResponse, Refusal> {
    let spec = validate::network_spec(request.spec.as_ref())?;
    let network = Network {
        id: backend.ids.next(),
        spec: Some(spec.clone()),
        ..Network::default()
    };
    let text = || "name conflicts with an existing object".to_owned();
    let created = backend
        .transact(network.encoded_len(), |tx| match ingress(tx) {
            Some(present) if spec.ingress => {
                let id = present.id.clone();
                Err(Refusal::IngressExists { id })
            }
            _ => backend::create(tx, network.clone(), text),
        })
        .await?;
    Ok(CreateNetworkResponse {
        network: Some(Network::clone(&created)),
    })
}

/// Removes a network that nothing is attached to.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no network of that id.
/// - `FailedPrecondition`: it exists before any user; a service or a task is attached to it; it is the ingress network
///   and a service publishes ports through it.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveNetworkRequest,
) -> Result<RemoveNetworkResponse, Refusal> {
    let id = request.network_id;
    request::id(&id, "network_id")?;
    backend
        .transact(id.len(), |tx| {
            let network = stored::<Network>(tx, &id)?;
            if label(network, PREDEFINED_LABEL) == Some("true") {
                return Err(Refusal::NetworkPredefined {
                    id: id.clone(),
                    name: network.name().to_owned(),
                });
            }
            if is_ingress(network) {
                unneeded(tx)?;
            } else {
                unused(tx, &id)?;
            }
            backend::delete::<Network>(tx, &id)
        })
        .await?;
    Ok(RemoveNetworkResponse {})
}

/// No service publishes a port through the ingress network.
fn unneeded(state: &impl Read<Schema = Orchestration>) -> Result<(), Refusal> {
    let needs =
        |service: &&Arc<Service>| service.spec.as_deref().is_some_and(validate::needs_ingress);
    match state.find(Query::<Service>::all()).find(needs) {
        Some(service) => {
            let service = service.id.clone();
            Err(Refusal::IngressInUse { service })
        }
        None => Ok(()),
    }
}

/// No service, and no task that may still run, is attached to a network.
fn unused(state: &impl Read<Schema = Orchestration>, id: &str) -> Result<(), Refusal> {
    let in_use = |table, user: &str| Refusal::NetworkInUse {
        id: id.to_owned(),
        table,
        user: user.to_owned(),
    };
    if let Some(service) = state.find(service::BY_NETWORK.eq(Id::new(id))).next() {
        return Err(in_use("service", &service.id));
    }
    let running = i32::from(TaskState::Running);
    let may_run = |task: &&Arc<Task>| {
        task.desired_state <= running
            && task.status.as_ref().map_or(0, |status| status.state) <= running
    };
    match state.find(task::BY_NETWORK.eq(Id::new(id))).find(may_run) {
        Some(task) => Err(in_use("task", &task.id)),
        None => Ok(()),
    }
}

fn selected(filters: list_networks_request::Filters) -> Query<Network> {
    let list_networks_request::Filters {
        names,
        id_prefixes,
        labels,
        name_prefixes,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| network::BY_NAME.eq(FoldedName::new(name)),
            |network, name| network.name() == name,
        )
        .one_of(
            name_prefixes,
            |prefix| network::BY_NAME.prefix(prefix),
            |network, prefix| network.name().starts_with(prefix),
        )
        .one_of(
            id_prefixes,
            |prefix| network::BY_ID.prefix(prefix),
            |network, prefix| network.id.starts_with(prefix),
        )
        .labelled(labels, |network| Some(&network.annotations()?.labels))
        .query()
}

/// Returns the ingress network.
pub(super) fn ingress(state: &impl Read<Schema = Orchestration>) -> Option<&Arc<Network>> {
    state
        .find(Query::<Network>::all())
        .find(|network| is_ingress(network))
}

/// Whether a network is the one that carries ports published on every node: it says so, or it is one of before there was
/// such a field.
pub(super) fn is_ingress(network: &Network) -> bool {
    network.spec.as_ref().is_some_and(|spec| spec.ingress)
        || (network.name() == INGRESS_NAME && label(network, INTERNAL_LABEL).is_some())
}

fn label<'a>(network: &'a Network, key: &str) -> Option<&'a str> {
    network.annotations()?.labels.get(key).map(String::as_str)
}
