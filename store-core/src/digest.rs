//! The digest of a state: equal for equal states, so that replicas can be compared.

use std::fmt;

use crate::schema::Schema;
use crate::snapshot::{Read as _, Snapshot};

/// A number that two states share when they hold the same objects, whatever way they came to be.
///
/// It guards against mistakes, not against an adversary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(u128);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl<S: Schema> Snapshot<S> {
    /// Returns the digest of the state.
    ///
    /// # Complexity
    /// O(n) in the objects of those tables that have changed since a digest of an earlier state was asked for: each of them
    /// is encoded. A table's digest is kept beside it, for every snapshot in which the table is the same; transactions pay
    /// nothing for that.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let tables = self.tables().0;
        let digests = S::kinds().iter().enumerate();
        let digests = digests.map(|(ordinal, kind)| {
            tables.digest(ordinal, || {
                let (mut sum, mut form) = (0_u128, Vec::new());
                (kind.scan)(tables, &mut |object| {
                    form.clear();
                    form.extend_from_slice(&(ordinal as u64).to_le_bytes());
                    (kind.encode)(&object, &mut form);
                    // A sum does not depend on the order of its terms.
                    sum = sum.wrapping_add(hash(&form));
                });
                sum
            })
        });
        Digest(digests.fold(0, u128::wrapping_add))
    }
}

/// FNV-1a with 128 bits: the same on every platform and in every release, as a comparison of replicas needs it.
fn hash(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    })
}
