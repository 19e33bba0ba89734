//! The invariants of a table, checked at the cost of reading everything.

use crate::object::Object;

use super::entries::Entries;
use super::keys::KeySet;
use super::memory::{Page, Tree};
use super::node::Node;
use super::table::Table;
use super::tree::{FullKeys, is_leaf, node};

/// Checks a table.
///
/// # Panics
/// When an invariant does not hold; the message names it.
pub(super) fn table<O: Object>(table: &Table<O>) {
    let name = O::TABLE;
    let mut expected = vec![0; table.def().indexes().len()];
    let mut rows = 0;
    let mut keys = KeySet::default();
    table.each_slot(|slot| {
        let object = table.row(slot);
        rows += 1;
        assert!(
            keys.fill(table.def(), object).is_ok(),
            "{name}: a stored object has keys that can be stored"
        );
        assert_eq!(
            table.slot(keys.primary()),
            Some(slot),
            "{name}: the primary key leads to its object's slot"
        );
        for (index, key) in keys.iter() {
            let full = table.full_keys(Some(index));
            let found = table.tree(Some(index)).get(key, 0, &full);
            assert_eq!(
                found,
                Some(slot),
                "{name}: every key of an object is in index {}",
                table.def().indexes()[index].name
            );
            expected[index] += 1;
        }
    });
    assert_eq!(
        rows,
        table.len(),
        "{name}: the length is the number of objects"
    );
    check_tree(table.tree(None), &table.full_keys(None));
    for (index, expected) in expected.into_iter().enumerate() {
        let index_name = table.def().indexes()[index].name;
        assert_eq!(
            table.tree(Some(index)).len,
            expected,
            "{name}: index {index_name} holds no key of no object"
        );
        check_tree(table.tree(Some(index)), &table.full_keys(Some(index)));
    }
}

/// Checks a tree.
pub(super) fn check_tree(tree: &Tree, full: &dyn FullKeys) {
    let Some(root) = &tree.root else {
        assert_eq!(
            (tree.len, tree.bytes),
            (0, 0),
            "a tree without a page has no entries"
        );
        return;
    };
    let mut last = None;
    let (_, entries) = check_page(tree, root, full, None, None, &mut last);
    assert_eq!(entries, tree.len, "the length is the number of entries");
    assert!(tree.len > 0, "a tree without entries has no page");
}

/// Checks a page and those below it; returns the levels and the entries.
fn check_page(
    tree: &Tree,
    page: &Page,
    full: &dyn FullKeys,
    low: Option<&[u8]>,
    high: Option<&[u8]>,
    last: &mut Option<Vec<u8>>,
) -> (usize, usize) {
    let keys = Entries::of(node(page));
    assert!(keys.len() > 0, "no page is empty");
    check_heap(node(page));
    let within =
        |key: &[u8]| low.is_none_or(|low| low <= key) && high.is_none_or(|high| key < high);
    if is_leaf(page) {
        for at in 0..keys.len() {
            let (held, key) = (keys.key(at), tree.full_key(page, at, full));
            assert!(key.starts_with(held), "a leaf holds the beginning of a key");
            assert!(within(&key), "separators bound the keys of a leaf");
            assert!(
                last.as_ref().is_none_or(|last| *last < key),
                "keys ascend strictly"
            );
            if at > 0 {
                let before = keys.key(at - 1);
                assert!(before < held, "what a leaf holds of its keys ascends");
                let whole = last.as_deref() == Some(before);
                assert!(
                    whole || !held.starts_with(before),
                    "what a leaf holds of its keys tells them apart"
                );
            }
            *last = Some(key);
        }
        return (1, keys.len());
    }
    assert_eq!(page.boxes().len(), keys.len(), "a page below has a key");
    let mut levels = None;
    let mut entries = 0;
    for at in 0..keys.len() {
        let own_low = if at == 0 { low } else { Some(keys.key(at)) };
        let own_high = if at + 1 == keys.len() {
            high
        } else {
            Some(keys.key(at + 1))
        };
        assert!(
            own_low.is_none_or(within),
            "separators are within those above"
        );
        let (below, count) = check_page(tree, &page.boxes()[at], full, own_low, own_high, last);
        assert_eq!(
            keys.value(at) as usize,
            count,
            "a count is that of the entries below"
        );
        assert!(
            levels.is_none_or(|levels| levels == below),
            "all leaves have the same depth"
        );
        levels = Some(below);
        entries += count;
    }
    (levels.expect("an inner page has pages below") + 1, entries)
}

/// Checks that a page's heap is made of the tails of its keys.
fn check_heap(node: Node<'_>) {
    let mut marks = node.marks().to_vec();
    marks.retain(|mark| node.tail_size_of(*mark) > 0);
    marks.sort_unstable();
    let end = marks.into_iter().fold(node.heap().start, |end, mark| {
        assert_eq!(end, mark as usize, "the tails of keys lie side by side");
        end + node.tail_size_of(mark)
    });
    assert_eq!(end, node.heap().end, "a heap holds nothing but tails");
}
