//! What the store keeps about each object.

use std::time::{Duration, SystemTime};

use proposer::{DecodeError, Version};

/// Version and times of one object; the store sets them, on every replica alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The version of the transaction that wrote the object.
    pub version: Version,
    /// When it was created: kept by updates; set at creation unless the creator supplied a time.
    pub created: Option<SystemTime>,
    /// When it was last written.
    pub updated: Option<SystemTime>,
}

/// What stands for no time.
const NEVER: i128 = i128::MIN;

impl Meta {
    /// Appends a form of 40 bytes, for an [`Object::encode`](crate::Object::encode) that has no other.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.version.get().to_le_bytes());
        for time in [self.created, self.updated] {
            out.extend(time.map_or(NEVER, nanos).to_le_bytes());
        }
    }

    /// Returns what [`Meta::encode`] appended, and the bytes behind it.
    ///
    /// # Errors
    /// When the bytes do not begin so.
    pub fn decode(bytes: &[u8]) -> Result<(Self, &[u8]), DecodeError> {
        let cut = "the version and times of an object are cut off";
        let (version, bytes) = bytes.split_first_chunk().ok_or(cut)?;
        let (created, bytes) = bytes.split_first_chunk().ok_or(cut)?;
        let (updated, bytes) = bytes.split_first_chunk().ok_or(cut)?;
        let meta = Self {
            version: Version::new(u64::from_le_bytes(*version)),
            created: time(i128::from_le_bytes(*created))?,
            updated: time(i128::from_le_bytes(*updated))?,
        };
        Ok((meta, bytes))
    }
}

/// Returns the nanoseconds since 1970.
fn nanos(time: SystemTime) -> i128 {
    let signed = |span: Duration| {
        i128::try_from(span.as_nanos()).expect("94 bits because a span has 64 of seconds")
    };
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(error) => -signed(error.duration()),
    }
}

fn time(nanos: i128) -> Result<Option<SystemTime>, DecodeError> {
    const SECOND: u128 = 1_000_000_000;
    if nanos == NEVER {
        return Ok(None);
    }
    let far = "the time of an object is beyond what the clock can show";
    let size = nanos.unsigned_abs();
    let seconds = u64::try_from(size / SECOND).map_err(|_| far)?;
    let below = u32::try_from(size % SECOND).expect("less than a second");
    let span = Duration::new(seconds, below);
    let epoch = SystemTime::UNIX_EPOCH;
    let time = if nanos < 0 {
        epoch.checked_sub(span)
    } else {
        epoch.checked_add(span)
    };
    Ok(Some(time.ok_or(far)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_as_it_was_written() {
        let epoch = SystemTime::UNIX_EPOCH;
        for span in [0, 1, 999_999_999, 1_700_000_000_123_456_789, u64::MAX] {
            let span = Duration::from_nanos(span);
            let meta = Meta {
                version: Version::new(u64::MAX - 7),
                created: Some(epoch - span),
                updated: Some(epoch + span),
            };
            let mut bytes = Vec::new();
            meta.encode(&mut bytes);
            assert_eq!(bytes.len(), 40);
            bytes.extend(b"the rest");
            assert_eq!(Meta::decode(&bytes).unwrap(), (meta, &b"the rest"[..]));
        }
        let mut bytes = Vec::new();
        Meta::default().encode(&mut bytes);
        assert_eq!(Meta::decode(&bytes).unwrap(), (Meta::default(), &[][..]));
    }

    #[test]
    fn what_is_cut_off_or_beyond_the_clock_is_refused() {
        let mut bytes = Vec::new();
        Meta::default().encode(&mut bytes);
        for len in 0..bytes.len() {
            assert!(Meta::decode(&bytes[..len]).is_err(), "{len} bytes");
        }
        for nanos in [i128::MAX, i128::MIN + 1, 1 << 100, -(1 << 100)] {
            bytes[8..24].copy_from_slice(&nanos.to_le_bytes());
            assert!(Meta::decode(&bytes).is_err(), "{nanos}");
        }
    }
}
