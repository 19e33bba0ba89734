//! Versions: which state of a table is whose, and what can be freed when one is released.
//!
//! A [`Versioned`] value is one version of a table: a forest of pages with the slots. Forking gives a new version that
//! shares every page; changing it copies what it changes. Versions form a tree by who was forked from whom, as a rule a
//! line, from the oldest that a snapshot holds to the newest. A version ends by being dropped, whatever it was: the state
//! before, a snapshot, a transaction that was not committed.
//!
//! What a version replaced or removed is on its list of the dead, *relative to its parent*: its parent sees it, it does not.
//!
//! # When a version is dropped
//! - With one child left, it is *absorbed*: what the child lists as dead, and was made after the version's own parent, is
//!   seen by nobody, and freed; the rest, with the version's own dead, is now dead relative to that parent. So a snapshot
//!   pins what it sees, and nothing that came and went after it.
//! - With no child, it is *undone*: every page and object made since its parent is freed, its dead live on. This is how a
//!   transaction is rolled back: in proportion to what it changed.
//! - With several children, it stays until one is left.
//!
//! A drop only leaves a note; the work is done by the next fork of the table, or [`Versioned::collect`]. Long lists are worked
//! off in pieces, so that no transaction pays for all that a snapshot of yesterday held.

use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::sync::{Arc, PoisonError};

use crate::sync::{Mutex, MutexGuard, lock};

use super::dead::{Dead, DeadRow};
use super::forest::{Forest, Tree, free};
use super::page::{POOL_BYTES_MAX, Pages, Pool, Since, Stamp};
use super::slots::Slots;

/// A longer list of the dead is worked off in pieces.
const DEAD_AT_ONCE: usize = 256;
/// How many of a long list's dead one fork deals with; and twice as many as its parent has added, so that no list grows for
/// ever.
const DEAD_PER_FORK: usize = 64;

/// One version of a table's slots and trees.
pub(in crate::engine) struct Versioned<O> {
    heap: Arc<Heap<O>>,
    id: u32,
    stamp: Stamp,
    forest: Forest<O>,
}

/// A version that is being changed; locks the table's memory against other versions' changes.
pub(in crate::engine) struct Writing<'a, O> {
    manager: MutexGuard<'a, Manager<O>>,
    forest: &'a mut Forest<O>,
    id: u32,
    stamp: Stamp,
}

/// What a change of an open version needs besides the forest.
pub(in crate::engine) struct Pen<'a, O> {
    pub(in crate::engine) pages: Pages<'a>,
    pub(super) dead_rows: &'a mut Vec<DeadRow<O>>,
}

/// How much memory a table has, over all its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Usage {
    /// Pages in use.
    pub(in crate::engine) pages: usize,
    /// Their bytes.
    pub(in crate::engine) bytes: usize,
    /// Versions that are held, or wait to be freed.
    pub(in crate::engine) versions: usize,
}

/// What all versions of a table share.
struct Heap<O> {
    manager: Mutex<Manager<O>>,
    /// Versions that were dropped. A lock of its own, so that whoever drops a snapshot waits for no transaction.
    dropped: Mutex<Vec<(u32, Forest<O>)>>,
}

struct Manager<O> {
    pool: Pool,
    records: Vec<Record<O>>,
    free_records: Vec<u32>,
    last_stamp: Stamp,
    /// Long lists that are worked off in pieces: dead in the version of the record, and perhaps made after its parent.
    limbo: VecDeque<(u32, Dead<O>)>,
    /// Objects to be dropped when the lock is released, since that may run anybody's code.
    garbage: Vec<Arc<O>>,
    /// Kept for their allocations.
    spare_dropped: Vec<(u32, Forest<O>)>,
    spare_trees: Vec<Tree>,
}

struct Record<O> {
    stamp: Stamp,
    parent: Option<u32>,
    children: u32,
    /// The exclusive or of the children's ids: when one is left, it is that one's.
    children_xor: u32,
    /// The forest of a version that was dropped.
    dropped: Option<Forest<O>>,
    /// What the parent sees and this version does not.
    dead: Dead<O>,
    /// How many of the dead came from versions that were absorbed.
    inherited: usize,
    /// Whether there were versions between the parent and this one.
    absorbed: bool,
}

impl<O> Versioned<O> {
    /// Makes the first version of a table: empty trees.
    pub(in crate::engine) fn new(trees: usize) -> Self {
        let mut manager = Manager {
            pool: Pool::new(),
            records: Vec::new(),
            free_records: Vec::new(),
            last_stamp: 0,
            limbo: VecDeque::new(),
            garbage: Vec::new(),
            spare_dropped: Vec::new(),
            spare_trees: Vec::new(),
        };
        let (id, stamp) = manager.open(None);
        Self {
            heap: Arc::new(Heap {
                manager: Mutex::new(manager),
                dropped: Mutex::new(Vec::new()),
            }),
            id,
            stamp,
            forest: Forest {
                slots: Slots::default(),
                trees: (0..trees).map(|_| Tree::new()).collect(),
            },
        }
    }

    /// Returns what the version is made of.
    pub(in crate::engine) const fn forest(&self) -> &Forest<O> {
        &self.forest
    }

    /// Begins to change the version.
    ///
    /// What is dropped meanwhile may panic: nothing was changed then.
    pub(in crate::engine) fn write(&mut self) -> Writing<'_, O> {
        let mut manager = self.heap.lock();
        if manager.is_shared(&self.heap, self.id) {
            // Whoever was forked from this one keeps what it sees: go on as another fork.
            let (id, stamp) = manager.open(Some(self.id));
            // SAFETY: it becomes the forest of the new version.
            let forest = unsafe { self.forest.share(Vec::new()) };
            let old = std::mem::replace(&mut self.forest, forest);
            manager.settle_all(&mut vec![(self.id, old)]);
            (self.id, self.stamp) = (id, stamp);
        }
        if !manager.garbage.is_empty() {
            // Nobody forks this version meanwhile: it is borrowed.
            drop_garbage(manager);
            manager = self.heap.lock();
        }
        Writing {
            manager,
            forest: &mut self.forest,
            id: self.id,
            stamp: self.stamp,
        }
    }

    /// Returns a new version with the same contents.
    pub(in crate::engine) fn fork(&self) -> Self {
        let mut manager = self.heap.lock();
        let budget = DEAD_PER_FORK + 2 * manager.records[self.id as usize].own_dead();
        manager.collect(&self.heap, budget);
        let (id, stamp) = manager.open(Some(self.id));
        // SAFETY: they become the forest of a new version.
        let forest = unsafe { self.forest.share(std::mem::take(&mut manager.spare_trees)) };
        let fork = Self {
            heap: Arc::clone(&self.heap),
            id,
            stamp,
            forest,
        };
        // Last, since it may panic: the fork is a version by now, which is dropped then.
        drop_garbage(manager);
        fork
    }

    /// Frees everything that no version sees.
    pub(in crate::engine) fn collect(&self) {
        let mut manager = self.heap.lock();
        manager.collect(&self.heap, usize::MAX);
        drop_garbage(manager);
    }

    /// Returns how much memory the table has, over all its versions.
    pub(in crate::engine) fn usage(&self) -> Usage {
        let manager = self.heap.lock();
        Usage {
            pages: manager.pool.pages,
            bytes: manager.pool.bytes,
            versions: manager.records.len() - manager.free_records.len(),
        }
    }
}

impl<O> Drop for Versioned<O> {
    fn drop(&mut self) {
        let forest = Forest {
            slots: std::mem::take(&mut self.forest.slots),
            trees: std::mem::take(&mut self.forest.trees),
        };
        lock(&self.heap.dropped).push((self.id, forest));
    }
}

impl<O> Writing<'_, O> {
    /// Returns the forest, and what is needed to change it.
    pub(in crate::engine) fn parts(&mut self) -> (&mut Forest<O>, Pen<'_, O>) {
        let manager = &mut *self.manager;
        let floor = manager.floor(self.id);
        let dead = &mut manager.records[self.id as usize].dead;
        let pages = Pages {
            pool: &mut manager.pool,
            stamp: self.stamp,
            floor,
            dead: &mut dead.pages,
            grown: 0,
        };
        let dead_rows = &mut dead.rows;
        (self.forest, Pen { pages, dead_rows })
    }
}

impl<O> Heap<O> {
    fn lock(&self) -> MutexGuard<'_, Manager<O>> {
        lock(&self.manager)
    }
}

impl<O> Drop for Heap<O> {
    fn drop(&mut self) {
        // No version is left: everything that was noted is worked off.
        let dropped = self
            .dropped
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let manager = self
            .manager
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        manager.settle_all(dropped);
        manager.work_off(usize::MAX);
        debug_assert!(
            manager.pool.pages == 0 || std::thread::panicking(),
            "a table without versions has no pages"
        );
    }
}

impl<O> Manager<O> {
    fn open(&mut self, parent: Option<u32>) -> (u32, Stamp) {
        self.last_stamp += 1;
        let stamp = self.last_stamp;
        let id = self.free_records.pop().unwrap_or_else(|| {
            self.records.push(Record::new());
            u32::try_from(self.records.len() - 1).expect("fewer than 2^32 versions fit into memory")
        });
        let record = &mut self.records[id as usize];
        (record.stamp, record.parent, record.absorbed) = (stamp, parent, false);
        if let Some(parent) = parent {
            let parent = &mut self.records[parent as usize];
            parent.children += 1;
            parent.children_xor ^= id;
        }
        (id, stamp)
    }

    /// Whether a version has been forked and the fork is still there.
    fn is_shared(&mut self, heap: &Heap<O>, id: u32) -> bool {
        if self.records[id as usize].children > 0 {
            self.collect(heap, DEAD_PER_FORK);
        }
        self.records[id as usize].children > 0
    }

    /// Takes note of what was dropped, and works off at most so many of the dead.
    fn collect(&mut self, heap: &Heap<O>, budget: usize) {
        let mut dropped = std::mem::take(&mut self.spare_dropped);
        std::mem::swap(&mut dropped, &mut lock(&heap.dropped));
        self.settle_all(&mut dropped);
        self.spare_dropped = dropped;
        self.work_off(budget);
    }

    fn settle_all(&mut self, dropped: &mut Vec<(u32, Forest<O>)>) {
        for (id, forest) in dropped.drain(..) {
            self.records[id as usize].dropped = Some(forest);
            self.settle(id);
        }
    }

    /// Ends a version that was dropped, if it can be; then those whose end that makes possible.
    fn settle(&mut self, id: u32) {
        let mut next = Some(id);
        while let Some(id) = next {
            let record = &self.records[id as usize];
            next = match record.children {
                0 if record.dropped.is_some() => self.undo(id),
                1 if record.dropped.is_some() => {
                    self.absorb(id, record.children_xor);
                    None
                }
                _ => None,
            };
        }
    }

    /// Frees what was made since the version's parent, and returns the parent.
    fn undo(&mut self, id: u32) -> Option<u32> {
        let floor = self.floor(id);
        let record = &mut self.records[id as usize];
        let absorbed = record.absorbed;
        let since = Since { floor, absorbed };
        let Forest { slots, mut trees } = record
            .dropped
            .take()
            .expect("a version is undone after it was dropped");
        let pool = &mut self.pool;
        // SAFETY: no version but this one saw what was made since its parent, and this one was dropped.
        let mut give = |page| unsafe { pool.give(page, POOL_BYTES_MAX) };
        for root in trees.drain(..).filter_map(|tree| tree.root) {
            free(root, since, &mut give);
        }
        self.spare_trees = trees;
        // SAFETY: as above.
        unsafe { slots.free(since, &mut give, &mut self.garbage) };
        // What the version listed as dead is the parent's again, but for what came and went within it. Emptying the list is
        // giving it up: neither a page box nor a dead row frees anything when it is dropped. The record keeps the
        // allocations of short lists.
        let mut dead = std::mem::take(&mut record.dead);
        self.keep_older(&mut dead, floor);
        dead.clear(DEAD_AT_ONCE);
        self.records[id as usize].dead = dead;
        let (long, others) = std::mem::take(&mut self.limbo)
            .into_iter()
            .partition(|(of, _)| *of == id);
        self.limbo = others;
        let long: VecDeque<(u32, Dead<O>)> = long;
        for (_, mut dead) in long {
            self.keep_older(&mut dead, floor);
        }
        let parent = self.records[id as usize].parent;
        if let Some(parent) = parent {
            let parent = &mut self.records[parent as usize];
            parent.children -= 1;
            parent.children_xor ^= id;
        }
        self.forget(id);
        parent
    }

    /// Makes a version's only child that of its parent.
    fn absorb(&mut self, id: u32, child: u32) {
        let floor = self.floor(id);
        let parent = self.records[id as usize].parent;
        let mut dead = std::mem::take(&mut self.records[child as usize].dead);
        // The child's dead were so relative to the version; its parent did not see what was made after it.
        if dead.len() > DEAD_AT_ONCE {
            self.limbo.push_back((child, std::mem::take(&mut dead)));
        } else {
            self.keep_older(&mut dead, floor);
        }
        for (of, _) in self.limbo.iter_mut().filter(|(of, _)| *of == id) {
            *of = child;
        }
        let inherited = &mut self.records[id as usize].dead;
        if inherited.len() > 0 {
            dead = std::mem::take(inherited).with(dead);
        }
        let record = &mut self.records[child as usize];
        record.inherited = dead.len();
        record.dead = dead;
        record.parent = parent;
        record.absorbed = true;
        if let Some(parent) = parent {
            self.records[parent as usize].children_xor ^= id ^ child;
        }
        self.forget(id);
    }

    /// Works off at most so many of the dead on long lists.
    fn work_off(&mut self, budget: usize) {
        let mut left = budget;
        while left > 0
            && let Some((id, mut long)) = self.limbo.pop_front()
        {
            let floor = self.floor(id);
            let mut piece = long.split_off(left);
            left -= piece.len();
            if long.len() > 0 {
                self.limbo.push_front((id, long));
            }
            self.keep_older(&mut piece, floor);
            let record = &mut self.records[id as usize];
            record.inherited += piece.len();
            record.dead = std::mem::take(&mut record.dead).with(piece);
        }
    }

    /// Frees those of the dead that were made after `floor`.
    fn keep_older(&mut self, dead: &mut Dead<O>, floor: Stamp) {
        for at in (0..dead.pages.len()).rev() {
            if dead.pages[at].born() > floor {
                // SAFETY: the versions that saw the page are gone: those from the one that made it to the one before that in
                // which it is dead.
                unsafe { self.pool.give(dead.pages.swap_remove(at), POOL_BYTES_MAX) };
            }
        }
        for at in (0..dead.rows.len()).rev() {
            if dead.rows[at].born > floor {
                let row = dead.rows.swap_remove(at);
                self.garbage.push(ManuallyDrop::into_inner(row.object));
            }
        }
    }

    /// Returns the stamp of a version's parent.
    fn floor(&self, id: u32) -> Stamp {
        self.records[id as usize]
            .parent
            .map_or(0, |parent| self.records[parent as usize].stamp)
    }

    fn forget(&mut self, id: u32) {
        let record = &mut self.records[id as usize];
        if let Some(Forest { mut trees, .. }) = record.dropped.take() {
            trees.clear();
            self.spare_trees = trees;
        }
        (record.children, record.children_xor, record.inherited) = (0, 0, 0);
        self.free_records.push(id);
    }
}

impl<O> Record<O> {
    const fn new() -> Self {
        Self {
            stamp: 0,
            parent: None,
            children: 0,
            children_xor: 0,
            dropped: None,
            dead: Dead {
                pages: Vec::new(),
                rows: Vec::new(),
            },
            inherited: 0,
            absorbed: false,
        }
    }

    /// Returns how many have died in this version itself.
    fn own_dead(&self) -> usize {
        self.dead.len().saturating_sub(self.inherited)
    }
}

/// Releases the lock, then drops what is to be dropped.
fn drop_garbage<O>(mut manager: MutexGuard<'_, Manager<O>>) {
    // As a rule it is one object: then the list keeps its allocation.
    let last = manager.garbage.pop();
    let others = if manager.garbage.is_empty() {
        Vec::new()
    } else {
        std::mem::take(&mut manager.garbage)
    };
    drop(manager);
    drop((last, others));
}
