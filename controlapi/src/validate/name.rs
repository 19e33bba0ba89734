//! What objects may be called.
//!
//! Volumes, extensions and resources need a name and may choose any; nodes need none. Names are never trimmed or
//! folded here: that two of them collide is for the store to see.

use store_objects::wire::Annotations;

use super::Invalid;

/// What a DNS label may have, and so what a service and a network may be called.
const DNS_NAME_BYTES_MAX: usize = 63;

const DATA_NAME_BYTES_MAX: usize = 64;

/// Checks the name of a service or a network.
///
/// SwarmKit control API, section 1.6.
pub(super) fn dns_name(annotations: Option<&Annotations>) -> Result<(), Invalid> {
    let name = name_of(annotations);
    if name.is_empty() {
        return Err(Invalid::argument("meta: name must be provided").at("spec.annotations.name"));
    }
    if !inner_and_ends(name, b"-_") {
        return Err(
            Invalid::argument("name must be valid as a DNS name component")
                .at("spec.annotations.name")
                .advise("letters and digits, with `-` and `_` between them"),
        );
    }
    if name.len() > DNS_NAME_BYTES_MAX {
        return Err(Invalid::argument("name must be 63 characters or fewer")
            .at("spec.annotations.name")
            .advise(format!("has {}", name.len())));
    }
    Ok(())
}

/// Checks the name of a secret or a config.
///
/// SwarmKit control API, section 1.6.
pub(super) fn data_name(annotations: Option<&Annotations>) -> Result<(), Invalid> {
    let name = name_of(annotations);
    if name.is_empty() {
        return Err(Invalid::argument("name must be provided").at("spec.annotations.name"));
    }
    if name.len() > DATA_NAME_BYTES_MAX || !inner_and_ends(name, b"-_.") {
        return Err(Invalid::argument(
            "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, \
             and the start and end character must be [a-zA-Z0-9]",
        )
        .at("spec.annotations.name"));
    }
    Ok(())
}

/// Returns the name in annotations that may be absent.
pub(super) fn name_of(annotations: Option<&Annotations>) -> &str {
    annotations.map_or("", |annotations| &annotations.name)
}

/// Letters and digits everywhere, and bytes of `inner` anywhere but at the ends.
fn inner_and_ends(name: &str, inner: &[u8]) -> bool {
    let bytes = name.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || inner.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Annotations {
        Annotations {
            name: name.to_owned(),
            ..Annotations::default()
        }
    }

    #[test]
    fn dns_names() {
        for good in [
            "name",
            "n-me",
            "n_me",
            "n-m-e",
            "n--d",
            "a",
            "0",
            &"a".repeat(63),
        ] {
            assert_eq!(dns_name(Some(&named(good))), Ok(()), "{good}");
        }
        for bad in [
            "_nam", ".nam", "-nam", "nam-", "n/me", "n&me", "////", "a.b", "ä", "a\n",
        ] {
            let refusal = dns_name(Some(&named(bad))).unwrap_err();
            assert_eq!(refusal.text(), "name must be valid as a DNS name component");
        }
        let refusal = dns_name(Some(&named(&"a".repeat(64)))).unwrap_err();
        assert_eq!(refusal.text(), "name must be 63 characters or fewer");
        let refusal = dns_name(None).unwrap_err();
        assert_eq!(refusal.text(), "meta: name must be provided");
    }

    #[test]
    fn data_names() {
        for good in ["x.y-z_1", "a", &"a".repeat(64)] {
            assert_eq!(data_name(Some(&named(good))), Ok(()), "{good}");
        }
        for bad in ["_x", "x.", "a b", &"a".repeat(65)] {
            let refusal = data_name(Some(&named(bad))).unwrap_err();
            assert!(refusal.text().starts_with("invalid name, only 64"), "{bad}");
        }
        assert_eq!(data_name(None).unwrap_err().text(), "name must be provided");
    }
}
