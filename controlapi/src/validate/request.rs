//! What every request needs before its contents are looked at.
//!
//! SwarmKit control API, section 1.4. SwarmKit says `invalid argument` for all of them and leaves the caller to
//! guess; here the field is named.

use store_objects::wire::Version;

use super::Invalid;

/// Checks that an id is given.
///
/// # Errors
/// When it is empty.
pub fn id(id: &str, field: &str) -> Result<(), Invalid> {
    if id.is_empty() {
        return Err(missing(field));
    }
    Ok(())
}

/// Returns the version that an update is based on. One that says 0 is given, too.
///
/// # Errors
/// When it is absent.
pub fn version(version: Option<Version>, field: &str) -> Result<Version, Invalid> {
    version.ok_or_else(|| missing(field))
}

/// Returns a part that must be there.
///
/// # Errors
/// When it is absent.
pub fn part<'a, T>(part: Option<&'a T>, field: &str) -> Result<&'a T, Invalid> {
    part.ok_or_else(|| missing(field))
}

fn missing(field: &str) -> Invalid {
    Invalid::argument("invalid argument")
        .at(field)
        .advise("must be given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            id("", "service_id").unwrap_err().to_string(),
            "invalid argument; service_id: must be given"
        );
        assert_eq!(id("x", "service_id"), Ok(()));
        let zero = Version { index: 0 };
        assert_eq!(version(Some(zero), "service_version"), Ok(zero));
        assert!(version(None, "service_version").is_err());
        assert_eq!(part(Some(&1), "spec"), Ok(&1));
    }
}
