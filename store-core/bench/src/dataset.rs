//! The objects, by a recipe that needs no memory, and the order in which the measurements visit them.
//!
//! The Go harness follows the same recipe; the digest of what came out shows that it did.

use std::sync::Arc;

use crate::task::Task;

/// Fewer than this many objects would not fill a transaction of 100 in several places.
pub(crate) const OBJECTS_MIN: usize = 1_000;

const SERVICES: usize = 1_000;
const NODES: usize = 500;

/// As long as the ids of SwarmKit: 128 bits in base 36.
const ID_LENGTH: usize = 25;
const NAME_LENGTH: usize = 8;

const SEED_TASKS: u64 = 1;
const SEED_SERVICES: u64 = 2;
const SEED_NODES: u64 = 3;
const SEED_ORDER: u64 = 4;

/// Some number of tasks, and what else the measurements need to know of them.
pub(crate) struct Dataset {
    pub(crate) objects: usize,
    pub(crate) services: Vec<Box<str>>,
    pub(crate) nodes: Vec<Box<str>>,
    /// All ids, shuffled; in memory they lie in this order, so that reading them costs the measurement nothing.
    pub(crate) order: Vec<Box<str>>,
    digest: u64,
}

impl Dataset {
    pub(crate) fn new(objects: usize) -> Self {
        let mut data = Self {
            objects,
            services: Random(SEED_SERVICES).words(SERVICES),
            nodes: Random(SEED_NODES).words(NODES),
            order: Vec::new(),
            digest: 0xcbf2_9ce4_8422_2325,
        };
        let mut order = Vec::with_capacity(objects);
        for task in data.tasks() {
            for text in [&task.id, &task.name, &task.service, &task.node] {
                data.add_to_digest(text);
            }
            order.push(task.id.clone());
        }
        let mut random = Random(SEED_ORDER);
        for end in (2..=objects).rev() {
            order.swap(end - 1, random.below(end));
        }
        for id in &order {
            data.add_to_digest(id);
        }
        data.order.clone_from(&order);
        data
    }

    /// The tasks, made anew.
    pub(crate) fn tasks(&self) -> Vec<Arc<Task>> {
        let mut random = Random(SEED_TASKS);
        let task = |index| {
            let (id, name) = (random.word(ID_LENGTH), random.word(NAME_LENGTH));
            Arc::new(Task {
                id,
                name: format!("{name}-{index}").into(),
                service: self.services[random.below(SERVICES)].clone(),
                node: self.nodes[random.below(NODES)].clone(),
                slot: index,
                version: 1,
            })
        };
        (0..).take(self.objects).map(task).collect()
    }

    /// A number that only the same objects in the same order have.
    pub(crate) fn digest(&self) -> String {
        format!("{:016x}", self.digest)
    }

    /// FNV-1a.
    fn add_to_digest(&mut self, text: &str) {
        for byte in text.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Visits keys in their order, again and again.
pub(crate) struct Walk<'a> {
    keys: &'a [Box<str>],
    next: usize,
}

impl<'a> Walk<'a> {
    pub(crate) const fn new(keys: &'a [Box<str>]) -> Self {
        Self::from(keys, 0)
    }

    pub(crate) const fn from(keys: &'a [Box<str>], next: usize) -> Self {
        Self { keys, next }
    }

    /// The next `count` keys; from the beginning when there are not as many left.
    pub(crate) fn take(&mut self, count: usize) -> &'a [Box<str>] {
        if self.next + count > self.keys.len() {
            self.next = 0;
        }
        let keys = &self.keys[self.next..self.next + count];
        self.next += count;
        keys
    }

    pub(crate) fn one(&mut self) -> &'a str {
        &self.take(1)[0]
    }
}

/// The generator splitmix64: three lines in any language.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is smaller than a usize")
    }

    /// A word in base 36.
    fn word(&mut self, length: usize) -> Box<str> {
        const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let digit = |_| char::from(ALPHABET[self.below(ALPHABET.len())]);
        (0..length).map(digit).collect::<String>().into()
    }

    /// So many of them, as long as an id.
    pub(crate) fn words(&mut self, count: usize) -> Vec<Box<str>> {
        (0..count).map(|_| self.word(ID_LENGTH)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_objects_are_the_same_in_every_run_and_language() {
        // The Go harness prints the same digest for 10 000 objects.
        assert_eq!(Dataset::new(10_000).digest(), "bacbccd5c253f1d8");
    }

    #[test]
    fn ids_and_names_are_unique_and_the_order_has_each_once() {
        let data = Dataset::new(2_000);
        let tasks = data.tasks();
        let ids: HashSet<_> = tasks.iter().map(|task| &*task.id).collect();
        let names: HashSet<_> = tasks.iter().map(|task| &*task.name).collect();
        let order: HashSet<_> = data.order.iter().map(|id| &**id).collect();
        assert_eq!((ids.len(), names.len()), (2_000, 2_000));
        assert_eq!(order, ids);
        assert_eq!(data.tasks(), tasks);
    }

    #[test]
    fn a_walk_begins_again_at_its_end() {
        let keys: Vec<Box<str>> = ["a", "b", "c"].map(Into::into).into();
        let mut walk = Walk::new(&keys);
        assert_eq!(walk.take(2), &keys[..2]);
        assert_eq!(walk.take(2), &keys[..2]);
        assert_eq!(walk.one(), "c");
        assert_eq!(walk.one(), "a");
    }
}
