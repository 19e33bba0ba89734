//! What a subscriber receives: its part of one publication.

use std::ops::Deref;
use std::slice;
use std::sync::Arc;

use crate::Position;

/// The events of one publication that a subscriber wants, in order. Its end is the commit marker.
///
/// A batch is empty only for a subscriber that asked for [bookmarks](crate::Options::bookmarks_every). The events are shared
/// with the other subscribers, and cloning a batch copies none of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch<E> {
    /// The position of the publication.
    pub at: Position,
    /// The events.
    pub events: Arc<[E]>,
}

impl<E> Clone for Batch<E> {
    fn clone(&self) -> Self {
        Self {
            at: self.at,
            events: Arc::clone(&self.events),
        }
    }
}

impl<E> Deref for Batch<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        &self.events
    }
}

impl<'a, E> IntoIterator for &'a Batch<E> {
    type Item = &'a E;
    type IntoIter = slice::Iter<'a, E>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.iter()
    }
}
