//! Bytes read as operations.
//!
//! Keys are made to be nasty: empty, full of the bytes that the encoded form treats apart, prefixes
//! of one another, and around the longest that is allowed.

use super::kinds::Name;

/// Long keys of one input; each is compared again after each step.
const LONG_MAX: usize = 12;

/// How deep steps that fail are made of such steps.
const DEPTH_MAX: usize = 3;

/// What precedes some keys, so that they differ late.
const COMMON: &[u8] = &[b'p'; 100];

/// Keys that an input names by one byte, so that it often names the same.
const PALETTE: &[&[u8]] = &[
    b"",
    b"\0",
    b"\0\0",
    b"\0\xff",
    b"\x01",
    b"a",
    b"a\0",
    b"a\0\0",
    b"a\0\xff",
    b"a\x01",
    b"a\xff",
    b"aa",
    b"aaa",
    b"b",
    b"\xff",
    b"\xff\xff",
];

/// One operation on a store.
pub(super) enum Step {
    Commit(Vec<Write>),
    Abort(Vec<Write>),
    Hold,
    Release(usize),
    Save,
    Restore,
    /// Queries; what for is read where they are made.
    Look,
}

/// One operation of a transaction.
pub(super) enum Write {
    CreateThing(Thing),
    UpdateThing(Thing, Stale),
    DeleteThing(Name),
    /// Counters from the first number on, so that few bytes make a deep tree.
    CreateCounters(u16, u8, Name),
    UpdateCounter(u16, Name),
    DeleteCounters(u16, u8),
    /// Several, which are undone.
    FailedStep(Vec<Write>),
}

/// A thing as an input describes it.
pub(super) struct Thing {
    pub(super) id: Name,
    pub(super) name: Name,
    pub(super) tags: Vec<Name>,
}

/// Whether an update claims another version than the stored one.
pub(super) struct Stale(pub(super) bool);

/// What is left of the bytes.
pub(super) struct Input<'a> {
    bytes: &'a [u8],
    long: usize,
}

impl<'a> Input<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, long: 0 }
    }

    /// The next operation, if bytes are left.
    pub(super) fn step(&mut self) -> Option<Step> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(match first % 16 {
            0..=7 => Step::Commit(self.writes(0)),
            8 | 9 => Step::Abort(self.writes(0)),
            10 => Step::Hold,
            11 => Step::Release(usize::from(self.byte())),
            12 => Step::Save,
            13 => Step::Restore,
            _ => Step::Look,
        })
    }

    fn writes(&mut self, depth: usize) -> Vec<Write> {
        let count = self.byte() % 12;
        (0..count).map(|_| self.write(depth)).collect()
    }

    fn write(&mut self, depth: usize) -> Write {
        match self.byte() % 10 {
            0..=2 => Write::CreateThing(self.thing()),
            3 => Write::UpdateThing(self.thing(), Stale(self.byte().is_multiple_of(16))),
            5 => Write::CreateCounters(self.number(), self.byte(), self.short_name()),
            6 => Write::UpdateCounter(self.number(), self.short_name()),
            7 => Write::DeleteCounters(self.number(), self.byte()),
            8 if depth < DEPTH_MAX => Write::FailedStep(self.writes(depth + 1)),
            _ => Write::DeleteThing(self.name()),
        }
    }

    fn thing(&mut self) -> Thing {
        let (id, name) = (self.name(), self.name());
        let tags = (0..self.byte() % 4).map(|_| self.name()).collect();
        Thing { id, name, tags }
    }

    /// The next key.
    pub(super) fn name(&mut self) -> Name {
        let form = self.byte();
        let short = usize::from(form % 64);
        let key = match form {
            0..64 => palette(short),
            64..128 => self.take(short % 8 + 1),
            128..192 => vec![self.byte(); short],
            192..240 => [COMMON, &self.take(short % 3)].concat(),
            _ if self.long == LONG_MAX => Vec::new(),
            240..248 => self.long(|number| number),
            // Around the longest, which takes two bytes more when it is encoded.
            248.. => self.long(|number| u16::MAX - number % 8),
        };
        Name::from(key)
    }

    /// The next key that may stand for hundreds of objects.
    fn short_name(&mut self) -> Name {
        Name::from(palette(usize::from(self.byte())))
    }

    fn long(&mut self, len: impl Fn(u16) -> u16) -> Vec<u8> {
        self.long += 1;
        vec![self.byte(); usize::from(len(self.number()))]
    }

    fn number(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// The next byte; 0 when none is left.
    fn byte(&mut self) -> u8 {
        self.bytes.split_off_first().copied().unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}

fn palette(at: usize) -> Vec<u8> {
    PALETTE[at % PALETTE.len()].to_vec()
}
