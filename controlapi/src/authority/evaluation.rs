//! What becomes of a cluster's root when its settings change (SwarmKit control API, section 6.1).
//!
//! SwarmKit asks external authorities, too: a root whose key is with one of them goes on while it can be reached. Here
//! none is asked, so that what needs one is refused as if none could be reached.

use prost_types::Timestamp;
use store_objects::wire::{CaConfig, RootCa, RootRotation};

use super::certificate::Certificate;
use super::key::KeyError;
use super::pem;
use super::root::{Root, generated, key_of};
use crate::refusal::Refusal;
use crate::validate::Invalid;

/// How long a new root must be valid.
const VALID_SECONDS_MIN: i64 = 365 * 24 * 60 * 60;

const CERTIFICATE: &str = "spec.ca_config.signing_ca_cert";
const KEY: &str = "spec.ca_config.signing_ca_key";

/// Returns what a root becomes by new settings, `current` being the same root as it was read.
///
/// It may be what it was, have its key changed, or get a rotation, which is another root that it has signed; its
/// certificate and the tokens stay what they are.
///
/// # Errors
/// `Invalid` for what the settings say wrongly, `CrossSigning` when the root cannot sign the other one.
pub(crate) fn evaluated(
    mut root: RootCa,
    current: &Root,
    config: &CaConfig,
    now: Timestamp,
) -> Result<RootCa, Refusal> {
    let desired = pem::normalized(&config.signing_ca_cert);
    let key = &config.signing_ca_key;
    if desired.is_empty() && !key.is_empty() {
        return Err(Invalid::argument(
            "if a signing CA key is provided, the signing CA cert must also be provided",
        )
        .at(CERTIFICATE)
        .into());
    }
    let is_current = desired == pem::normalized(&root.ca_cert);
    if current.key.is_none() {
        if !is_current || key.is_empty() {
            return Err(external("current").into());
        }
        key_of(&current.certificates[0], key).map_err(unusable)?;
        return Ok(taken(root, key, config));
    }
    if desired.is_empty() {
        if config.force_rotate != root.last_forced_rotation {
            let (certificate, key) = generated();
            return rotated(root, current, certificate, key, config);
        }
        if let Some(rotation) = &root.root_rotation
            && rotation.ca_key.is_empty()
        {
            return Err(external("next").into());
        }
        return Ok(root);
    }
    let new = checked(&desired, key, now)?;
    if is_current {
        return Ok(taken(root, key, config));
    }
    if new.has_key_of(&current.certificates[0]) {
        return Err(
            Invalid::argument("Cannot update to a cert with an identical key")
                .at(KEY)
                .into(),
        );
    }
    if let Some(rotation) = &mut root.root_rotation
        && pem::normalized(&rotation.ca_cert) == desired
    {
        rotation.ca_key.clone_from(key);
        root.last_forced_rotation = config.force_rotate;
        return Ok(root);
    }
    rotated(root, current, desired, key.clone(), config)
}

/// Returns a certificate that makes a root together with its key.
fn checked(certificate: &[u8], key: &[u8], now: Timestamp) -> Result<Certificate, Invalid> {
    let mut certificates = Certificate::read_all(certificate).ok_or_else(|| {
        Invalid::argument("could not parse the desired CA certificate").at(CERTIFICATE)
    })?;
    let objection = certificates
        .iter()
        .find_map(|certificate| certificate.objection(now));
    if let Some(text) = objection {
        return Err(Invalid::argument(text).at(CERTIFICATE));
    }
    let key = key_of(&certificates[0], key).map_err(unusable)?;
    if certificates.len() > 1 {
        return Err(Invalid::argument(
            "the desired CA certificate cannot contain multiple certificates",
        )
        .at(CERTIFICATE));
    }
    let first = certificates.swap_remove(0);
    if first.not_after().seconds < now.seconds.saturating_add(VALID_SECONDS_MIN) {
        return Err(Invalid::argument("CA certificate expires too soon")
            .at(CERTIFICATE)
            .advise(format!(
                "it ends at {}, and must be valid for a year",
                first.not_after()
            )));
    }
    if key.is_none() {
        return Err(external("desired"));
    }
    Ok(first)
}

/// Returns a root with this key, and without a rotation.
fn taken(root: RootCa, key: &[u8], config: &CaConfig) -> RootCa {
    RootCa {
        ca_key: key.to_vec(),
        root_rotation: None,
        last_forced_rotation: config.force_rotate,
        ..root
    }
}

/// Returns a root that is to be replaced by another one.
fn rotated(
    root: RootCa,
    current: &Root,
    certificate: Vec<u8>,
    key: Vec<u8>,
    config: &CaConfig,
) -> Result<RootCa, Refusal> {
    let cross_signed = Certificate::read_all(&certificate)
        .and_then(|other| current.cross_sign(other.first()?))
        .ok_or(Refusal::CrossSigning)?;
    Ok(RootCa {
        root_rotation: Some(RootRotation {
            ca_cert: certificate,
            ca_key: key,
            cross_signed_ca_cert: cross_signed,
        }),
        last_forced_rotation: config.force_rotate,
        ..root
    })
}

fn unusable(error: KeyError) -> Invalid {
    let refusal = Invalid::argument(error.to_string()).at(KEY);
    match error {
        KeyError::Mismatch => refusal.advise("it must be the key of signing_ca_cert"),
        KeyError::Unreadable => refusal.advise(
            "it must be PEM, not encrypted, and an RSA key or one on the curve P-256 or P-384",
        ),
    }
}

fn external(which: &str) -> Invalid {
    Invalid::argument(format!(
        "there must be at least one valid, reachable external CA corresponding to the {which} CA certificate"
    ))
    .at(KEY)
    .advise("this server asks no external CA; give the key of the certificate")
}

#[cfg(test)]
mod tests;
