//! What stands in the files of the log, byte by byte.
//!
//! Each file opens with a [`Checkpoint`]: the format, and where the log stood. Records follow, one behind the other: a header
//! of fixed size with its own checksum, the payload with another, and a mark. So a reader trusts a length before it uses it.
//! The mark is no zero: of a record that was written whole, no sector at its end is. The checksum of a header takes in its place in
//! the file: the copy of a record that stands within a payload is none.

use std::io::{self, Read};

use crate::{Epoch, Incarnation, Standing, Term, Version};

/// The one format that this release writes and reads.
pub(super) const FORMAT: u32 = 2;

/// Opens a file.
pub(super) const MAGIC: [u8; 8] = *b"STATELOG";

/// Kinds of records: far from each other, so that no flipped bit makes one of the other.
const ENTRY: [u8; 4] = *b"STen";
const LEAD: [u8; 4] = *b"STld";

/// Ends a record.
const MARK: u8 = 0xA5;

/// The longest payload: a length beyond it was never written.
pub(super) const PAYLOAD_BYTES_MAX: usize = 1 << 30;

/// One record of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) kind: Kind,
    /// Where the log stands after it.
    pub(super) standing: Standing,
    pub(super) payload: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A committed transaction.
    Entry,
    /// The node leads under the term of the standing from here on.
    Lead,
}

/// What stands before a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    kind: Kind,
    payload_bytes: usize,
    standing: Standing,
    /// Where the record stands in the group that it was flushed with: bytes from the group's first.
    pub(super) in_group: u64,
    payload_checksum: u32,
}

/// Where the log stands; the head of each file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The last entry before.
    pub(super) accepted: Standing,
    /// The greatest term that the node has led under.
    pub(super) led: Term,
}

impl Record {
    /// Adds a record to a group that begins at a place of the file; `payload` adds its payload.
    ///
    /// # Errors
    /// When the payload is longer than one may be; the group is as it was.
    pub(super) fn put(
        group: &mut Vec<u8>,
        place: u64,
        kind: Kind,
        standing: Standing,
        payload: impl FnOnce(&mut Vec<u8>),
    ) -> io::Result<()> {
        let start = group.len();
        let body = start + Header::SIZE;
        group.resize(body, 0);
        payload(group);
        let payload_bytes = group.len().saturating_sub(body);
        if payload_bytes > PAYLOAD_BYTES_MAX || group.len() < body {
            group.truncate(start);
            let what = format!("a payload of {payload_bytes} bytes, {PAYLOAD_BYTES_MAX} at most");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let header = Header {
            kind,
            payload_bytes,
            standing,
            in_group: start as u64,
            payload_checksum: crc32fast::hash(&group[body..]),
        };
        let header = header.encode(place + start as u64);
        group[start..body].copy_from_slice(&header);
        group.push(MARK);
        Ok(())
    }

    /// Reads the record that stands at a place of the file.
    ///
    /// # Errors
    /// `UnexpectedEof` only where the bytes end inside a record, `InvalidData` for everything else that is wrong.
    pub(super) fn read(from: &mut impl Read, place: u64) -> io::Result<Self> {
        let mut header = [0; Header::SIZE];
        // The kind alone first: what is shorter than a header, but no record, is damage.
        from.read_exact(&mut header[..4])?;
        kind(&header).map_err(damage)?;
        from.read_exact(&mut header[4..])?;
        let header = Header::decode(&header, place).map_err(damage)?;
        let len = header.payload_bytes + 1;
        let mut payload = Vec::with_capacity(len);
        from.take(len as u64).read_to_end(&mut payload)?;
        if payload.len() < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mark = payload.pop();
        if crc32fast::hash(&payload) != header.payload_checksum || mark != Some(MARK) {
            let version = header.standing.version;
            return Err(damage(format!(
                "the checksum of version {version} is wrong"
            )));
        }
        Ok(Self {
            kind: header.kind,
            standing: header.standing,
            payload,
        })
    }
}

impl Header {
    /// Kind, length of the payload, four numbers, place in the group, checksum of the payload, checksum of the header.
    pub(super) const SIZE: usize = 4 + 4 + 4 * 8 + 8 + 4 + 4;

    /// Returns how many bytes the record has.
    pub(super) const fn record_bytes(&self) -> usize {
        Self::SIZE + self.payload_bytes + 1
    }

    fn encode(&self, place: u64) -> [u8; Self::SIZE] {
        let mut header = Fields::new();
        header.put(match self.kind {
            Kind::Entry => ENTRY,
            Kind::Lead => LEAD,
        });
        let len = u32::try_from(self.payload_bytes).expect("a payload has at most 2^30 bytes");
        header.put(len.to_le_bytes());
        header.put_standing(self.standing);
        header.put(self.in_group.to_le_bytes());
        header.put(self.payload_checksum.to_le_bytes());
        header.put_checksum(place);
        header.0
    }

    /// Reads the header that stands at a place of the file, or says what is wrong with it.
    pub(super) fn decode(bytes: &[u8; Self::SIZE], place: u64) -> Result<Self, String> {
        let kind = kind(bytes)?;
        let mut fields = Reader(bytes);
        let covered = fields
            .checked(place)
            .ok_or("the checksum of a record's header is wrong")?;
        let mut fields = Reader(&covered[4..]);
        let header = Self {
            kind,
            payload_bytes: u32::from_le_bytes(fields.take()) as usize,
            standing: fields.standing(),
            in_group: u64::from_le_bytes(fields.take()),
            payload_checksum: u32::from_le_bytes(fields.take()),
        };
        if header.payload_bytes > PAYLOAD_BYTES_MAX {
            return Err(format!("a payload of {} bytes", header.payload_bytes));
        }
        Ok(header)
    }
}

fn kind(header: &[u8; Header::SIZE]) -> Result<Kind, String> {
    match Reader(header).take() {
        ENTRY => Ok(Kind::Entry),
        LEAD => Ok(Kind::Lead),
        other => Err(format!("no record begins with {other:02x?}")),
    }
}

impl Checkpoint {
    /// Magic, format, four numbers, the term, a checksum.
    pub(super) const SIZE: usize = 8 + 4 + 4 * 8 + 8 + 4;

    pub(super) fn encode(&self) -> [u8; Self::SIZE] {
        let mut head = Fields::new();
        head.put(MAGIC);
        head.put(FORMAT.to_le_bytes());
        head.put_standing(self.accepted);
        head.put(self.led.get().to_le_bytes());
        head.put_checksum(0);
        head.0
    }

    /// Gives `UnexpectedEof` only where the bytes end inside the head, `InvalidData` for everything else that is wrong.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut bytes = [0; Self::SIZE];
        from.read_exact(&mut bytes)?;
        let covered = Reader(&bytes).checked(0);
        let covered = covered.ok_or_else(|| damage("the head of the file is damaged"))?;
        let mut fields = Reader(covered);
        if fields.take() != MAGIC {
            return Err(damage("the head of the file is not that of a log"));
        }
        let _format: [u8; 4] = fields.take();
        Ok(Self {
            accepted: fields.standing(),
            led: Term::new(u64::from_le_bytes(fields.take())),
        })
    }

    /// Records where the log stands after a record.
    pub(super) fn pass(&mut self, kind: Kind, standing: Standing) {
        self.led = self.led.max(standing.term);
        if kind == Kind::Entry {
            self.accepted = standing;
        }
    }
}

/// Bytes of fixed number, filled field by field.
struct Fields<const SIZE: usize>([u8; SIZE], usize);

impl<const SIZE: usize> Fields<SIZE> {
    const fn new() -> Self {
        Self([0; SIZE], 0)
    }

    fn put<const N: usize>(&mut self, field: [u8; N]) {
        self.0[self.1..][..N].copy_from_slice(&field);
        self.1 += N;
    }

    fn put_standing(&mut self, standing: Standing) {
        let Standing {
            version,
            epoch,
            term,
            incarnation,
        } = standing;
        for number in [version.get(), epoch.get(), term.get(), incarnation.get()] {
            self.put(number.to_le_bytes());
        }
    }

    /// Puts a checksum of everything before.
    fn put_checksum(&mut self, place: u64) {
        self.put(checksum(&self.0[..self.1], place).to_le_bytes());
    }
}

/// The rest of bytes whose number was checked.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self
            .0
            .split_first_chunk()
            .expect("a field because the header is as long as its fields");
        self.0 = rest;
        *field
    }

    fn standing(&mut self) -> Standing {
        let mut number = || u64::from_le_bytes(self.take());
        Standing {
            version: Version::new(number()),
            epoch: Epoch::new(number()),
            term: Term::new(number()),
            incarnation: Incarnation::new(number()),
        }
    }

    /// Returns what stands before the checksum at the end, if that is right.
    fn checked(&mut self, place: u64) -> Option<&'a [u8]> {
        let (covered, found) = self.0.split_last_chunk()?;
        (checksum(covered, place).to_le_bytes() == *found).then_some(covered)
    }
}

/// Returns the checksum of bytes at the beginning of something that stands at a place of the file.
fn checksum(covered: &[u8], place: u64) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(covered);
    checksum.update(&place.to_le_bytes());
    checksum.finalize()
}

fn damage(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: u64 = 1_000;

    fn record(kind: Kind) -> Record {
        Record {
            kind,
            standing: Standing {
                version: Version::new(3),
                epoch: Epoch::new(2),
                term: Term::new(1),
                incarnation: Incarnation::new(4),
            },
            payload: b"a payload".to_vec(),
        }
    }

    fn encoded(record: &Record) -> Vec<u8> {
        let mut bytes = Vec::new();
        let payload = |out: &mut Vec<u8>| out.extend_from_slice(&record.payload);
        Record::put(&mut bytes, PLACE, record.kind, record.standing, payload).unwrap();
        bytes
    }

    #[test]
    fn a_record_comes_back() {
        for kind in [Kind::Entry, Kind::Lead] {
            let record = record(kind);
            let bytes = encoded(&record);
            assert_eq!(Record::read(&mut &bytes[..], PLACE).unwrap(), record);
            let header = Header::decode(bytes.first_chunk().unwrap(), PLACE).unwrap();
            assert_eq!(header.record_bytes(), bytes.len());
        }
    }

    #[test]
    fn a_record_says_where_in_its_group_it_stands() {
        let mut group = encoded(&record(Kind::Entry));
        let second = group.len();
        Record::put(&mut group, PLACE, Kind::Entry, Standing::default(), |_| {}).unwrap();
        let place = PLACE + second as u64;
        let header = Header::decode(group[second..].first_chunk().unwrap(), place).unwrap();
        assert_eq!(header.in_group, second as u64);
    }

    #[test]
    fn a_record_that_stands_elsewhere_is_none() {
        let bytes = encoded(&record(Kind::Entry));
        for place in [0, PLACE - 1, PLACE + 1, PLACE << 32] {
            let error = Record::read(&mut &bytes[..], place).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn a_cut_is_an_end_and_a_flip_is_damage() {
        let bytes = encoded(&record(Kind::Entry));
        for len in 0..bytes.len() {
            let error = Record::read(&mut &bytes[..len], PLACE).unwrap_err();
            assert_eq!(
                error.kind(),
                io::ErrorKind::UnexpectedEof,
                "cut to {len} bytes"
            );
        }
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let error = Record::read(&mut &bytes[..], PLACE).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "bit {bit}");
        }
    }
}
