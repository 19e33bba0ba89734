//! Lists of what a version does not have any more, and older ones may.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::page::{PageBox, Stamp};

/// Pages and objects that are dead in one version.
pub(super) struct Dead<O> {
    pub(super) pages: Vec<PageBox>,
    pub(super) rows: Vec<DeadRow<O>>,
}

/// The table's count of an object that some older version may see.
pub(super) struct DeadRow<O> {
    pub(super) born: Stamp,
    pub(super) object: ManuallyDrop<Arc<O>>,
}

impl<O> Dead<O> {
    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.pages.len() + self.rows.len()
    }

    /// Forgets all of them, and keeps the allocations of so many.
    pub(super) fn clear(&mut self, kept: usize) {
        self.pages.clear();
        self.pages.shrink_to(kept);
        self.rows.clear();
        self.rows.shrink_to(kept);
    }

    /// Returns both together; the shorter is moved.
    pub(super) fn with(mut self, mut other: Self) -> Self {
        if other.len() > self.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.pages.append(&mut other.pages);
        self.rows.append(&mut other.rows);
        self
    }

    /// Takes out at most so many.
    pub(super) fn split_off(&mut self, max: usize) -> Self {
        let pages = self.pages.split_off(self.pages.len().saturating_sub(max));
        let rows = self
            .rows
            .split_off(self.rows.len().saturating_sub(max - pages.len()));
        Self { pages, rows }
    }
}

impl<O> Default for Dead<O> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            rows: Vec::new(),
        }
    }
}
