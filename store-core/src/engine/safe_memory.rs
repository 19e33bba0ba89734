//! The memory of a table on reference counts: the safe twin of `memory`, with the same interface.
//!
//! What there is done by versions that pages carry is done here by `Arc`: a page is copied when it is shared. It is what the
//! other is tested against, and for who does not want `unsafe` at any price.

use std::ops::Deref;
use std::sync::Arc;

const LEAF_BITS: u32 = 5;
const INNER_BITS: u32 = 6;

/// No slot: the end of the list of free ones.
const NONE: u32 = u32::MAX;

/// A node: boxes of the pages below it, then words that mean what the tree wants them to.
#[derive(Clone)]
pub(super) struct Page {
    boxes: Vec<PageBox>,
    boxes_max: usize,
    words: Vec<u32>,
}

/// What owns a page.
#[derive(Clone)]
pub(super) struct PageBox(Arc<Page>);

impl PageBox {
    /// Returns the page to be changed: this one if it is not shared, otherwise a copy that takes its place.
    pub(super) fn get_mut(&mut self, _: &mut Pages<'_>) -> &mut Page {
        Arc::make_mut(&mut self.0)
    }

    /// Does nothing: what is fetched ahead is a matter of speed alone.
    #[expect(clippy::unused_self, reason = "the twin has the same interface")]
    pub(super) const fn prefetch(&self) {}
}

impl Deref for PageBox {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.0
    }
}

impl Page {
    fn size(&self) -> isize {
        (16 + 8 * self.boxes_max + 4 * self.words.len())
            .next_multiple_of(64)
            .cast_signed()
    }

    /// Returns the boxes of the pages below.
    pub(super) fn boxes(&self) -> &[PageBox] {
        &self.boxes
    }

    /// Returns one box of the pages below, to be changed.
    pub(super) fn box_mut(&mut self, at: usize) -> &mut PageBox {
        &mut self.boxes[at]
    }

    /// Returns how many boxes the page has room for.
    pub(super) const fn boxes_max(&self) -> usize {
        self.boxes_max
    }

    /// Adds a box before the one at `at`.
    pub(super) fn insert_box(&mut self, at: usize, page: PageBox) {
        assert!(
            self.boxes.len() < self.boxes_max,
            "a page has room for the box"
        );
        self.boxes.insert(at, page);
    }

    /// Takes a box out.
    pub(super) fn remove_box(&mut self, at: usize) -> PageBox {
        self.boxes.remove(at)
    }

    /// Moves the boxes from `from` on behind those of another page.
    pub(super) fn move_boxes(&mut self, from: usize, to: &mut Self) {
        to.boxes.extend(self.boxes.drain(from..));
        assert!(
            to.boxes.len() <= to.boxes_max,
            "a page has room for the boxes"
        );
    }

    /// Returns the words.
    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// Returns the words, to be changed.
    pub(super) fn words_mut(&mut self) -> &mut [u32] {
        &mut self.words
    }
}

/// Where pages come from and go to.
pub(super) struct Pages<'a> {
    grown: isize,
    of: std::marker::PhantomData<&'a ()>,
}

impl Pages<'_> {
    /// Makes a page: without boxes, with words of any value.
    pub(super) fn make(&mut self, boxes_max: usize, words: usize) -> PageBox {
        let page = Page {
            boxes: Vec::with_capacity(boxes_max),
            boxes_max,
            words: vec![0; words],
        };
        self.grown += page.size();
        PageBox(Arc::new(page))
    }

    /// Takes a page out of the open version, without the pages below it.
    pub(super) fn retire(&mut self, page: PageBox) {
        self.grown -= page.size();
        drop(page);
    }

    /// Returns by how many bytes the open version has grown since it was asked last.
    pub(super) fn take_grown(&mut self) -> isize {
        std::mem::take(&mut self.grown)
    }
}

/// The array that owns the objects; see the twin.
pub(super) struct Slots<O> {
    root: Level<O>,
    height: u32,
    end: u32,
    free: u32,
    /// Bytes of its pages; not counted here.
    pub(super) bytes: usize,
}

enum Level<O> {
    Entries(Arc<Vec<Entry<O>>>),
    Levels(Arc<Vec<Level<O>>>),
}

enum Entry<O> {
    Free { next: u32 },
    Used(Arc<O>),
}

impl<O> Clone for Slots<O> {
    fn clone(&self) -> Self {
        Self {
            root: self.root.clone(),
            ..*self
        }
    }
}

impl<O> Clone for Level<O> {
    fn clone(&self) -> Self {
        match self {
            Self::Entries(entries) => Self::Entries(Arc::clone(entries)),
            Self::Levels(levels) => Self::Levels(Arc::clone(levels)),
        }
    }
}

impl<O> Clone for Entry<O> {
    fn clone(&self) -> Self {
        match self {
            Self::Free { next } => Self::Free { next: *next },
            Self::Used(object) => Self::Used(Arc::clone(object)),
        }
    }
}

impl<O> Default for Slots<O> {
    fn default() -> Self {
        Self {
            root: Level::Entries(Arc::default()),
            height: 0,
            end: 0,
            free: NONE,
            bytes: 0,
        }
    }
}

impl<O> Slots<O> {
    /// Returns the object in a slot that an index named.
    pub(super) fn get(&self, slot: u32) -> &Arc<O> {
        self.find(slot)
            .expect("an index names slots that are in use")
    }

    /// Returns the object in a slot, if there is such a slot and it is in use.
    pub(super) fn find(&self, slot: u32) -> Option<&Arc<O>> {
        if slot >= self.end {
            return None;
        }
        let mut level = &self.root;
        let mut height = self.height;
        loop {
            match level {
                Level::Levels(levels) => {
                    height -= 1;
                    level = &levels[child(slot, height)];
                }
                Level::Entries(entries) => match &entries[slot as usize % (1 << LEAF_BITS)] {
                    Entry::Used(object) => return Some(object),
                    Entry::Free { .. } => return None,
                },
            }
        }
    }

    /// Puts the objects of slots that an index named, as many as fit, into `out`, in order.
    pub(super) fn get_all<'a, const N: usize>(
        &'a self,
        slots: &[u32],
        out: &mut [Option<&'a Arc<O>>; N],
    ) {
        for (out, slot) in out.iter_mut().zip(slots) {
            *out = Some(self.get(*slot));
        }
    }

    /// Puts an object into a free slot and returns its number; `None` when all 2^32 - 1 are in use.
    pub(super) fn insert(&mut self, _: &mut Pen<'_, O>, object: Arc<O>) -> Option<u32> {
        let slot = if self.free == NONE {
            self.end
        } else {
            self.free
        };
        if slot == NONE {
            return None;
        }
        if slot == self.end {
            while u64::from(slot) >> (LEAF_BITS + INNER_BITS * self.height) > 0 {
                let below = std::mem::replace(&mut self.root, Level::Entries(Arc::default()));
                self.root = Level::Levels(Arc::new(vec![below]));
                self.height += 1;
            }
        }
        let old = std::mem::replace(self.entry_mut(slot), Entry::Used(object));
        if slot == self.end {
            self.end += 1;
        } else if let Entry::Free { next } = old {
            self.free = next;
        }
        Some(slot)
    }

    /// Replaces the object of a slot that is in use and returns the old one.
    pub(super) fn replace(&mut self, _: &mut Pen<'_, O>, slot: u32, object: Arc<O>) -> Arc<O> {
        self.exchange(slot, Entry::Used(object))
    }

    /// Frees a slot that is in use and returns its object.
    pub(super) fn remove(&mut self, _: &mut Pen<'_, O>, slot: u32) -> Arc<O> {
        let next = std::mem::replace(&mut self.free, slot);
        self.exchange(slot, Entry::Free { next })
    }

    fn exchange(&mut self, slot: u32, entry: Entry<O>) -> Arc<O> {
        match std::mem::replace(self.entry_mut(slot), entry) {
            Entry::Used(object) => object,
            Entry::Free { .. } => unreachable!("an index names slots that are in use"),
        }
    }

    fn entry_mut(&mut self, slot: u32) -> &mut Entry<O> {
        let mut level = &mut self.root;
        let mut height = self.height;
        loop {
            match level {
                Level::Levels(levels) => {
                    height -= 1;
                    let levels = Arc::make_mut(levels);
                    let at = child(slot, height);
                    if at == levels.len() {
                        levels.push(if height == 0 {
                            Level::Entries(Arc::default())
                        } else {
                            Level::Levels(Arc::default())
                        });
                    }
                    level = &mut levels[at];
                }
                Level::Entries(entries) => {
                    let entries = Arc::make_mut(entries);
                    let at = slot as usize % (1 << LEAF_BITS);
                    if at == entries.len() {
                        entries.push(Entry::Free { next: NONE });
                    }
                    return &mut entries[at];
                }
            }
        }
    }
}

const fn child(slot: u32, level: u32) -> usize {
    (slot >> (LEAF_BITS + INNER_BITS * level)) as usize % (1 << INNER_BITS)
}

/// A tree of pages as one version has it; what it means is for `tree.rs` to say.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) root: Option<PageBox>,
    /// Entries.
    pub(super) len: usize,
    /// Bytes of its pages.
    pub(super) bytes: usize,
}

impl Tree {
    pub(super) const fn new() -> Self {
        Self {
            root: None,
            len: 0,
            bytes: 0,
        }
    }
}

/// Everything that one version of a table is made of.
pub(super) struct Forest<O> {
    pub(super) slots: Slots<O>,
    pub(super) trees: Vec<Tree>,
}

/// One version of a table's slots and trees.
pub(super) struct Versioned<O> {
    forest: Forest<O>,
}

/// A version that is being changed.
pub(super) struct Writing<'a, O> {
    forest: &'a mut Forest<O>,
}

/// What a change of an open version needs besides the forest.
pub(super) struct Pen<'a, O> {
    pub(super) pages: Pages<'a>,
    of: std::marker::PhantomData<O>,
}

/// How much memory a table has, over all its versions; not counted here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Pages in use.
    pub(super) pages: usize,
    /// Their bytes.
    pub(super) bytes: usize,
    /// Versions that are held.
    pub(super) versions: usize,
}

impl<O> Versioned<O> {
    /// Makes the first version of a table: empty trees.
    pub(super) fn new(trees: usize) -> Self {
        let trees = (0..trees).map(|_| Tree::new()).collect();
        Self {
            forest: Forest {
                slots: Slots::default(),
                trees,
            },
        }
    }

    /// Returns what the version is made of.
    pub(super) const fn forest(&self) -> &Forest<O> {
        &self.forest
    }

    /// Begins to change the version.
    pub(super) fn write(&mut self) -> Writing<'_, O> {
        Writing {
            forest: &mut self.forest,
        }
    }

    /// Returns a new version with the same contents.
    pub(super) fn fork(&self) -> Self {
        let Forest { slots, trees } = &self.forest;
        Self {
            forest: Forest {
                slots: slots.clone(),
                trees: trees.clone(),
            },
        }
    }

    /// Frees everything that no version sees: nothing, since it is freed at once.
    #[expect(clippy::unused_self, reason = "the twin has something to do")]
    pub(super) const fn collect(&self) {}

    /// Returns how much memory the table has.
    #[expect(clippy::unused_self, reason = "the twin has something to say")]
    pub(super) fn usage(&self) -> Usage {
        Usage::default()
    }
}

impl<O> Writing<'_, O> {
    /// Returns the forest, and what is needed to change it.
    pub(super) fn parts(&mut self) -> (&mut Forest<O>, Pen<'_, O>) {
        let pages = Pages {
            grown: 0,
            of: std::marker::PhantomData,
        };
        (
            self.forest,
            Pen {
                pages,
                of: std::marker::PhantomData,
            },
        )
    }
}

/// Returns words as bytes.
pub(super) fn bytes(words: &[u32]) -> &[u8] {
    bytemuck::cast_slice(words)
}

/// Returns words as bytes, to be changed.
pub(super) fn bytes_mut(words: &mut [u32]) -> &mut [u8] {
    bytemuck::cast_slice_mut(words)
}
