//! What a command reads: a spec in protobuf's JSON mapping, as JSON or as YAML, or plain data, from a file or standard input.

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

    /// Returns the spec. Text that begins with `{` is JSON, whatever the file is called; other text is YAML.
    pub(super) fn spec<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let bytes = self.bytes()?;
        let spec = if is_json(&bytes) {
            json(&bytes)
        } else {
            yaml(&bytes)
        };
        spec.map_err(|source| Error::NotASpec {
            path: self.to_string(),
            source,
        })
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"{")
}

/// What is wrong with a text.
pub(super) type Wrong = Box<dyn std::error::Error + Send + Sync>;

/// Reads JSON.
pub(super) fn json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Wrong> {
    serde_json::from_slice(text).map_err(no_json)
}

/// Tells what is wrong with JSON, and, if it is none, why it is taken for JSON: it may be YAML in braces.
pub(super) fn no_json(error: serde_json::Error) -> Wrong {
    if error.is_syntax() {
        format!("JSON is expected after `{{`: {error}").into()
    } else {
        error.into()
    }
}

/// Reads YAML; what is wrong is told in one line, as for JSON.
pub(super) fn yaml<T: DeserializeOwned>(text: &[u8]) -> Result<T, Wrong> {
    let options = serde_saphyr::options! { with_snippet: false };
    Ok(serde_saphyr::from_slice_with_options(text, options)?)
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

    /// It was told that a key must be a string, without a word of JSON.
    #[test]
    fn yaml_in_braces_is_told_that_it_is_taken_for_json() {
        assert_eq!(
            spec("{annotations: {name: web}}").unwrap_err(),
            "FILE is not a spec: JSON is expected after `{`: key must be a string at line 1 column 2"
        );
    }

    #[test]
    fn a_typing_error_in_yaml_is_told_by_its_name() {
        assert_eq!(
            spec("annotations:\n  name: web\ntusk: {}\n").unwrap_err(),
            "FILE is not a spec: docker.swarmkit.v1.ServiceSpec has no field `tusk`"
        );
        let cut = spec("annotations:\n  name: [\n").unwrap_err();
        assert!(cut.starts_with("FILE is not a spec: "), "{cut}");
        assert!(cut.contains("line ") && cut.lines().count() == 1, "{cut}");
    }

    #[test]
    fn yaml_and_json_mean_the_same() {
        let json = r#"{"annotations": {"name": "web", "labels": {"on": "no", "n": "1"}},
            "task": {"container": {"image": "nginx", "stopGracePeriod": "10s"}, "forceUpdate": "3"},
            "replicated": {"replicas": 2}}"#;
        let yaml = "
annotations:
  name: web
  labels: { 'on': 'no', n: '1' }
task:
  container:
    image: nginx
    stop_grace_period: 10s
  forceUpdate: 3
replicated:
  replicas: 2
";
        assert_eq!(spec(yaml), spec(json));
        spec(yaml).unwrap();
    }

    /// What looks like something else in YAML, a number, a truth value, nothing, is text again when it is read.
    #[test]
    fn what_is_printed_as_yaml_is_read_again() {
        let texts = [
            "",
            " ",
            "no",
            "on",
            "y",
            "true",
            "null",
            "~",
            "1",
            "0x10",
            "1e3",
            "1_000",
            "10s",
            ".inf",
            "2026-01-01",
            "12:30:45",
            "- a",
            "a: b",
            "#",
            "a #b",
            "'",
            "\"",
            "[",
            "{",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "\u{1b}[2J",
            "a\nb",
            "\n",
            "a\n\n",
            "\t",
            "\r\n",
            "\u{feff}",
            "\u{85}",
            "über",
            "\u{1f600}",
            "---",
            "...",
            "<<",
            "=",
        ];
        let mut spec = ServiceSpec::default();
        let labels = &mut spec.annotations.get_or_insert_default().labels;
        for text in texts {
            labels.insert(text.to_owned(), text.to_owned());
            labels.insert(format!("key of {text:?}"), text.to_owned());
        }
        let printed = super::super::output::yaml(&spec).unwrap();
        assert_eq!(
            super::yaml::<ServiceSpec>(printed.as_bytes()).unwrap(),
            spec,
            "{printed}"
        );
        let full = crate::cli::sample::full_service("s1");
        let printed = super::super::output::yaml(&full).unwrap();
        assert_eq!(
            super::yaml::<store_objects::wire::Service>(printed.as_bytes()).unwrap(),
            full
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
