//! What threads keep of the keys that they have dealt with: allocations, of a bounded size.

use std::sync::Arc;

use super::table::{Thing, thing};
use crate::engine::Table;
use crate::engine::keys::{KEPT_BYTES_MAX, with_key_sets};

/// Returns how many bytes this thread has kept for the keys of objects.
fn kept() -> usize {
    with_key_sets(|keys, others| keys.allocated() + others.allocated())
}

/// They were kept as large as they had ever been, by every thread.
#[test]
fn a_thread_gives_back_the_room_that_many_long_keys_took() {
    let alive = Arc::default();
    let mut table = Table::<Thing>::new();
    table.create(thing("few", "short", &[1], &alive)).unwrap();
    let usual = kept();
    assert!((1..=KEPT_BYTES_MAX).contains(&usual), "{usual} bytes");

    // Each key of a group is followed by the id; those of both sets are replaced.
    let (id, groups) = ("i".repeat(60_000), (0..100).collect::<Vec<u8>>());
    table.create(thing(&id, "many", &groups, &alive)).unwrap();
    assert!(
        kept() <= KEPT_BYTES_MAX,
        "{} bytes after a creation",
        kept()
    );
    table.update(thing(&id, "more", &groups, &alive)).unwrap();
    assert!(kept() <= KEPT_BYTES_MAX, "{} bytes after an update", kept());
    table.delete(&id).unwrap();
    assert!(
        kept() <= KEPT_BYTES_MAX,
        "{} bytes after a deletion",
        kept()
    );

    // Of short keys, it is not the bytes that take most.
    let short = [1; 4_000];
    table
        .create(thing("s", "short keys", &short, &alive))
        .unwrap();
    assert!(kept() < 1_000, "{} bytes after short keys", kept());
    table.check_invariants();
}
