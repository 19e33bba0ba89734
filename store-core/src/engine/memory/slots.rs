//! Slots: a persistent array that owns each object of a table once, under a number that does not change while it lives.
//!
//! A radix tree of pages. Each slot knows the version that put its object there, so that an object can be freed as soon as no
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

use crate::engine::visits::visit;

use super::dead::DeadRow;
use super::page::{Page, PageBox, Since, Stamp, prefetch};
use super::versions::Pen;

const LEAF_BITS: u32 = 5;
const LEAF: usize = 1 << LEAF_BITS;
const INNER_BITS: u32 = 6;
const INNER: usize = 1 << INNER_BITS;
/// With so many levels above the leaves, an array has room for every number.
const HEIGHT_MAX: u32 = (u32::BITS - LEAF_BITS).div_ceil(INNER_BITS);

/// With so many levels, for more than 131 072 slots, the pages of the slots themselves are mostly not in a cache.
const HEIGHT_LARGE: u32 = 3;

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

/// The slots of a leaf page. What a reader needs lies together.
#[repr(C)]
struct Leaf<O> {
    objects: [Place<O>; LEAF],
    /// The version that put the object there; in a free slot, the next free one.
    born: [Stamp; LEAF],
}

/// The object of a slot; none in a free one.
#[repr(transparent)]
struct Place<O>(Option<ManuallyDrop<Arc<O>>>);

const LEAF_WORDS: usize = size_of::<Leaf<()>>() / size_of::<u32>();

/// What is said when an index names a slot without an object.
const IN_USE: &str = "an index names slots that are in use";

impl<O> Place<O> {
    const FREE: Self = Self(None);

    const fn of(object: Arc<O>) -> Self {
        Self(Some(ManuallyDrop::new(object)))
    }

    #[inline]
    fn object(&self) -> &Arc<O> {
        self.0.as_deref().expect(IN_USE)
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
    #[inline]
    pub(in crate::engine) fn get(&self, slot: u32) -> &Arc<O> {
        self.place(slot, self.height).object()
    }

    /// Returns the object in a slot, if there is such a slot and it is in use.
    pub(in crate::engine) fn find(&self, slot: u32) -> Option<&Arc<O>> {
        let exists = slot < self.end;
        exists.then(|| self.place(slot, self.height).0.as_deref())?
    }

    /// Puts the objects of slots that an index named, as many as fit, into `out`, in order, and has the processor fetch them
    /// meanwhile.
    ///
    /// Slots and objects lie all over memory. No slot waits for an object here, so that the loads of many run side by side.
    pub(in crate::engine) fn get_all<'a, const N: usize>(
        &'a self,
        slots: &[u32],
        out: &mut [Option<&'a Arc<O>>; N],
    ) {
        // With a height that the compiler knows, finding a slot is a few shifts and loads, without a loop.
        match self.height {
            0 => self.get_all_at::<0, N>(slots, out),
            1 => self.get_all_at::<1, N>(slots, out),
            2 => self.get_all_at::<2, N>(slots, out),
            3 => self.get_all_at::<3, N>(slots, out),
            4 => self.get_all_at::<4, N>(slots, out),
            _ => self.get_all_at::<HEIGHT_MAX, N>(slots, out),
        }
    }

    #[inline]
    fn get_all_at<'a, const HEIGHT: u32, const N: usize>(
        &'a self,
        slots: &[u32],
        out: &mut [Option<&'a Arc<O>>; N],
    ) {
        if HEIGHT >= HEIGHT_LARGE {
            for slot in slots.iter().take(N) {
                prefetch(&raw const *self.place(*slot, HEIGHT));
            }
        }
        for (slot, out) in slots.iter().zip(out) {
            let object = self.place(*slot, HEIGHT).object();
            prefetch(&raw const **object);
            *out = Some(object);
        }
    }

    /// Returns what is in a slot.
    #[inline]
    fn place(&self, slot: u32, height: u32) -> &Place<O> {
        assert!(slot < self.end, "an index names slots that exist");
        let root = self.root.as_ref().expect("an array with a slot has a page");
        let (mut page, mut shift) = (root.cells(), LEAF_BITS + INNER_BITS * height);
        // SAFETY: all pages on the way to a slot below `end` exist (invariant 1): inner pages begin with their boxes, and
        // leaves, which have none, with their objects. The boxes are this version's, so that the pages are there.
        unsafe {
            while shift > LEAF_BITS {
                shift -= INNER_BITS;
                page = (*page.add((slot >> shift) as usize % INNER)).cells();
            }
            &*page.cast::<Place<O>>().add(slot as usize % LEAF)
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
        let (place, born) = self.slot_mut(pen, slot);
        let next = *born;
        (*place, *born) = (Place::of(object), stamp);
        if slot == self.end {
            self.end += 1;
        } else {
            self.free = u32::try_from(next).expect("a free slot says which is the next");
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
        let stamp = pen.pages.stamp;
        self.exchange(pen, slot, Place::of(object), stamp)
    }

    /// Frees a slot that is in use and returns its object.
    pub(in crate::engine) fn remove(&mut self, pen: &mut Pen<'_, O>, slot: u32) -> Arc<O> {
        let next = std::mem::replace(&mut self.free, slot);
        self.exchange(pen, slot, Place::FREE, next.into())
    }

    fn exchange(
        &mut self,
        pen: &mut Pen<'_, O>,
        slot: u32,
        new: Place<O>,
        new_born: Stamp,
    ) -> Arc<O> {
        let floor = pen.pages.floor;
        let (place, born) = self.slot_mut(pen, slot);
        let object = std::mem::replace(place, new).0.expect(IN_USE);
        let born = std::mem::replace(born, new_born);
        if born > floor {
            // No other version sees it: the table's count goes to the caller.
            return ManuallyDrop::into_inner(object);
        }
        let copy = Arc::clone(&object);
        pen.dead_rows.push(DeadRow { born, object });
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

    /// Returns a slot that exists or is the next one, in pages of the open version alone.
    fn slot_mut(&mut self, pen: &mut Pen<'_, O>, slot: u32) -> (&mut Place<O>, &mut Stamp) {
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
        let (leaf, at): (&mut Leaf<O>, usize) = (leaf_mut(page), slot as usize % LEAF);
        if slot == self.end {
            // A page that was used for something else holds anything.
            (leaf.objects[at], leaf.born[at]) = (Place::FREE, NONE.into());
        }
        (&mut leaf.objects[at], &mut leaf.born[at])
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
    visit();
    if page.born() <= since.floor {
        return;
    }
    if height == 0 {
        let used = ((end - first) as usize).min(LEAF);
        let leaf: &Leaf<O> = leaf_of(&page);
        for (object, born) in leaf.objects[..used].iter().zip(&leaf.born) {
            if let Place(Some(object)) = object
                && *born > since.floor
            {
                // SAFETY: nobody sees the slot any more, so that the count that belongs to the table is given up here, once:
                // of an object in several pages, all but one page were older.
                rows.push(ManuallyDrop::into_inner(unsafe { std::ptr::read(object) }));
            }
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

fn leaf_of<O>(page: &Page) -> &Leaf<O> {
    let words = page.words();
    assert!(words.len() == LEAF_WORDS, "a leaf holds its slots");
    // SAFETY: the words have the size of the slots and, behind a head of 16 bytes and no boxes, their alignment. All bits are
    // an object or none; it is for the reader to look only at slots that were given out.
    unsafe { &*words.as_ptr().cast() }
}

fn leaf_mut<O>(page: &mut Page) -> &mut Leaf<O> {
    let words = page.words_mut();
    assert!(words.len() == LEAF_WORDS, "a leaf holds its slots");
    // SAFETY: as in `leaf_of`; the reference is exclusive as that to the page is.
    unsafe { &mut *words.as_mut_ptr().cast() }
}
