//! What happened to one object.

use std::fmt;
use std::sync::Arc;

use crate::object::Kind;
use crate::schema::{AnyObject, Schema};

/// A change of one object, of whatever kind.
///
/// It is what a transaction records, what travels through the log, and what a watcher receives: objects are shared, not
/// copied.
pub enum Event<S: Schema> {
    /// The object was created.
    Created(S::Any),
    /// The object was replaced.
    Updated {
        /// The object before; `None` only where it was read back from a log that does not hold it.
        old: Option<S::Any>,
        /// The object now.
        new: S::Any,
    },
    /// The object was deleted; this is its last form.
    Deleted(S::Any),
}

/// A change of one object of kind `O`.
#[derive(Debug)]
pub enum Change<'a, O> {
    /// The object was created.
    Created(&'a Arc<O>),
    /// The object was replaced.
    Updated {
        /// The object before, where it is known.
        old: Option<&'a Arc<O>>,
        /// The object now.
        new: &'a Arc<O>,
    },
    /// The object was deleted; this is its last form.
    Deleted(&'a Arc<O>),
}

impl<S: Schema> Event<S> {
    /// Returns the object that this is about: as it is now, or as it was last.
    #[must_use]
    pub const fn object(&self) -> &S::Any {
        match self {
            Self::Created(object) | Self::Updated { new: object, .. } | Self::Deleted(object) => {
                object
            }
        }
    }

    /// Returns the object before an update, where it is known.
    #[must_use]
    pub const fn old(&self) -> Option<&S::Any> {
        match self {
            Self::Updated { old, .. } => old.as_ref(),
            Self::Created(_) | Self::Deleted(_) => None,
        }
    }

    /// Returns the change with its type, if it is one of an object of kind `O`.
    #[must_use]
    pub fn of<O: Kind<S>>(&self) -> Option<Change<'_, O>> {
        Some(match self {
            Self::Created(object) => Change::Created(O::unwrap(object)?),
            Self::Updated { old, new } => Change::Updated {
                old: old.as_ref().and_then(O::unwrap),
                new: O::unwrap(new)?,
            },
            Self::Deleted(object) => Change::Deleted(O::unwrap(object)?),
        })
    }

    pub(crate) fn ordinal(&self) -> usize {
        self.object().ordinal()
    }
}

impl<S: Schema> Clone for Event<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Created(object) => Self::Created(object.clone()),
            Self::Updated { old, new } => Self::Updated {
                old: old.clone(),
                new: new.clone(),
            },
            Self::Deleted(object) => Self::Deleted(object.clone()),
        }
    }
}

impl<S: Schema> fmt::Debug for Event<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(object) => f.debug_tuple("Created").field(object).finish(),
            Self::Updated { old, new } => f
                .debug_struct("Updated")
                .field("old", old)
                .field("new", new)
                .finish(),
            Self::Deleted(object) => f.debug_tuple("Deleted").field(object).finish(),
        }
    }
}

impl<'a, O> Change<'a, O> {
    /// Returns the object that this is about: as it is now, or as it was last.
    #[must_use]
    pub const fn object(&self) -> &'a Arc<O> {
        match self {
            Self::Created(object) | Self::Updated { new: object, .. } | Self::Deleted(object) => {
                object
            }
        }
    }
}
