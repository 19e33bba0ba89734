//! The tree against the standard library's map: the same operations, with clones held and compared long after.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Tree;

type Model = BTreeMap<Vec<u8>, u32>;

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<u8>, u32),
    Remove(Vec<u8>),
    Hold,
    Range(Vec<u8>, Option<Vec<u8>>),
}

/// Keys with shared beginnings, NUL bytes, the empty key, and long ones.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (0_u16..400).prop_map(|number| number.to_be_bytes().to_vec()),
        2 => prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(255)], 0..6),
        1 => (0_usize..3, 0_u8..4).prop_map(|(len, last)| {
            let mut key = vec![b'k'; len * 100];
            key.push(last);
            key
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (key(), any::<u32>()).prop_map(|(key, slot)| Step::Insert(key, slot)),
        5 => key().prop_map(Step::Remove),
        1 => Just(Step::Hold),
        1 => (key(), prop::option::of(key())).prop_map(|(start, end)| Step::Range(start, end)),
    ]
}

fn entries(tree: &Tree, start: &[u8], end: Option<&[u8]>) -> Vec<(Vec<u8>, u32)> {
    let mut cursor = tree.seek(start);
    let mut found = Vec::new();
    while let Some((key, slot)) = cursor.next()
        && end.is_none_or(|end| key < end)
    {
        found.push((key.to_vec(), slot));
    }
    found
}

fn entries_back(tree: &Tree, start: &[u8], end: Option<&[u8]>) -> Vec<(Vec<u8>, u32)> {
    let mut cursor = end.map_or_else(|| tree.seek_end(), |end| tree.seek(end));
    let mut found = Vec::new();
    while let Some((key, slot)) = cursor.back()
        && key >= start
    {
        found.push((key.to_vec(), slot));
    }
    found
}

fn expected(model: &Model, start: &[u8], end: Option<&[u8]>) -> Vec<(Vec<u8>, u32)> {
    let inside = |key: &[u8]| key >= start && end.is_none_or(|end| key < end);
    model
        .iter()
        .filter(|(key, _)| inside(key))
        .map(|(key, slot)| (key.clone(), *slot))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn behaves_as_an_ordered_map(steps in prop::collection::vec(step(), 1..1200)) {
        let mut tree = Tree::new();
        let mut model = Model::new();
        let mut held = Vec::new();
        for step in steps {
            match step {
                Step::Insert(key, slot) => {
                    prop_assert_eq!(tree.insert(&key, slot), model.insert(key, slot));
                }
                Step::Remove(key) => prop_assert_eq!(tree.remove(&key), model.remove(&key)),
                Step::Hold => {
                    tree.check();
                    held.push((tree.clone(), model.clone()));
                }
                Step::Range(start, end) => {
                    let end = end.as_deref();
                    let mut expected = expected(&model, &start, end);
                    prop_assert_eq!(&entries(&tree, &start, end), &expected);
                    expected.reverse();
                    prop_assert_eq!(entries_back(&tree, &start, end), expected);
                }
            }
            prop_assert_eq!(tree.len(), model.len());
        }
        held.push((tree, model));
        for (tree, model) in held {
            tree.check();
            prop_assert_eq!(entries(&tree, &[], None), expected(&model, &[], None));
            for (key, slot) in &model {
                prop_assert_eq!(tree.get(key), Some(*slot));
            }
        }
    }
}

#[test]
fn many_keys_in_order_and_back() {
    let mut tree = Tree::new();
    for number in 0..50_000_u32 {
        tree.insert(&number.to_be_bytes(), number);
    }
    tree.check();
    for number in (0..50_000_u32).rev() {
        assert_eq!(tree.remove(&number.to_be_bytes()), Some(number));
        if number % 9_973 == 0 {
            tree.check();
        }
    }
    assert_eq!(tree.len(), 0);
    tree.check();
}

#[test]
fn a_cursor_turns_around() {
    let mut tree = Tree::new();
    for number in 0..1_000_u32 {
        tree.insert(&number.to_be_bytes(), number);
    }
    let mut cursor = tree.seek(&500_u32.to_be_bytes());
    let mut next = 500;
    for steps in [1, 200, 63, 999, 3] {
        for _ in 0..steps {
            assert_eq!(
                cursor.next().map(|entry| entry.1),
                (next < 1_000).then_some(next)
            );
            next = (next + 1).min(1_000);
        }
        for _ in 0..steps / 2 {
            next = next.checked_sub(1).expect("the steps stay inside");
            assert_eq!(cursor.back().map(|entry| entry.1), Some(next));
        }
    }
}
