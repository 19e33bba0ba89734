//! The memory of a table: pages, slots, and the versions that share them. The one module with `unsafe`.
//!
//! What it offers is safe as long as the engine keeps to one rule, which is easy to keep: a [`PageBox`] is moved only within
//! the trees of one version, and given up only by [`Pages::retire`]. A box that is lost is a leak, no more.
//!
//! With the feature `safe-memory`, `safe_memory.rs` takes its place: the same interface on reference counts, without
//! `unsafe`, and slower. Tests run against both (`cargo xtask ci twin`).

#![expect(
    unsafe_code,
    reason = "reference counts on pages cost an update at a million objects twice its time: ARCHITECTURE.md"
)]

mod dead;

mod forest;

mod page;

mod slots;

mod versions;

pub(super) use forest::{Forest, Tree};
pub(super) use page::{Page, PageBox, Pages};
pub(super) use slots::Slots;
pub(super) use versions::{Pen, Versioned};

/// Returns words as bytes.
pub(super) fn bytes(words: &[u32]) -> &[u8] {
    // SAFETY: four bytes fit into a word and need no alignment.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}

/// Returns words as bytes, to be changed.
pub(super) fn bytes_mut(words: &mut [u32]) -> &mut [u8] {
    // SAFETY: as in `bytes`; any bytes are words.
    unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), size_of_val(words)) }
}
