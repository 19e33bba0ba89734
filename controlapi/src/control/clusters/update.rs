//! What an update makes of a cluster.

use std::sync::Arc;

use prost_types::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};
use store_core::WriteTx;
use store_objects::Orchestration;
use store_objects::wire::{Cluster, ClusterSpec, EncryptionKey, KeyRotation, RootCa, Version};

use super::forget_ended;
use crate::authority::{Root, evaluated, join_token};
use crate::control::backend::stored;
use crate::refusal::Refusal;

/// Who unlocks the disks of managers, among the owners of keys.
const MANAGERS: &str = "swarm-manager";
/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// An update of a cluster, without the cluster.
pub(super) struct Update<'a> {
    pub(super) spec: &'a ClusterSpec,
    pub(super) seen: Version,
    pub(super) rotation: KeyRotation,
    pub(super) now: Timestamp,
}

impl Update<'_> {
    /// Replaces the spec of a cluster, and what follows from it, in the order of SwarmKit's rules.
    ///
    /// Keys and certificates are made and signed under the writer slot: some tenths of a millisecond, for what happens a
    /// few times in the life of a cluster.
    pub(super) fn run(
        &self,
        tx: &mut WriteTx<'_, Orchestration>,
        id: &str,
    ) -> Result<Arc<Cluster>, Refusal> {
        let mut cluster = Cluster::clone(stored::<Cluster>(tx, id)?);
        let mut root = cluster.root_ca.take().unwrap_or_default();
        let current = Root::stored(&root).map_err(|why| Refusal::RootUnreadable {
            id: id.to_owned(),
            why,
        })?;
        forget_ended(&mut cluster.blacklisted_certificates, self.now);
        self.rotate_tokens(&mut root, cluster.fips);
        let config = self.spec.ca_config.clone().unwrap_or_default();
        cluster.root_ca = Some(evaluated(root, &current, &config, self.now)?);
        self.set_unlock_key(&mut cluster.unlock_keys);
        cluster.spec = Some(self.spec.clone());
        cluster.meta.get_or_insert_default().version = Some(self.seen);
        Ok(tx.update(cluster)?)
    }

    fn rotate_tokens(&self, root: &mut RootCa, fips: bool) {
        let token = || join_token(&root.ca_cert, fips);
        let worker = self.rotation.worker_join_token.then(token);
        let manager = self.rotation.manager_join_token.then(token);
        let tokens = root.join_tokens.get_or_insert_default();
        if let Some(token) = worker {
            tokens.worker = token;
        }
        if let Some(token) = manager {
            tokens.manager = token;
        }
    }

    /// Makes the key of managers present where they are to be locked, absent where not, and new where asked for; the keys
    /// of others stay what they are.
    fn set_unlock_key(&self, keys: &mut Vec<EncryptionKey>) {
        let config = self.spec.encryption_config.unwrap_or_default();
        let is_there = keys.iter().any(|key| key.subsystem == MANAGERS);
        if config.auto_lock_managers && is_there && !self.rotation.manager_unlock_key {
            return;
        }
        keys.retain(|key| key.subsystem != MANAGERS);
        if config.auto_lock_managers {
            keys.push(EncryptionKey {
                subsystem: MANAGERS.to_owned(),
                key: random_key(),
                ..EncryptionKey::default()
            });
        }
    }
}

/// # Panics
/// When the operating system has no randomness.
fn random_key() -> Vec<u8> {
    let mut key = [0; KEY_BYTES];
    SystemRandom::new()
        .fill(&mut key)
        .expect("a key because the operating system has randomness");
    key.to_vec()
}
