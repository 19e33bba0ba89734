//! Leaves: adding a key to one, and splitting it.

use super::entries::Entries;
use super::memory::{Page, PageBox, Pages};
use super::node::{ENTRY, HEADER, Node, common};
use super::node_mut::NodeMut;
use super::tree::{Addition, NeedsRival, Split, node};

/// Words of the largest leaf without long keys: 2 KiB with the page's head. Smaller ones are copied faster, and more of them
/// are to be searched; prototypes with whole keys were best between 1 and 4 KiB, and this size was not measured anew.
pub(super) const LEAF_WORDS: usize = (2048 - 16) / 4;
/// Words of the smallest page: a tree of a few entries is small.
const WORDS_MIN: usize = (192 - 16) / 4;
/// Larger pages have a multiple of so many words: 256 bytes, seven keys or more.
const STEP: usize = 64;
/// A page of fewer keys is not split, but made larger: keys of up to 64 KiB do not fit otherwise.
pub(super) const SPLIT_MIN: usize = 8;

/// Makes the first leaf of a tree.
pub(super) fn first_leaf(pages: &mut Pages<'_>) -> PageBox {
    make_leaf(pages, &Entries::default(), 0, 0)
}

/// Adds a key to a leaf, which may split it.
pub(super) fn insert_into_leaf(
    page: &mut PageBox,
    pages: &mut Pages<'_>,
    new: Addition<'_>,
    rival: Option<&[u8]>,
) -> Result<Option<Split>, NeedsRival> {
    let Addition { key, slot, hold } = new;
    let leaf = node(page);
    let found = leaf.search(key);
    if found.begins {
        // What the leaf holds of another key is the beginning of this one: more of it must be told.
        let rival = rival.ok_or(NeedsRival)?;
        let other = found.at - 1;
        // As much as is held of it now, or more, since the two are to differ.
        let tell = (common(rival, key) + 1)
            .max(leaf.key_len(other))
            .max(leaf.bytes_to_tell(found.at, key))
            .max(hold.min(key.len()));
        let rival_held = &rival[..tell.min(rival.len())];
        let held = &key[..tell.min(key.len())];
        let at = if key < rival { other } else { found.at };
        let target = page.get_mut(pages);
        if NodeMut::of(target.words_mut()).extend_and_insert((other, rival_held), (at, held, slot))
        {
            return Ok(None);
        }
        let mut entries = Entries::of(node(page));
        entries.set_key(other, rival_held);
        entries.insert(at, held, slot);
        return Ok(rewrite_leaf(page, pages, &entries, at));
    }
    let held = &key[..leaf.bytes_to_tell(found.at, key).max(hold.min(key.len()))];
    if !is_oversized(leaf)
        && NodeMut::of(page.get_mut(pages).words_mut()).insert(found.at, held, slot)
    {
        return Ok(None);
    }
    let leaf = node(page);
    let len = leaf.len();
    let need = leaf.words_of(0, len) + ENTRY + (held.len() + 5).div_ceil(4);
    let fits_in = held.starts_with(leaf.prefix()) && found.at < len && len >= SPLIT_MIN;
    if fits_in && need * 8 > LEAF_WORDS * 7 {
        if let Some(split) = split_leaf(page, pages, new) {
            return Ok(Some(split));
        }
    } else if fits_in {
        // There is room, but not where it is needed, or the page is a small one.
        let mut wider = pages.make(0, fit(need));
        let words = wider.get_mut(pages).words_mut();
        leaf.copy_under(0, len, 0, words);
        if NodeMut::of(words).insert(found.at, held, slot) {
            replace(page, wider, pages);
            return Ok(None);
        }
        pages.retire(wider);
    }
    let mut entries = Entries::of(node(page));
    entries.insert(found.at, held, slot);
    Ok(rewrite_leaf(page, pages, &entries, found.at))
}

/// Splits a full leaf without taking it apart, and adds a key to one of the halves; nothing is done when the half has no
/// room for it, which a very long key may bring about.
fn split_leaf(page: &mut PageBox, pages: &mut Pages<'_>, new: Addition<'_>) -> Option<Split> {
    let leaf = node(page);
    let middle = best_split(leaf.len(), |at| leaf.common(at - 1, at));
    let mut separator = Vec::new();
    leaf.push_key(middle, &mut separator);
    separator.truncate(leaf.common(middle - 1, middle) + 1);
    let [mut left, mut right] =
        [(0, middle), (middle, leaf.len())].map(|(from, to)| make_half(pages, leaf, from, to));
    let half = if new.key < separator.as_slice() {
        &mut left
    } else {
        &mut right
    };
    if !insert_if_room(half.get_mut(pages), new) {
        pages.retire(left);
        pages.retire(right);
        return None;
    }
    replace(page, left, pages);
    Some(Split { separator, right })
}

fn insert_if_room(leaf: &mut Page, new: Addition<'_>) -> bool {
    let found = node(leaf).search(new.key);
    let bytes = new.hold.max(node(leaf).bytes_to_tell(found.at, new.key));
    let held = &new.key[..bytes.min(new.key.len())];
    NodeMut::of(leaf.words_mut()).insert(found.at, held, new.slot)
}

fn make_half(pages: &mut Pages<'_>, leaf: Node<'_>, from: usize, to: usize) -> PageBox {
    let mut half = pages.make(0, fit(leaf.words_of(from, to)));
    if leaf.copy(from, to, half.get_mut(pages).words_mut()) {
        return half;
    }
    pages.retire(half);
    let mut entries = Entries::default();
    entries.append_some(leaf, from, to);
    make_leaf(pages, &entries, 0, to - from)
}

/// Whether a leaf is larger than the others without having to be.
fn is_oversized(leaf: Node<'_>) -> bool {
    let len = leaf.len();
    leaf.size() > LEAF_WORDS && (len >= SPLIT_MIN || leaf.size() > fit(leaf.words_of(0, len)))
}

/// Returns how many words a page is to have when it needs so many: somewhat more, so that it is not full at once, nor half
/// empty after a split. In steps, so that a page that was outgrown can be used again for another.
pub(super) fn fit(need: usize) -> usize {
    /// Words of a page's head.
    const HEAD: usize = 4;
    let words = HEAD + need * 17 / 16;
    let step = if words < STEP { STEP / 4 } else { STEP };
    words.next_multiple_of(step).max(HEAD + WORDS_MIN) - HEAD
}

/// Whether two neighbours together leave a quarter of a leaf free.
pub(super) fn fit_together(left: Node<'_>, right: Node<'_>) -> bool {
    // What follows a shorter prefix is longer.
    let prefix = common(left.prefix(), right.prefix());
    let arrays = HEADER + prefix.div_ceil(4) + ENTRY * (left.len() + right.len());
    let room = (LEAF_WORDS * 3 / 4).checked_sub(arrays);
    let fit = room
        .and_then(|room| left.tails_fit(prefix, 4 * room))
        .and_then(|left| right.tails_fit(prefix, left));
    if fit.is_none() {
        return false;
    }
    let [last, next] = [(left, left.len() - 1), (right, 0)].map(|(node, at)| {
        let mut key = Vec::new();
        node.push_key(at, &mut key);
        key
    });
    // Where one is the beginning of the other, more of them would have to be known: not worth the trouble.
    !next.starts_with(&last) && !last.starts_with(&next)
}

/// Writes a leaf anew, in two pages if one is not enough; `last` was added last.
fn rewrite_leaf(
    page: &mut PageBox,
    pages: &mut Pages<'_>,
    entries: &Entries,
    last: usize,
) -> Option<Split> {
    let len = entries.len();
    let need = entries.words(0, len, 0);
    if need * 8 <= LEAF_WORDS * 7 || len < SPLIT_MIN {
        replace(page, make_leaf(pages, entries, 0, len), pages);
        return None;
    }
    if last == len - 1 {
        // Keys that come in order leave full pages behind.
        let separator = separator(entries.key(last - 1), entries.key(last)).to_vec();
        return Some(Split {
            separator,
            right: make_leaf_of(pages, entries, last, len, LEAF_WORDS),
        });
    }
    let middle = best_split(len, |at| {
        separator(entries.key(at - 1), entries.key(at)).len()
    });
    let separator = separator(entries.key(middle - 1), entries.key(middle)).to_vec();
    replace(page, make_leaf(pages, entries, 0, middle), pages);
    let right = make_leaf(pages, entries, middle, len);
    Some(Split { separator, right })
}

/// Makes a leaf of some of the entries.
pub(super) fn make_leaf(
    pages: &mut Pages<'_>,
    entries: &Entries,
    from: usize,
    to: usize,
) -> PageBox {
    let words = fit(entries.words(from, to, 0));
    make_leaf_of(pages, entries, from, to, words)
}

/// Makes a leaf of some of the entries with so many words, or as many as they need.
fn make_leaf_of(
    pages: &mut Pages<'_>,
    entries: &Entries,
    from: usize,
    to: usize,
    words: usize,
) -> PageBox {
    let mut page = pages.make(0, words.max(entries.words(from, to, 0)));
    entries.write(from, to, 0, page.get_mut(pages).words_mut());
    page
}

/// Puts another page in the place of one.
pub(super) fn replace(page: &mut PageBox, by: PageBox, pages: &mut Pages<'_>) {
    pages.retire(std::mem::replace(page, by));
}

/// Returns where to split: near the middle, where the separator is shortest, which keeps keys that begin alike together.
fn best_split(len: usize, separator_len: impl Fn(usize) -> usize) -> usize {
    let (middle, span) = (len / 2, len / 8);
    (middle - span..=middle + span)
        .min_by_key(|at| (separator_len(*at), at.abs_diff(middle)))
        .unwrap_or(middle)
}

/// Returns the shortest beginning of a leaf's key that is greater than the key before it.
fn separator<'a>(left: &[u8], right: &'a [u8]) -> &'a [u8] {
    &right[..=common(left, right)]
}
