//! Metadata: from the message to the store's form and back.

use prost_types::Timestamp;
use store_core::{Meta, Version};

use crate::wire;

/// Returns the metadata that a message carries; a time that no clock shows counts as absent.
pub(crate) fn read(meta: Option<&wire::Meta>) -> Meta {
    let Some(wire::Meta {
        version,
        created_at,
        updated_at,
    }) = meta
    else {
        return Meta::default();
    };
    let time = |time: &Option<Timestamp>| time.and_then(|time| time.try_into().ok());
    Meta {
        version: Version::new(version.map_or(0, |version| version.index)),
        created: time(created_at),
        updated: time(updated_at),
    }
}

/// Returns the message that says the same.
pub(crate) fn write(meta: Meta) -> wire::Meta {
    wire::Meta {
        version: Some(wire::Version {
            index: meta.version.get(),
        }),
        created_at: meta.created.map(Timestamp::from),
        updated_at: meta.updated.map(Timestamp::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_as_it_was_written() {
        let time = |seconds, nanos| Timestamp { seconds, nanos }.try_into().ok();
        let meta = Meta {
            version: Version::new(7),
            created: time(1_700_000_000, 123_456_789),
            updated: time(-5, 1),
        };
        assert_eq!(read(Some(&write(meta))), meta);
        assert_eq!(read(None), Meta::default());
        assert_eq!(read(Some(&wire::Meta::default())), Meta::default());
    }
}
