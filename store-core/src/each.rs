//! Doing something for each of several, also for those behind one for which it panics.
//!
//! Whoever is woken runs code of the user's. What it does to itself is no reason to leave others waiting.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Acts on each; the first panic goes on when all are done.
pub(crate) fn each<T>(items: impl IntoIterator<Item = T>, mut act: impl FnMut(T)) {
    let mut first = None;
    for item in items {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| act(item))) {
            first.get_or_insert(panic);
        }
    }
    if let Some(panic) = first {
        resume_unwind(panic);
    }
}
