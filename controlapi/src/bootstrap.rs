//! The objects that every cluster has: made once, on the first start on an empty state.
//!
//! SwarmKit's control API, section 6.4, says what they hold: the cluster object has a new root certificate with its key,
//! and tokens for joining, which carry the certificate's digest.

use std::time::Duration;

use proposer::Proposer;
use store_core::{Changes, CreateError, Query, Read as _, Store, TransactionError, UpdateError};
use store_objects::wire::{
    Annotations, CaConfig, Cluster, ClusterSpec, DispatcherConfig, Driver, IpamOptions, Network,
    NetworkSpec, OrchestrationConfig, RaftConfig,
};
use store_objects::{IdSource, Orchestration};

use crate::authority::new_root;

/// The name of the one cluster object.
pub const CLUSTER_NAME: &str = "default";
/// The name of the network that carries ports published on every node.
pub const INGRESS_NAME: &str = "ingress";

/// Makes sure that there is a cluster object, and makes the ingress network together with it.
///
/// Where there is a cluster object already, nothing is changed: an ingress network that was removed stays removed. But one
/// without a root certificate, as earlier releases made it, is given one.
///
/// # Errors
/// When the transaction is not committed.
///
/// # Panics
/// When the operating system has no randomness.
///
/// # Blocking
/// Until it is.
pub fn bootstrap<P: Proposer<Changes<Orchestration>>>(
    store: &Store<Orchestration, P>,
    ids: &IdSource,
) -> Result<(), TransactionError<BootstrapError>> {
    store.update(|tx| {
        let clusters: Vec<_> = tx.find(Query::<Cluster>::all()).cloned().collect();
        if !clusters.is_empty() {
            for cluster in clusters.iter().filter(|cluster| is_without_root(cluster)) {
                tx.update(Cluster {
                    root_ca: Some(new_root(cluster.fips)),
                    ..Cluster::clone(cluster)
                })?;
            }
            return Ok(());
        }
        tx.create(cluster(ids.next()))?;
        tx.create(ingress(ids.next()))?;
        Ok(())
    })?;
    Ok(())
}

/// Why the first objects cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BootstrapError {
    /// The store refuses a new object.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The store refuses the root certificate of a cluster that has none.
    #[error(transparent)]
    Update(#[from] UpdateError),
}

fn is_without_root(cluster: &Cluster) -> bool {
    cluster
        .root_ca
        .as_ref()
        .is_none_or(|root| root.ca_cert.is_empty())
}

fn cluster(id: String) -> Cluster {
    let seconds = |seconds| prost_types::Duration::try_from(Duration::from_secs(seconds)).ok();
    let spec = ClusterSpec {
        annotations: Some(named(CLUSTER_NAME)),
        orchestration: Some(OrchestrationConfig {
            task_history_retention_limit: 5,
        }),
        dispatcher: Some(DispatcherConfig {
            heartbeat_period: seconds(5),
        }),
        raft: Some(RaftConfig {
            snapshot_interval: 10_000,
            keep_old_snapshots: 0,
            log_entries_for_slow_followers: 500,
            heartbeat_tick: 1,
            election_tick: 10,
        }),
        ca_config: Some(CaConfig {
            node_cert_expiry: seconds(2_160 * 60 * 60),
            ..CaConfig::default()
        }),
        ..ClusterSpec::default()
    };
    Cluster {
        id,
        spec: Some(spec),
        root_ca: Some(new_root(false)),
        ..Cluster::default()
    }
}

fn ingress(id: String) -> Network {
    let spec = NetworkSpec {
        annotations: Some(named(INGRESS_NAME)),
        ingress: true,
        driver_config: Some(Driver::default()),
        ipam: Some(IpamOptions {
            driver: Some(Driver::default()),
            ..IpamOptions::default()
        }),
        ..NetworkSpec::default()
    };
    // Present though nothing is allocated: SwarmKit's client reads it without looking whether it is there.
    let driver_state = Some(Driver::default());
    Network {
        id,
        spec: Some(spec),
        driver_state,
        ..Network::default()
    }
}

fn named(name: &str) -> Annotations {
    Annotations {
        name: name.to_owned(),
        ..Annotations::default()
    }
}
