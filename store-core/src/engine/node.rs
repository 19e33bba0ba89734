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
//! Invariants: keys ascend strictly; the prefix, and what is behind it of each key, are what the key consists of; the heap
//! holds their tails and nothing else.

use std::cmp::Ordering;
use std::ops::Range;

use super::memory::{bytes, bytes_mut};

use super::node_mut::{room, write_header};

/// Words before the prefix.
pub(super) const HEADER: usize = 3;
/// Bytes of a head.
pub(super) const HEAD: usize = 4;
/// Words of a key besides tail and prefix: head, mark, value.
pub(super) const ENTRY: usize = 3;
/// A tail of as many bytes, or more, has its length in four more bytes.
pub(super) const LONG: usize = u8::MAX as usize;

/// A page's keys, to be read.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    words: &'a [u32],
    heads: &'a [u32],
    /// The first key: an inner page leaves its first one out, since everything left of the second is below it.
    pub(super) first: usize,
    /// How many keys there is room for.
    pub(super) room: usize,
    pub(super) prefix_len: usize,
}

/// Where a key would stand in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// How many of the page's keys, those left out included, are not greater.
    pub(super) at: usize,
    /// Whether the last of them is the beginning of the key, or all of it.
    pub(super) begins: bool,
    /// Whether it is all of the key.
    pub(super) whole: bool,
}

impl<'a> Node<'a> {
    #[inline]
    pub(super) fn leaf(words: &'a [u32]) -> Self {
        Self::with_first(words, 0)
    }

    #[inline]
    pub(super) fn inner(words: &'a [u32]) -> Self {
        Self::with_first(words, 1)
    }

    #[inline]
    fn with_first(words: &'a [u32], first: usize) -> Self {
        let [counts, prefix_len, _, arrays @ ..] = words else {
            unreachable!("a page has a header")
        };
        let prefix_len = *prefix_len as usize;
        Self {
            words,
            heads: &arrays[prefix_len.div_ceil(4)..][..(counts & 0xffff) as usize],
            first,
            room: (counts >> 16) as usize,
            prefix_len,
        }
    }

    #[inline]
    pub(super) const fn len(self) -> usize {
        self.heads.len()
    }

    /// Returns how many words the page has.
    pub(super) const fn size(self) -> usize {
        self.words.len()
    }

    pub(super) fn prefix(self) -> &'a [u8] {
        &bytes(&self.words[HEADER..])[..self.prefix_len]
    }

    /// Returns where the heads begin.
    pub(super) const fn heads_at(self) -> usize {
        HEADER + self.prefix_len.div_ceil(4)
    }

    #[inline]
    pub(super) fn marks(self) -> &'a [u32] {
        &self.words[self.heads_at() + self.room..][..self.len()]
    }

    /// Returns the numbers of the keys, in order of the keys.
    #[inline]
    pub(super) fn values(self) -> &'a [u32] {
        &self.words[self.heads_at() + 2 * self.room..][..self.len()]
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
        let (heads, marks) = (self.heads, self.marks());
        let head = ((heads[left] ^ heads[right]).leading_zeros() / 8)
            .min(marks[left])
            .min(marks[right]) as usize;
        let tail = if head < HEAD {
            0
        } else {
            common(self.tail(left), self.tail(right))
        };
        self.prefix_len + head + tail
    }

    /// Returns how many words some of the keys need, under the same prefix.
    pub(super) fn words_of(self, from: usize, to: usize) -> usize {
        self.heads_at() + ENTRY * (to - from) + self.tail_bytes(from, to).div_ceil(4)
    }

    /// Returns what the tails leave of so many bytes that the keys would have under another prefix, with which they all
    /// begin; that they need more is seen early.
    pub(super) fn tails_fit(self, prefix_len: usize, bytes: usize) -> Option<usize> {
        let tails = (0..self.len()).map(|at| self.key_len(at) - prefix_len);
        let mut tails = tails.filter(|rest| *rest > HEAD);
        tails.try_fold(bytes, |left, rest| left.checked_sub(tail_size(rest - HEAD)))
    }

    /// Returns where the tails lie in the page.
    pub(super) fn heap(self) -> Range<usize> {
        self.words[2] as usize..size_of_val(self.words)
    }

    fn tail_bytes(self, from: usize, to: usize) -> usize {
        if to - from == self.len() {
            return self.heap().len();
        }
        let marks = if self.is_plain() {
            &[]
        } else {
            &self.marks()[from..to]
        };
        marks.iter().map(|mark| self.tail_size_of(*mark)).sum()
    }

    /// Returns how many bytes the tail takes that a mark points to.
    pub(super) fn tail_size_of(self, mark: u32) -> usize {
        if mark as usize <= HEAD {
            0
        } else {
            tail_size(tail_at(bytes(self.words), mark).len())
        }
    }

    /// Whether no key has a tail.
    fn is_plain(self) -> bool {
        self.heap().is_empty()
    }

    /// Copies some of the keys to a page that has room for them. False, and the page is not usable, when they have more in
    /// common than can be moved to the prefix byte by byte.
    pub(super) fn copy(self, from: usize, to: usize, words: &mut [u32]) -> bool {
        // What heads of two keys or more begin with goes to the prefix.
        let shared = if to - from < 2 {
            0
        } else {
            self.common(from, to - 1) - self.prefix_len
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
        let prefix_len = self.prefix_len + shared;
        let arrays = HEADER + prefix_len.div_ceil(4);
        let tails = self.tail_bytes(from, to).div_ceil(4);
        let room = room(words.len() - arrays, len, tails);
        write_header(words, len, room, prefix_len);
        let (prefix, rest) = bytes_mut(&mut words[HEADER..]).split_at_mut(self.prefix_len);
        prefix.copy_from_slice(self.prefix());
        if shared > 0 {
            rest[..shared].copy_from_slice(&self.heads[from].to_be_bytes()[..shared]);
        }
        let target = &mut words[arrays..];
        for (to, head) in target.iter_mut().zip(&self.heads[from..to]) {
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
        self.prefix_len + self.rest_len(at)
    }

    /// Appends a key.
    pub(super) fn push_key(self, at: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.prefix());
        let head = self.heads[at].to_be_bytes();
        out.extend_from_slice(&head[..(self.marks()[at] as usize).min(HEAD)]);
        out.extend_from_slice(self.tail(at));
    }

    /// Finds where a key would stand.
    #[inline]
    pub(super) fn search(self, key: &[u8]) -> Position {
        let none = |at| Position {
            at,
            begins: false,
            whole: false,
        };
        let rest = match self.rest_of(key) {
            Ok(rest) => rest,
            Err(at) => return none(at),
        };
        let head = head_of(rest);
        let from = self.with_smaller_head(head);
        let heads = self.heads;
        let mut at = from;
        if heads.get(from) == Some(&head) {
            // As a rule, one key has the head at most, and it is the one that is looked for.
            if heads.get(from + 1) != Some(&head)
                && let Some(found) = self.beginning_of(from, head, rest)
            {
                return found;
            }
            at += self.search_run(from, head, rest);
        }
        let before = at.checked_sub(1).filter(|before| *before >= self.first);
        before
            .and_then(|before| self.beginning_of(before, head, rest))
            .unwrap_or(none(at))
    }

    /// Returns how many of the page's keys, those left out included, are not greater than a key.
    #[inline]
    pub(super) fn not_greater(self, key: &[u8]) -> usize {
        let rest = match self.rest_of(key) {
            Ok(rest) => rest,
            Err(at) => return at,
        };
        let head = head_of(rest);
        let from = self.with_smaller_head(head);
        match self.heads.get(from) {
            Some(other) if *other == head => from + self.search_run(from, head, rest),
            _ => from,
        }
    }

    /// Returns what follows the prefix in a key; its place, if it does not begin so.
    #[inline]
    fn rest_of(self, key: &[u8]) -> Result<&[u8], usize> {
        let len = self.prefix_len;
        if len == 0 {
            return Ok(key);
        }
        let first: (Option<&[u8; 8]>, _) = (
            key.first_chunk(),
            bytes(&self.words[HEADER..]).first_chunk(),
        );
        let order = match first {
            // Short prefixes are compared in one go.
            (Some(key), Some(prefix)) if len <= 8 => {
                let [key, prefix] =
                    [key, prefix].map(|bytes| u64::from_be_bytes(*bytes) >> (64 - 8 * len));
                key.cmp(&prefix)
            }
            _ => key[..len.min(key.len())].cmp(self.prefix()),
        };
        match order {
            Ordering::Equal => Ok(&key[len..]),
            Ordering::Less => Err(self.first.min(self.len())),
            Ordering::Greater => Err(self.len()),
        }
    }

    /// Returns how many of the page's keys, those left out included, have a smaller head.
    #[inline]
    fn with_smaller_head(self, head: u32) -> usize {
        let first = self.first.min(self.len());
        first + self.heads[first..].partition_point(|other| *other < head)
    }

    /// Returns how many of the keys with this head, from `from` on, are not greater.
    #[inline(never)]
    fn search_run(self, from: usize, head: u32, rest: &[u8]) -> usize {
        let run = self.heads[from..].partition_point(|other| *other == head);
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
        let mark = self.marks()[at];
        if mark as usize <= HEAD {
            // Their bytes are equal, or zeros that one of them does not have: the shorter is smaller.
            return (mark as usize).cmp(&rest.len());
        }
        rest.get(HEAD..).map_or(Ordering::Greater, |rest| {
            tail_at(bytes(self.words), mark).cmp(rest)
        })
    }

    /// Returns the place behind a key, if it is the beginning of another.
    #[inline]
    fn beginning_of(self, at: usize, head: u32, rest: &[u8]) -> Option<Position> {
        let mark = self.marks()[at];
        let differ = self.heads[at] ^ head;
        let len = if mark as usize <= HEAD {
            Some(mark as usize).filter(|_| differ.leading_zeros() >= mark * 8)
        } else {
            let tail = tail_at(bytes(self.words), mark);
            let begins = differ == 0 && rest.len() > HEAD && rest[HEAD..].starts_with(tail);
            begins.then_some(HEAD + tail.len())
        };
        len.filter(|len| *len <= rest.len()).map(|len| Position {
            at: at + 1,
            begins: true,
            whole: len == rest.len(),
        })
    }

    /// Returns how many bytes of a key it takes to tell it from its neighbours at its place, and for a search to see it
    /// without looking further.
    pub(super) fn bytes_to_tell(self, at: usize, key: &[u8]) -> usize {
        let shared = common(self.prefix(), key);
        if shared < self.prefix_len {
            return (shared + HEAD).min(key.len());
        }
        let rest = &key[shared..];
        let head = head_of(rest);
        let mut tell = HEAD;
        for neighbour in [at.wrapping_sub(1), at] {
            if neighbour >= self.first
                && neighbour < self.len()
                && self.heads[neighbour] == head
                && rest.len() > HEAD
            {
                tell = tell.max(HEAD + common(self.tail(neighbour), &rest[HEAD..]) + 1);
            }
        }
        (shared + tell).min(key.len())
    }
}

/// Returns an offset or a length in a page as a word.
pub(super) fn number(number: usize) -> u32 {
    u32::try_from(number).expect("a page, and a key, have less than 4 GiB")
}

/// Returns the length of what two byte strings both begin with.
pub(super) fn common(a: &[u8], b: &[u8]) -> usize {
    let (words, others) = (a.as_chunks().0, b.as_chunks().0);
    for (at, (word, other)) in words.iter().zip(others).enumerate() {
        let differ = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
        if differ != 0 {
            return 8 * at + (differ.trailing_zeros() / 8) as usize;
        }
    }
    let whole = 8 * words.len().min(others.len());
    let rest = a[whole..].iter().zip(&b[whole..]);
    whole + rest.take_while(|(a, b)| a == b).count()
}

/// Returns the first four bytes as a number that compares as they do.
#[inline]
pub(super) fn head_of(rest: &[u8]) -> u32 {
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
#[inline]
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
