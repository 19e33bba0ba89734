//! What a publication leaves to do until the order lock is released: it runs user code, which may publish.

use std::task::Waker;

use crate::Batch;

/// Tasks to wake and batches to drop.
///
/// # Correctness
/// Is dropped, and told to wake, where the caller holds no lock; only a publisher that has to wait for a reader wakes
/// before, because the reader may be one of the tasks.
pub(crate) struct Aftermath<E> {
    pub(crate) tasks: Vec<Waker>,
    pub(crate) batches: Vec<Batch<E>>,
}

impl<E> Aftermath<E> {
    pub(crate) const fn new() -> Self {
        Self {
            tasks: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// Wakes the tasks.
    pub(crate) fn wake(&mut self) {
        for task in self.tasks.drain(..) {
            task.wake();
        }
    }
}
