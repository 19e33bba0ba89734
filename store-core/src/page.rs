//! Pages of a long result, each read from the same version.

use std::fmt::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use proposer::{Epoch, Version};

/// A part of a query's result.
#[derive(Debug)]
pub struct Page<O> {
    /// The objects, in the query's order.
    pub objects: Vec<Arc<O>>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<PageToken>,
}

/// Where a page begins: a place in the result of one query at one version.
///
/// It is opaque, but for its text form, which a client may keep: [`ToString`] and [`FromStr`] are each other's inverse. A
/// token belongs to the query that it came from; with another query it begins at a place of no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    pub(crate) epoch: Epoch,
    pub(crate) version: Version,
    /// Objects on the pages before, which count against the query's limit.
    pub(crate) given: usize,
    pub(crate) branch: usize,
    pub(crate) key: Vec<u8>,
}

/// Why a page cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The token is of another version than the snapshot, or of another history.
    #[error(
        "the page token is of version {token}, this snapshot has version {snapshot}; read from the first page again"
    )]
    OtherVersion {
        /// The version that the first page was read at.
        token: Version,
        /// The version of the snapshot.
        snapshot: Version,
    },
    /// The text is not that of a token.
    #[error("{0:?} is not a page token")]
    Malformed(String),
}

impl PageToken {
    /// Returns the version at which all pages of the result are read.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:x}-{:x}-{:x}-{:x}-",
            self.epoch.get(),
            self.version.get(),
            self.given,
            self.branch
        )?;
        self.key.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PageToken {
    type Err = PageError;

    fn from_str(text: &str) -> Result<Self, PageError> {
        let number = |part: &str| u64::from_str_radix(part, 16).ok();
        let parse = || {
            let [epoch, version, given, branch, key] =
                text.split('-').collect::<Vec<_>>().try_into().ok()?;
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            if key.len() % 2 == 1 {
                return None;
            }
            Some(Self {
                epoch: Epoch::new(number(epoch)?),
                version: Version::new(number(version)?),
                given: usize::try_from(number(given)?).ok()?,
                branch: usize::try_from(number(branch)?).ok()?,
                key: key.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?,
            })
        };
        // Another form of the same numbers is not what was handed out.
        let own = parse().filter(|token| token.to_string() == text);
        own.ok_or_else(|| {
            let mut shown = String::new();
            let _ = write!(shown, "{}", text.chars().take(80).collect::<String>());
            PageError::Malformed(shown)
        })
    }
}
