//! Slots: a persistent array that owns each object of a table once, under a number that does not change while it lives.
//!
//! A radix tree of pages. Each entry carries the version that put it there, so that an object can be freed as soon as no
//! version is left that sees it. Freed slots form a list threaded through the array itself: which slot is given out next is
//! part of the state, and goes back with it.
//!
//! Invariants:
//! 1. `height` levels of inner pages are above the leaves, and all pages on the way to a slot below `end` exist; such a slot
//!    holds an object or is in the free list.
//! 2. An object's one strong count that the table has belongs to all versions together: entries are copied with their page,
//!    and the count is given up when no version sees the entry any more.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::dead::DeadRow;
use super::page::{Page, PageBox, Pages, Since, Stamp, prefetch};
use super::versions::Pen;

const LEAF_BITS: u32 = 5;
const LEAF: usize = 1 << LEAF_BITS;
const INNER_BITS: u32 = 6;
const INNER: usize = 1 << INNER_BITS;

/// No slot: the end of the list of free ones.
const NONE: u32 = u32::MAX;

/// The array as one version has it.
pub(in crate::engine) struct Slots<O> {
    root: Option<PageBox>,
    /// Levels above the leaves.
    height: u32,
    /// Slots ever given out: all of them hold an object or are in the free list.
    end: u32,
    free: u32,
    /// Bytes of its pages.
    pub(in crate::engine) bytes: usize,
    of: PhantomData<Arc<O>>,
}

/// What a slot holds.
#[repr(C)]
struct Entry<O> {
    /// The version that put the object there; 0 in a free slot.
    born: Stamp,
    value: Value<O>,
}

#[repr(C)]
union Value<O> {
    object: ManuallyDrop<Arc<O>>,
    /// The next free slot; behind it a zero, so that all bytes of a page stay initialized.
    next: [u32; 2],
}

const LEAF_WORDS: usize = LEAF * size_of::<Entry<()>>() / size_of::<u32>();

impl<O> Entry<O> {
    #[inline]
    fn object(&self) -> &Arc<O> {
        assert!(self.born != 0, "an index names slots that are in use");
        // SAFETY: the slot is in use, so that it holds an object.
        unsafe { &self.value.object }
    }
}

impl<O> Default for Slots<O> {
    fn default() -> Self {
        Self {
            root: None,
            height: 0,
            end: 0,
            free: NONE,
            bytes: 0,
            of: PhantomData,
        }
    }
}

impl<O> Slots<O> {
    /// Returns the object in a slot that an index named.
    pub(in crate::engine) fn get(&self, slot: u32) -> &Arc<O> {
        self.entry(slot).object()
    }

    /// Puts the objects of slots that an index named into `out`, in order, and has the processor fetch them meanwhile.
    ///
    /// Entries and objects lie all over memory: the loads of many run side by side, where one after the other would wait.
    pub(in crate::engine) fn get_all<'a>(&'a self, slots: &[u32], out: &mut [Option<&'a Arc<O>>]) {
        const BATCH: usize = 32;
        for (slots, out) in slots.chunks(BATCH).zip(out.chunks_mut(BATCH)) {
            let mut entries: [Option<&Entry<O>>; BATCH] = [None; BATCH];
            for (entry, slot) in entries.iter_mut().zip(slots) {
                let found = self.entry(*slot);
                prefetch(found);
                *entry = Some(found);
            }
            for (entry, out) in entries.iter().flatten().zip(out) {
                let object = entry.object();
                prefetch(&raw const **object);
                *out = Some(object);
            }
        }
    }

    #[inline]
    fn entry(&self, slot: u32) -> &Entry<O> {
        assert!(slot < self.end, "an index names slots that exist");
        let root = self.root.as_ref().expect("an array with a slot has a page");
        let (mut page, mut shift) = (root.cells(), LEAF_BITS + INNER_BITS * self.height);
        // SAFETY: all pages on the way to a slot below `end` exist (invariant 1): inner pages begin with their boxes, and
        // leaves, which have none, with their entries. The boxes are this version's, so that the pages are there.
        unsafe {
            while shift > LEAF_BITS {
                shift -= INNER_BITS;
                page = (*page.add((slot >> shift) as usize % INNER)).cells();
            }
            &*page.cast::<Entry<O>>().add(slot as usize % LEAF)
        }
    }

    /// Puts an object into a free slot and returns its number; `None` when all 2^32 - 1 are in use.
    pub(in crate::engine) fn insert(
        &mut self,
        pen: &mut Pen<'_, O>,
        object: Arc<O>,
    ) -> Option<u32> {
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
                self.grow(pen);
            }
        }
        let stamp = pen.pages.stamp;
        let entry = self.entry_mut(pen, slot);
        // SAFETY: the slot is free, and `entry_mut` gives a new one the value of a free slot that is the last.
        let [next, _] = unsafe { entry.value.next };
        *entry = Entry {
            born: stamp,
            value: Value {
                object: ManuallyDrop::new(object),
            },
        };
        if slot == self.end {
            self.end += 1;
        } else {
            self.free = next;
        }
        self.bytes = self.bytes.wrapping_add_signed(pen.pages.take_grown());
        Some(slot)
    }

    /// Replaces the object of a slot that is in use and returns the old one.
    pub(in crate::engine) fn replace(
        &mut self,
        pen: &mut Pen<'_, O>,
        slot: u32,
        object: Arc<O>,
    ) -> Arc<O> {
        self.exchange(
            pen,
            slot,
            Value {
                object: ManuallyDrop::new(object),
            },
            true,
        )
    }

    /// Frees a slot that is in use and returns its object.
    pub(in crate::engine) fn remove(&mut self, pen: &mut Pen<'_, O>, slot: u32) -> Arc<O> {
        let next = std::mem::replace(&mut self.free, slot);
        self.exchange(pen, slot, Value { next: [next, 0] }, false)
    }

    fn exchange(&mut self, pen: &mut Pen<'_, O>, slot: u32, value: Value<O>, used: bool) -> Arc<O> {
        let Pages { stamp, floor, .. } = pen.pages;
        let entry = self.entry_mut(pen, slot);
        assert!(entry.born != 0, "an index names slots that are in use");
        let born = if used { stamp } else { 0 };
        let old = std::mem::replace(entry, Entry { born, value });
        // SAFETY: the slot was in use, so that it held an object.
        let object = unsafe { old.value.object };
        if old.born > floor {
            // No other version sees it: the table's count goes to the caller.
            return ManuallyDrop::into_inner(object);
        }
        let copy = Arc::clone(&object);
        pen.dead_rows.push(DeadRow {
            born: old.born,
            object,
        });
        copy
    }

    fn grow(&mut self, pen: &mut Pen<'_, O>) {
        let Some(below) = self.root.take() else {
            unreachable!("an array without a page has room for slot 0")
        };
        let mut root = pen.pages.make(INNER, 0);
        root.get_mut(&mut pen.pages).insert_box(0, below);
        self.root = Some(root);
        self.height += 1;
    }

    /// Returns the entry of a slot that exists or is the next one, in pages of the open version alone.
    fn entry_mut(&mut self, pen: &mut Pen<'_, O>, slot: u32) -> &mut Entry<O> {
        let pages = &mut pen.pages;
        let mut page = self
            .root
            .get_or_insert_with(|| pages.make(0, LEAF_WORDS))
            .get_mut(pages);
        for level in (0..self.height).rev() {
            let at = child(slot, level);
            if at == page.boxes().len() {
                let new = if level == 0 {
                    pages.make(0, LEAF_WORDS)
                } else {
                    pages.make(INNER, 0)
                };
                page.insert_box(at, new);
            }
            page = page.box_mut(at).get_mut(pages);
        }
        if slot == self.end {
            // A page that was used for something else holds anything.
            let entry: &mut Entry<O> = &mut entries_mut(page)[slot as usize % LEAF];
            *entry = Entry {
                born: 0,
                value: Value { next: [NONE, 0] },
            };
        }
        &mut entries_mut(page)[slot as usize % LEAF]
    }

    /// Frees what was made since: pages, and the objects in them.
    ///
    /// # Safety
    /// No version is left that reaches anything that was made since through this array.
    pub(super) unsafe fn free(
        self,
        since: Since,
        give: &mut dyn FnMut(PageBox),
        rows: &mut Vec<Arc<O>>,
    ) {
        if let Some(root) = self.root {
            free(root, self.height, 0, self.end, since, give, rows);
        }
    }

    /// Returns another handle of the same array, for another version.
    ///
    /// # Safety
    /// It must become part of a version that did not have one of this array.
    pub(super) unsafe fn share(&self) -> Self {
        // SAFETY: passed on to the caller.
        let root = self.root.as_ref().map(|root| unsafe { root.share() });
        Self { root, ..*self }
    }
}

/// Frees a page and what is below it, as far as it was made since.
fn free<O>(
    page: PageBox,
    height: u32,
    first: u32,
    end: u32,
    since: Since,
    give: &mut dyn FnMut(PageBox),
    rows: &mut Vec<Arc<O>>,
) {
    if page.born() <= since.floor {
        return;
    }
    if height == 0 {
        let used = ((end - first) as usize).min(LEAF);
        for entry in entries::<O>(&page)[..used]
            .iter()
            .filter(|entry| entry.born > since.floor)
        {
            // SAFETY: the slot is in use, since it has a version. Nobody sees the entry any more, so that the count that
            // belongs to the table is given up here, once: of an entry in several pages, all but one page were older.
            rows.push(ManuallyDrop::into_inner(unsafe {
                std::ptr::read(&raw const entry.value.object)
            }));
        }
    }
    let made = page.boxes_made(since);
    for (at, below) in (0..).zip(page.boxes()).take(made.end).skip(made.start) {
        let first = first + (at << (LEAF_BITS + INNER_BITS * (height - 1)));
        // SAFETY: the page that holds the box is given back just below.
        let below = unsafe { below.share() };
        free(below, height - 1, first, end, since, give, rows);
    }
    give(page);
}

/// Returns which box of a page a slot is under; `level` counts from the pages just above the leaves.
const fn child(slot: u32, level: u32) -> usize {
    (slot >> (LEAF_BITS + INNER_BITS * level)) as usize % INNER
}

fn entries<O>(page: &Page) -> &[Entry<O>; LEAF] {
    let words = page.words();
    assert!(words.len() == LEAF_WORDS, "a leaf holds its entries");
    // SAFETY: the words have the size of the entries and, behind a head of 16 bytes and no boxes, their alignment. All bits
    // are an entry; whether its value is an object is for the reader to see from `born`.
    unsafe { &*words.as_ptr().cast() }
}

fn entries_mut<O>(page: &mut Page) -> &mut [Entry<O>; LEAF] {
    let words = page.words_mut();
    assert!(words.len() == LEAF_WORDS, "a leaf holds its entries");
    // SAFETY: as in `entries`; the reference is exclusive as that to the page is.
    unsafe { &mut *words.as_mut_ptr().cast() }
}
