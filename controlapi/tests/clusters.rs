//! Settings of a cluster, its tokens and keys, through the service: what the recorded answers do not show.

use controlapi::rpc::control_server::Control as _;
use controlapi::{ControlService, bootstrap};
use proposer::Loopback;
use store_core::{Changes, Query, Read as _, Store};
use store_objects::wire::{
    Cluster, ClusterSpec, EncryptionConfig, EncryptionKey, JoinTokens, KeyRotation, RootCa,
    UpdateClusterRequest,
};
use store_objects::{IdSource, Orchestration};
use tonic::{Request, Status};

type OneStore = Store<Orchestration, Loopback<Changes<Orchestration>>>;

/// A store after its first start.
fn begun() -> OneStore {
    let store = Store::open(Loopback::new()).unwrap();
    bootstrap(&store, &IdSource::new()).unwrap();
    store
}

/// Returns the cluster as the store has it, with its secrets.
fn stored(store: &OneStore) -> Cluster {
    let view = store.view();
    let cluster = view.find(Query::<Cluster>::all()).next().unwrap();
    Cluster::clone(cluster)
}

fn root(cluster: &Cluster) -> &RootCa {
    cluster.root_ca.as_ref().unwrap()
}

fn tokens(cluster: &Cluster) -> JoinTokens {
    root(cluster).join_tokens.clone().unwrap()
}

/// Updates the cluster from what is stored, and returns what the client is told.
async fn update(
    store: &OneStore,
    rotation: KeyRotation,
    change: impl FnOnce(&mut ClusterSpec),
) -> Result<Cluster, Status> {
    let cluster = stored(store);
    let mut spec = cluster.spec.unwrap();
    change(&mut spec);
    let request = UpdateClusterRequest {
        cluster_id: cluster.id,
        cluster_version: cluster.meta.unwrap().version,
        spec: Some(spec),
        rotation: Some(rotation),
    };
    let service = ControlService::new(store.clone());
    let answer = service.update_cluster(Request::new(request)).await?;
    Ok(answer.into_inner().cluster.unwrap())
}

#[tokio::test]
async fn tokens_change_as_asked_for_and_tell_the_root() {
    let store = begun();
    let rotation = |worker, manager| KeyRotation {
        worker_join_token: worker,
        manager_join_token: manager,
        ..KeyRotation::default()
    };
    let mut before = tokens(&stored(&store));
    let digest = |token: &str| token.rsplit_once('-').unwrap().0.to_owned();
    for (worker, manager) in [(false, false), (true, false), (false, true), (true, true)] {
        let told = update(&store, rotation(worker, manager), |_| {}).await;
        let after = tokens(&told.unwrap());
        assert_eq!(after, tokens(&stored(&store)));
        assert_eq!(after.worker != before.worker, worker);
        assert_eq!(after.manager != before.manager, manager);
        assert_eq!(digest(&after.worker), digest(&before.manager));
        before = after;
    }
}

#[tokio::test]
async fn the_key_that_unlocks_managers_comes_and_goes_with_the_setting() {
    let store = begun();
    let other = EncryptionKey {
        subsystem: "other".to_owned(),
        key: b"zzz".to_vec(),
        ..EncryptionKey::default()
    };
    store
        .update(|tx| {
            let mut cluster = stored(&store);
            cluster.unlock_keys.push(other.clone());
            tx.update(cluster)
        })
        .unwrap();
    let rotate = KeyRotation {
        manager_unlock_key: true,
        ..KeyRotation::default()
    };
    let keep = KeyRotation::default();
    let mut before = None;
    for (lock, rotation, expected) in [
        (false, rotate, "none"),
        (true, keep, "new"),
        (true, keep, "same"),
        (true, rotate, "new"),
        (false, rotate, "none"),
        (true, rotate, "new"),
        (false, keep, "none"),
    ] {
        let told = update(&store, rotation, |spec| {
            spec.encryption_config = Some(EncryptionConfig {
                auto_lock_managers: lock,
            });
        })
        .await
        .unwrap();
        assert!(told.unlock_keys.is_empty(), "they are told to nobody");
        let keys = stored(&store).unlock_keys;
        assert!(keys.contains(&other), "those of others stay");
        let key = keys
            .into_iter()
            .find(|key| key.subsystem == "swarm-manager");
        let key = key.map(|key| key.key);
        match expected {
            "none" => assert_eq!(key, None),
            "same" => assert_eq!(key, before),
            _ => {
                assert_ne!(key, before);
                assert_eq!(key.as_ref().map(Vec::len), Some(32));
            }
        }
        before = key;
    }
}

#[tokio::test]
async fn a_forced_rotation_tells_certificates_and_no_keys() {
    let store = begun();
    let force = |spec: &mut ClusterSpec| {
        spec.ca_config.get_or_insert_default().force_rotate = 1;
    };
    let before = stored(&store);
    let told = update(&store, KeyRotation::default(), force).await.unwrap();
    let after = stored(&store);
    let rotation = root(&after).root_rotation.as_ref().unwrap();
    assert_eq!(root(&after).ca_cert, root(&before).ca_cert);
    assert!(!rotation.ca_key.is_empty());

    let shown = root(&told).root_rotation.as_ref().unwrap();
    assert_eq!(shown.ca_cert, rotation.ca_cert);
    assert_eq!(shown.cross_signed_ca_cert, rotation.cross_signed_ca_cert);
    let text = format!("{told:?}{}", serde_json::to_string(&told).unwrap());
    assert!(!text.contains("PRIVATE"));
    assert!(shown.ca_key.is_empty() && root(&told).ca_key.is_empty());

    // The same settings again, as they were told, begin nothing.
    let again = update(&store, KeyRotation::default(), |spec| {
        *spec = told.spec.clone().unwrap();
    })
    .await
    .unwrap();
    assert_eq!(root(&again), root(&told));
}

#[tokio::test]
async fn a_cluster_of_an_earlier_release_gets_a_root_on_the_next_start() {
    let store = begun();
    let rootless = store
        .update(|tx| {
            let cluster = Cluster {
                root_ca: None,
                ..stored(&store)
            };
            tx.update(cluster)
        })
        .unwrap();
    let refused = update(&store, KeyRotation::default(), |_| {}).await;
    let status = refused.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Internal);
    assert!(
        status
            .message()
            .starts_with("error loading cluster rootCA for update; "),
        "{}",
        status.message()
    );

    bootstrap(&store, &IdSource::new()).unwrap();
    let cluster = stored(&store);
    assert_eq!(cluster.spec, rootless.value.spec);
    update(&store, KeyRotation::default(), |_| {})
        .await
        .unwrap();
    let version = store.view().version();
    bootstrap(&store, &IdSource::new()).unwrap();
    assert_eq!(store.view().version(), version, "once");
}
