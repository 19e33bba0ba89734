//! A persistent B+tree from byte keys to slots.
//!
//! Nodes are shared by reference count and copied when a clone still needs them. A leaf is three flat arrays (key bytes,
//! their ends, slots), so that copying one is a few `memcpy`s and touches no reference count.
//!
//! Invariants: keys ascend strictly within a node and from leaf to leaf; all leaves have the same depth; a separator is
//! greater than every key to its left and not greater than any to its right; no node but the root is empty.

use std::sync::Arc;

const LEAF_MAX: usize = 64;
const INNER_MAX: usize = 32;

#[derive(Clone)]
pub(crate) struct Tree {
    root: Arc<Node>,
    len: usize,
}

#[derive(Clone)]
enum Node {
    Leaf {
        keys: Packed,
        slots: Vec<u32>,
    },
    /// One separator fewer than children.
    Inner {
        keys: Packed,
        children: Vec<Arc<Node>>,
    },
}

/// What an insertion left behind for the parent: the new right sibling and the separator before it.
type Split = Option<(Vec<u8>, Arc<Node>)>;

impl Tree {
    pub(crate) fn new() -> Self {
        Self {
            root: Arc::new(Node::Leaf {
                keys: Packed::default(),
                slots: Vec::new(),
            }),
            len: 0,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<u32> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Inner { keys, children } => node = &children[keys.child(key)],
                Node::Leaf { keys, slots } => return keys.find(key).ok().map(|at| slots[at]),
            }
        }
    }

    /// Sets the slot of a key and returns the one it had.
    pub(crate) fn insert(&mut self, key: &[u8], slot: u32) -> Option<u32> {
        let (old, split) = Arc::make_mut(&mut self.root).insert(key, slot);
        if let Some((separator, right)) = split {
            let left = Arc::clone(&self.root);
            let mut keys = Packed::default();
            keys.insert(0, &separator);
            self.root = Arc::new(Node::Inner {
                keys,
                children: vec![left, right],
            });
        }
        self.len += usize::from(old.is_none());
        old
    }

    /// Removes a key and returns the slot it had.
    pub(crate) fn remove(&mut self, key: &[u8]) -> Option<u32> {
        // Looked up first, so that a key that is absent copies nothing.
        let slot = self.get(key)?;
        Arc::make_mut(&mut self.root).remove(key);
        while let Node::Inner { children, .. } = &*self.root {
            match children.as_slice() {
                [] => self.root = Self::new().root,
                [only] => self.root = Arc::clone(only),
                _ => break,
            }
        }
        self.len -= 1;
        Some(slot)
    }

    /// Returns a cursor before the first key that is not smaller than `key`.
    pub(crate) fn seek(&self, key: &[u8]) -> Cursor<'_> {
        let mut cursor = Cursor {
            path: Vec::with_capacity(4),
            keys: &NO_KEYS,
            slots: &[],
            at: 0,
        };
        cursor.descend(&self.root, Some(key));
        cursor
    }

    /// Returns a cursor after the last key.
    pub(crate) fn seek_end(&self) -> Cursor<'_> {
        let mut cursor = Cursor {
            path: Vec::with_capacity(4),
            keys: &NO_KEYS,
            slots: &[],
            at: 0,
        };
        cursor.descend(&self.root, None);
        cursor
    }

    /// Checks the structure's invariants.
    #[cfg(test)]
    pub(crate) fn check(&self) {
        let mut last: Option<Vec<u8>> = None;
        let mut count = 0;
        let mut cursor = self.seek(&[]);
        while let Some((key, _)) = cursor.next() {
            assert!(
                last.as_deref().is_none_or(|last| last < key),
                "keys ascend strictly"
            );
            last = Some(key.to_vec());
            count += 1;
        }
        assert_eq!(count, self.len, "the length is the number of entries");
        self.root.check(true, None, None);
    }
}

impl Node {
    fn insert(&mut self, key: &[u8], slot: u32) -> (Option<u32>, Split) {
        match self {
            Self::Leaf { keys, slots } => match keys.find(key) {
                Ok(at) => (Some(std::mem::replace(&mut slots[at], slot)), None),
                Err(at) => {
                    keys.insert(at, key);
                    slots.insert(at, slot);
                    if slots.len() <= LEAF_MAX {
                        return (None, None);
                    }
                    // Keys that arrive in order fill their leaves: split at the end when appending.
                    let middle = if at == slots.len() - 1 {
                        at
                    } else {
                        slots.len() / 2
                    };
                    let right = Self::Leaf {
                        keys: keys.split_off(middle),
                        slots: slots.split_off(middle),
                    };
                    let Self::Leaf {
                        keys: right_keys, ..
                    } = &right
                    else {
                        unreachable!("it was just made")
                    };
                    let separator =
                        shortest_separator(keys.get(middle - 1), right_keys.get(0)).to_vec();
                    (None, Some((separator, Arc::new(right))))
                }
            },
            Self::Inner { keys, children } => {
                let at = keys.child(key);
                let (old, split) = Arc::make_mut(&mut children[at]).insert(key, slot);
                let Some((separator, right)) = split else {
                    return (old, None);
                };
                keys.insert(at, &separator);
                children.insert(at + 1, right);
                if children.len() <= INNER_MAX {
                    return (old, None);
                }
                let middle = if at + 2 == children.len() {
                    children.len() - 2
                } else {
                    children.len() / 2
                };
                let right_keys = keys.split_off(middle);
                let separator = keys.pop();
                let right = Self::Inner {
                    keys: right_keys,
                    children: children.split_off(middle),
                };
                (old, Some((separator, Arc::new(right))))
            }
        }
    }

    /// Removes a key that is there.
    fn remove(&mut self, key: &[u8]) {
        match self {
            Self::Leaf { keys, slots } => {
                let at = keys
                    .find(key)
                    .expect("the key was found before the descent");
                keys.remove(at);
                slots.remove(at);
            }
            Self::Inner { keys, children } => {
                let at = keys.child(key);
                Arc::make_mut(&mut children[at]).remove(key);
                let left = at.saturating_sub(1);
                if children[at].is_empty() {
                    children.remove(at);
                    if keys.len() > 0 {
                        keys.remove(left);
                    }
                } else if children[at].is_sparse()
                    && children.len() > 1
                    && children[left].fits_with(&children[left + 1])
                {
                    let right = children.remove(left + 1);
                    let separator = keys.get(left).to_vec();
                    keys.remove(left);
                    Arc::make_mut(&mut children[left]).append(&separator, &right);
                }
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Leaf { slots, .. } => slots.len(),
            Self::Inner { children, .. } => children.len(),
        }
    }

    fn max(&self) -> usize {
        match self {
            Self::Leaf { .. } => LEAF_MAX,
            Self::Inner { .. } => INNER_MAX,
        }
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_sparse(&self) -> bool {
        self.len() * 3 < self.max()
    }

    /// Whether the two would make one node that is not full at once.
    fn fits_with(&self, right: &Self) -> bool {
        (self.len() + right.len()) * 4 <= self.max() * 3
    }

    fn append(&mut self, separator: &[u8], right: &Self) {
        match (self, right) {
            (
                Self::Leaf { keys, slots },
                Self::Leaf {
                    keys: right_keys,
                    slots: right_slots,
                },
            ) => {
                keys.append(right_keys);
                slots.extend_from_slice(right_slots);
            }
            (
                Self::Inner { keys, children },
                Self::Inner {
                    keys: right_keys,
                    children: right_children,
                },
            ) => {
                keys.insert(keys.len(), separator);
                keys.append(right_keys);
                children.extend(right_children.iter().cloned());
            }
            _ => unreachable!("neighbours are of one level"),
        }
    }

    #[cfg(test)]
    fn check(&self, is_root: bool, low: Option<&[u8]>, high: Option<&[u8]>) -> usize {
        assert!(is_root || !self.is_empty(), "no node but the root is empty");
        let within =
            |key: &[u8]| low.is_none_or(|low| low <= key) && high.is_none_or(|high| key < high);
        match self {
            Self::Leaf { keys, slots } => {
                assert_eq!(keys.len(), slots.len());
                assert!(
                    (0..keys.len()).all(|at| within(keys.get(at))),
                    "separators bound the keys of a leaf"
                );
                0
            }
            Self::Inner { keys, children } => {
                assert_eq!(keys.len() + 1, children.len());
                let depths: Vec<usize> = (0..children.len())
                    .map(|at| {
                        let low = if at == 0 { low } else { Some(keys.get(at - 1)) };
                        let high = if at == keys.len() {
                            high
                        } else {
                            Some(keys.get(at))
                        };
                        children[at].check(false, low, high)
                    })
                    .collect();
                assert!(
                    depths.windows(2).all(|pair| pair[0] == pair[1]),
                    "all leaves have the same depth"
                );
                depths[0] + 1
            }
        }
    }
}

/// Returns the shortest beginning of `right` that is greater than `left`.
fn shortest_separator<'a>(left: &[u8], right: &'a [u8]) -> &'a [u8] {
    let common = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    &right[..=common]
}

/// A list of byte strings in one allocation.
#[derive(Clone, Default)]
struct Packed {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Packed {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 {
            0
        } else {
            self.ends[at - 1] as usize
        }
    }

    fn get(&self, at: usize) -> &[u8] {
        &self.bytes[self.start(at)..self.ends[at] as usize]
    }

    fn find(&self, key: &[u8]) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    /// Returns which child a key belongs to when these are separators.
    fn child(&self, key: &[u8]) -> usize {
        match self.find(key) {
            Ok(at) => at + 1,
            Err(at) => at,
        }
    }

    fn insert(&mut self, at: usize, key: &[u8]) {
        let start = self.start(at);
        self.bytes.splice(start..start, key.iter().copied());
        let grown = u32::try_from(key.len()).expect("keys are at most KEY_BYTES_MAX long");
        self.ends.insert(
            at,
            u32::try_from(start).expect("a node holds less than 4 GiB"),
        );
        for end in &mut self.ends[at..] {
            *end += grown;
        }
    }

    fn remove(&mut self, at: usize) {
        let (start, end) = (self.start(at), self.ends[at]);
        self.bytes.drain(start..end as usize);
        let shrunk = end - u32::try_from(start).expect("a node holds less than 4 GiB");
        self.ends.remove(at);
        for end in &mut self.ends[at..] {
            *end -= shrunk;
        }
    }

    fn split_off(&mut self, at: usize) -> Self {
        let start = self.start(at);
        let base = u32::try_from(start).expect("a node holds less than 4 GiB");
        let ends = self
            .ends
            .split_off(at)
            .into_iter()
            .map(|end| end - base)
            .collect();
        Self {
            bytes: self.bytes.split_off(start),
            ends,
        }
    }

    fn pop(&mut self) -> Vec<u8> {
        self.split_off(self.len() - 1).bytes
    }

    fn append(&mut self, right: &Self) {
        let base = u32::try_from(self.bytes.len()).expect("a node holds less than 4 GiB");
        self.bytes.extend_from_slice(&right.bytes);
        self.ends.extend(right.ends.iter().map(|end| end + base));
    }
}

static NO_KEYS: Packed = Packed {
    bytes: Vec::new(),
    ends: Vec::new(),
};

/// A place between two entries, that moves either way.
pub(crate) struct Cursor<'a> {
    /// Inner nodes above the leaf, each with the child that was taken.
    path: Vec<(&'a Node, usize)>,
    keys: &'a Packed,
    slots: &'a [u32],
    /// The entry of the leaf that comes next.
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Returns the entry after this place and moves past it.
    pub(crate) fn next(&mut self) -> Option<(&'a [u8], u32)> {
        while self.at == self.slots.len() {
            let next = self.sibling(|at, children| (at + 1 < children).then_some(at + 1))?;
            self.descend(next, Some(&[]));
        }
        self.at += 1;
        Some((self.keys.get(self.at - 1), self.slots[self.at - 1]))
    }

    /// Returns the entry before this place and moves before it.
    pub(crate) fn back(&mut self) -> Option<(&'a [u8], u32)> {
        while self.at == 0 {
            let next = self.sibling(|at, _| at.checked_sub(1))?;
            self.descend(next, None);
        }
        self.at -= 1;
        Some((self.keys.get(self.at), self.slots[self.at]))
    }

    /// Goes up to the nearest node that has a child on the wanted side, and returns it; stays at the end if none has.
    fn sibling(&mut self, step: impl Fn(usize, usize) -> Option<usize>) -> Option<&'a Node> {
        let found = self
            .path
            .iter()
            .rev()
            .enumerate()
            .find_map(|(up, (node, at))| {
                let Node::Inner { children, .. } = node else {
                    unreachable!("the path holds inner nodes")
                };
                step(*at, children.len()).map(|at| (up, *node, at, &*children[at]))
            });
        let (up, node, at, child) = found?;
        self.path.truncate(self.path.len() - up - 1);
        self.path.push((node, at));
        Some(child)
    }

    /// Goes down to the first entry that is not smaller than `key`; without a key, to the end.
    fn descend(&mut self, mut node: &'a Node, key: Option<&[u8]>) {
        while let Node::Inner { keys, children } = node {
            let at = key.map_or(keys.len(), |key| keys.child(key));
            self.path.push((node, at));
            node = &children[at];
        }
        let Node::Leaf { keys, slots } = node else {
            unreachable!("the descent ends at a leaf")
        };
        self.at = key.map_or(keys.len(), |key| keys.find(key).unwrap_or_else(|at| at));
        (self.keys, self.slots) = (keys, slots);
    }
}

#[cfg(test)]
mod tests;
