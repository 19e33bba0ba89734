//! References to container images: `nginx`, `localhost:5000/team/app:1.2`, `nginx@sha256:...`.
//!
//! The grammar is that of `distribution/reference` for names as people write them. The reference is only judged:
//! nothing is put in front of a short name, nothing is resolved.

/// For the repository without its domain, but with the `library/` that a bare name gets.
const REPOSITORY_BYTES_MAX: usize = 255;

const TAG_BYTES_MAX: usize = 128;

/// The algorithms of digests and how many hexadecimal digits each has.
const DIGESTS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// Checks an image reference and returns what is wrong with it.
///
/// SwarmKit control API, section 4.1, "Image reference grammar".
pub(super) fn check(image: &str) -> Result<(), &'static str> {
    if image.len() == 64 && image.bytes().all(is_lower_hex) {
        return Err("64 hexadecimal digits are an image id, not a name");
    }
    let (domain, remainder) = split_domain(image);
    if !domain.is_none_or(is_domain) {
        return Err("the registry before the first `/` is not a host name with an optional port");
    }
    let name_end = remainder.find([':', '@']).unwrap_or(remainder.len());
    let (path, rest) = remainder.split_at(name_end);
    let (tag, digest) = match rest.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (rest, None),
    };
    is_path(path, domain.is_none())?;
    if !tag.strip_prefix(':').map_or(tag.is_empty(), is_tag) {
        return Err(
            "a tag has up to 128 letters, digits, `_`, `.` and `-`, and starts with none of the last two",
        );
    }
    if !digest.is_none_or(is_digest) {
        return Err(
            "a digest is sha256, sha384 or sha512, `:`, and its lower-case hexadecimal digits",
        );
    }
    Ok(())
}

/// Takes the first component for a registry if it looks like one; otherwise the registry is Docker's.
fn split_domain(image: &str) -> (Option<&str>, &str) {
    match image.split_once('/') {
        Some(("index.docker.io" | "docker.io", remainder)) => (None, remainder),
        Some((first, remainder))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.contains(char::is_uppercase) =>
        {
            (Some(first), remainder)
        }
        _ => (None, image),
    }
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = if domain.starts_with('[') {
        let Some(end) = domain.find(']') else {
            return false;
        };
        let (host, port) = domain.split_at(end + 1);
        match (port.is_empty(), port.strip_prefix(':')) {
            (true, _) => (host, None),
            (false, Some(port)) => (host, Some(port)),
            (false, None) => return false,
        }
    } else {
        match domain.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (domain, None),
        }
    };
    let is_number = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    port.is_none_or(is_number) && (is_ipv6_literal(host) || host.split('.').all(is_label))
}

fn is_ipv6_literal(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|inner| {
            !inner.is_empty()
                && inner
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        })
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

fn is_path(path: &str, is_docker: bool) -> Result<(), &'static str> {
    if path.contains(char::is_uppercase) {
        return Err("the repository name must be lower-case");
    }
    if !path.split('/').all(is_component) {
        return Err(
            "a component of the repository name is a-z and 0-9, with `.`, `_`, `__` or dashes between them",
        );
    }
    let library = if is_docker && !path.contains('/') {
        "library/".len()
    } else {
        0
    };
    if path.len() + library > REPOSITORY_BYTES_MAX {
        return Err("the repository name must not be longer than 255 bytes");
    }
    Ok(())
}

/// Words of letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_component(component: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let is_end = |byte: Option<&u8>| byte.copied().is_some_and(is_word);
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.split(|byte| is_word(*byte)).all(|joint| {
            matches!(joint, b"" | b"." | b"_" | b"__") || joint.iter().all(|byte| *byte == b'-')
        })
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= TAG_BYTES_MAX
        && tag.bytes().next().is_some_and(is_word)
        && tag
            .bytes()
            .all(|byte| is_word(byte) || byte == b'.' || byte == b'-')
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        DIGESTS.contains(&(algorithm, hex.len())) && hex.bytes().all(is_lower_hex)
    })
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_references() {
        let (hex, long) = ("a".repeat(64), "a".repeat(247));
        for image in [
            "image",
            "nginx:1.25",
            "library/nginx:latest",
            "localhost:5000/x:tag",
            "localhost/x",
            "UPPER/x",
            "Registry.example.com/a/b__c/d.e/f---g/h_i",
            "[2001:db8::1]:5000/x",
            "[::1]/x",
            "index.docker.io/x",
            "x:_t.a-g",
            &format!("x:{}", "t".repeat(128)),
            &format!("nginx@sha256:{hex}"),
            &format!("host.io/a/nginx:tag@sha256:{hex}"),
            &format!("x@sha512:{hex}{hex}"),
            &long,
            &format!("example.com/{long}/aaaaaaa"),
        ] {
            assert_eq!(check(image), Ok(()), "{image}");
        }
    }

    #[test]
    fn malformed_references() {
        let (hex, long) = ("a".repeat(64), "a".repeat(248));
        for image in [
            "",
            " x",
            "x ",
            "busybox###",
            "UPPER",
            "a/B",
            "docker.io/Lib/x",
            "x:",
            "x@",
            "/x",
            "x/",
            "a//b",
            "a.-b",
            "a___b",
            "-a",
            "a..b",
            "example.com:/x",
            "example.com:80a/x",
            "-example.com/x",
            "[::1/x",
            "[::1]5000/x",
            "[]/x",
            "x:-tag",
            "x:a:b",
            &format!("x:{}", "t".repeat(129)),
            "nginx@sha256:abc",
            &format!("x@md5:{}", &hex[..32]),
            &format!("x@sha256:{}", hex.to_uppercase()),
            &format!("x@sha256:{hex}@sha256:{hex}"),
            &hex,
            &long,
        ] {
            assert!(check(image).is_err(), "{image}");
        }
    }
}
