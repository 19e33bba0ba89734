//! What a change did to the result of a query.

use std::sync::Arc;

use crate::event::Change;

/// What a change did to the result of a query. Applied in order to the result of a snapshot, they keep it up to date.
#[derive(Debug)]
pub enum ResultChange<'a, O> {
    /// The object is in the result now, and was not before; or nobody knows whether it was.
    Entered(&'a Arc<O>),
    /// The object is in the result, and was before.
    Changed {
        /// The object before.
        old: &'a Arc<O>,
        /// The object now.
        new: &'a Arc<O>,
    },
    /// The object is not in the result any more.
    Left {
        /// The object as it was in the result; `None` where nobody knows whether it was.
        old: Option<&'a Arc<O>>,
        /// The object now; `None` when it was deleted.
        new: Option<&'a Arc<O>>,
    },
}

impl<'a, O> ResultChange<'a, O> {
    /// Returns what a change did to a result that `finds` tells the objects of; `None` if nothing.
    pub(crate) fn of(change: &Change<'a, O>, finds: impl Fn(&O) -> bool) -> Option<Self> {
        match *change {
            Change::Created(new) => finds(new).then_some(Self::Entered(new)),
            Change::Deleted(old) => finds(old).then_some(Self::Left {
                old: Some(old),
                new: None,
            }),
            Change::Updated { old: None, new } if finds(new) => Some(Self::Entered(new)),
            Change::Updated { old: None, new } => Some(Self::Left {
                old: None,
                new: Some(new),
            }),
            Change::Updated {
                old: Some(old),
                new,
            } => match (finds(old), finds(new)) {
                (false, false) => None,
                (false, true) => Some(Self::Entered(new)),
                (true, true) => Some(Self::Changed { old, new }),
                (true, false) => Some(Self::Left {
                    old: Some(old),
                    new: Some(new),
                }),
            },
        }
    }
}
