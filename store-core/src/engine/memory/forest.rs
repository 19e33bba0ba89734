//! What one version of a table is made of.

use crate::engine::visits::visit;

use super::page::{PageBox, Since};
use super::slots::Slots;

/// A tree of pages as one version has it; what it means is for `tree.rs` to say.
pub(in crate::engine) struct Tree {
    pub(in crate::engine) root: Option<PageBox>,
    /// Entries.
    pub(in crate::engine) len: usize,
    /// Bytes of its pages.
    pub(in crate::engine) bytes: usize,
}

/// Everything that one version of a table is made of.
pub(in crate::engine) struct Forest<O> {
    pub(in crate::engine) slots: Slots<O>,
    pub(in crate::engine) trees: Vec<Tree>,
}

impl Tree {
    pub(in crate::engine) const fn new() -> Self {
        Self {
            root: None,
            len: 0,
            bytes: 0,
        }
    }
}

impl<O> Forest<O> {
    /// Returns the same forest, for another version, with the trees in an empty list.
    ///
    /// # Safety
    /// It must become that of a new version.
    pub(super) unsafe fn share(&self, mut trees: Vec<Tree>) -> Self {
        trees.extend(self.trees.iter().map(|tree| Tree {
            // SAFETY: passed on to the caller.
            root: tree.root.as_ref().map(|root| unsafe { root.share() }),
            ..*tree
        }));
        // SAFETY: passed on to the caller.
        let slots = unsafe { self.slots.share() };
        Self { slots, trees }
    }
}

/// Frees a page and what is below it, as far as it was made since.
pub(super) fn free(page: PageBox, since: Since, give: &mut dyn FnMut(PageBox)) {
    visit();
    if page.born() <= since.floor {
        return;
    }
    for below in &page.boxes()[page.boxes_made(since)] {
        // SAFETY: the page that holds the box is given back just below.
        free(unsafe { below.share() }, since, give);
    }
    give(page);
}
