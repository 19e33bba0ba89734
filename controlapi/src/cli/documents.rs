//! Several documents in one text: YAML separated by `---`, or JSON, one after the other.
//!
//! Each is read by itself, so that what is wrong with one can be told with its number, and lines are counted as those of the
//! whole text.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::error::Error;
use super::files::{self, Source};

/// A document that is not read yet.
#[derive(Debug)]
pub(super) struct Document {
    /// What a person would find it by: the file, its number and its first line.
    pub(super) place: String,
    /// As many empty lines as there are before it, and its text.
    text: Vec<u8>,
    is_json: bool,
}

impl Document {
    /// Reads it.
    ///
    /// # Errors
    /// When it is not what is expected; says where it is.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let read = if self.is_json {
            files::json(&self.text)
        } else {
            files::yaml(&self.text)
        };
        read.map_err(|source| Error::NotASpec {
            path: self.place.clone(),
            source,
        })
    }
}

/// Returns the documents of a source; those that are empty, or comments only, are left out.
///
/// # Errors
/// When it cannot be read, or is not JSON though it begins so.
pub(super) fn documents(source: &Source) -> Result<Vec<Document>, Error> {
    let bytes = source.bytes()?;
    let is_json = files::is_json(&bytes);
    let texts = if is_json {
        json(&bytes).map_err(|error| Error::NotASpec {
            path: source.to_string(),
            source: files::no_json(error),
        })?
    } else {
        yaml(&bytes)
    };
    let document = |(at, (before, text)): (usize, (usize, &[u8]))| {
        let blank = text.len() - text.trim_ascii_start().len();
        let line = before + lines(&text[..blank]) + 1;
        Document {
            place: format!("{source}, document {} (line {line})", at + 1),
            text: [&vec![b'\n'; before], text].concat(),
            is_json,
        }
    };
    Ok(texts.into_iter().enumerate().map(document).collect())
}

/// Splits JSON: lines before each document, and its text.
fn json(bytes: &[u8]) -> Result<Vec<(usize, &[u8])>, serde_json::Error> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    let mut texts = Vec::new();
    let mut begin = 0;
    while let Some(value) = values.next() {
        value?;
        let end = values.byte_offset();
        texts.push((lines(&bytes[..begin]), &bytes[begin..end]));
        begin = end;
    }
    Ok(texts)
}

/// Splits YAML, likewise. A line that begins with `---` begins a document wherever it stands, in a quoted text, too.
fn yaml(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut texts = Vec::new();
    let (mut line, mut first_line, mut begin, mut at) = (0, 0, 0, 0);
    for text in bytes.split_inclusive(|byte| *byte == b'\n') {
        let is_marker = text
            .strip_prefix(b"---")
            .is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
        if is_marker {
            texts.push((first_line, &bytes[begin..at]));
            // What stands behind the marker belongs to the document.
            (first_line, begin) = (line, at + 3);
        }
        at += text.len();
        line += 1;
    }
    texts.push((first_line, &bytes[begin..]));
    texts.retain(|(_, text)| {
        text.split(|byte| *byte == b'\n').any(|line| {
            let line = line.trim_ascii();
            !line.is_empty() && !line.starts_with(b"#")
        })
    });
    texts
}

#[expect(clippy::naive_bytecount, reason = "a spec is short")]
fn lines(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    /// Returns places and values, or what is wrong.
    fn read(text: &str) -> Result<Vec<(String, Value)>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let path = file.path().to_str().unwrap();
        let source: Source = path.parse().unwrap();
        let read = |document: Document| Ok((document.place.clone(), document.read()?));
        documents(&source)
            .and_then(|documents| documents.into_iter().map(read).collect())
            .map(|read: Vec<_>| {
                let short = |(place, value): (String, Value)| (place.replace(path, "F"), value);
                read.into_iter().map(short).collect()
            })
            .map_err(|error: Error| error.to_string().replace(path, "F"))
    }

    fn expected(all: &[(&str, i32)]) -> Vec<(String, Value)> {
        let one = |(place, a): &(&str, i32)| ((*place).to_owned(), serde_json::json!({"a": a}));
        all.iter().map(one).collect()
    }

    #[test]
    fn documents_of_yaml_are_found_with_their_lines() {
        let text = "# about\n---\na: 1\n---\n\n# nothing\n---\n\na: 2\n--- {a: 3}\n---  \na: 4";
        let all = [
            ("F, document 1 (line 3)", 1),
            ("F, document 2 (line 9)", 2),
            ("F, document 3 (line 10)", 3),
            ("F, document 4 (line 12)", 4),
        ];
        assert_eq!(read(text).unwrap(), expected(&all));
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read("---\n").unwrap(), []);
        assert_eq!(
            read("a: 1\n").unwrap(),
            expected(&[("F, document 1 (line 1)", 1)])
        );
    }

    #[test]
    fn documents_of_json_are_found_with_their_lines() {
        let all = [("F, document 1 (line 1)", 1), ("F, document 2 (line 3)", 2)];
        assert_eq!(
            read("{\"a\": 1}\n\n{\"a\":\n 2}\n").unwrap(),
            expected(&all)
        );
        let cut = read("{\"a\": 1}\n{\"a\":").unwrap_err();
        assert_eq!(
            cut,
            "F is not a spec: EOF while parsing a value at line 2 column 5"
        );
    }

    #[test]
    fn lines_of_errors_are_those_of_the_whole_text() {
        let error = read("a: 1\n---\na: 2\nb: [\n").unwrap_err();
        assert!(
            error.starts_with("F, document 2 (line 3) is not a spec: ")
                && (error.contains("line 4") || error.contains("line 5")),
            "{error}"
        );
    }
}
