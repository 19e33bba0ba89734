//! A tree against a plain map: random operations with keys that are hard to tell apart.

use std::collections::BTreeMap;
use std::ops::Bound;

use proptest::prelude::*;

use crate::engine::check::check_tree;
use crate::engine::memory::{Tree, Versioned};
use crate::engine::scan::Scan;
use crate::engine::tree::{Addition, FullKeys};

type Model = BTreeMap<Vec<u8>, u32>;

/// The keys of the slots; each has those of the model that name it.
struct KeysOf<'a> {
    model: &'a Model,
    /// A key that is not in the tree yet.
    but: Option<&'a [u8]>,
}

impl FullKeys for KeysOf<'_> {
    fn each(&self, slot: u32, visit: &mut dyn FnMut(&[u8])) {
        for (key, _) in self.model.iter().filter(|(_, other)| **other == slot) {
            if self.but != Some(key.as_slice()) {
                visit(key);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// With how much of the key is to be held at least.
    Insert(Vec<u8>, usize),
    Remove(usize),
    /// Removes a run of neighbours, so that pages merge.
    RemoveRun(usize, usize),
}

/// Keys that begin alike, contain zeros, are empty, or go on for long.
fn key() -> impl Strategy<Value = Vec<u8>> {
    let few = || prop::sample::select(vec![0_u8, 1, b'a', 0xff]);
    prop_oneof![
        6 => prop::collection::vec(few(), 0..10),
        3 => (0_u32..3_000).prop_map(|number| format!("service-{:02}/task-{number:05}", number % 7).into_bytes()),
        2 => (0_u32..500).prop_map(|number| [vec![b'x'; 300], number.to_be_bytes().to_vec()].concat()),
        1 => (0_usize..4, few()).prop_map(|(long, last)| [vec![7; 20_000 * long], vec![last]].concat()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (key(), prop_oneof![Just(0_usize), 0_usize..40]).prop_map(|(key, hold)| Step::Insert(key, hold)),
        6 => any::<usize>().prop_map(Step::Remove),
        1 => (any::<usize>(), 0_usize..60).prop_map(|(at, len)| Step::RemoveRun(at, len)),
    ]
}

struct Pair {
    versioned: Versioned<()>,
    model: Model,
    next: u32,
    /// How much of every key is held at least.
    hold: usize,
}

impl Pair {
    fn new(hold: usize) -> Self {
        Self {
            versioned: Versioned::new(1),
            model: Model::new(),
            next: 0,
            hold,
        }
    }

    fn tree(&self) -> &Tree {
        &self.versioned.forest().trees[0]
    }

    fn insert(&mut self, key: &[u8], hold: usize) {
        if self.model.contains_key(key) {
            return;
        }
        // Three keys a slot, so that an object has several.
        let slot = self.next / 3;
        self.next += 1;
        self.model.insert(key.to_vec(), slot);
        let full = KeysOf {
            model: &self.model,
            but: Some(key),
        };
        let mut writing = self.versioned.write();
        let (forest, mut pen) = writing.parts();
        let hold = hold.max(self.hold);
        let new = Addition { key, slot, hold };
        forest.trees[0].insert(&mut pen.pages, new, &full);
    }

    fn remove(&mut self, at: usize) {
        if self.model.is_empty() {
            return;
        }
        let key = self
            .model
            .keys()
            .nth(at % self.model.len())
            .cloned()
            .unwrap();
        let slot = self.model.remove(&key).unwrap();
        let mut writing = self.versioned.write();
        let (forest, mut pen) = writing.parts();
        forest.trees[0].remove(&mut pen.pages, &key, slot);
    }

    fn perform(&mut self, step: Step) {
        match step {
            Step::Insert(key, hold) => self.insert(&key, hold),
            Step::Remove(at) => self.remove(at),
            Step::RemoveRun(at, len) => (0..len).for_each(|_| self.remove(at)),
        }
    }

    fn check(&self) {
        check_tree(
            self.tree(),
            &KeysOf {
                model: &self.model,
                but: None,
            },
        );
    }

    /// Returns the slots in a range, forwards and backwards.
    fn scan(&self, start: &[u8], end: Option<&[u8]>) -> [Vec<u32>; 2] {
        let full = KeysOf {
            model: &self.model,
            but: None,
        };
        [false, true].map(|reverse| {
            let mut slots = Vec::new();
            let mut scan = Scan::new(self.tree(), reverse);
            while let Some(run) = scan.next(start, end, &full) {
                let mut part = run.slots()[run.from..run.to].to_vec();
                if reverse {
                    part.reverse();
                }
                slots.append(&mut part);
            }
            slots
        })
    }

    fn compare(&self, probes: &[Vec<u8>]) {
        let full = KeysOf {
            model: &self.model,
            but: None,
        };
        for probe in probes.iter().chain(self.model.keys().step_by(7)) {
            assert_eq!(
                self.tree().get(probe, self.hold, &full),
                self.model.get(probe).copied()
            );
            assert_eq!(
                self.tree().rank(probe, &full),
                self.model.range(..probe.clone()).count()
            );
        }
        for pair in probes.chunks(2) {
            let (start, end) = (&pair[0], pair.get(1));
            if end.is_some_and(|end| end < start) {
                continue;
            }
            let bound = end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.clone()));
            let expected: Vec<u32> = self
                .model
                .range((Bound::Included(start.clone()), bound))
                .map(|(_, slot)| *slot)
                .collect();
            let [forwards, mut backwards] = self.scan(start, end.map(Vec::as_slice));
            backwards.reverse();
            assert_eq!(forwards, expected);
            assert_eq!(backwards, expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_is_a_sorted_map(steps in prop::collection::vec(step(), 1..400), probes in prop::collection::vec(key(), 2..20), hold in prop::sample::select(vec![0_usize, 4, 24])) {
        let mut pair = Pair::new(hold);
        for step in steps {
            pair.perform(step);
            pair.check();
        }
        pair.compare(&probes);
        while !pair.model.is_empty() {
            pair.remove(pair.model.len() / 2);
            if pair.model.len().is_multiple_of(16) {
                pair.check();
            }
        }
        pair.check();
    }
}

/// What the left one holds of its last key is the beginning of a key of the right one: a search in the leaf of both would
/// take the one for the other.
#[test]
fn leaves_whose_border_tells_no_keys_apart_are_not_merged() {
    let mut pair = Pair::new(0);
    let key = |group: char, number: u32| format!("same{group}{number:03}").into_bytes();
    // Split between the groups, where the separator is shortest.
    for number in 0..100 {
        pair.insert(&key('a', number), 0);
        pair.insert(&key('b', number), 0);
    }
    // So full that nothing is merged with it for now.
    (100..140).for_each(|number| pair.insert(&key('b', number), 0));
    // The left leaf's keys have nothing in common any more, so that the first bytes of one tell it from the others.
    pair.insert(b"first", 0);
    let remove = |pair: &mut Pair, key: &[u8]| {
        let at = pair.model.keys().position(|other| other == key);
        pair.remove(at.expect("it is there"));
    };
    (0..100).for_each(|number| remove(&mut pair, &key('a', number)));
    pair.insert(&key('a', 500), 0);
    for number in (1..140).rev() {
        remove(&mut pair, &key('b', number));
        pair.check();
    }
    pair.compare(&[key('a', 500), key('b', 0), key('b', 1)]);
}

/// Leaves from which most was removed are put together, whichever neighbour was emptied first.
#[test]
fn what_is_left_of_many_leaves_is_put_together() {
    const KEYS: usize = 4_000;
    for backwards in [false, true] {
        let mut pair = Pair::new(0);
        let key = |number: usize| format!("key{number:05}").into_bytes();
        (0..KEYS).for_each(|number| pair.insert(&key(number), 0));
        let full = pair.tree().bytes;
        let mut removed: Vec<_> = (0..KEYS)
            .filter(|number| number % 20 > 0)
            .map(key)
            .collect();
        if backwards {
            removed.reverse();
        }
        for key in removed {
            let at = pair.model.keys().position(|other| *other == key);
            pair.remove(at.expect("it is there"));
        }
        pair.check();
        let left = pair.tree().bytes;
        assert!(left * 5 < full, "{left} of {full} bytes for a twentieth");
    }
}

#[test]
fn keys_that_come_in_order_fill_their_leaves() {
    let mut pair = Pair::new(0);
    for number in 0..5_000_u32 {
        pair.insert(&number.to_be_bytes(), 0);
    }
    pair.check();
    let bytes = pair.tree().bytes / 5_000;
    assert!(bytes < 16, "an entry takes {bytes} bytes");
}

#[test]
fn a_tree_from_which_everything_is_removed_takes_no_memory() {
    let mut pair = Pair::new(0);
    (0..2_000_u32)
        .for_each(|number| pair.insert(&number.wrapping_mul(0x9e37_79b9).to_be_bytes(), 0));
    (0..2_000).for_each(|at| pair.remove(at * 7));
    pair.check();
    assert_eq!((pair.tree().len, pair.tree().bytes), (0, 0));
}
