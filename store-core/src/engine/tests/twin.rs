//! The pages and slots of `memory` against those of its safe twin: the same operations on the same forks give the same
//! pages, key by key, and the same objects.

#![expect(
    clippy::duplicate_mod,
    reason = "what is compiled against the twin is what is compiled against the other"
)]

#[path = "../entries.rs"]
mod entries;
#[path = "../leaf.rs"]
mod leaf;
#[path = "../node.rs"]
mod node;
#[path = "../node_mut.rs"]
mod node_mut;
#[path = "../safe_memory.rs"]
#[expect(
    dead_code,
    reason = "the twin is compiled here for what a tree needs of it"
)]
mod safe_memory;
#[path = "../tree.rs"]
#[expect(dead_code, reason = "as above")]
mod tree;

use safe_memory as memory;

use std::sync::Arc;

use proptest::prelude::*;

use crate::engine::{self, visits};

/// The keys of the slots: those of a key are its bytes.
struct Keys(Vec<Vec<u8>>);

impl engine::tree::FullKeys for Keys {
    fn each(&self, slot: u32, visit: &mut dyn FnMut(&[u8])) {
        visit(&self.0[slot as usize]);
    }
}

impl tree::FullKeys for Keys {
    fn each(&self, slot: u32, visit: &mut dyn FnMut(&[u8])) {
        visit(&self.0[slot as usize]);
    }
}

/// The levels and keys of a tree, page by page.
macro_rules! dump {
    ($name:ident, $($module:ident)::+) => {
        fn $name(page: &$($module)::+::memory::Page, out: &mut Vec<(usize, Vec<u8>, u32)>) {
            let node = $($module)::+::tree::node(page);
            for at in 0..node.len() {
                let mut key = Vec::new();
                node.push_key(at, &mut key);
                out.push((page.boxes().len(), key, node.values()[at]));
            }
            page.boxes().iter().for_each(|below| $name(below, out));
        }
    };
}

dump!(dump, engine);
dump!(dump_twin, self);

struct Pair {
    ours: engine::memory::Versioned<u32>,
    twin: memory::Versioned<u32>,
    /// For each slot that is in use, whether its key is in the tree.
    slots: Vec<u32>,
}

impl Pair {
    fn fork(&self) -> Self {
        Self {
            ours: self.ours.fork(),
            twin: self.twin.fork(),
            slots: self.slots.clone(),
        }
    }

    /// Adds an object with the key of the slot that it gets, if that key is not there.
    fn insert(&mut self, keys: &Keys, value: u32) {
        if self.slots.len() == keys.0.len() {
            return;
        }
        let mut writing = self.ours.write();
        let (forest, mut pen) = writing.parts();
        let slot = forest.slots.insert(&mut pen, Arc::new(value)).unwrap();
        let key = &keys.0[slot as usize];
        let new = engine::tree::Addition { key, slot, hold: 0 };
        forest.trees[0].insert(&mut pen.pages, new, keys);
        drop(writing);

        let mut writing = self.twin.write();
        let (forest, mut pen) = writing.parts();
        assert_eq!(forest.slots.insert(&mut pen, Arc::new(value)), Some(slot));
        let new = tree::Addition { key, slot, hold: 0 };
        forest.trees[0].insert(&mut pen.pages, new, keys);
        self.slots.push(slot);
    }

    fn replace(&mut self, at: usize, value: u32) {
        let Some(slot) = self.slots.get(at % self.slots.len().max(1)) else {
            return;
        };
        let mut writing = self.ours.write();
        let (forest, mut pen) = writing.parts();
        let old = forest.slots.replace(&mut pen, *slot, Arc::new(value));
        drop(writing);
        let mut writing = self.twin.write();
        let (forest, mut pen) = writing.parts();
        assert_eq!(forest.slots.replace(&mut pen, *slot, Arc::new(value)), old);
    }

    fn remove(&mut self, keys: &Keys, at: usize) {
        if self.slots.is_empty() {
            return;
        }
        let slot = self.slots.swap_remove(at % self.slots.len());
        let key = &keys.0[slot as usize];
        let mut writing = self.ours.write();
        let (forest, mut pen) = writing.parts();
        forest.trees[0].remove(&mut pen.pages, key, slot);
        let old = forest.slots.remove(&mut pen, slot);
        drop(writing);
        let mut writing = self.twin.write();
        let (forest, mut pen) = writing.parts();
        forest.trees[0].remove(&mut pen.pages, key, slot);
        assert_eq!(forest.slots.remove(&mut pen, slot), old);
    }

    fn compare(&self) {
        let (ours, twin) = (self.ours.forest(), self.twin.forest());
        for slot in &self.slots {
            assert_eq!(ours.slots.get(*slot), twin.slots.get(*slot));
        }
        assert_eq!(ours.trees[0].len, self.slots.len());
        assert_eq!(ours.trees[0].bytes, twin.trees[0].bytes);
        let (mut pages, mut twins) = (Vec::new(), Vec::new());
        if let Some(root) = &ours.trees[0].root {
            dump(root, &mut pages);
        }
        if let Some(root) = &twin.trees[0].root {
            dump_twin(root, &mut twins);
        }
        assert_eq!(pages, twins);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_do_the_same(seed in any::<u64>(), steps in prop::collection::vec((0_u8..10, any::<usize>(), any::<u32>()), 1..300)) {
        let keys = Keys((0..2_000_u64).map(|at| {
            let number = (at ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            // Some keys begin alike for long.
            let head = if at % 3 == 0 { vec![b'g'; 30] } else { Vec::new() };
            [head, number.to_be_bytes()[..3].to_vec(), at.to_be_bytes().to_vec()].concat()
        }).collect());
        let mut versions = vec![Pair {
            ours: engine::memory::Versioned::new(1),
            twin: memory::Versioned::new(1),
            slots: Vec::new(),
        }];
        for (step, which, value) in steps {
            let at = which % versions.len();
            match step {
                0..=3 => (0..value % 60).for_each(|more| versions[at].insert(&keys, value ^ more)),
                4 => versions[at].replace(which, value),
                5 | 6 => (0..value % 40).for_each(|more| versions[at].remove(&keys, which ^ more as usize)),
                7 => {
                    let fork = versions[at].fork();
                    versions.push(fork);
                }
                8 if versions.len() > 1 => drop(versions.swap_remove(at)),
                _ => versions[at].ours.collect(),
            }
        }
        versions.iter().for_each(Pair::compare);
    }
}
