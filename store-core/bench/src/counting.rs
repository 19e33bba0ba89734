//! Counts the bytes that a thread allocates and does not free.
//!
//! The system's allocator does the work. Counting adds to a number of the thread's own, which is little enough to do
//! always, and the same for all engines. What an allocator adds to a request is not counted.

#![expect(
    unsafe_code,
    reason = "a global allocator cannot be written without; this one passes every call on as it is"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// Allocated minus freed; it wraps below zero when the thread frees what others have allocated.
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

/// Returns what `make` does, and how many bytes on the heap it left behind.
pub(crate) fn bytes_left_by<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = BYTES.get();
    let value = make();
    (value, BYTES.get().wrapping_sub(before))
}

struct Counting;

impl Counting {
    fn add(bytes: usize) {
        BYTES.set(BYTES.get().wrapping_add(bytes));
    }

    fn subtract(bytes: usize) {
        BYTES.set(BYTES.get().wrapping_sub(bytes));
    }
}

// SAFETY: every method hands its arguments to `System` unchanged and returns what that returns.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::add(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::add(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::subtract(layout.size());
        Self::add(size);
        // SAFETY: `block` came from `System`, through this allocator; else as in `alloc`.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        Self::subtract(layout.size());
        // SAFETY: as in `realloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted_and_what_is_freed_is_not() {
        let (kept, bytes) = bytes_left_by(|| {
            drop(vec![0_u8; 5_000]);
            let mut kept = vec![1_u64; 100];
            kept.reserve_exact(900);
            kept
        });
        assert_eq!(bytes, kept.capacity() * 8);
        assert_eq!(bytes_left_by(|| kept.len()).1, 0);
    }
}
