//! Keys taken out of pages, to be put together anew: what is done when a page cannot be changed in place.

use super::memory::bytes_mut;
use super::node::{ENTRY, HEAD, HEADER, Node, common, tail_size};
use super::node_mut::{NodeMut, room, write_header};

/// Keys with their numbers, taken out of pages to be written into others.
#[derive(Default)]
pub(super) struct Entries {
    bytes: Vec<u8>,
    /// Where each key ends, and its number.
    ends: Vec<(usize, u32)>,
}

impl Entries {
    /// Returns the keys of a page, with room for another.
    pub(super) fn of(node: Node<'_>) -> Self {
        let mut entries = Self {
            bytes: Vec::with_capacity(node.size() * 8),
            ends: Vec::with_capacity(node.len() + 1),
        };
        entries.append(node);
        entries
    }

    /// Appends the keys of a page.
    pub(super) fn append(&mut self, node: Node<'_>) {
        self.append_some(node, 0, node.len());
    }

    /// Appends some of the keys of a page.
    pub(super) fn append_some(&mut self, node: Node<'_>, from: usize, to: usize) {
        for at in from..to {
            if at >= node.first {
                node.push_key(at, &mut self.bytes);
            }
            self.ends.push((self.bytes.len(), node.values()[at]));
        }
    }

    /// Appends a key.
    pub(super) fn push(&mut self, key: &[u8], value: u32) {
        self.bytes.extend_from_slice(key);
        self.ends.push((self.bytes.len(), value));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn key(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.bytes[start..self.ends[at].0]
    }

    pub(super) fn value(&self, at: usize) -> u32 {
        self.ends[at].1
    }

    pub(super) fn insert(&mut self, at: usize, key: &[u8], value: u32) {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0);
        self.bytes.splice(start..start, key.iter().copied());
        self.ends.insert(at, (start, value));
        for (end, _) in &mut self.ends[at..] {
            *end += key.len();
        }
    }

    /// Replaces a key.
    pub(super) fn set_key(&mut self, at: usize, key: &[u8]) {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0);
        let end = self.ends[at].0;
        self.bytes.splice(start..end, key.iter().copied());
        for (later, _) in &mut self.ends[at..] {
            *later = *later + key.len() - (end - start);
        }
    }

    /// Returns how many words a page needs for some of the keys; `first` is the first that is not left out.
    pub(super) fn words(&self, from: usize, to: usize, first: usize) -> usize {
        let prefix = self.prefix(from + first, to).len();
        HEADER
            + prefix.div_ceil(4)
            + ENTRY * (to - from)
            + self.tail_bytes(from + first, to, prefix).div_ceil(4)
    }

    /// Returns what some of the keys all begin with.
    fn prefix(&self, from: usize, to: usize) -> &[u8] {
        match to.saturating_sub(from) {
            0 => &[],
            // A lone key keeps a head, so that a search need not look further to tell another from it.
            1 => &self.key(from)[..self.key(from).len().saturating_sub(HEAD)],
            _ => &self.key(from)[..common(self.key(from), self.key(to - 1))],
        }
    }

    fn tail_bytes(&self, from: usize, to: usize, prefix: usize) -> usize {
        (from..to)
            .map(|at| self.key(at).len() - prefix)
            .filter(|rest| *rest > HEAD)
            .map(|rest| tail_size(rest - HEAD))
            .sum()
    }

    /// Writes some of the keys into a page that has enough words.
    pub(super) fn write(&self, from: usize, to: usize, first: usize, words: &mut [u32]) {
        let prefix = self.prefix(from + first, to);
        let len = to - from;
        let arrays = HEADER + prefix.len().div_ceil(4);
        let tails = self.tail_bytes(from + first, to, prefix.len()).div_ceil(4);
        write_header(
            words,
            0,
            room(words.len() - arrays, len, tails),
            prefix.len(),
        );
        bytes_mut(&mut words[HEADER..])[..prefix.len()].copy_from_slice(prefix);
        let mut node = NodeMut::of(words);
        for at in 0..len {
            let left_out = at < first;
            let key = if left_out {
                prefix
            } else {
                self.key(from + at)
            };
            let written = node.insert(at, key, self.value(from + at));
            assert!(written, "a page is given room for what is written into it");
        }
    }
}
