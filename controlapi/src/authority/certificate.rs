//! X.509 certificates (RFC 5280, section 4.1), as far as an authority has to understand them.
//!
//! What is only handed on (names, extensions, most of what is signed) stays in the bytes that it came in, so that a
//! certificate that is signed again by another issuer says the same, letter by letter.

use std::time::{Duration, SystemTime};

use der::asn1::{Any, BitString, GeneralizedTime, ObjectIdentifier, OctetString, UtcTime};
use der::{Choice, Decode as _, Encode as _, Sequence, ValueOrd};
use prost_types::Timestamp;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::pem;

pub(super) const EC_PUBLIC_KEY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(super) const ECDSA_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
pub(super) const ECDSA_SHA384: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
pub(super) const RSA_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");

/// The algorithms with which a root may be signed.
const SUPPORTED: [ObjectIdentifier; 6] = [
    ECDSA_SHA256,
    ECDSA_SHA384,
    ECDSA_SHA512,
    RSA_SHA256,
    RSA_SHA384,
    RSA_SHA512,
];

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Certificate {
    pub(super) signed: Signed,
    algorithm: Algorithm,
    signature: BitString,
}

/// What an issuer signs.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Signed {
    #[asn1(context_specific = "0", default = "Default::default")]
    pub(super) version: u8,
    pub(super) serial: Any,
    pub(super) algorithm: Algorithm,
    pub(super) issuer: Any,
    pub(super) validity: Validity,
    pub(super) subject: Any,
    pub(super) key: PublicKey,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) issuer_unique_id: Option<BitString>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) subject_unique_id: Option<BitString>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

/// An algorithm, and what it is used with.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Algorithm {
    pub(super) id: ObjectIdentifier,
    pub(super) parameters: Option<Any>,
}

/// From when to when a certificate is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Validity {
    pub(super) not_before: Time,
    pub(super) not_after: Time,
}

/// A time: the first form up to the year 2049, the second one from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice, ValueOrd)]
pub(super) enum Time {
    #[asn1(type = "UTCTime")]
    Utc(UtcTime),
    #[asn1(type = "GeneralizedTime")]
    Generalized(GeneralizedTime),
}

/// A public key, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct PublicKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: BitString,
}

/// Something more that a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Extension {
    pub(super) id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    pub(super) critical: bool,
    pub(super) value: OctetString,
}

impl Time {
    /// Returns a time in the form that is due.
    pub(super) fn new(since_epoch: Duration) -> Result<Self, der::Error> {
        UtcTime::from_unix_duration(since_epoch)
            .map(Self::Utc)
            .or_else(|_| GeneralizedTime::from_unix_duration(since_epoch).map(Self::Generalized))
    }

    pub(super) fn since_epoch(self) -> Duration {
        match self {
            Self::Utc(time) => time.to_unix_duration(),
            Self::Generalized(time) => time.to_unix_duration(),
        }
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from(SystemTime::UNIX_EPOCH + self.since_epoch())
    }
}

impl PublicKey {
    /// Returns the curve of a key on one.
    pub(super) fn curve(&self) -> Option<ObjectIdentifier> {
        let parameters = self.algorithm.parameters.as_ref()?;
        (self.algorithm.id == EC_PUBLIC_KEY).then(|| parameters.decode_as().ok())?
    }
}

impl Certificate {
    /// Reads the certificates of a PEM text; `None` where it holds none, or something else.
    pub(crate) fn read_all(text: &[u8]) -> Option<Vec<Self>> {
        let certificates: Option<Vec<_>> = pem::blocks(text)
            .into_iter()
            .map(|block| {
                (block.label == pem::CERTIFICATE)
                    .then(|| Self::from_der(&block.bytes).ok())
                    .flatten()
            })
            .collect();
        certificates.filter(|certificates| !certificates.is_empty())
    }

    pub(super) fn new(signed: Signed, signature: BitString) -> Self {
        Self {
            algorithm: signed.algorithm.clone(),
            signed,
            signature,
        }
    }

    /// Returns its PEM text.
    pub(super) fn pem(&self) -> Result<Vec<u8>, der::Error> {
        Ok(pem::encode(pem::CERTIFICATE, &self.to_der()?))
    }

    /// Returns the time after which it is not valid.
    pub(crate) fn not_after(&self) -> Timestamp {
        self.signed.validity.not_after.timestamp()
    }

    /// Whether another one is for the same key.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        self.signed.key == other.signed.key
    }

    /// Says why it cannot be a root now, in the words of SwarmKit and Go.
    pub(super) fn objection(&self, now: Timestamp) -> Option<String> {
        if !SUPPORTED.contains(&self.algorithm.id) {
            return Some(format!(
                "unsupported signature algorithm {}",
                self.algorithm.id
            ));
        }
        let (begin, end) = (
            self.signed.validity.not_before.timestamp(),
            self.not_after(),
        );
        let side = if now.seconds < begin.seconds {
            format!("before {begin}")
        } else if now.seconds > end.seconds {
            format!("after {end}")
        } else {
            return None;
        };
        Some(format!(
            "error while validating Root CA Certificate: x509: certificate has expired or is not yet valid: current time {} \
             is {side}",
            Timestamp { nanos: 0, ..now }
        ))
    }

    /// Whether an issuer of that certificate has signed this one.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> bool {
        let key = &issuer.signed.key;
        let (Some(algorithm), Ok(signed)) =
            (verification(self.algorithm.id, key), self.signed.to_der())
        else {
            return false;
        };
        self.signed.issuer == issuer.signed.subject
            && self.signed.algorithm == self.algorithm
            && UnparsedPublicKey::new(algorithm, key.key.raw_bytes())
                .verify(&signed, self.signature.raw_bytes())
                .is_ok()
    }
}

/// Returns how a signature by such a key is verified.
fn verification(
    algorithm: ObjectIdentifier,
    key: &PublicKey,
) -> Option<&'static dyn VerificationAlgorithm> {
    let by_rsa = key.algorithm.id == RSA;
    Some(match algorithm {
        ECDSA_SHA256 if key.curve() == Some(P256) => &signature::ECDSA_P256_SHA256_ASN1,
        ECDSA_SHA384 if key.curve() == Some(P256) => &signature::ECDSA_P256_SHA384_ASN1,
        ECDSA_SHA256 if key.curve() == Some(P384) => &signature::ECDSA_P384_SHA256_ASN1,
        ECDSA_SHA384 if key.curve() == Some(P384) => &signature::ECDSA_P384_SHA384_ASN1,
        RSA_SHA256 if by_rsa => &signature::RSA_PKCS1_2048_8192_SHA256,
        RSA_SHA384 if by_rsa => &signature::RSA_PKCS1_2048_8192_SHA384,
        RSA_SHA512 if by_rsa => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &[u8] = include_bytes!("../../tests/fixtures/root.pem");

    /// As `openssl x509 -enddate` tells it.
    const ROOT_END: &str = "2046-11-19T15:28:45Z";

    #[test]
    fn a_certificate_of_another_program_is_read_and_written_again() {
        let read = Certificate::read_all(&[ROOT, ROOT].concat()).unwrap();
        assert_eq!(read.len(), 2);
        let root = &read[0];
        assert_eq!(root.not_after().to_string(), ROOT_END);
        assert_eq!(root.pem().unwrap(), ROOT);
        assert!(root.is_signed_by(root));
        let mut other = root.clone();
        other.signed.validity.not_after = Time::new(Duration::from_secs(2_000_000_000)).unwrap();
        assert!(
            !other.is_signed_by(root),
            "one second more is not what was signed"
        );
    }

    #[test]
    fn it_is_valid_in_its_time_only() {
        let root = Certificate::read_all(ROOT).unwrap().remove(0);
        let end = root.not_after();
        let at = |seconds| root.objection(Timestamp { seconds, nanos: 5 });
        assert_eq!(at(end.seconds), None);
        assert_eq!(
            at(end.seconds + 1).unwrap(),
            "error while validating Root CA Certificate: x509: certificate has expired or is not yet valid: current time \
             2046-11-19T15:28:46Z is after 2046-11-19T15:28:45Z"
        );
        assert!(at(0).unwrap().contains("1970-01-01T00:00:00Z is before 20"));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        assert_eq!(Certificate::read_all(b""), None);
        assert_eq!(Certificate::read_all(b"junk"), None);
        let key = pem::encode("PRIVATE KEY", b"x");
        assert_eq!(Certificate::read_all(&[ROOT, &key].concat()), None);
        // Cut off anywhere, and with any byte changed, it is refused or is some certificate; it never panics.
        let der = pem::blocks(ROOT).remove(0).bytes;
        let root = Certificate::read_all(ROOT).unwrap().remove(0);
        for at in 0..der.len() {
            let mut broken = der.clone();
            broken[at] ^= 0xff;
            assert!(Certificate::from_der(&der[..at]).is_err());
            let Ok(broken) = Certificate::from_der(&broken) else {
                continue;
            };
            assert!(!broken.is_signed_by(&root), "byte {at}");
        }
    }
}
