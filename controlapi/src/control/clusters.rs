//! Clusters: the one that there is, read without its secrets, and its settings (SwarmKit control API, section 6).

mod update;

use std::collections::BTreeMap;
use std::time::SystemTime;

use proposer::Proposer;
use prost::Message as _;
use prost_types::Timestamp;
use store_core::{Changes, Query, Read as _};
use store_objects::wire::{
    BlacklistedCertificate, Cluster, GetClusterRequest, GetClusterResponse, ListClustersRequest,
    ListClustersResponse, UpdateClusterRequest, UpdateClusterResponse, list_clusters_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, cluster};

use self::update::Update;
use super::backend::Backend;
use super::list::Listing;
use crate::refusal::Refusal;
use crate::validate::{self, request};

/// How long a certificate that has ended stays on the list of those that are not accepted: clocks differ.
const BLACKLIST_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Addresses for networks, where a cluster sets none.
const DEFAULT_ADDRESS_POOL: &str = "10.0.0.0/8";
/// Length of the prefix of a network's addresses, where a cluster sets no addresses.
const DEFAULT_SUBNET_SIZE: u32 = 24;
/// The port that overlay networks use, where a cluster sets none.
const DEFAULT_VXLAN_PORT: u32 = 4_789;

/// Returns a cluster without its secrets: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetClusterRequest,
) -> Result<GetClusterResponse, Refusal> {
    let cluster = backend.find::<Cluster>(&request.cluster_id, "cluster_id")?;
    Ok(GetClusterResponse {
        cluster: Some(redacted(&cluster)),
    })
}

/// Returns the clusters that the filters let pass, without their secrets.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListClustersRequest,
) -> ListClustersResponse {
    let query = selected(request.filters.unwrap_or_default());
    let clusters = backend
        .view()
        .find(query)
        .map(|cluster| redacted(cluster))
        .collect();
    ListClustersResponse { clusters }
}

/// Replaces the settings of a cluster, makes new tokens and keys as asked for, and returns it without its secrets.
///
/// - `InvalidArgument`: no id, version or spec; a rule for cluster specs; certificate and key that make no root, or that
///   need an authority elsewhere.
/// - `NotFound`: no cluster of that id.
/// - `Internal`: the root certificate that the cluster has is damaged, or cannot sign the next one.
/// - `Aborted`: the version is not that of the cluster: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateClusterRequest,
) -> Result<UpdateClusterResponse, Refusal> {
    let id = request.cluster_id;
    request::id(&id, "cluster_id")?;
    let seen = request::version(request.cluster_version, "cluster_version")?;
    let update = Update {
        spec: validate::cluster_spec(request.spec.as_ref())?,
        seen,
        rotation: request.rotation.unwrap_or_default(),
        now: SystemTime::now().into(),
    };
    let updated = backend
        .transact(update.spec.encoded_len(), |tx| update.run(tx, &id))
        .await?;
    Ok(UpdateClusterResponse {
        cluster: Some(redacted(&updated)),
    })
}

/// Takes from the list of certificates that are not accepted those that ended long enough ago. One without an end stays
/// for ever.
pub(super) fn forget_ended(list: &mut BTreeMap<String, BlacklistedCertificate>, now: Timestamp) {
    list.retain(|_, listed| {
        listed
            .expiry
            .is_none_or(|expiry| expiry.seconds.saturating_add(BLACKLIST_SECONDS) >= now.seconds)
    });
}

fn selected(filters: list_clusters_request::Filters) -> Query<Cluster> {
    let list_clusters_request::Filters {
        names,
        id_prefixes,
        labels,
        name_prefixes,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| cluster::BY_NAME.eq(FoldedName::new(name)),
            |cluster, name| cluster.name() == name,
        )
        .one_of(
            name_prefixes,
            |prefix| cluster::BY_NAME.prefix(prefix),
            |cluster, prefix| cluster.name().starts_with(prefix),
        )
        .one_of(
            id_prefixes,
            |prefix| cluster::BY_ID.prefix(prefix),
            |cluster, prefix| cluster.id.starts_with(prefix),
        )
        .labelled(labels, |cluster| Some(&cluster.annotations()?.labels))
        .query()
}

/// Returns what anybody may see of a cluster, with the values that are used where none are set.
fn redacted(cluster: &Cluster) -> Cluster {
    let mut shown = Cluster {
        id: cluster.id.clone(),
        meta: cluster.meta,
        spec: cluster.spec.clone(),
        root_ca: cluster.root_ca.clone(),
        blacklisted_certificates: cluster.blacklisted_certificates.clone(),
        default_address_pool: cluster.default_address_pool.clone(),
        subnet_size: cluster.subnet_size,
        vxlanudp_port: cluster.vxlanudp_port,
        ..Cluster::default()
    };
    if let Some(config) = shown.spec.as_mut().and_then(|spec| spec.ca_config.as_mut()) {
        config.signing_ca_key.clear();
        config.signing_ca_cert.clear();
    }
    if let Some(root) = &mut shown.root_ca {
        root.ca_key.clear();
        if let Some(rotation) = &mut root.root_rotation {
            rotation.ca_key.clear();
        }
    }
    if shown.default_address_pool.is_empty() {
        shown
            .default_address_pool
            .push(DEFAULT_ADDRESS_POOL.to_owned());
        shown.subnet_size = DEFAULT_SUBNET_SIZE;
    }
    if shown.vxlanudp_port == 0 {
        shown.vxlanudp_port = DEFAULT_VXLAN_PORT;
    }
    shown
}
