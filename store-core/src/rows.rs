//! The objects that a query finds, one after the other.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::engine::{Cursor, Table, TableDef};
use crate::key::KeyBuf;
use crate::object::Object;
use crate::query::{KeyRange, Plan, Query};

/// The objects that a query finds, in its order; made by [`Read::find`](crate::Read::find).
///
/// # Complexity
/// O(log n) to begin, then O(1) for each index entry that is read.
pub struct Rows<'a, O: Object> {
    table: &'a Table<O>,
    branches: Vec<Branch<O>>,
    /// The branch that is read, and where in it.
    at: usize,
    cursor: Option<Cursor<'a>>,
    /// Slots given so far; only used when there are several branches, which may find the same object.
    seen: HashSet<u32>,
    reverse: bool,
    left: usize,
    /// The key of the entry that the last object came from.
    pub(crate) last_key: &'a [u8],
}

/// A part of a query that reads one range of one index, and checks the rest against each object.
struct Branch<O> {
    driver: Driver,
    residual: Vec<Plan<O>>,
}

enum Driver {
    Primary(KeyRange),
    Index { index: usize, range: KeyRange },
}

impl<'a, O: Object> Rows<'a, O> {
    pub(crate) fn new(table: &'a Table<O>, query: Query<O>) -> Self {
        let mut branches = branches(table.def(), query.plan);
        if query.reverse {
            branches.reverse();
        }
        Self {
            table,
            branches,
            at: 0,
            cursor: None,
            seen: HashSet::new(),
            reverse: query.reverse,
            left: query.limit,
            last_key: &[],
        }
    }

    /// Returns which part of the query the last object came from: with [`Rows::last_key`], its place.
    pub(crate) const fn branch(&self) -> usize {
        self.at
    }

    /// Moves behind a place that an earlier run of the same query, on the same snapshot, gave.
    ///
    /// # Complexity
    /// O(log n) with one branch. With several, what was given before is read again, so that it is not given twice.
    pub(crate) fn resume(&mut self, given: usize, branch: usize, key: &[u8]) {
        self.left = self.left.saturating_sub(given);
        if self.branches.len() > 1 && !self.reverse {
            for at in 0..branch.min(self.branches.len()) {
                self.at = at;
                self.mark_given(None);
            }
        }
        self.at = branch;
        if branch < self.branches.len() {
            if self.branches.len() > 1 && !self.reverse {
                self.mark_given(Some(key));
            }
            self.cursor = Some(self.open(Some(key)));
        }
    }

    /// Marks what the branch gives, up to and including a key.
    fn mark_given(&mut self, through: Option<&[u8]>) {
        let mut cursor = self.open(None);
        while let Some((key, slot)) = cursor.next()
            && self.in_range(key)
            && through.is_none_or(|through| key <= through)
        {
            if self.branch_accepts(key, slot) {
                self.seen.insert(slot);
            }
        }
    }

    /// Returns a cursor at the beginning of the branch, or behind a key of it.
    fn open(&self, after: Option<&[u8]>) -> Cursor<'a> {
        let (tree, range) = match &self.branches[self.at].driver {
            Driver::Primary(range) => (self.table.primary(), range),
            Driver::Index { index, range } => (self.table.index(*index), range),
        };
        match (after, self.reverse) {
            (Some(key), false) => {
                let mut cursor = tree.seek(key);
                if cursor.next().is_some_and(|(found, _)| found != key) {
                    cursor.back();
                }
                cursor
            }
            (Some(key), true) => tree.seek(key),
            (None, false) => tree.seek(&range.start),
            (None, true) => match range.end.as_deref() {
                Some(end) => tree.seek(end),
                None => tree.seek_end(),
            },
        }
    }

    /// Whether an entry is in the branch's range.
    fn in_range(&self, key: &[u8]) -> bool {
        match &self.branches[self.at].driver {
            Driver::Primary(range) | Driver::Index { range, .. } => range.contains(key),
        }
    }

    /// Whether the object of an entry in range is one that the branch gives, at this entry.
    fn branch_accepts(&self, key: &[u8], slot: u32) -> bool {
        let branch = &self.branches[self.at];
        let object = self.table.row(slot);
        if let Driver::Index { index, range } = &branch.driver
            && !range.exact
            && !is_first_in_range(self.table.def(), *index, range, object, key)
        {
            return false;
        }
        branch
            .residual
            .iter()
            .all(|plan| matches(self.table.def(), plan, object))
    }
}

impl<'a, O: Object> Iterator for Rows<'a, O> {
    type Item = &'a Arc<O>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        while self.at < self.branches.len() {
            let mut cursor = self.cursor.take().unwrap_or_else(|| self.open(None));
            while let Some((key, slot)) = if self.reverse {
                cursor.back()
            } else {
                cursor.next()
            } && self.in_range(key)
            {
                if self.branch_accepts(key, slot) && (self.branches.len() == 1 || self.is_new(slot))
                {
                    self.cursor = Some(cursor);
                    self.last_key = key;
                    self.left -= 1;
                    return Some(self.table.row(slot));
                }
            }
            self.at += 1;
        }
        None
    }
}

impl<O: Object> Rows<'_, O> {
    /// Whether this branch, of several, is the one that gives the object.
    fn is_new(&mut self, slot: u32) -> bool {
        if self.reverse {
            // Backwards, an object stands where it would stand forwards: in the first branch that finds it.
            let object = self.table.row(slot);
            !self.branches[self.at + 1..]
                .iter()
                .any(|branch| branch.finds(self.table.def(), object))
        } else {
            self.seen.insert(slot)
        }
    }
}

impl<O: Object> Branch<O> {
    fn finds(&self, def: &TableDef<O>, object: &O) -> bool {
        let driven = match &self.driver {
            Driver::Primary(range) => range.contains(KeyBuf::of(object.key()).as_slice()),
            Driver::Index { index, range } => has_key_in(def, *index, range, object),
        };
        driven && self.residual.iter().all(|plan| matches(def, plan, object))
    }
}

impl<O: Object> fmt::Debug for Rows<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("table", &O::TABLE)
            .field("branches", &self.branches.len())
            .finish_non_exhaustive()
    }
}

/// Splits a plan into parts that each read one range.
fn branches<O: Object>(def: &TableDef<O>, plan: Plan<O>) -> Vec<Branch<O>> {
    match plan {
        Plan::All => vec![Branch {
            driver: Driver::Primary(KeyRange::all()),
            residual: Vec::new(),
        }],
        Plan::Primary(range) => vec![Branch {
            driver: Driver::Primary(range),
            residual: Vec::new(),
        }],
        Plan::Range { index, range } => {
            let driver = Driver::Index {
                index: def.position(index),
                range,
            };
            vec![Branch {
                driver,
                residual: Vec::new(),
            }]
        }
        Plan::Or(plans) => plans
            .into_iter()
            .flat_map(|plan| branches(def, plan))
            .collect(),
        Plan::And(mut plans) => {
            let first = plans.iter().position(names_ranges).unwrap_or(0);
            let mut parts = branches(def, plans.remove(first));
            for part in &mut parts {
                part.residual.extend(plans.iter().cloned());
            }
            parts
        }
        plan @ (Plan::Not(_) | Plan::Filter(_)) => vec![Branch {
            driver: Driver::Primary(KeyRange::all()),
            residual: vec![plan],
        }],
    }
}

/// Whether a plan can be read from ranges of indexes alone.
fn names_ranges<O>(plan: &Plan<O>) -> bool {
    match plan {
        Plan::All | Plan::Not(_) | Plan::Filter(_) => false,
        Plan::Primary(_) | Plan::Range { .. } => true,
        Plan::Or(plans) => plans.iter().all(names_ranges),
        Plan::And(plans) => plans.iter().any(names_ranges),
    }
}

/// Whether a plan finds an object.
pub(crate) fn matches<O: Object>(def: &TableDef<O>, plan: &Plan<O>, object: &O) -> bool {
    match plan {
        Plan::All => true,
        Plan::Primary(range) => range.contains(KeyBuf::of(object.key()).as_slice()),
        Plan::Range { index, range } => has_key_in(def, def.position(index), range, object),
        Plan::And(plans) => plans.iter().all(|plan| matches(def, plan, object)),
        Plan::Or(plans) => plans.iter().any(|plan| matches(def, plan, object)),
        Plan::Not(plan) => !matches(def, plan, object),
        Plan::Filter(accept) => accept(object),
    }
}

fn has_key_in<O: Object>(def: &TableDef<O>, index: usize, range: &KeyRange, object: &O) -> bool {
    let mut found = false;
    def.indexes()[index].keys(object, &mut |key| found |= range.contains(key));
    found
}

/// Whether `key` is the entry of the object's smallest key in the range: an object with several is given once.
fn is_first_in_range<O: Object>(
    def: &TableDef<O>,
    index: usize,
    range: &KeyRange,
    object: &O,
    entry: &[u8],
) -> bool {
    let mut first = true;
    def.indexes()[index].keys(object, &mut |key| {
        first &= !range.contains(key) || entry.starts_with(key) || key > entry;
    });
    first
}
