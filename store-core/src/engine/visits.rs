//! How often pages are looked at, for tests of what an operation costs; elsewhere, nothing is counted.

/// Counts a look at a page.
#[cfg(not(test))]
#[inline]
pub(super) const fn visit() {}

#[cfg(test)]
pub(super) use counter::{visit, visits_of};

#[cfg(test)]
mod counter {
    use std::cell::Cell;

    thread_local! {
        static VISITS: Cell<usize> = const { Cell::new(0) };
    }

    pub(in crate::engine) fn visit() {
        VISITS.set(VISITS.get() + 1);
    }

    /// Returns how often `f` looks at a page on this thread.
    pub(in crate::engine) fn visits_of(f: impl FnOnce()) -> usize {
        let before = VISITS.get();
        f();
        VISITS.get() - before
    }
}
