//! What a publication leaves to do until the order lock is released: it runs user code, which may publish.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
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
    /// The first panic of a task that was woken. It goes on when all the others have been told.
    panic: Option<Box<dyn Any + Send>>,
}

impl<E> Aftermath<E> {
    pub(crate) const fn new() -> Self {
        Self {
            tasks: Vec::new(),
            batches: Vec::new(),
            panic: None,
        }
    }

    /// Wakes the tasks.
    pub(crate) fn wake(&mut self) {
        for task in self.tasks.drain(..) {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| task.wake())) {
                self.panic.get_or_insert(panic);
            }
        }
    }

    /// Wakes the tasks and drops the batches.
    ///
    /// # Panics
    /// When a task did, now or before.
    pub(crate) fn finish(mut self) {
        self.wake();
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
    }
}
