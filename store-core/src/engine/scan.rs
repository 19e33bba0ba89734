//! Reading a range of a tree, leaf by leaf, in either direction.

use super::memory::{Page, PageBox, Tree};
use super::tree::{FullKeys, child, is_leaf, node};

/// The most levels that a tree can have: with four pages below each, a billion leaves.
const HEIGHT_MAX: usize = 16;

/// A range of a tree that is being read.
pub(crate) struct Scan<'a> {
    tree: &'a Tree,
    reverse: bool,
    /// Inner pages from the root down, each with the box that was taken.
    path: [Option<(&'a PageBox, usize)>; HEIGHT_MAX],
    depth: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Within,
    Done,
}

/// Consecutive entries of one leaf.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    leaf: &'a Page,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl<'a> Run<'a> {
    pub(super) const fn leaf(&self) -> &'a Page {
        self.leaf
    }

    /// Returns the slots of the leaf that the entries are part of.
    pub(crate) fn slots(&self) -> &'a [u32] {
        node(self.leaf).values()
    }
}

impl<'a> Scan<'a> {
    pub(super) const fn new(tree: &'a Tree, reverse: bool) -> Self {
        Self {
            tree,
            reverse,
            path: [None; HEIGHT_MAX],
            depth: 0,
            state: State::Fresh,
        }
    }

    /// Returns the entries of the next leaf that lie in the range; the same range in every call.
    pub(super) fn next(
        &mut self,
        start: &[u8],
        end: Option<&[u8]>,
        full: &dyn FullKeys,
    ) -> Option<Run<'a>> {
        let fresh = self.state == State::Fresh;
        loop {
            let leaf = match self.state {
                State::Done => return None,
                State::Fresh => self.first(if self.reverse { end } else { Some(start) }),
                State::Within => self.neighbour(),
            };
            self.state = if leaf.is_some() {
                State::Within
            } else {
                State::Done
            };
            let leaf = leaf?;
            let len = node(leaf).len();
            // Only at the end that the scan comes from is the first leaf cut off, only at the other one the last.
            let from = if start.is_empty() || !self.reverse && !fresh {
                0
            } else {
                self.tree.lower_bound(leaf, start, full)
            };
            let to = match end {
                Some(end) if fresh || !self.reverse => self.tree.lower_bound(leaf, end, full),
                _ => len,
            };
            if if self.reverse { from > 0 } else { to < len } {
                self.state = State::Done;
            }
            if from < to {
                return Some(Run { leaf, from, to });
            }
        }
    }

    /// Goes down to the leaf that a key belongs to; without a key, to the last one.
    fn first(&mut self, key: Option<&[u8]>) -> Option<&'a Page> {
        let root = self.tree.root.as_ref()?;
        Some(self.descend(root, |page| {
            key.map_or(page.boxes().len() - 1, |key| child(page, key))
        }))
    }

    /// Goes to the next leaf in the direction of the scan.
    fn neighbour(&mut self) -> Option<&'a Page> {
        while let Some(up) = self.depth.checked_sub(1) {
            let (page, at) = self.path[up].expect("the path is as long as it is deep");
            let next = if self.reverse {
                at.checked_sub(1)
            } else {
                Some(at + 1).filter(|at| *at < page.boxes().len())
            };
            if let Some(next) = next {
                self.path[up] = Some((page, next));
                let reverse = self.reverse;
                return Some(self.descend(&page.boxes()[next], |page| {
                    if reverse { page.boxes().len() - 1 } else { 0 }
                }));
            }
            self.depth = up;
        }
        None
    }

    fn descend(&mut self, mut page: &'a PageBox, take: impl Fn(&Page) -> usize) -> &'a Page {
        while !is_leaf(page) {
            let at = take(page);
            self.path[self.depth] = Some((page, at));
            self.depth += 1;
            page = &page.boxes()[at];
        }
        page
    }
}
