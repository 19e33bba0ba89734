//! Pages: the nodes of every tree of a table, with the version that made them instead of a reference count.
//!
//! Versions that follow one another share pages. The one that is open changes a page in place if it was made after its
//! parent, so that nobody else sees it; otherwise it copies the page, once, and what it replaces goes to its list of the
//! dead. So a copy touches no other page, however many it refers to, and nothing is counted.
//!
//! Invariants, which every `SAFETY` comment below leans on:
//! 1. *One owner a version*: in one version's trees, a page is referred to by exactly one [`PageBox`]. A page box is never
//!    cloned; only copying a page, or forking a whole version, repeats the boxes that it holds.
//! 2. *Shared pages do not change*: a page is written to only by an open version, which nobody else has access to and no other
//!    was forked from, and only if it was made after that version's parent.
//! 3. *Dead pages live on* until no version is left that can reach them (`versions.rs`).
//! 4. *What was not changed is old*: a page's boxes outside `Head::changed` are those of the page that it was copied from.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::mem::MaybeUninit;
use std::ops::{Deref, Range};
use std::ptr::{self, NonNull};
use std::slice;

/// Numbers the versions of one table, in order of their making; 0 is before all of them.
pub(super) type Stamp = u64;

/// Free pages of past versions are kept for the next ones up to this many bytes: those of a transaction that changes a few
/// thousand objects. The rest goes back to the allocator.
pub(super) const POOL_BYTES_MAX: usize = 4 << 20;
/// Pages that an open version outgrew are kept up to this many only: nobody grows a second time through the same sizes.
const OUTGROWN_BYTES_MAX: usize = 64 << 10;
/// Sizes of pages are multiples of a cache line.
const LINE: usize = 64;
/// Lines of a page that are fetched at once: most of the heads of a leaf.
const PREFETCHED: usize = 8;
/// Larger pages, made for very long keys, are not pooled.
const POOLED_SIZE_MAX: usize = 4 << 10;

/// A node: words that mean what the tree wants them to, then boxes of the pages below it.
#[repr(C)]
pub(in crate::engine) struct Page {
    head: Head,
    /// `words` words of four bytes, then `boxes_max` page boxes, of which the first `boxes` are in use. The words come first
    /// so that every search begins in the same lines.
    body: [Cell],
}

/// Room for a page box or two words; copied with whatever it holds.
type Cell = MaybeUninit<*mut Head>;

#[derive(Clone, Copy)]
#[repr(C)]
struct Head {
    born: Stamp,
    boxes_max: u8,
    boxes: u8,
    /// Where the boxes begin and end that may have been changed since the page was made or copied; the end may be behind
    /// the last one.
    changed: (u8, u8),
    words: u32,
}

/// What is freed with a version: what was made since its parent.
#[derive(Clone, Copy)]
pub(super) struct Since {
    pub(super) floor: Stamp,
    /// Whether versions between the two were absorbed: then it is not only what the version itself has changed.
    pub(super) absorbed: bool,
}

/// As [`Head::changed`] of a page in which no box was changed; it grows by minimum and maximum.
const NONE_CHANGED: (u8, u8) = (u8::MAX, 0);
/// As [`Head::changed`] where boxes were moved.
const ALL_CHANGED: (u8, u8) = (0, u8::MAX);

/// What owns a page, within one version.
///
/// Dropping a box does nothing: a page leaves its version by [`Pages::retire`]. Until then it is leaked, never freed early.
#[repr(transparent)]
pub(in crate::engine) struct PageBox(NonNull<Head>);

// SAFETY: a page is plain memory without ties to a thread. Shared access only reads (invariant 2).
unsafe impl Send for PageBox {}
// SAFETY: as above.
unsafe impl Sync for PageBox {}

impl Head {
    /// Returns after how many cells the boxes begin.
    const fn boxes_at(self) -> usize {
        (self.words as usize * 4).div_ceil(size_of::<Cell>())
    }

    const fn body_len(self) -> usize {
        self.boxes_at() + self.boxes_max as usize
    }

    const fn size(self) -> usize {
        (size_of::<Self>() + self.body_len() * size_of::<Cell>()).next_multiple_of(LINE)
    }

    fn layout(self) -> Layout {
        Layout::from_size_align(self.size(), LINE)
            .expect("a page is smaller than half the address space")
    }
}

impl PageBox {
    fn head(&self) -> Head {
        // SAFETY: the page is there as long as a box of it can be had (invariant 3), and its head is only written to
        // through an exclusive reference to the box.
        unsafe { *self.0.as_ptr() }
    }

    pub(super) fn born(&self) -> Stamp {
        self.head().born
    }

    pub(super) fn size(&self) -> usize {
        self.head().size()
    }

    /// Returns where the page's words begin, or its boxes if it has no words.
    pub(super) const fn cells(&self) -> *const PageBox {
        // SAFETY: a page has a head at least.
        unsafe { self.0.as_ptr().add(1).cast() }
    }

    /// Has the processor fetch what a search reads first, all of it at once: the head, and the lines behind it.
    #[inline]
    pub(in crate::engine) fn prefetch(&self) {
        for line in 0..PREFETCHED {
            prefetch_line(self.0.as_ptr().cast::<u8>().wrapping_add(line * LINE));
        }
    }

    fn raw(&self) -> *mut Page {
        ptr::slice_from_raw_parts_mut(self.0.as_ptr().cast::<Cell>(), self.head().body_len())
            as *mut Page
    }

    /// Returns the page to be changed: this one if no other version sees it, otherwise a copy that takes its place.
    pub(in crate::engine) fn get_mut(&mut self, pages: &mut Pages<'_>) -> &mut Page {
        if self.born() <= pages.floor {
            *self = pages.copy(self);
        }
        // SAFETY: no other version sees the page, so nobody but the holder of this box reaches it (invariants 1 and 2).
        unsafe { &mut *self.raw() }
    }

    /// Returns another box of the same page, for another version.
    ///
    /// # Safety
    /// The box must become part of a version that did not have one of this page.
    pub(super) unsafe fn share(&self) -> Self {
        Self(self.0)
    }
}

impl Deref for PageBox {
    type Target = Page;

    fn deref(&self) -> &Page {
        // SAFETY: the page is there as long as a box of it can be had (invariant 3), and it is written to only through an
        // exclusive reference to its one box, or not at all (invariants 1 and 2).
        unsafe { &*self.raw() }
    }
}

impl Page {
    /// Returns the boxes of the pages below.
    pub(in crate::engine) fn boxes(&self) -> &[PageBox] {
        let boxes = usize::from(self.head.boxes);
        // SAFETY: the body has `boxes_max` cells from there on, the first `boxes` of which hold page boxes, which have the
        // size and alignment of a cell.
        unsafe {
            let first = self.body.as_ptr().add(self.head.boxes_at());
            slice::from_raw_parts(first.cast(), boxes)
        }
    }

    /// Returns one box of the pages below, to be changed.
    pub(in crate::engine) fn box_mut(&mut self, at: usize) -> &mut PageBox {
        assert!(
            at < usize::from(self.head.boxes),
            "a page has the box that is asked for"
        );
        let (first, end) = &mut self.head.changed;
        let place = u8::try_from(at).expect("it was just compared with a number of eight bits");
        (*first, *end) = ((*first).min(place), (*end).max(place + 1));
        let cell = &raw mut self.box_cells()[at];
        // SAFETY: as in `boxes`; the reference is exclusive as that to the page is.
        unsafe { &mut *cell.cast() }
    }

    /// Returns how many boxes the page has room for.
    pub(in crate::engine) fn boxes_max(&self) -> usize {
        usize::from(self.head.boxes_max)
    }

    /// Returns which boxes may lead to what was made since.
    pub(super) fn boxes_made(&self, since: Since) -> Range<usize> {
        let boxes = usize::from(self.head.boxes);
        let (first, end) = if since.absorbed {
            ALL_CHANGED
        } else {
            self.head.changed
        };
        usize::from(first).min(boxes)..usize::from(end).min(boxes)
    }

    /// Adds a box before the one at `at`.
    #[expect(clippy::needless_pass_by_value, reason = "the box goes into the page")]
    pub(in crate::engine) fn insert_box(&mut self, at: usize, page: PageBox) {
        let boxes = usize::from(self.head.boxes);
        assert!(
            boxes < self.boxes_max() && at <= boxes,
            "a page has room for the box"
        );
        let cells = self.box_cells();
        cells.copy_within(at..boxes, at + 1);
        cells[at] = Cell::new(page.0.as_ptr());
        self.head.boxes += 1;
        self.head.changed = ALL_CHANGED;
    }

    /// Takes a box out.
    pub(in crate::engine) fn remove_box(&mut self, at: usize) -> PageBox {
        let boxes = usize::from(self.head.boxes);
        assert!(at < boxes, "a page has the box that is taken");
        let cells = self.box_cells();
        // SAFETY: as in `boxes`; the original is overwritten or out of use from here on.
        let taken = unsafe { cells.as_ptr().add(at).cast::<PageBox>().read() };
        cells.copy_within(at + 1..boxes, at);
        self.head.boxes -= 1;
        self.head.changed = ALL_CHANGED;
        taken
    }

    /// Moves the boxes from `from` on behind those of another page.
    pub(in crate::engine) fn move_boxes(&mut self, from: usize, to: &mut Self) {
        let (boxes, others) = (usize::from(self.head.boxes), usize::from(to.head.boxes));
        assert!(
            from <= boxes && others + boxes - from <= to.boxes_max(),
            "a page has room for the boxes"
        );
        to.box_cells()[others..][..boxes - from].copy_from_slice(&self.box_cells()[from..boxes]);
        let moved = u8::try_from(boxes - from).expect("boxes are counted by eight bits");
        self.head.boxes -= moved;
        to.head.boxes += moved;
        (self.head.changed, to.head.changed) = (ALL_CHANGED, ALL_CHANGED);
    }

    /// Returns the room for boxes.
    fn box_cells(&mut self) -> &mut [Cell] {
        let at = self.head.boxes_at();
        &mut self.body[at..]
    }

    /// Returns the words.
    #[inline]
    pub(in crate::engine) fn words(&self) -> &[u32] {
        // SAFETY: two words fit into a cell, all bytes of a page are initialized, and it was made for as many words.
        unsafe { slice::from_raw_parts(self.body.as_ptr().cast(), self.head.words as usize) }
    }

    /// Returns the words, to be changed.
    pub(in crate::engine) fn words_mut(&mut self) -> &mut [u32] {
        let words = self.head.words as usize;
        // SAFETY: as in `words`; the reference is exclusive as that to the page is.
        unsafe { slice::from_raw_parts_mut(self.body.as_mut_ptr().cast(), words) }
    }
}

/// Where pages come from and go to, while one version is open.
pub(in crate::engine) struct Pages<'a> {
    pub(super) pool: &'a mut Pool,
    /// The open version.
    pub(super) stamp: Stamp,
    /// Its parent: what was made later is seen by no other version.
    pub(super) floor: Stamp,
    /// What the open version does not have any more of what others may have.
    pub(super) dead: &'a mut Vec<PageBox>,
    /// By how much the open version has grown.
    pub(super) grown: isize,
}

impl Pages<'_> {
    /// Makes a page of the open version: without boxes, with words of any value.
    pub(in crate::engine) fn make(&mut self, boxes_max: usize, words: usize) -> PageBox {
        let head = Head {
            born: self.stamp,
            boxes_max: u8::try_from(boxes_max).expect("a page has room for 128 boxes at most"),
            boxes: 0,
            changed: NONE_CHANGED,
            words: u32::try_from(words).expect("a page is smaller than 16 GiB"),
        };
        self.grown += head.size().cast_signed();
        self.pool.take(head)
    }

    /// Takes a page out of the open version, without the pages below it.
    pub(in crate::engine) fn retire(&mut self, page: PageBox) {
        self.grown -= page.size().cast_signed();
        self.bury(page);
    }

    /// Returns by how many bytes the open version has grown since it was asked last.
    pub(in crate::engine) fn take_grown(&mut self) -> isize {
        std::mem::take(&mut self.grown)
    }

    fn bury(&mut self, page: PageBox) {
        if page.born() > self.floor {
            // SAFETY: no box of the page is left, since this was the one of its version.
            unsafe { self.pool.give(page, OUTGROWN_BYTES_MAX) };
        } else {
            self.dead.push(page);
        }
    }

    fn copy(&mut self, page: &PageBox) -> PageBox {
        let old = page.head();
        let copy = self.pool.take(Head {
            born: self.stamp,
            changed: NONE_CHANGED,
            ..old
        });
        // SAFETY: both pages have a body of this length, and the new one is nobody else's. The boxes of the old page go to
        // the new version, which has the copy instead of it from here on (invariant 1).
        unsafe {
            let (from, to) = (page.raw(), copy.raw());
            ptr::copy_nonoverlapping(
                (&raw const (*from).body).cast::<Cell>(),
                (&raw mut (*to).body).cast::<Cell>(),
                old.body_len(),
            );
        }
        // SAFETY: the box that it is a repetition of is about to be overwritten by that of the copy.
        let old = unsafe { page.share() };
        self.bury(old);
        copy
    }
}

/// Free pages, by size, last used first; and how many are in use.
pub(super) struct Pool {
    free: [Vec<PageBox>; POOLED_SIZE_MAX / LINE + 1],
    free_bytes: usize,
    /// Pages in use, of whatever version.
    pub(super) pages: usize,
    /// Their bytes.
    pub(super) bytes: usize,
}

impl Pool {
    pub(super) const fn new() -> Self {
        Self {
            free: [const { Vec::new() }; POOLED_SIZE_MAX / LINE + 1],
            free_bytes: 0,
            pages: 0,
            bytes: 0,
        }
    }

    fn take(&mut self, head: Head) -> PageBox {
        let size = head.size();
        self.pages += 1;
        self.bytes += size;
        if let Some(page) = self.free.get_mut(size / LINE).and_then(Vec::pop) {
            self.free_bytes -= size;
            // SAFETY: a free page is nobody else's; it has the size that the new head needs.
            unsafe { page.0.write(head) };
            return page;
        }
        // Zeroed, so that all bytes of a page are initialized from then on, whatever it is used for.
        // SAFETY: the layout has the size of a head at least.
        let bytes = unsafe { alloc_zeroed(head.layout()) };
        #[expect(
            clippy::cast_ptr_alignment,
            reason = "the layout has the alignment of a cache line"
        )]
        let Some(page) = NonNull::new(bytes.cast::<Head>()) else {
            handle_alloc_error(head.layout())
        };
        // SAFETY: it was just allocated, large enough and aligned for a head.
        unsafe { page.write(head) };
        PageBox(page)
    }

    /// Takes a page back, and keeps it if no more than so many bytes are free then.
    ///
    /// # Safety
    /// No other box of the page is left in any version.
    pub(super) unsafe fn give(&mut self, page: PageBox, free_bytes_max: usize) {
        let head = page.head();
        let size = head.size();
        self.pages -= 1;
        self.bytes -= size;
        // Where assertions are on, none is kept, so that a sanitizer sees when one is used that was freed.
        let keep = !cfg!(debug_assertions) && self.free_bytes + size <= free_bytes_max;
        match self.free.get_mut(size / LINE) {
            Some(free) if keep => {
                self.free_bytes += size;
                free.push(page);
            }
            // SAFETY: it was allocated with this layout, and nobody refers to it.
            _ => unsafe { dealloc(page.0.as_ptr().cast(), head.layout()) },
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for page in self.free.iter_mut().flat_map(|free| free.drain(..)) {
            // SAFETY: it was allocated with a layout of this size, and nobody refers to it.
            unsafe { dealloc(page.0.as_ptr().cast(), page.head().layout()) };
        }
    }
}

/// Has the processor fetch the beginning of what is going to be read soon.
#[inline]
pub(super) fn prefetch<T>(value: *const T) {
    prefetch_line(value.cast());
    if size_of::<T>() > LINE / 2 {
        // Wherever in its first line it begins.
        prefetch_line(value.cast::<u8>().wrapping_add(LINE));
    }
}

#[inline]
fn prefetch_line(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch has no effect that a program can see, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
