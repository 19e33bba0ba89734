//! Networks: what there is of them, and which (SwarmKit control API, section 7).

use proposer::Proposer;
use store_core::{Changes, Query};
use store_objects::wire::{
    GetNetworkRequest, GetNetworkResponse, ListNetworksRequest, ListNetworksResponse, Network,
    list_networks_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, network};

use super::backend::Backend;
use super::list::Listing;
use crate::refusal::Refusal;

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

/// Whether a network is the one that carries ports published on every node: it says so, or it is one of before there was
/// such a field.
pub(super) fn is_ingress(network: &Network) -> bool {
    let legacy = || {
        network.annotations().is_some_and(|annotations| {
            annotations.name == "ingress"
                && annotations.labels.contains_key("com.docker.swarm.internal")
        })
    };
    network.spec.as_ref().is_some_and(|spec| spec.ingress) || legacy()
}
