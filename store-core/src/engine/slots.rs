//! Slots: a persistent array that owns each object of a table once, under a number that never changes while it lives.
//!
//! A radix tree of small pages; freed slots form a list threaded through the array itself, so that which slot is given
//! out next is part of the state, and goes back with it.

use std::sync::Arc;

const BITS: u32 = 4;
const FAN: usize = 1 << BITS;
const MASK: u32 = (1 << BITS) - 1;

/// No slot: the end of the list of free ones.
const NONE: u32 = u32::MAX;

pub(crate) struct Slots<T> {
    root: Page<T>,
    /// Levels below the root: 0 when the root holds entries.
    height: u32,
    /// Slots ever given out: all of them hold an object or are in the free list.
    end: u32,
    free: u32,
}

enum Page<T> {
    Entries(Arc<[Entry<T>; FAN]>),
    Pages(Arc<[Option<Page<T>>; FAN]>),
}

enum Entry<T> {
    Free { next: u32 },
    Used(Arc<T>),
}

impl<T> Slots<T> {
    pub(crate) fn new() -> Self {
        Self {
            root: Page::empty(),
            height: 0,
            end: 0,
            free: NONE,
        }
    }

    pub(crate) fn get(&self, slot: u32) -> &Arc<T> {
        let mut page = &self.root;
        let mut shift = self.height * BITS;
        loop {
            let at = (slot >> shift & MASK) as usize;
            match page {
                Page::Pages(pages) => {
                    page = pages[at].as_ref().expect("an index names slots that exist");
                    shift -= BITS;
                }
                Page::Entries(entries) => match &entries[at] {
                    Entry::Used(value) => return value,
                    Entry::Free { .. } => unreachable!("an index names slots that are in use"),
                },
            }
        }
    }

    /// Puts a value into a free slot and returns its number; `None` when all 2^32 - 1 are in use.
    pub(crate) fn insert(&mut self, value: Arc<T>) -> Option<u32> {
        let slot = if self.free == NONE {
            let slot = self.end;
            if slot == NONE {
                return None;
            }
            self.end += 1;
            while u64::from(slot) >> ((self.height + 1) * BITS) > 0 {
                self.grow();
            }
            slot
        } else {
            self.free
        };
        if let Entry::Free { next } = std::mem::replace(self.entry(slot), Entry::Used(value))
            && slot == self.free
        {
            self.free = next;
        }
        Some(slot)
    }

    /// Replaces the value of a slot that is in use and returns the old one.
    pub(crate) fn replace(&mut self, slot: u32, value: Arc<T>) -> Arc<T> {
        match std::mem::replace(self.entry(slot), Entry::Used(value)) {
            Entry::Used(old) => old,
            Entry::Free { .. } => unreachable!("an index names slots that are in use"),
        }
    }

    /// Frees a slot that is in use and returns its value.
    pub(crate) fn remove(&mut self, slot: u32) -> Arc<T> {
        let next = self.free;
        self.free = slot;
        match std::mem::replace(self.entry(slot), Entry::Free { next }) {
            Entry::Used(old) => old,
            Entry::Free { .. } => unreachable!("an index names slots that are in use"),
        }
    }

    fn grow(&mut self) {
        let below = std::mem::replace(&mut self.root, Page::empty());
        let mut pages = [const { None }; FAN];
        pages[0] = Some(below);
        self.root = Page::Pages(Arc::new(pages));
        self.height += 1;
    }

    /// Returns the entry of a slot, with every page on the way to it owned by this clone alone.
    fn entry(&mut self, slot: u32) -> &mut Entry<T> {
        let mut page = &mut self.root;
        let mut shift = self.height * BITS;
        loop {
            let at = (slot >> shift & MASK) as usize;
            match page {
                Page::Pages(pages) => {
                    shift -= BITS;
                    page = Arc::make_mut(pages)[at].get_or_insert_with(|| {
                        if shift == 0 {
                            Page::empty()
                        } else {
                            Page::Pages(Arc::new([const { None }; FAN]))
                        }
                    });
                }
                Page::Entries(entries) => return &mut Arc::make_mut(entries)[at],
            }
        }
    }
}

impl<T> Page<T> {
    fn empty() -> Self {
        Self::Entries(Arc::new([const { Entry::Free { next: NONE } }; FAN]))
    }
}

impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        Self {
            root: self.root.clone(),
            ..*self
        }
    }
}

impl<T> Clone for Page<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Entries(entries) => Self::Entries(Arc::clone(entries)),
            Self::Pages(pages) => Self::Pages(Arc::clone(pages)),
        }
    }
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Free { next } => Self::Free { next: *next },
            Self::Used(value) => Self::Used(Arc::clone(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut slots = Slots::new();
        for number in 0..5_000_u32 {
            assert_eq!(slots.insert(Arc::new(number)), Some(number));
        }
        let before = slots.clone();
        for number in (0..5_000).step_by(3) {
            assert_eq!(*slots.remove(number), number);
        }
        slots.replace(1, Arc::new(77));
        assert_eq!((**slots.get(1), **before.get(1)), (77, 1));
        assert!((0..5_000).all(|number| **before.get(number) == number));
    }

    #[test]
    fn freed_slots_are_given_out_again_last_freed_first() {
        let mut slots = Slots::new();
        for number in 0..40_u32 {
            slots.insert(Arc::new(number));
        }
        slots.remove(7);
        slots.remove(21);
        assert_eq!(slots.insert(Arc::new(0)), Some(21));
        assert_eq!(slots.insert(Arc::new(0)), Some(7));
        assert_eq!(slots.insert(Arc::new(0)), Some(40));
    }
}
