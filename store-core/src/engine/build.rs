//! Trees built bottom up from sorted keys: no key is looked for, and every page is written once.

use super::entries::Entries;
use super::leaf::{LEAF_WORDS, SPLIT_MIN, make_leaf};
use super::memory::{PageBox, Pages, Tree};
use super::node::{ENTRY, HEAD, HEADER, common, tail_size};
use super::sorted::SortedKeys;
use super::tree::{FAN, INNER_WORDS, count, make_inner, number};

/// A page, with what separates it from the one before it.
struct Part {
    separator: Vec<u8>,
    page: PageBox,
}

impl Tree {
    /// Makes a tree.
    ///
    /// # Complexity
    /// O(n).
    pub(super) fn build(keys: &SortedKeys, pages: &mut Pages<'_>) -> Self {
        let mut level = leaves(keys, pages);
        while level.len() > 1 {
            level = level_above(level, pages);
        }
        Self {
            root: level.pop().map(|part| part.page),
            len: keys.len(),
            bytes: usize::try_from(pages.take_grown()).expect("pages were made, none given up"),
        }
    }
}

fn leaves(keys: &SortedKeys, pages: &mut Pages<'_>) -> Vec<Part> {
    let mut leaves = Vec::new();
    let (mut from, mut tells) = (0, Vec::new());
    while from < keys.len() {
        let prefix = next_leaf(keys, from, &mut tells);
        let mut entries = Entries::default();
        for (at, tell) in tells.iter().enumerate() {
            let key = keys.get(from + at);
            // What fits into a head costs nothing, and a search sees it without looking further.
            let held = (*tell).max(prefix + HEAD).min(key.bytes.len());
            entries.push(&key.bytes[..held], key.slot);
        }
        let first = keys.get(from).bytes;
        leaves.push(Part {
            separator: first[..(shared_before(keys, from) + 1).min(first.len())].to_vec(),
            page: make_leaf(pages, &entries, 0, entries.len()),
        });
        from += tells.len();
    }
    leaves
}

/// Finds how many keys, from one on, make a leaf with an eighth of it free: sets `tells` to how many bytes of each it takes
/// to tell it from its neighbours, and returns the length of what all begin with.
fn next_leaf(keys: &SortedKeys, from: usize, tells: &mut Vec<usize>) -> usize {
    tells.clear();
    let (mut prefix, mut tails) = (keys.get(from).bytes.len(), 0);
    let mut before = shared_before(keys, from);
    for at in from..keys.len() {
        let key = keys.get(at);
        let after = shared_before(keys, at + 1);
        tells.push((before.max(after) + 1).max(key.hold).min(key.bytes.len()));
        let shorter = if at > from {
            prefix.min(before)
        } else {
            prefix
        };
        let more: usize = if shorter == prefix {
            tails + tail(tells[at - from], shorter)
        } else {
            tells.iter().map(|tell| tail(*tell, shorter)).sum()
        };
        let words = HEADER + shorter.div_ceil(4) + ENTRY * tells.len() + more.div_ceil(4);
        if tells.len() > SPLIT_MIN && !leaves_room(words, LEAF_WORDS) {
            tells.pop();
            break;
        }
        (prefix, tails, before) = (shorter, more, after);
    }
    prefix
}

/// Returns how many bytes a key and the one before it have in common.
fn shared_before(keys: &SortedKeys, at: usize) -> usize {
    if at == 0 || at == keys.len() {
        return 0;
    }
    common(keys.get(at - 1).bytes, keys.get(at).bytes)
}

/// Returns how many bytes the tail of a key takes.
fn tail(held: usize, prefix: usize) -> usize {
    match held.saturating_sub(prefix + HEAD) {
        0 => 0,
        len => tail_size(len),
    }
}

/// Whether so many words leave an eighth of a page free.
const fn leaves_room(words: usize, of: usize) -> bool {
    words * 8 <= of * 7
}

fn level_above(level: Vec<Part>, pages: &mut Pages<'_>) -> Vec<Part> {
    let mut above = Vec::new();
    let mut level = level.into_iter().peekable();
    while let Some(Part { separator, page }) = level.next() {
        let mut entries = Entries::default();
        entries.push(&[], number(count(&page)));
        let mut boxes = vec![page];
        let mut words = HEADER + ENTRY;
        while let Some(part) = level.next_if(|part| {
            words += ENTRY + (part.separator.len() + 5).div_ceil(4);
            boxes.len() < SPLIT_MIN
                || (leaves_room(boxes.len(), FAN) && leaves_room(words, INNER_WORDS))
        }) {
            entries.push(&part.separator, number(count(&part.page)));
            boxes.push(part.page);
        }
        let mut page = make_inner(pages, &entries, 0, entries.len());
        let inner = page.get_mut(pages);
        for (at, below) in boxes.into_iter().enumerate() {
            inner.insert_box(at, below);
        }
        above.push(Part { separator, page });
    }
    above
}
