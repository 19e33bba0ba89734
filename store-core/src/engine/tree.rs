//! A copy-on-write B+tree from byte keys to slots.
//!
//! A leaf does not hold its keys whole, but as far as it takes to tell them apart, and to see of most other keys that they
//! are not there; the rest is in the objects. So an entry takes some 12 bytes, however long the key is. Where what is held
//! leaves open whether a key is the one that is looked for, the object in the slot is asked ([`FullKeys`]).
//!
//! Inner pages hold separators, whole, and how many entries are below each page, so that ranges are counted in O(log n).
//!
//! Invariants:
//! 1. What a leaf holds of its keys ascends strictly. It is the beginning of that of another key of the leaf only if it is
//!    the key itself, whole.
//! 2. A separator is greater than every key to its left and not greater than any to its right.
//! 3. All leaves have the same depth; no page but a root is empty; every count is that of the entries below.

use super::entries::Entries;
use super::leaf::{
    LEAF_WORDS, SPLIT_MIN, first_leaf, fit, fit_together, insert_into_leaf, make_leaf, replace,
};
use super::memory::{Page, PageBox, Pages, Tree};
use super::node::Node;
use super::node_mut::NodeMut;
use super::visits::visit;

/// The most pages below an inner page, and the most of its words without long keys: 3 KiB together. As many as leave ten
/// thousand entries, and a million, with a level less than pages of 2 KiB would have.
pub(super) const FAN: usize = 128;
pub(super) const INNER_WORDS: usize = (3072 - 16 - 8 * FAN) / 4;

/// How many removals below a page come between two looks whether it can be merged with a neighbour: mostly it cannot, since
/// two leaves whose keys share much with their own, and little with each other's, need far more room together.
const LOOK: u32 = 4;

/// The keys that an object has in a tree.
pub(super) trait FullKeys {
    /// Calls `visit` with each key of the object in a slot, as the tree has it.
    fn each(&self, slot: u32, visit: &mut dyn FnMut(&[u8]));
}

/// What was split off a page: its right half, and what separates it.
pub(super) struct Split {
    pub(super) separator: Vec<u8>,
    pub(super) right: PageBox,
}

/// An entry that is added.
#[derive(Clone, Copy)]
pub(super) struct Addition<'a> {
    pub(super) key: &'a [u8],
    pub(super) slot: u32,
    /// How much of the key to hold at least: where many keys begin alike, the part that they share, so that the next of
    /// them is told apart without asking an object.
    pub(super) hold: usize,
}

/// A key cannot be inserted before it is known how a key that begins like it goes on.
pub(super) struct NeedsRival;

pub(super) fn is_leaf(page: &Page) -> bool {
    page.boxes_max() == 0
}

/// Returns the page's keys.
#[inline]
pub(super) fn node(page: &Page) -> Node<'_> {
    visit();
    if is_leaf(page) {
        Node::leaf(page.words())
    } else {
        Node::inner(page.words())
    }
}

/// Returns which box of an inner page leads to a key.
#[inline]
pub(super) fn child(page: &Page, key: &[u8]) -> usize {
    visit();
    Node::inner(page.words()).not_greater(key).saturating_sub(1)
}

/// Returns the number of entries in and below a page.
pub(super) fn count(page: &Page) -> usize {
    let node = node(page);
    if is_leaf(page) {
        node.len()
    } else {
        node.values().iter().map(|count| *count as usize).sum()
    }
}

impl Tree {
    /// Returns the slot of a key; `hold` bytes of each key, or all of it, are held at least.
    #[inline]
    pub(super) fn get(&self, key: &[u8], hold: usize, full: &impl FullKeys) -> Option<u32> {
        let leaf = node(self.leaf_of(key)?);
        let found = leaf.search(key);
        if !found.begins {
            return None;
        }
        let slot = leaf.values()[found.at - 1];
        // Of a longer key that begins so, more would be held. Otherwise, the object knows.
        let sure = found.whole && key.len() < hold;
        (sure || has(full, slot, key)).then_some(slot)
    }

    /// Returns how many keys are smaller.
    pub(super) fn rank(&self, key: &[u8], full: &dyn FullKeys) -> usize {
        let Some(root) = &self.root else { return 0 };
        let mut page: &Page = root;
        let mut rank = 0;
        while !is_leaf(page) {
            let at = child(page, key);
            rank += node(page).values()[..at]
                .iter()
                .map(|count| *count as usize)
                .sum::<usize>();
            page = &page.boxes()[at];
        }
        rank + self.lower_bound(page, key, full)
    }

    /// Returns how many keys of a leaf are smaller than a key.
    pub(super) fn lower_bound(&self, leaf: &Page, key: &[u8], full: &dyn FullKeys) -> usize {
        let found = node(leaf).search(key);
        if found.begins && self.full_key(leaf, found.at - 1, full).as_slice() >= key {
            found.at - 1
        } else {
            found.at
        }
    }

    /// Returns a key of a leaf, whole.
    pub(super) fn full_key(&self, leaf: &Page, at: usize, full: &dyn FullKeys) -> Vec<u8> {
        let mut known = Vec::new();
        node(leaf).push_key(at, &mut known);
        let mut candidates: Vec<Vec<u8>> = Vec::new();
        full.each(node(leaf).values()[at], &mut |key| {
            if key.starts_with(&known) {
                candidates.push(key.to_vec());
            }
        });
        // An object may have several keys that begin so: the one that is meant is the one that leads here.
        let leads_here = |key: &Vec<u8>| {
            let other = self.leaf_of(key).expect("a tree with an entry has leaves");
            let found = node(other).search(key);
            std::ptr::eq(other, leaf) && found.begins && found.at == at + 1
        };
        let one = if candidates.len() == 1 {
            Some(0)
        } else {
            candidates.iter().position(leads_here)
        };
        candidates.swap_remove(one.expect("an object has the keys that it had when it was stored"))
    }

    #[inline]
    fn leaf_of(&self, key: &[u8]) -> Option<&Page> {
        let mut page: &Page = self.root.as_ref()?;
        while !is_leaf(page) {
            let below = &page.boxes()[child(page, key)];
            below.prefetch();
            page = below;
        }
        Some(page)
    }

    /// Adds a key that is not there.
    pub(super) fn insert(&mut self, pages: &mut Pages<'_>, new: Addition<'_>, full: &dyn FullKeys) {
        if let Err(NeedsRival) = self.try_insert(pages, new, None) {
            let leaf = self.leaf_of(new.key).expect("the key has a rival there");
            let rival = self.full_key(leaf, node(leaf).search(new.key).at - 1, full);
            let inserted = self.try_insert(pages, new, Some(&rival));
            assert!(
                inserted.is_ok(),
                "a key is inserted once it is known what it is next to"
            );
        }
        self.len += 1;
        self.bytes = self.bytes.wrapping_add_signed(pages.take_grown());
    }

    fn try_insert(
        &mut self,
        pages: &mut Pages<'_>,
        new: Addition<'_>,
        rival: Option<&[u8]>,
    ) -> Result<(), NeedsRival> {
        let root = self.root.get_or_insert_with(|| first_leaf(pages));
        let Some(Split { separator, right }) = insert(root, pages, new, rival)? else {
            return Ok(());
        };
        let mut entries = Entries::default();
        entries.push(&[], number(count(root)));
        entries.push(&separator, number(count(&right)));
        let mut inner = make_inner(pages, &entries, 0, 2);
        let page = inner.get_mut(pages);
        page.insert_box(0, std::mem::replace(root, right));
        let right = std::mem::replace(root, inner);
        root.get_mut(pages).insert_box(1, right);
        Ok(())
    }

    /// Removes a key that is there with this slot.
    pub(super) fn remove(&mut self, pages: &mut Pages<'_>, key: &[u8], slot: u32) {
        let root = self.root.as_mut().expect("a key that is removed is there");
        remove(root, pages, key, slot);
        while root.boxes().len() == 1 {
            let only = root.get_mut(pages).remove_box(0);
            pages.retire(std::mem::replace(root, only));
        }
        self.len -= 1;
        if self.len == 0 {
            self.clear(pages);
        }
        self.bytes = self.bytes.wrapping_add_signed(pages.take_grown());
    }

    /// Removes everything.
    pub(super) fn clear(&mut self, pages: &mut Pages<'_>) {
        fn retire(mut page: PageBox, pages: &mut Pages<'_>) {
            while let Some(last) = page.boxes().len().checked_sub(1) {
                let below = page.get_mut(pages).remove_box(last);
                retire(below, pages);
            }
            pages.retire(page);
        }
        if let Some(root) = self.root.take() {
            retire(root, pages);
        }
        self.len = 0;
    }
}

/// Whether the object in a slot has a key.
#[cold]
fn has(full: &impl FullKeys, slot: u32, key: &[u8]) -> bool {
    let mut found = false;
    full.each(slot, &mut |other| found |= other == key);
    found
}

fn insert(
    page: &mut PageBox,
    pages: &mut Pages<'_>,
    new: Addition<'_>,
    rival: Option<&[u8]>,
) -> Result<Option<Split>, NeedsRival> {
    if is_leaf(page) {
        return insert_into_leaf(page, pages, new, rival);
    }
    let at = child(page, new.key);
    let inner = page.get_mut(pages);
    let Some(split) = insert(inner.box_mut(at), pages, new, rival)? else {
        let below = node(inner).values()[at] + 1;
        NodeMut::of(inner.words_mut()).set_value(at, below);
        return Ok(None);
    };
    let left = count(&inner.boxes()[at]);
    NodeMut::of(inner.words_mut()).set_value(at, number(left));
    Ok(insert_below(page, pages, at + 1, split))
}

/// Adds a page, which was split off the one before `at`, below an inner page.
fn insert_below(
    page: &mut PageBox,
    pages: &mut Pages<'_>,
    at: usize,
    Split { separator, right }: Split,
) -> Option<Split> {
    let value = number(count(&right));
    let inner = page.get_mut(pages);
    if inner.boxes().len() < inner.boxes_max()
        && NodeMut::of(inner.words_mut()).insert(at, &separator, value)
    {
        inner.insert_box(at, right);
        return None;
    }
    let mut entries = Entries::of(node(page));
    entries.insert(at, &separator, value);
    let len = entries.len();
    let need = entries.words(0, len, 1);
    if len <= FAN && (need * 8 <= INNER_WORDS * 7 || len < SPLIT_MIN) {
        let mut new = make_inner(pages, &entries, 0, len);
        let target = new.get_mut(pages);
        page.get_mut(pages).move_boxes(0, target);
        target.insert_box(at, right);
        replace(page, new, pages);
        return None;
    }
    let middle = if at == len - 1 { at - 1 } else { len / 2 };
    let mut right_page = make_inner(pages, &entries, middle, len);
    let mut left_page = make_inner(pages, &entries, 0, middle);
    let (left_half, right_half) = (left_page.get_mut(pages), right_page.get_mut(pages));
    let old = page.get_mut(pages);
    if at >= middle {
        old.move_boxes(middle, right_half);
        old.move_boxes(0, left_half);
        right_half.insert_box(at - middle, right);
    } else {
        old.move_boxes(middle - 1, right_half);
        old.move_boxes(0, left_half);
        left_half.insert_box(at, right);
    }
    replace(page, left_page, pages);
    Some(Split {
        separator: entries.key(middle).to_vec(),
        right: right_page,
    })
}

/// Makes an inner page of some of the entries, with room for the pages below, which are to be put there.
pub(super) fn make_inner(
    pages: &mut Pages<'_>,
    entries: &Entries,
    from: usize,
    to: usize,
) -> PageBox {
    let boxes = ((to - from) * 8 / 7 + 2).min(FAN);
    let mut page = pages.make(boxes, fit(entries.words(from, to, 1)));
    entries.write(from, to, 1, page.get_mut(pages).words_mut());
    page
}

fn remove(page: &mut PageBox, pages: &mut Pages<'_>, key: &[u8], slot: u32) {
    let target = page.get_mut(pages);
    if is_leaf(target) {
        let leaf = node(target);
        let found = leaf.search(key);
        assert!(
            found.begins && leaf.values()[found.at - 1] == slot,
            "a key that is removed is there, with the slot of its object"
        );
        NodeMut::of(target.words_mut()).remove(found.at - 1);
        return;
    }
    let at = child(target, key);
    remove(target.box_mut(at), pages, key, slot);
    let below = node(target).values()[at] - 1;
    if below == 0 {
        pages.retire(target.remove_box(at));
        NodeMut::of(target.words_mut()).remove(at);
        return;
    }
    NodeMut::of(target.words_mut()).set_value(at, below);
    if below.is_multiple_of(LOOK) && is_sparse(&target.boxes()[at], 3) {
        // With either neighbour, since keys are removed in any order; but mostly, the look at the second would be in vain.
        let merged = at > 0 && merge(target, pages, at - 1);
        if !merged
            && at + 1 < target.boxes().len()
            && (at == 0 || is_sparse(&target.boxes()[at], 6))
        {
            merge(target, pages, at);
        }
    }
}

/// Whether a page is filled to less than such a part.
fn is_sparse(page: &Page, part: usize) -> bool {
    if is_leaf(page) {
        let leaf = node(page);
        leaf.words_of(0, leaf.len()) * part < LEAF_WORDS
    } else {
        page.boxes().len() * part < FAN
    }
}

/// Merges a page with the next, if both together leave a quarter of a page free; whether it has.
fn merge(parent: &mut Page, pages: &mut Pages<'_>, left: usize) -> bool {
    let [a, b] = [&parent.boxes()[left], &parent.boxes()[left + 1]];
    let leaf = is_leaf(a);
    let fit = if leaf {
        fit_together(node(a), node(b))
    } else {
        (a.boxes().len() + b.boxes().len()) * 4 <= FAN * 3
    };
    if !fit {
        return false;
    }
    let mut entries = Entries::of(node(a));
    let border = entries.len();
    entries.append(node(b));
    let len = entries.len();
    if !leaf {
        let mut separator = Vec::new();
        node(parent).push_key(left + 1, &mut separator);
        entries.set_key(border, &separator);
        if entries.words(0, len, 1) * 4 > INNER_WORDS * 3 {
            return false;
        }
    }
    let merged = if leaf {
        make_leaf(pages, &entries, 0, len)
    } else {
        let mut merged = make_inner(pages, &entries, 0, len);
        let target = merged.get_mut(pages);
        for half in [left, left + 1] {
            parent.box_mut(half).get_mut(pages).move_boxes(0, target);
        }
        merged
    };
    let total = number(count(&merged));
    replace(parent.box_mut(left), merged, pages);
    pages.retire(parent.remove_box(left + 1));
    let mut keys = NodeMut::of(parent.words_mut());
    keys.remove(left + 1);
    keys.set_value(left, total);
    true
}

/// Returns a number of entries as an inner page has it.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a tree has at most 2^32 - 1 entries")
}
