//! [`Invalid`]: why a request is refused, in words and as a kind.
//!
//! Clients of SwarmKit match on its texts, so a refusal begins with SwarmKit's text, letter by letter. What
//! helps a person (which field, what it may hold) follows after `; `.
//!
//! It knows no gRPC: the table of status codes turns a [`Code`] into one.

use std::fmt;

/// The kind of a refusal, named like the gRPC status code that it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request is wrong whatever the state of the cluster is.
    InvalidArgument,
    /// The request is meant for the cluster itself, not for its users.
    PermissionDenied,
    /// The request asks for something that this API does not do.
    Unimplemented,
}

/// A request that is refused because of what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    code: Code,
    text: String,
    field: Option<String>,
    advice: Option<String>,
}

impl Invalid {
    pub(crate) fn new(code: Code, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            field: None,
            advice: None,
        }
    }

    pub(crate) fn argument(text: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, text)
    }

    /// Names the field at fault, as a path from the request: `spec.task.container.image`.
    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Puts something in front of the text.
    pub(super) fn behind(mut self, prefix: &str) -> Self {
        self.text.insert_str(0, prefix);
        self
    }

    /// Says what would be accepted.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Returns the kind of refusal.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns SwarmKit's text, without our addition.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the path of the field at fault, if it is one field.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Returns what would be accepted, where the text does not say so.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match (&self.field, &self.advice) {
            (Some(field), Some(advice)) => write!(f, "; {field}: {advice}"),
            (Some(addition), None) | (None, Some(addition)) => write!(f, "; {addition}"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_first() {
        let refusal = Invalid::argument("invalid argument");
        assert_eq!(refusal.to_string(), "invalid argument");
        let refusal = refusal.at("spec");
        assert_eq!(refusal.to_string(), "invalid argument; spec");
        let refusal = refusal.advise("must be given");
        assert_eq!(refusal.to_string(), "invalid argument; spec: must be given");
        assert_eq!(refusal.text(), "invalid argument");
    }
}
