//! The words of a page as a sorted list of keys, each with a number.
//!
//! ```text
//! len, room | prefix bytes | heap start | prefix | heads .. | marks .. | values .. |  free  | tails
//! ```
//!
//! What all keys begin with is written once, as the *prefix*. The four bytes of each key behind it are its *head*, as a
//! number that compares as they do; the heads stand side by side, and a search reads little else. What is longer has a
//! *tail* in the heap at the end. The *mark* of a key says where: up to 4, it is the number of bytes of a key without a tail.
//!
//! Invariant: keys ascend strictly; the prefix, and what is behind it of each key, are what the key consists of.

use std::cmp::Ordering;

use super::memory::{bytes, bytes_mut};

/// Words before the prefix.
pub(super) const HEADER: usize = 3;
/// Bytes of a head.
pub(super) const HEAD: usize = 4;
/// Words of a key besides tail and prefix: head, mark, value.
pub(super) const ENTRY: usize = 3;
/// The most keys in a page: its header counts them in 16 bits.
const ROOM_MAX: usize = 0xffff;
/// A tail of as many bytes, or more, has its length in four more bytes.
const LONG: usize = u8::MAX as usize;

/// A page's keys, to be read.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    words: &'a [u32],
    /// The first key: an inner page leaves its first one out, since everything left of the second is below it.
    pub(super) first: usize,
}

/// Where a key would stand in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// How many of the page's keys, those left out included, are not greater.
    pub(super) at: usize,
    /// Whether the last of them is the beginning of the key, or all of it.
    pub(super) begins: bool,
}

impl<'a> Node<'a> {
    pub(super) const fn leaf(words: &'a [u32]) -> Self {
        Self { words, first: 0 }
    }

    pub(super) const fn inner(words: &'a [u32]) -> Self {
        Self { words, first: 1 }
    }

    pub(super) const fn len(self) -> usize {
        (self.words[0] & 0xffff) as usize
    }

    /// Returns how many words the page has.
    pub(super) const fn size(self) -> usize {
        self.words.len()
    }

    /// Returns how many keys there is room for.
    const fn room(self) -> usize {
        (self.words[0] >> 16) as usize
    }

    const fn prefix_len(self) -> usize {
        self.words[1] as usize
    }

    pub(super) fn prefix(self) -> &'a [u8] {
        &bytes(&self.words[HEADER..])[..self.prefix_len()]
    }

    /// Returns where the heads begin.
    const fn heads_at(self) -> usize {
        HEADER + self.prefix_len().div_ceil(4)
    }

    fn heads(self) -> &'a [u32] {
        &self.words[self.heads_at()..][..self.len()]
    }

    fn marks(self) -> &'a [u32] {
        &self.words[self.heads_at() + self.room()..][..self.len()]
    }

    /// Returns the numbers of the keys, in order of the keys.
    pub(super) fn values(self) -> &'a [u32] {
        &self.words[self.heads_at() + 2 * self.room()..][..self.len()]
    }

    /// Returns what a key has besides prefix and head.
    fn tail(self, at: usize) -> &'a [u8] {
        tail_at(bytes(self.words), self.marks()[at])
    }

    /// Returns the number of a key's bytes behind the prefix.
    fn rest_len(self, at: usize) -> usize {
        let mark = self.marks()[at] as usize;
        if mark <= HEAD {
            mark
        } else {
            HEAD + self.tail(at).len()
        }
    }

    /// Returns how many bytes two keys have in common.
    pub(super) fn common(self, left: usize, right: usize) -> usize {
        let (heads, marks) = (self.heads(), self.marks());
        let head = ((heads[left] ^ heads[right]).leading_zeros() / 8)
            .min(marks[left])
            .min(marks[right]) as usize;
        let tail = if head < HEAD {
            0
        } else {
            common(self.tail(left), self.tail(right))
        };
        self.prefix_len() + head + tail
    }

    /// Returns how many words some of the keys need, under the same prefix.
    pub(super) fn words_of(self, from: usize, to: usize) -> usize {
        self.heads_at() + ENTRY * (to - from) + self.tail_bytes(from, to).div_ceil(4)
    }

    fn tail_bytes(self, from: usize, to: usize) -> usize {
        if self.is_plain() {
            return 0;
        }
        let tails = self.marks()[from..to]
            .iter()
            .filter(|mark| **mark as usize > HEAD);
        tails
            .map(|mark| tail_size(tail_at(bytes(self.words), *mark).len()))
            .sum()
    }

    /// Whether no key has a tail.
    const fn is_plain(self) -> bool {
        self.words[2] as usize == self.words.len() * 4
    }

    /// Copies some of the keys to a page that has room for them. False, and the page is not usable, when they have more in
    /// common than can be moved to the prefix byte by byte.
    pub(super) fn copy(self, from: usize, to: usize, words: &mut [u32]) -> bool {
        // What heads of two keys or more begin with goes to the prefix.
        let shared = if to - from < 2 {
            0
        } else {
            self.common(from, to - 1) - self.prefix_len()
        };
        if shared > 0 && !(self.is_plain() && shared < HEAD) {
            return false;
        }
        self.copy_under(from, to, shared, words);
        true
    }

    /// Copies some of the keys, under a prefix that is longer by so many bytes; without tails, if it is not the same.
    pub(super) fn copy_under(self, from: usize, to: usize, shared: usize, words: &mut [u32]) {
        let len = to - from;
        let prefix_len = self.prefix_len() + shared;
        let arrays = HEADER + prefix_len.div_ceil(4);
        let tails = self.tail_bytes(from, to).div_ceil(4);
        let room = room(words.len() - arrays, len, tails);
        write_header(words, len, room, prefix_len);
        let (prefix, rest) = bytes_mut(&mut words[HEADER..]).split_at_mut(self.prefix_len());
        prefix.copy_from_slice(self.prefix());
        if shared > 0 {
            rest[..shared].copy_from_slice(&self.heads()[from].to_be_bytes()[..shared]);
        }
        let target = &mut words[arrays..];
        for (to, head) in target.iter_mut().zip(&self.heads()[from..to]) {
            *to = head << (8 * shared);
        }
        for (to, mark) in target[room..].iter_mut().zip(&self.marks()[from..to]) {
            *to = mark.wrapping_sub(number(shared));
        }
        target[2 * room..][..len].copy_from_slice(&self.values()[from..to]);
        if tails > 0 {
            self.copy_tails(from, to, arrays + room, words);
        }
    }

    /// Copies the tails of some of the keys, and sets the marks from `marks` on.
    fn copy_tails(self, from: usize, to: usize, marks: usize, words: &mut [u32]) {
        let mut start = words[2] as usize;
        for (at, mark) in self.marks()[from..to].iter().enumerate() {
            let mark = *mark as usize;
            if mark > HEAD {
                let page = bytes(self.words);
                let size = tail_size(tail_at(page, number(mark)).len());
                start -= size;
                bytes_mut(words)[start..][..size].copy_from_slice(&page[mark..][..size]);
                words[marks + at] = number(start);
            }
        }
        words[2] = number(start);
    }

    /// Returns the length of a key.
    pub(super) fn key_len(self, at: usize) -> usize {
        self.prefix_len() + self.rest_len(at)
    }

    /// Appends a key.
    pub(super) fn push_key(self, at: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.prefix());
        let head = self.heads()[at].to_be_bytes();
        out.extend_from_slice(&head[..(self.marks()[at] as usize).min(HEAD)]);
        out.extend_from_slice(self.tail(at));
    }

    /// Finds where a key would stand.
    #[inline]
    pub(super) fn search(self, key: &[u8]) -> Position {
        match self.rest_of(key) {
            Ok(rest) => {
                let head = head_of(rest);
                let at = self.search_rest(head, rest);
                let begins = at > self.first && self.is_beginning_of(at - 1, head, rest);
                Position { at, begins }
            }
            Err(at) => Position { at, begins: false },
        }
    }

    /// Returns how many of the page's keys, those left out included, are not greater than a key.
    #[inline]
    pub(super) fn not_greater(self, key: &[u8]) -> usize {
        match self.rest_of(key) {
            Ok(rest) => self.search_rest(head_of(rest), rest),
            Err(at) => at,
        }
    }

    /// Returns what follows the prefix in a key; its place, if it does not begin so.
    #[inline]
    fn rest_of(self, key: &[u8]) -> Result<&[u8], usize> {
        if self.prefix_len() == 0 {
            return Ok(key);
        }
        let prefix = self.prefix();
        key.strip_prefix(prefix).ok_or_else(|| {
            if key < prefix {
                self.first.min(self.len())
            } else {
                self.len()
            }
        })
    }

    #[inline]
    fn search_rest(self, head: u32, rest: &[u8]) -> usize {
        let heads = self.heads();
        let first = self.first.min(heads.len());
        let at = first + heads[first..].partition_point(|other| *other < head);
        match heads.get(at) {
            Some(other) if *other == head => at + self.search_run(at, head, rest),
            _ => at,
        }
    }

    /// Returns how many of the keys with this head, from `from` on, are not greater.
    fn search_run(self, from: usize, head: u32, rest: &[u8]) -> usize {
        let run = self.heads()[from..].partition_point(|other| *other == head);
        let (mut low, mut high) = (0, run);
        while low < high {
            let middle = low.midpoint(high);
            if self.compare(from + middle, rest) == Ordering::Greater {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// Compares a key with another whose head is the same.
    fn compare(self, at: usize, rest: &[u8]) -> Ordering {
        let len = self.rest_len(at);
        if len <= HEAD || rest.len() <= HEAD {
            // Their bytes are equal, or zeros that one of them does not have: the shorter is smaller.
            len.cmp(&rest.len())
        } else {
            self.tail(at).cmp(&rest[HEAD..])
        }
    }

    #[inline]
    fn is_beginning_of(self, at: usize, head: u32, rest: &[u8]) -> bool {
        let mark = self.marks()[at] as usize;
        let differ = self.heads()[at] ^ head;
        if mark < HEAD {
            return mark <= rest.len() && differ.leading_zeros() as usize >= mark * 8;
        }
        differ == 0 && rest.len() >= HEAD && rest[HEAD..].starts_with(self.tail(at))
    }

    /// Returns how many bytes of a key it takes to tell it from its neighbours at its place, and for a search to see it
    /// without looking further.
    pub(super) fn bytes_to_tell(self, at: usize, key: &[u8]) -> usize {
        let shared = common(self.prefix(), key);
        if shared < self.prefix_len() {
            return (shared + HEAD).min(key.len());
        }
        let rest = &key[shared..];
        let head = head_of(rest);
        let mut tell = HEAD;
        for neighbour in [at.wrapping_sub(1), at] {
            if neighbour >= self.first
                && neighbour < self.len()
                && self.heads()[neighbour] == head
                && rest.len() > HEAD
            {
                tell = tell.max(HEAD + common(self.tail(neighbour), &rest[HEAD..]) + 1);
            }
        }
        (shared + tell).min(key.len())
    }
}

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
        let values = node.heads_at() + 2 * node.room();
        self.words[values + at] = value;
    }

    /// Adds a key; false, and nothing is done, when there is no room for it, or it does not begin as the others do.
    #[must_use]
    pub(super) fn insert(&mut self, at: usize, key: &[u8], value: u32) -> bool {
        let node = self.node();
        let (len, room) = (node.len(), node.room());
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
        let prefix = node.prefix_len();
        let tail_sizes: usize = [longer.1, new.1]
            .iter()
            .map(|key| key.len() - prefix)
            .filter(|rest| *rest > HEAD)
            .map(|rest| tail_size(rest - HEAD))
            .sum();
        let arrays_end = 4 * (node.heads_at() + ENTRY * node.room());
        if node.len() == node.room() || (self.words[2] as usize) < arrays_end + tail_sizes {
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

    /// Removes a key. Its tail stays in the heap until the page is written anew.
    pub(super) fn remove(&mut self, at: usize) {
        let node = self.node();
        let (len, room, heads) = (node.len(), node.room(), node.heads_at());
        for array in 0..ENTRY {
            self.words[heads + array * room..][..len].copy_within(at + 1.., at);
        }
        self.words[0] -= 1;
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

/// Returns an offset or a length in a page as a word.
fn number(number: usize) -> u32 {
    u32::try_from(number).expect("a page, and a key, have less than 4 GiB")
}

/// Returns the length of what two byte strings both begin with.
pub(super) fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Returns the first four bytes as a number that compares as they do.
fn head_of(rest: &[u8]) -> u32 {
    rest.first_chunk().map_or_else(
        || {
            let mut head = [0; HEAD];
            head[..rest.len()].copy_from_slice(rest);
            u32::from_be_bytes(head)
        },
        |head| u32::from_be_bytes(*head),
    )
}

/// Returns the tail that a mark points to; none if it does not.
fn tail_at(page: &[u8], mark: u32) -> &[u8] {
    let mark = mark as usize;
    if mark <= HEAD {
        return &[];
    }
    let short = page[mark];
    if short < u8::MAX {
        return &page[mark + 1..][..usize::from(short)];
    }
    let len = page[mark + 1..]
        .first_chunk()
        .map_or(0, |len| u32::from_le_bytes(*len));
    &page[mark + 5..][..len as usize]
}

/// Returns how many bytes a tail takes.
pub(super) const fn tail_size(len: usize) -> usize {
    if len < LONG { 1 + len } else { 5 + len }
}
