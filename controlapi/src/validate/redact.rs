//! What of an object may leave the server.
//!
//! Join tokens do: whoever may read a cluster may let others join it.

use store_objects::wire::{Cluster, Secret};

/// The address pool that a cluster has if none was chosen.
const DEFAULT_ADDRESS_POOL: &str = "10.0.0.0/8";

/// The size of subnets in it, in bits of their prefix.
const DEFAULT_SUBNET_SIZE: u32 = 24;

/// The port for network traffic between nodes if none was chosen, IANA's for VXLAN.
const DEFAULT_VXLAN_PORT: u32 = 4789;

/// Returns a cluster as it may be shown: without keys, and with defaults where it leaves a choice open.
///
/// SwarmKit control API, section 6. The fields that stay are listed, so that one which is new does not leak.
#[must_use]
pub fn redact_cluster(cluster: &Cluster) -> Cluster {
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
    if let Some(root_ca) = &mut shown.root_ca {
        root_ca.ca_key.clear();
        if let Some(rotation) = &mut root_ca.root_rotation {
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

/// Returns a secret as it may be shown: without its data.
///
/// SwarmKit control API, section 8.
#[must_use]
pub fn redact_secret(secret: &Secret) -> Secret {
    let mut shown = secret.clone();
    if let Some(spec) = &mut shown.spec {
        spec.data.clear();
    }
    shown
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{
        CaConfig, ClusterSpec, EncryptionKey, JoinTokens, RootCa, RootRotation, SecretSpec,
    };

    use super::*;

    #[test]
    fn keys_stay_and_tokens_go() {
        let key = b"PRIVATE".to_vec();
        let cluster = Cluster {
            id: "c".to_owned(),
            spec: Some(ClusterSpec {
                ca_config: Some(CaConfig {
                    signing_ca_key: key.clone(),
                    signing_ca_cert: b"cert".to_vec(),
                    force_rotate: 5,
                    ..CaConfig::default()
                }),
                ..ClusterSpec::default()
            }),
            root_ca: Some(RootCa {
                ca_key: key.clone(),
                ca_cert: b"root".to_vec(),
                join_tokens: Some(JoinTokens {
                    worker: "W".to_owned(),
                    manager: "M".to_owned(),
                }),
                root_rotation: Some(RootRotation {
                    ca_key: key.clone(),
                    ca_cert: b"next".to_vec(),
                    ..RootRotation::default()
                }),
                ..RootCa::default()
            }),
            network_bootstrap_keys: vec![EncryptionKey::default()],
            unlock_keys: vec![EncryptionKey::default()],
            encryption_key_lamport_clock: 7,
            fips: true,
            ..Cluster::default()
        };
        let shown = redact_cluster(&cluster);
        assert!(!format!("{shown:?}").contains(&format!("{key:?}")));
        let config = shown.spec.unwrap().ca_config.unwrap();
        assert!(config.signing_ca_cert.is_empty());
        assert_eq!(config.force_rotate, 5);
        let root_ca = shown.root_ca.unwrap();
        assert_eq!(root_ca.ca_cert, b"root");
        assert_eq!(root_ca.join_tokens.unwrap().manager, "M");
        assert_eq!(root_ca.root_rotation.unwrap().ca_cert, b"next");
        assert!(shown.network_bootstrap_keys.is_empty() && shown.unlock_keys.is_empty());
        assert_eq!(shown.encryption_key_lamport_clock, 0);
        assert!(!shown.fips);
    }

    #[test]
    fn defaults_are_shown_where_nothing_was_chosen() {
        let shown = redact_cluster(&Cluster::default());
        assert_eq!(shown.default_address_pool, ["10.0.0.0/8"]);
        assert_eq!((shown.subnet_size, shown.vxlanudp_port), (24, 4789));
        let chosen = Cluster {
            default_address_pool: vec!["10.1.0.0/16".to_owned()],
            vxlanudp_port: 4790,
            ..Cluster::default()
        };
        assert_eq!(redact_cluster(&chosen), chosen);
    }

    #[test]
    fn secrets_keep_their_data() {
        let secret = Secret {
            spec: Some(SecretSpec {
                data: b"hunter2".to_vec(),
                ..SecretSpec::default()
            }),
            ..Secret::default()
        };
        assert_eq!(redact_secret(&secret).spec, Some(SecretSpec::default()));
    }
}
