//! Private keys: read from PEM in the forms that are in use, generated, and what they sign.

use der::asn1::{Any, BitString, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, Sequence};
use ring::rand::SystemRandom;
use ring::signature::{
    self, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RsaKeyPair,
};

use super::certificate::{
    Algorithm, Certificate, EC_PUBLIC_KEY, ECDSA_SHA256, ECDSA_SHA384, P256, P384, PublicKey, RSA,
    RSA_SHA256,
};
use super::pem;

/// The key of a certificate, with which its owner signs.
pub(super) enum PrivateKey {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    /// It is another certificate's, in the words of SwarmKit.
    #[error("certificate key mismatch")]
    Mismatch,
    /// It is none, or of a kind that cannot be used here.
    #[error("could not parse the signing CA key")]
    Unreadable,
}

/// PKCS #8 (RFC 5208).
#[derive(Sequence)]
struct Wrapped {
    version: u8,
    algorithm: Algorithm,
    key: OctetString,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    attributes: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    public: Option<BitString>,
}

/// A key on a curve (RFC 5915).
#[derive(Sequence)]
struct OnCurve {
    version: u8,
    key: OctetString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    curve: Option<ObjectIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    public: Option<BitString>,
}

impl PrivateKey {
    /// Reads the key of a certificate from PEM: PKCS #8, `EC PRIVATE KEY` or `RSA PRIVATE KEY`, not encrypted.
    pub(super) fn of(certificate: &Certificate, text: &[u8]) -> Result<Self, KeyError> {
        // Some programs put the curve in a block of its own in front.
        let block = pem::blocks(text)
            .into_iter()
            .find(|block| block.label.ends_with("PRIVATE KEY"))
            .ok_or(KeyError::Unreadable)?;
        let public = &certificate.signed.key;
        match block.label.as_str() {
            "PRIVATE KEY" => {
                let wrapped = Wrapped::from_der(&block.bytes).map_err(|_| KeyError::Unreadable)?;
                match wrapped.algorithm.id {
                    EC_PUBLIC_KEY => Self::on_curve(wrapped.key.as_bytes(), public),
                    RSA => Self::rsa(wrapped.key.as_bytes(), public),
                    _ => Err(KeyError::Unreadable),
                }
            }
            "EC PRIVATE KEY" => Self::on_curve(&block.bytes, public),
            "RSA PRIVATE KEY" => Self::rsa(&block.bytes, public),
            _ => Err(KeyError::Unreadable),
        }
    }

    fn on_curve(key: &[u8], public: &PublicKey) -> Result<Self, KeyError> {
        let key = OnCurve::from_der(key).map_err(|_| KeyError::Unreadable)?;
        let pair = |algorithm: &'static EcdsaSigningAlgorithm| {
            let random = SystemRandom::new();
            let (private, public) = (key.key.as_bytes(), public.key.raw_bytes());
            EcdsaKeyPair::from_private_key_and_public_key(algorithm, private, public, &random)
                .map_err(|_| KeyError::Mismatch)
        };
        match public.curve() {
            Some(P256) => pair(&ECDSA_P256_SHA256_ASN1_SIGNING).map(Self::P256),
            Some(P384) => pair(&ECDSA_P384_SHA384_ASN1_SIGNING).map(Self::P384),
            Some(_) => Err(KeyError::Unreadable),
            None => Err(KeyError::Mismatch),
        }
    }

    fn rsa(key: &[u8], public: &PublicKey) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_der(key).map_err(|_| KeyError::Unreadable)?;
        if pair.public().as_ref() == public.key.raw_bytes() {
            Ok(Self::Rsa(pair))
        } else {
            Err(KeyError::Mismatch)
        }
    }

    /// Returns a new key, its PEM text, and its public half.
    ///
    /// # Panics
    /// When the operating system has no randomness.
    pub(super) fn generate() -> (Self, Vec<u8>, PublicKey) {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random)
            .expect("a key because the operating system has randomness");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random)
            .expect("a key can be read because it was made just now");
        let public = PublicKey {
            algorithm: Algorithm {
                id: EC_PUBLIC_KEY,
                parameters: Any::encode_from(&P256).ok(),
            },
            key: BitString::from_bytes(pair.public_key().as_ref())
                .expect("a public key because it is short"),
        };
        let text = pem::encode("PRIVATE KEY", document.as_ref());
        (Self::P256(pair), text, public)
    }

    /// Returns the algorithm with which it signs.
    pub(super) fn algorithm(&self) -> Algorithm {
        let (id, parameters) = match self {
            Self::P256(_) => (ECDSA_SHA256, None),
            Self::P384(_) => (ECDSA_SHA384, None),
            Self::Rsa(_) => (RSA_SHA256, Some(Any::null())),
        };
        Algorithm { id, parameters }
    }

    /// Signs; `None` where the key is too short for the algorithm, or there is no randomness.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::P256(pair) | Self::P384(pair) => {
                let signature = pair.sign(&random, message).ok()?;
                Some(signature.as_ref().to_vec())
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(
                    &signature::RSA_PKCS1_SHA256,
                    &random,
                    message,
                    &mut signature,
                )
                .ok()?;
                Some(signature)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roots and their keys as `openssl` writes them, in each form.
    const RSA_ROOT: &[u8] = include_bytes!("../../tests/fixtures/roots/rsa_root.pem");
    const RSA_KEYS: [&[u8]; 2] = [
        include_bytes!("../../tests/fixtures/roots/rsa_pkcs8.key.pem"),
        include_bytes!("../../tests/fixtures/roots/rsa_pkcs1.key.pem"),
    ];
    const P384_ROOT: &[u8] = include_bytes!("../../tests/fixtures/roots/p384_root.pem");
    const P384_KEYS: [&[u8]; 2] = [
        include_bytes!("../../tests/fixtures/roots/p384_pkcs8.key.pem"),
        include_bytes!("../../tests/fixtures/roots/p384_sec1.key.pem"),
    ];

    fn root(text: &[u8]) -> Certificate {
        Certificate::read_all(text).unwrap().remove(0)
    }

    #[test]
    fn keys_are_read_in_the_forms_that_are_in_use() {
        for (certificate, keys) in [(RSA_ROOT, RSA_KEYS), (P384_ROOT, P384_KEYS)] {
            let root = root(certificate);
            assert!(root.is_signed_by(&root));
            for text in keys {
                let key = PrivateKey::of(&root, text).unwrap();
                assert!(key.sign(b"something").is_some());
            }
        }
    }

    #[test]
    fn the_key_of_another_certificate_is_told_from_what_is_no_key() {
        let (rsa, p384) = (root(RSA_ROOT), root(P384_ROOT));
        let error = |root: &Certificate, text: &[u8]| PrivateKey::of(root, text).err();
        assert_eq!(error(&rsa, P384_KEYS[0]), Some(KeyError::Mismatch));
        assert_eq!(error(&p384, RSA_KEYS[0]), Some(KeyError::Mismatch));
        assert_eq!(error(&p384, RSA_KEYS[1]), Some(KeyError::Mismatch));
        let (_, generated, _) = PrivateKey::generate();
        assert_eq!(error(&p384, &generated), Some(KeyError::Mismatch));
        for text in [b"junk".as_slice(), RSA_ROOT, b""] {
            assert_eq!(error(&rsa, text), Some(KeyError::Unreadable));
        }
        let text = String::from_utf8_lossy(RSA_KEYS[0]).replace("PRIVATE", "ENCRYPTED PRIVATE");
        assert_eq!(error(&rsa, text.as_bytes()), Some(KeyError::Unreadable));
    }
}
