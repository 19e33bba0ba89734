//! Where in a queue's history a publication stands.
//!
//! The queue only compares positions; what they count (versions of a store, offsets of a log) is the publisher's.

use std::fmt;

/// The position of a publication. Positions rise with every publication, not necessarily by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Before the first publication.
    pub const START: Self = Self(0);

    /// Wraps a number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the position that follows this one.
    ///
    /// # Panics
    /// Past `u64::MAX`, which a billion publications a second reach after 584 years.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(
            self.0
                .checked_add(1)
                .expect("a position does not reach u64::MAX"),
        )
    }
}

impl From<u64> for Position {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
