//! Roots: new ones, those of the store, and a new one that is signed by an old one.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, SetOfVec, Uint};
use der::{Encode as _, Sequence, ValueOrd};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use store_objects::wire::{JoinTokens, RootCa};

use super::certificate::{Certificate, Extension, PublicKey, Signed, Time, Validity};
use super::key::{KeyError, PrivateKey};
use super::token::join_token;

/// How long a new root is valid: 20 years.
const VALID_SECONDS: u64 = 20 * 365 * 24 * 60 * 60;
/// A new root is valid from a little before it is made on: clocks differ.
const BACKDATED_SECONDS: u64 = 5 * 60;
/// The name of a new root.
const NAME: &str = "swarm-ca";

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// The version of certificates that have extensions.
const VERSION_3: u8 = 2;

/// Bits of the key usage: signs certificates, and lists of revoked ones.
const KEY_USAGE_CA: u8 = 0b0000_0110;

/// A root, and the key to sign with, where it is here.
pub(crate) struct Root {
    pub(super) certificates: Vec<Certificate>,
    pub(super) key: Option<PrivateKey>,
}

/// Part of a name.
#[derive(Sequence, ValueOrd)]
struct Attribute {
    id: ObjectIdentifier,
    value: Any,
}

/// Whether a certificate is an authority's.
#[derive(Sequence)]
struct BasicConstraints {
    #[asn1(default = "Default::default")]
    is_authority: bool,
}

/// Which key of the issuer has signed.
#[derive(Sequence)]
struct AuthorityKeyId {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    key: Option<OctetString>,
}

impl Root {
    /// Returns the root that a cluster has.
    ///
    /// # Errors
    /// With what is wrong: its certificate or key cannot be read, they do not belong together, or a rotation is not what
    /// it should be.
    pub(crate) fn stored(root: &RootCa) -> Result<Self, &'static str> {
        let certificates =
            Certificate::read_all(&root.ca_cert).ok_or("the root certificate cannot be read")?;
        let key = key_of(&certificates[0], &root.ca_key)
            .map_err(|_| "the key is not that of the root certificate")?;
        if let Some(rotation) = &root.root_rotation {
            let next = Certificate::read_all(&rotation.ca_cert)
                .ok_or("the next root certificate cannot be read")?;
            key_of(&next[0], &rotation.ca_key)
                .map_err(|_| "the key is not that of the next root certificate")?;
            let signed = Certificate::read_all(&rotation.cross_signed_ca_cert)
                .ok_or("the cross-signed certificate cannot be read")?;
            if signed[0].signed.key != next[0].signed.key
                || signed[0].signed.subject != next[0].signed.subject
                || !signed[0].is_signed_by(&certificates[0])
            {
                return Err("the cross-signed certificate does not lead to the next root");
            }
        }
        Ok(Self { certificates, key })
    }

    /// Returns a certificate of another root that this one has signed: who trusts this one trusts the other one, too.
    ///
    /// It says what the other one says of itself, but for the issuer. `None` without a key that can sign it.
    pub(super) fn cross_sign(&self, other: &Certificate) -> Option<Vec<u8>> {
        let key = self.key.as_ref()?;
        let issuer = &self.certificates[0];
        let mut signed = other.signed.clone();
        signed.serial = serial();
        signed.issuer = issuer.signed.subject.clone();
        signed.algorithm = key.algorithm();
        let extensions = signed.extensions.get_or_insert_default();
        extensions.retain(|extension| extension.id != AUTHORITY_KEY_ID);
        if let Some(key) = subject_key_id(issuer) {
            let id = AuthorityKeyId { key: Some(key) };
            extensions.push(extension(AUTHORITY_KEY_ID, false, &id).ok()?);
        }
        if extensions.is_empty() {
            signed.extensions = None;
        } else {
            signed.version = VERSION_3;
        }
        sign(signed, key)?.pem().ok()
    }
}

/// Returns a new root with its key, and tokens for joining, as the store holds them.
///
/// # Panics
/// When the operating system has no randomness.
pub(crate) fn new_root(fips: bool) -> RootCa {
    let (ca_cert, ca_key) = generated();
    RootCa {
        ca_cert_hash: hash(&ca_cert),
        join_tokens: Some(JoinTokens {
            worker: join_token(&ca_cert, fips),
            manager: join_token(&ca_cert, fips),
        }),
        ca_cert,
        ca_key,
        ..RootCa::default()
    }
}

/// Returns the digest of a root, as it is written.
fn hash(certificate: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in digest(&SHA256, certificate).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Returns certificate and key of a new root, in PEM.
pub(super) fn generated() -> (Vec<u8>, Vec<u8>) {
    let (key, text, public) = PrivateKey::generate();
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let certificate = self_signed(&key, public, now)
        .and_then(|signed| sign(signed, &key))
        .and_then(|certificate| certificate.pem().ok())
        .expect("a certificate because key and name are its own, and the year has four digits");
    (certificate, text)
}

fn self_signed(key: &PrivateKey, public: PublicKey, now: Duration) -> Option<Signed> {
    let name = name(NAME).ok()?;
    let id = digest(&SHA1_FOR_LEGACY_USE_ONLY, public.key.raw_bytes());
    let id = OctetString::new(id.as_ref()).ok()?;
    let usage = BitString::new(1, [KEY_USAGE_CA]).ok()?;
    let extensions = [
        extension(KEY_USAGE, true, &usage),
        extension(
            BASIC_CONSTRAINTS,
            true,
            &BasicConstraints { is_authority: true },
        ),
        extension(SUBJECT_KEY_ID, false, &id),
    ];
    let before = now.saturating_sub(Duration::from_secs(BACKDATED_SECONDS));
    Some(Signed {
        version: VERSION_3,
        serial: serial(),
        algorithm: key.algorithm(),
        issuer: name.clone(),
        validity: Validity {
            not_before: Time::new(before).ok()?,
            not_after: Time::new(now + Duration::from_secs(VALID_SECONDS)).ok()?,
        },
        subject: name,
        key: public,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: extensions.into_iter().collect::<Result<_, _>>().ok(),
    })
}

fn sign(signed: Signed, key: &PrivateKey) -> Option<Certificate> {
    let signature = key.sign(&signed.to_der().ok()?)?;
    Some(Certificate::new(
        signed,
        BitString::from_bytes(&signature).ok()?,
    ))
}

/// Reads the key of a certificate, where there is one.
pub(super) fn key_of(
    certificate: &Certificate,
    text: &[u8],
) -> Result<Option<PrivateKey>, KeyError> {
    if text.is_empty() {
        return Ok(None);
    }
    PrivateKey::of(certificate, text).map(Some)
}

/// Returns a name of one part.
fn name(common: &str) -> Result<Any, der::Error> {
    let mut part = SetOfVec::new();
    part.insert(Attribute {
        id: COMMON_NAME,
        value: Any::encode_from(&common.to_owned())?,
    })?;
    Any::encode_from(&vec![part])
}

fn extension(
    id: ObjectIdentifier,
    critical: bool,
    value: &impl der::Encode,
) -> Result<Extension, der::Error> {
    Ok(Extension {
        id,
        critical,
        value: OctetString::new(value.to_der()?)?,
    })
}

/// Returns how a certificate's key is called in those that it has signed.
fn subject_key_id(certificate: &Certificate) -> Option<OctetString> {
    let extensions = certificate.signed.extensions.as_ref()?;
    let found = extensions
        .iter()
        .find(|extension| extension.id == SUBJECT_KEY_ID)?;
    der::Decode::from_der(found.value.as_bytes()).ok()
}

/// Returns a number that no other certificate has.
///
/// # Panics
/// When the operating system has no randomness.
fn serial() -> Any {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("a serial number because the operating system has randomness");
    // Positive, and as long whatever the bytes are.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Uint::new(&bytes)
        .and_then(|number| Any::encode_from(&number))
        .expect("a number because it is short")
}

#[cfg(test)]
mod tests {
    use store_objects::wire::RootRotation;

    use super::*;

    fn certificate(text: &[u8]) -> Certificate {
        Certificate::read_all(text).unwrap().remove(0)
    }

    #[test]
    fn a_new_root_is_its_own_issuer_and_valid_now() {
        let made = new_root(false);
        let root = Root::stored(&made).unwrap();
        let certificate = &root.certificates[0];
        assert!(root.key.is_some());
        assert!(certificate.is_signed_by(certificate));
        assert_eq!(certificate.objection(SystemTime::now().into()), None);
        assert_ne!(made.ca_cert, new_root(false).ca_cert);
        let tokens = made.join_tokens.unwrap();
        assert_ne!(tokens.worker, tokens.manager);
        assert_eq!(made.ca_cert_hash.len(), "sha256:".len() + 64);
    }

    #[test]
    fn a_root_signs_another_one_whatever_their_keys_are() {
        let new = || {
            let root = new_root(false);
            (root.ca_cert, root.ca_key)
        };
        let file = |certificate: &[u8], key: &[u8]| (certificate.to_vec(), key.to_vec());
        let rsa = file(
            include_bytes!("../../tests/fixtures/roots/rsa_root.pem"),
            include_bytes!("../../tests/fixtures/roots/rsa_pkcs1.key.pem"),
        );
        let p384 = file(
            include_bytes!("../../tests/fixtures/roots/p384_root.pem"),
            include_bytes!("../../tests/fixtures/roots/p384_sec1.key.pem"),
        );
        let roots = [new(), new(), rsa, p384];
        for (ca_cert, ca_key) in &roots {
            for (next, next_key) in roots.iter().filter(|(next, _)| next != ca_cert) {
                let mut stored = RootCa {
                    ca_cert: ca_cert.clone(),
                    ca_key: ca_key.clone(),
                    ..RootCa::default()
                };
                let root = Root::stored(&stored).unwrap();
                let next = certificate(next);
                let signed = root.cross_sign(&next).unwrap();
                // Read as another program would.
                let cross = certificate(&signed);
                assert!(cross.is_signed_by(&root.certificates[0]));
                assert_eq!(cross.signed.subject, next.signed.subject);
                assert_eq!(cross.signed.validity, next.signed.validity);
                assert_ne!(cross.signed.serial, next.signed.serial);
                stored.root_rotation = Some(RootRotation {
                    ca_cert: next.pem().unwrap(),
                    ca_key: next_key.clone(),
                    cross_signed_ca_cert: signed,
                });
                assert!(Root::stored(&stored).is_ok());
                let rotation = stored.root_rotation.as_mut().unwrap();
                rotation.cross_signed_ca_cert = next.pem().unwrap();
                assert!(
                    Root::stored(&stored).is_err(),
                    "its own issuer, not the root"
                );
            }
        }
    }

    #[test]
    fn what_does_not_belong_together_is_no_root() {
        let (one, other) = (new_root(false), new_root(false));
        let broken = |change: fn(&mut RootCa, &RootCa)| {
            let mut root = one.clone();
            change(&mut root, &other);
            Root::stored(&root).err()
        };
        assert_eq!(broken(|_, _| {}), None);
        assert_eq!(broken(|root, _| root.ca_key.clear()), None);
        assert!(broken(|root, _| root.ca_cert.clear()).is_some());
        assert!(broken(|root, other| root.ca_key.clone_from(&other.ca_key)).is_some());
        assert!(broken(|root, _| root.root_rotation = Some(RootRotation::default())).is_some());
    }
}
