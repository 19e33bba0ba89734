//! The numbers that order a replicated history.
//!
//! Four newtypes, because each answers another question: *which transaction* ([`Version`]), *in which history*
//! ([`Epoch`]), *handed over under whose leadership* ([`Term`]), *in which attempt of that leader* ([`Incarnation`]).

use std::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Zero: before anything happened.
            pub const ZERO: Self = Self(0);

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

            /// Returns the number that follows this one.
            ///
            /// # Panics
            /// Past `u64::MAX`, which a billion steps a second reach after 584 years.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.checked_add(1).expect("a counter does not reach u64::MAX"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// The number of a committed transaction: dense (+1 each), store-wide, the same on every replica.
    ///
    /// Version 0 is the empty store of a new history.
    Version
}

number! {
    /// The identity of a history: another epoch means that versions of before are not comparable with versions of now.
    ///
    /// It changes with a new cluster and with a restore from a saved state.
    Epoch
}

number! {
    /// The number of a leadership: each new leader, and each restart of a single node, has a greater one.
    Term
}

number! {
    /// The number of an attempt within a term.
    ///
    /// A leader that had to drop proposals hands over later ones under the next incarnation, so that a replica can
    /// tell a proposal that was built on a dropped one from its replacement of the same version.
    Incarnation
}

impl Version {
    /// Returns the version before this one; `None` at zero.
    #[must_use]
    pub const fn previous(self) -> Option<Self> {
        match self.0.checked_sub(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}
