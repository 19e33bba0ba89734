//! The objects that a query finds, one after the other.
//!
//! An index gives slots, a slot the object, each in another place of memory. So they are fetched in batches: while the
//! processor fetches one object, it is told of the next ones already.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::branches::{Branches, branches};
use crate::engine::{Run, Scan, Table};
use crate::key::KeyBuf;
use crate::object::Object;
use crate::query::{Plan, Query};

/// Objects that are fetched at once: as many loads as a core has under way together, some times over.
const BATCH: usize = 64;

/// The objects that a query finds, in its order; made by [`Read::find`](crate::Read::find).
///
/// # Complexity
/// O(log n) to begin, then O(1) for each index entry that is read.
pub struct Rows<'a, O: Object> {
    /// Fetched, and not given yet: from `given` to `fetched`.
    batch: [Option<&'a Arc<O>>; BATCH],
    given: usize,
    fetched: usize,
    /// Where in their leaf the objects of the batch stand.
    places: [u16; BATCH],
    reader: Reader<'a, O>,
}

/// What fills the batches.
struct Reader<'a, O: Object> {
    table: &'a Table<O>,
    branches: Branches<O>,
    /// The branch that is read, and where in it.
    at: usize,
    state: State<'a>,
    /// Behind which key the branch is read, when it is resumed.
    after: Option<Box<KeyBuf>>,
    /// Slots given so far; only used when there are several branches, which may find the same object.
    seen: HashSet<u32>,
    reverse: bool,
    left: usize,
    /// How many to fetch next: few at first, since many a query is asked for its first object only.
    ahead: usize,
}

#[expect(
    clippy::large_enum_variant,
    reason = "there is one of these a query, in place"
)]
enum State<'a> {
    /// The branch has not been read.
    Fresh,
    Scan(Scan<'a>, Option<Run<'a>>),
    /// Nothing is left of the branch.
    Done,
}

impl<'a, O: Object> Rows<'a, O> {
    pub(crate) fn new(table: &'a Table<O>, query: Query<O>) -> Self {
        let mut branches = branches(table.def(), query.plan);
        if let Branches::Many(branches) = &mut branches
            && query.reverse
        {
            branches.reverse();
        }
        Self {
            batch: [None; BATCH],
            given: 0,
            fetched: 0,
            places: [0; BATCH],
            reader: Reader {
                table,
                branches,
                at: 0,
                state: State::Fresh,
                after: None,
                seen: HashSet::new(),
                reverse: query.reverse,
                left: query.limit,
                ahead: 16,
            },
        }
    }

    /// Returns which part of the query the last object came from: with [`Rows::last_key`], its place.
    pub(crate) const fn branch(&self) -> usize {
        self.reader.at
    }

    /// Returns the key of the entry that the last object came from.
    pub(crate) fn last_key(&self) -> Vec<u8> {
        let Some(last) = self.given.checked_sub(1) else {
            return Vec::new();
        };
        let Reader {
            table,
            branches,
            at,
            state,
            ..
        } = &self.reader;
        let branch = &branches.as_slice()[*at];
        match state {
            State::Scan(_, Some(run)) => {
                table.entry_key(branch.index, run, usize::from(self.places[last]))
            }
            _ => branch.range.start.as_slice().to_vec(),
        }
    }

    /// Moves behind a place that an earlier run of the same query, on the same snapshot, gave.
    ///
    /// # Complexity
    /// O(log n) with one branch. With several, what was given before is read again, so that it is not given twice.
    pub(crate) fn resume(&mut self, given: usize, branch: usize, key: &[u8]) {
        self.reader.resume(given, branch, key);
    }

    #[inline(never)]
    fn fetch(&mut self) -> Option<&'a Arc<O>> {
        self.fetched = self.reader.fetch(&mut self.batch, &mut self.places);
        self.given = self.fetched.min(1);
        if self.fetched == 0 {
            None
        } else {
            self.batch[0]
        }
    }
}

impl<'a, O: Object> Iterator for Rows<'a, O> {
    type Item = &'a Arc<O>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.given < self.fetched {
            let object = self.batch[self.given];
            self.given += 1;
            object
        } else {
            self.fetch()
        }
    }
}

impl<'a, O: Object> Reader<'a, O> {
    /// Fetches the next objects, all from one leaf; returns how many, 0 at the end.
    fn fetch(
        &mut self,
        batch: &mut [Option<&'a Arc<O>>; BATCH],
        places: &mut [u16; BATCH],
    ) -> usize {
        let want = self.ahead.min(self.left);
        self.ahead = BATCH;
        while want > 0 && self.at < self.branches.as_slice().len() {
            let fetched = match self.next_run() {
                Found::Run(run) => self.fetch_from(run, want, batch, places),
                Found::Slot(slot) => {
                    batch[0] = Some(self.table.row(slot));
                    usize::from(self.accepts(slot, None))
                }
                Found::End => {
                    (self.at, self.state, self.after) = (self.at + 1, State::Fresh, None);
                    continue;
                }
            };
            if fetched > 0 {
                self.left -= fetched;
                return fetched;
            }
        }
        0
    }

    /// Fetches up to `want` of a run's objects, and takes them off the run.
    fn fetch_from(
        &mut self,
        mut run: Run<'a>,
        want: usize,
        batch: &mut [Option<&'a Arc<O>>; BATCH],
        places: &mut [u16; BATCH],
    ) -> usize {
        let len = (run.to - run.from).min(want);
        let first = if self.reverse { run.to - len } else { run.from };
        self.table.rows(&run.slots()[first..first + len], batch);
        let begin = number(first);
        for (place, at) in places[..len].iter_mut().zip(0..) {
            *place = begin.wrapping_add(at);
        }
        if self.reverse {
            run.to = first;
            batch[..len].reverse();
            places[..len].reverse();
        } else {
            run.from = first + len;
        }
        let mut kept = len;
        if !self.is_plain() {
            kept = 0;
            for at in 0..len {
                let place = usize::from(places[at]);
                if self.accepts(run.slots()[place], Some((&run, place))) {
                    batch[kept] = batch[at];
                    places[kept] = places[at];
                    kept += 1;
                }
            }
        }
        if let State::Scan(_, current) = &mut self.state {
            *current = Some(run);
        }
        kept
    }

    /// Whether every entry in range gives its object.
    fn is_plain(&self) -> bool {
        let Branches::One(branch) = &self.branches else {
            return false;
        };
        branch.residual.is_empty() && (branch.index.is_none() || branch.range.exact)
    }

    /// Returns what is left of the leaf that is read, or the next one's part in the range.
    fn next_run(&mut self) -> Found<'a> {
        let branch = &self.branches.as_slice()[self.at];
        let (mut start, mut end) = branch.range.bounds();
        match &mut self.state {
            State::Done => Found::End,
            State::Fresh if branch.range.exact && self.after.is_none() => {
                // A unique key has one object: nothing is scanned.
                let slot = match branch.index {
                    None => self.table.slot(start),
                    Some(index) if self.table.def().indexes()[index].unique => {
                        self.table.holder(index, start)
                    }
                    Some(_) => {
                        self.state = State::Scan(self.table.scan(branch.index, self.reverse), None);
                        return self.next_run();
                    }
                };
                self.state = State::Done;
                slot.map_or(Found::End, Found::Slot)
            }
            State::Fresh => {
                self.state = State::Scan(self.table.scan(branch.index, self.reverse), None);
                self.next_run()
            }
            State::Scan(_, Some(run)) if run.from < run.to => Found::Run(*run),
            State::Scan(scan, _) => {
                match &self.after {
                    // Within the range all the same: a token is text that a client hands back.
                    Some(after) if self.reverse => {
                        end = end.into_iter().chain([after.as_slice()]).min();
                    }
                    Some(after) => start = start.max(after.as_slice()),
                    None => {}
                }
                self.table
                    .next_run(branch.index, scan, (start, end))
                    .map_or(Found::End, Found::Run)
            }
        }
    }

    /// Whether the object of an entry in range is one that the branch gives, at this entry.
    fn accepts(&mut self, slot: u32, place: Option<(&Run<'a>, usize)>) -> bool {
        let found = self.branches.as_slice()[self.at].accepts(self.table, slot, place);
        found && (self.branches.as_slice().len() == 1 || self.is_new(slot))
    }

    /// Whether this branch, of several, is the one that gives the object.
    fn is_new(&mut self, slot: u32) -> bool {
        if self.reverse {
            // Backwards, an object stands where it would stand forwards: in the first branch that finds it.
            let object = self.table.row(slot);
            !self.branches.as_slice()[self.at + 1..]
                .iter()
                .any(|branch| branch.finds(self.table.def(), object))
        } else {
            self.seen.insert(slot)
        }
    }

    fn resume(&mut self, given: usize, branch: usize, key: &[u8]) {
        self.left = self.left.saturating_sub(given);
        // The smallest key behind this one.
        let mut behind = KeyBuf::from(key);
        behind.push_raw(&[0]);
        let branches = self.branches.as_slice().len();
        if branches > 1 && !self.reverse {
            for at in 0..branch.min(branches) {
                self.mark_given(at, None);
            }
            if branch < branches {
                self.mark_given(branch, Some(behind.as_slice()));
            }
        }
        self.at = branch;
        self.after = Some(Box::new(if self.reverse {
            KeyBuf::from(key)
        } else {
            behind
        }));
    }

    /// Marks what a branch gives, up to a key.
    fn mark_given(&mut self, at: usize, end: Option<&[u8]>) {
        let table = self.table;
        let branch = &self.branches.as_slice()[at];
        let (start, own_end) = branch.range.bounds();
        let end = end.into_iter().chain(own_end).min();
        let mut scan = table.scan(branch.index, false);
        while let Some(run) = table.next_run(branch.index, &mut scan, (start, end)) {
            for place in run.from..run.to {
                let slot = run.slots()[place];
                if branch.accepts(table, slot, Some((&run, place))) {
                    self.seen.insert(slot);
                }
            }
        }
    }
}

/// Where the next objects of a branch are.
enum Found<'a> {
    Run(Run<'a>),
    Slot(u32),
    End,
}

impl<O: Object> fmt::Debug for Rows<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("table", &O::TABLE)
            .field("branches", &self.reader.branches.as_slice().len())
            .finish_non_exhaustive()
    }
}

/// Returns how many objects a query finds.
pub(crate) fn count<O: Object>(table: &Table<O>, query: Query<O>) -> usize {
    let limit = query.limit;
    let counted = match &query.plan {
        Plan::All => Some(table.len()),
        Plan::Primary(range) => Some(table.count_range(None, range.bounds())),
        // In a longer range of an index, an object may have several keys.
        Plan::Range { index, range } if range.exact => {
            Some(table.count_range(Some(table.def().position(index)), range.bounds()))
        }
        _ => None,
    };
    counted.map_or_else(
        || Rows::new(table, query).count(),
        |counted| counted.min(limit),
    )
}

/// Returns a place in a leaf.
fn number(place: usize) -> u16 {
    u16::try_from(place).expect("a leaf has fewer than 2^16 entries")
}
