//! A value whose encoded form is computed once, however many subscribers send it on.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::Topics;

/// A shared value together with its encoded form, computed when first asked for. Clones share both.
///
/// As an event of a [`Queue`](crate::Queue) it has the topics of its value.
pub struct Encoded<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    value: T,
    bytes: OnceLock<Arc<[u8]>>,
}

impl<T> Encoded<T> {
    /// Wraps a value, without encoding it.
    #[must_use]
    pub fn new(value: T) -> Self {
        let bytes = OnceLock::new();
        Self {
            shared: Arc::new(Shared { value, bytes }),
        }
    }

    /// Returns the encoded form. Only the first call encodes, so all calls have to mean the same form.
    ///
    /// # Blocking
    /// Waits while another thread encodes the same value.
    pub fn bytes(&self, encode: impl FnOnce(&T) -> Vec<u8>) -> &Arc<[u8]> {
        self.shared
            .bytes
            .get_or_init(|| encode(&self.shared.value).into())
    }
}

impl<T> Deref for Encoded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shared.value
    }
}

impl<T> Clone for Encoded<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Encoded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Encoded").field(&self.shared.value).finish()
    }
}

impl<T: Topics> Topics for Encoded<T> {
    type Topic = T::Topic;

    fn topics(&self, visit: &mut dyn FnMut(Self::Topic)) {
        self.shared.value.topics(visit);
    }
}
