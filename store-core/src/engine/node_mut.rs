//! The words of a page as a sorted list of keys, to be changed in place; the form is told in `node.rs`.

use super::memory::bytes_mut;
use super::node::{ENTRY, HEAD, LONG, Node, head_of, number, tail_size};

/// The most keys in a page: its header counts them in 16 bits.
const ROOM_MAX: usize = 0xffff;

/// A page's keys, to be changed.
pub(super) struct NodeMut<'a> {
    words: &'a mut [u32],
}

impl<'a> NodeMut<'a> {
    pub(super) const fn of(words: &'a mut [u32]) -> Self {
        Self { words }
    }

    fn node(&self) -> Node<'_> {
        Node::leaf(self.words)
    }

    /// Sets the number of a key.
    pub(super) fn set_value(&mut self, at: usize, value: u32) {
        let node = self.node();
        assert!(at < node.len(), "the key exists whose number is set");
        let values = node.heads_at() + 2 * node.room;
        self.words[values + at] = value;
    }

    /// Adds a key; false, and nothing is done, when there is no room for it, or it does not begin as the others do.
    #[must_use]
    pub(super) fn insert(&mut self, at: usize, key: &[u8], value: u32) -> bool {
        let node = self.node();
        let (len, room) = (node.len(), node.room);
        let Some(rest) = key.strip_prefix(node.prefix()) else {
            return false;
        };
        let heads = node.heads_at();
        let arrays_end = 4 * (heads + ENTRY * room);
        if len == room {
            return false;
        }
        let Some(mark) = self.push_tail(rest, arrays_end) else {
            return false;
        };
        for (array, word) in [head_of(rest), mark, value].into_iter().enumerate() {
            let array = &mut self.words[heads + array * room..][..=len];
            array.copy_within(at..len, at + 1);
            array[at] = word;
        }
        self.words[0] += 1;
        true
    }

    /// Makes a key longer, which does not change its place, and adds another; false, and nothing is done, when there is no
    /// room.
    #[must_use]
    pub(super) fn extend_and_insert(
        &mut self,
        longer: (usize, &[u8]),
        new: (usize, &[u8], u32),
    ) -> bool {
        let node = self.node();
        let prefix = node.prefix_len;
        let tail_sizes: usize = [longer.1, new.1]
            .iter()
            .map(|key| key.len() - prefix)
            .filter(|rest| *rest > HEAD)
            .map(|rest| tail_size(rest - HEAD))
            .sum();
        let arrays_end = 4 * (node.heads_at() + ENTRY * node.room);
        let free = self.words[2] as usize + node.tail_size_of(node.marks()[longer.0]);
        if node.len() == node.room || free < arrays_end + tail_sizes {
            return false;
        }
        let value = node.values()[longer.0];
        self.remove(longer.0);
        let extended = self.insert(longer.0, longer.1, value) && self.insert(new.0, new.1, new.2);
        assert!(extended, "what there is room for is inserted");
        true
    }

    /// Writes a key's tail, and returns its mark; `None` when there is no room above `floor`.
    fn push_tail(&mut self, rest: &[u8], floor: usize) -> Option<u32> {
        let Some((_, tail)) = rest
            .split_at_checked(HEAD)
            .filter(|(_, tail)| !tail.is_empty())
        else {
            return Some(number(rest.len()));
        };
        let start = (self.words[2] as usize)
            .checked_sub(tail_size(tail.len()))
            .filter(|start| *start >= floor)?;
        let heap = &mut bytes_mut(self.words)[start..];
        let body = if tail.len() < LONG {
            heap[0] = u8::try_from(tail.len()).expect("it was just compared");
            1
        } else {
            heap[0] = u8::MAX;
            heap[1..5].copy_from_slice(&number(tail.len()).to_le_bytes());
            5
        };
        heap[body..][..tail.len()].copy_from_slice(tail);
        let start = number(start);
        self.words[2] = start;
        Some(start)
    }

    /// Removes a key.
    pub(super) fn remove(&mut self, at: usize) {
        let node = self.node();
        let (len, room, heads) = (node.len(), node.room, node.heads_at());
        self.remove_tail(node.marks()[at]);
        for array in 0..ENTRY {
            self.words[heads + array * room..][..len].copy_within(at + 1.., at);
        }
        self.words[0] -= 1;
    }

    /// Takes the tail that a mark points to out of the heap: what lies before it moves up.
    fn remove_tail(&mut self, mark: u32) {
        let node = self.node();
        let size = number(node.tail_size_of(mark));
        if size == 0 {
            return;
        }
        let (len, marks) = (node.len(), node.heads_at() + node.room);
        let start = self.words[2];
        let before = start as usize..mark as usize;
        bytes_mut(self.words).copy_within(before, (start + size) as usize);
        for other in &mut self.words[marks..][..len] {
            let is_before = start <= *other && *other < mark;
            *other += if is_before { size } else { 0 };
        }
        self.words[2] = start + size;
    }
}

/// Returns for how many keys to make room when as many, with as many words of tails, are there: what is free is shared out
/// as the keys that are there share what is used.
pub(super) fn room(words: usize, len: usize, tails: usize) -> usize {
    let spare = words - tails - ENTRY * len;
    let room = len + spare * len.max(1) / (ENTRY * len + tails).max(ENTRY);
    room.min(ROOM_MAX)
}

pub(super) fn write_header(words: &mut [u32], len: usize, room: usize, prefix_len: usize) {
    words[0] = number(len | room << 16);
    words[1] = number(prefix_len);
    words[2] = number(words.len() * 4);
}
