//! A payload of bytes.

use std::sync::Arc;

use crate::{DecodeError, Payload};

/// Bytes that mean nothing. Cloning shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob(Arc<[u8]>);

impl Blob {
    /// Returns bytes of this length that differ with the seed.
    #[must_use]
    pub fn new(seed: u64, len: usize) -> Self {
        let mut number = seed;
        let byte = |_| {
            // Knuth's multiplier of MMIX: any would do that fills the high bits.
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            number.to_be_bytes()[0]
        };
        Self((0..len).map(byte).collect())
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Payload for Blob {
    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(bytes.into())
    }
}
