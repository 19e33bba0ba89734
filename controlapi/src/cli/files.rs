//! What a command reads: a spec in protobuf's JSON mapping, or plain data, from a file or standard input.

use std::convert::Infallible;
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;
use std::{fmt, fs};

use serde::de::DeserializeOwned;

use super::error::Error;

/// A file, or standard input, which is written `-`.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Standard input.
    Input,
    /// A file.
    File(PathBuf),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text == "-" {
            Self::Input
        } else {
            Self::File(text.into())
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Source {
    /// Returns all there is.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Error> {
        let bytes = match self {
            Self::Input => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            Self::File(path) => fs::read(path),
        };
        bytes.map_err(|source| Error::Unreadable {
            path: self.to_string(),
            source,
        })
    }

    /// Returns the spec.
    pub(super) fn spec<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.bytes()?).map_err(|source| Error::NotASpec {
            path: self.to_string(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use store_objects::wire::ServiceSpec;

    use super::*;

    fn spec(text: &str) -> Result<ServiceSpec, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let path = file.path().to_str().unwrap();
        let source: Source = path.parse().unwrap();
        source
            .spec()
            .map_err(|error| error.to_string().replace(path, "FILE"))
    }

    #[test]
    fn a_typing_error_is_told_with_its_place() {
        assert_eq!(
            spec("{\n  \"tusk\": {}\n}").unwrap_err(),
            "FILE is not a spec: docker.swarmkit.v1.ServiceSpec has no field `tusk` at line 2 column 8"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_told_by_name() {
        let source: Source = "/nowhere/web.json".parse().unwrap();
        let error = source.bytes().unwrap_err().to_string();
        assert!(
            error.starts_with("cannot read /nowhere/web.json: "),
            "{error}"
        );
    }

    #[test]
    fn a_hyphen_is_standard_input() {
        assert!(matches!("-".parse(), Ok(Source::Input)));
    }
}
