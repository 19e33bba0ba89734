//! A publication that is delivered, but for what runs code of the user's.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::Topics;
use crate::publication::Publication;

/// What [`Queue::deliver`](crate::Queue::deliver) leaves to do: wakes the tasks that wait for the events, and drops what nobody
/// wants any more, when it is dropped.
///
/// Either may be anything that a user writes, and may panic. Let go of your locks first.
#[must_use = "tasks are woken when it is dropped"]
pub struct Delivery<E: Topics>(Option<Publication<E>>);

impl<E: Topics> Delivery<E> {
    pub(crate) const fn of(publication: Publication<E>) -> Self {
        Self(Some(publication))
    }
}

impl<E: Topics> Drop for Delivery<E> {
    fn drop(&mut self) {
        let Some(publication) = self.0.take() else {
            return;
        };
        if thread::panicking() {
            // A second panic would end the process.
            let _second = catch_unwind(AssertUnwindSafe(|| publication.finish()));
        } else {
            publication.finish();
        }
    }
}

impl<E: Topics> fmt::Debug for Delivery<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").finish_non_exhaustive()
    }
}
