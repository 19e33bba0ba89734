//! The changes of one transaction, on their way through the log.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use proposer::{DecodeError, Payload};

use crate::event::Event;
use crate::schema::Schema;

/// The changes of one transaction, in order: what a store proposes. Cloning shares them.
pub struct Changes<S: Schema> {
    events: Arc<[Event<S>]>,
    /// Counted once, where they are made: an object is looked through for it.
    encoded_len: usize,
}

impl<S: Schema> Changes<S> {
    /// Returns the changes, shared.
    #[must_use]
    pub fn shared(&self) -> Arc<[Event<S>]> {
        Arc::clone(&self.events)
    }

    pub(crate) fn with_len(events: Vec<Event<S>>, encoded_len: usize) -> Self {
        Self {
            events: events.into(),
            encoded_len,
        }
    }
}

impl<S: Schema> From<Vec<Event<S>>> for Changes<S> {
    fn from(changes: Vec<Event<S>>) -> Self {
        let encoded_len = changes.iter().map(S::encoded_change_len).sum();
        Self::with_len(changes, encoded_len)
    }
}

impl<S: Schema> Deref for Changes<S> {
    type Target = [Event<S>];

    fn deref(&self) -> &[Event<S>] {
        &self.events
    }
}

impl<S: Schema> Clone for Changes<S> {
    fn clone(&self) -> Self {
        Self {
            events: Arc::clone(&self.events),
            encoded_len: self.encoded_len,
        }
    }
}

impl<S: Schema> fmt::Debug for Changes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<S: Schema> Payload for Changes<S> {
    fn encoded_len(&self) -> usize {
        self.encoded_len
    }

    fn encode(&self, out: &mut Vec<u8>) {
        S::encode_changes(self, out);
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        S::decode_changes(bytes).map(Self::from)
    }
}
