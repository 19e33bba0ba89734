//! Where new ids come from.

use std::fmt;
use std::sync::Arc;

/// Bytes of randomness in an id, of which some 129 bits remain.
const RANDOM_BYTES: usize = 17;
/// Characters of an id.
const ID_CHARS: usize = 25;

type Fill = dyn Fn(&mut [u8; RANDOM_BYTES]) + Send + Sync;

/// A source of new ids: 25 characters of `0-9a-z` each, as SwarmKit makes them (`identity/randomid.go`).
///
/// Cloning shares the source.
#[derive(Clone)]
pub struct IdSource {
    fill: Arc<Fill>,
}

impl IdSource {
    /// Returns a source of ids that nobody can guess, and that never come twice.
    #[must_use]
    pub fn new() -> Self {
        Self::from_bytes(os_random)
    }

    /// Returns a source of ids that are made from these bytes: for tests and simulations.
    #[must_use]
    pub fn from_bytes(fill: impl Fn(&mut [u8; RANDOM_BYTES]) + Send + Sync + 'static) -> Self {
        Self {
            fill: Arc::new(fill),
        }
    }

    /// Returns a new id.
    ///
    /// # Panics
    /// When the operating system has no randomness.
    #[must_use]
    pub fn next(&self) -> String {
        let mut bytes = [0; RANDOM_BYTES];
        (self.fill)(&mut bytes);
        id_of(bytes)
    }
}

impl Default for IdSource {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for IdSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdSource")
    }
}

fn os_random(bytes: &mut [u8; RANDOM_BYTES]) {
    getrandom::fill(bytes).expect("randomness is there, because the operating system has started");
}

/// Writes the bytes as one big-endian number in base 36, and takes its second to its 26th digit.
///
/// The highest bit is set first, so that the number has 27 digits whatever the bytes are. Its first digit would then be
/// nearly always the same, and its last is not needed.
fn id_of(mut bytes: [u8; RANDOM_BYTES]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    bytes[0] |= 0x80;
    let mut digits = [0; ID_CHARS + 2];
    for digit in digits.iter_mut().rev() {
        // One step of long division: the remainder is the digit, from the last to the first.
        let mut remainder = 0_u32;
        for byte in &mut bytes {
            let part = remainder << 8 | u32::from(*byte);
            *byte =
                u8::try_from(part / 36).expect("a remainder below 36 times 256 is under 36 * 256");
            remainder = part % 36;
        }
        *digit = DIGITS[remainder as usize];
    }
    debug_assert_eq!(
        bytes, [0; RANDOM_BYTES],
        "a number of 136 bits has 27 digits"
    );
    digits[1..=ID_CHARS]
        .iter()
        .copied()
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_digits_of_the_number() {
        // 2^135 and 2^136 - 1 are 1hvy0lj3x0b883f8e30fyp21728 and 2zrw1727u0mgg6ugs60vxe42e4f in base 36.
        assert_eq!(id_of([0; RANDOM_BYTES]), "hvy0lj3x0b883f8e30fyp2172");
        assert_eq!(id_of([0xff; RANDOM_BYTES]), "zrw1727u0mgg6ugs60vxe42e4");
    }

    #[test]
    fn ids_have_25_characters_and_differ() {
        let source = IdSource::new();
        let ids: HashSet<_> = (0..1_000).map(|_| source.next()).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            assert_eq!(id.len(), 25);
            assert!(
                id.bytes()
                    .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()),
                "{id}"
            );
        }
    }

    #[test]
    fn the_same_bytes_give_the_same_id() {
        let source = IdSource::from_bytes(|bytes| bytes.fill(7));
        assert_eq!(source.next(), source.next());
    }
}
