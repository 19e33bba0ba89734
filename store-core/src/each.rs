//! Running code of the user's where nobody else may suffer from it: what is woken, and what is dropped.
//!
//! What it does to itself is no reason to leave others waiting, nor to end the log on whose thread it is run: a panic stays
//! here. The process's panic hook has told of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Acts on each, whatever it does to any of them.
pub(crate) fn each<T>(items: impl IntoIterator<Item = T>, mut act: impl FnMut(T)) {
    for item in items {
        contain(|| act(item));
    }
}

/// Acts, and goes on when that panics.
pub(crate) fn contain(act: impl FnOnce()) {
    let _panic = catch_unwind(AssertUnwindSafe(act));
}
