//! What stands in the files of the log, byte by byte.
//!
//! `chunked-wal` lays records one behind the other and leaves their inside to us. Each is a header of fixed size with its
//! own checksum, then the payload with another. So a reader trusts the length before it uses it, and a file that ends
//! inside a record (torn: the write never ended) is told from a record that is whole but not as it was written (damage).
//!
//! Each file opens with a [`Checkpoint`]: the format, and where the log stood.

use std::io::{self, Read, Write};
use std::sync::mpsc::SyncSender;

use chunked_wal::WalTypes;
use codeq::{Decode, Encode};

use crate::{Epoch, Incarnation, Standing, Term, Version};

/// The format that this release writes, and the newest that it reads.
pub(super) const FORMAT: u32 = 1;

/// Opens a checkpoint. Far from a record's kind, so that no flipped bit makes one of the other.
pub(super) const MAGIC: [u8; 8] = *b"STATELOG";

/// Kinds of records: far from each other and from the 5 that `chunked-wal` keeps for checkpoints.
const ENTRY: u32 = u32::from_be_bytes(*b"STen");
const LEAD: u32 = u32::from_be_bytes(*b"STld");

/// Kind, length of the payload, four numbers, checksum of the payload, checksum of the header.
const HEADER: usize = 4 + 4 + 4 * 8 + 4 + 4;

/// The longest payload: a length beyond it was never written.
pub(super) const PAYLOAD_BYTES_MAX: usize = 1 << 30;

/// The types of our log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Format;

impl WalTypes for Format {
    type Action = Record;
    type Checkpoint = Checkpoint;
    type Callback = SyncSender<io::Result<()>>;
}

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

/// Where the log stands; the first record of each file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The last entry before.
    pub(super) accepted: Standing,
    /// The greatest term that the node has led under.
    pub(super) led: Term,
}

impl Encode for Record {
    fn encode<W: Write>(&self, mut out: W) -> io::Result<usize> {
        let kind = match self.kind {
            Kind::Entry => ENTRY,
            Kind::Lead => LEAD,
        };
        let len = u32::try_from(self.payload.len())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a payload of 4 GiB"))?;
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(&kind.to_be_bytes());
        header.extend_from_slice(&len.to_le_bytes());
        put_standing(&mut header, self.standing);
        header.extend_from_slice(&crc32fast::hash(&self.payload).to_le_bytes());
        header.extend_from_slice(&crc32fast::hash(&header).to_le_bytes());
        out.write_all(&header)?;
        out.write_all(&self.payload)?;
        Ok(header.len() + self.payload.len())
    }

    fn type_id(&self) -> Option<u32> {
        Some(match self.kind {
            Kind::Entry => ENTRY,
            Kind::Lead => LEAD,
        })
    }
}

impl Decode for Record {
    /// Gives `UnexpectedEof` only where the bytes end inside a record, `InvalidData` for everything else.
    fn decode<R: Read>(mut from: R) -> io::Result<Self> {
        let mut header = [0; HEADER];
        // The kind alone first: what is shorter than a header, but no record, is damage.
        from.read_exact(&mut header[..4])?;
        let mut rest = Fields(&header[..4]);
        let kind = match u32::from_be_bytes(rest.take()) {
            ENTRY => Kind::Entry,
            LEAD => Kind::Lead,
            other => return Err(damage(format!("no record begins with {other:#010x}"))),
        };
        from.read_exact(&mut header[4..])?;
        let (covered, checksum) = header.split_at(HEADER - 4);
        if crc32fast::hash(covered).to_le_bytes() != checksum {
            return Err(damage("the checksum of a record's header is wrong"));
        }
        let mut fields = Fields(&covered[4..]);
        let len = u32::from_le_bytes(fields.take()) as usize;
        let standing = fields.standing();
        let checksum = u32::from_le_bytes(fields.take());
        if len > PAYLOAD_BYTES_MAX {
            return Err(damage(format!("a payload of {len} bytes")));
        }
        let mut payload = Vec::with_capacity(len);
        from.take(len as u64).read_to_end(&mut payload)?;
        if payload.len() < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if crc32fast::hash(&payload) != checksum {
            return Err(damage(format!(
                "the checksum of version {} is wrong",
                standing.version
            )));
        }
        Ok(Self {
            kind,
            standing,
            payload,
        })
    }
}

impl Encode for Checkpoint {
    fn encode<W: Write>(&self, mut out: W) -> io::Result<usize> {
        let mut bytes = Vec::with_capacity(Self::SIZE);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        put_standing(&mut bytes, self.accepted);
        bytes.extend_from_slice(&self.led.get().to_le_bytes());
        out.write_all(&bytes)?;
        Ok(bytes.len())
    }
}

impl Decode for Checkpoint {
    /// The checksum around it is that of `chunked-wal`.
    fn decode<R: Read>(mut from: R) -> io::Result<Self> {
        let mut bytes = [0; Self::SIZE];
        from.read_exact(&mut bytes)?;
        let mut fields = Fields(&bytes);
        if fields.take() != MAGIC {
            return Err(damage("the head of the file is not that of a log"));
        }
        let format = u32::from_le_bytes(fields.take());
        if format != FORMAT {
            return Err(damage(format!("the file has format {format}")));
        }
        Ok(Self {
            accepted: fields.standing(),
            led: Term::new(u64::from_le_bytes(fields.take())),
        })
    }
}

impl Checkpoint {
    const SIZE: usize = 8 + 4 + 4 * 8 + 8;
}

fn put_standing(out: &mut Vec<u8>, standing: Standing) {
    let Standing {
        version,
        epoch,
        term,
        incarnation,
    } = standing;
    for number in [version.get(), epoch.get(), term.get(), incarnation.get()] {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// The rest of a header whose size was checked.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
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
}

fn damage(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            kind: Kind::Entry,
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
        assert_eq!(record.encode(&mut bytes).unwrap(), bytes.len());
        bytes
    }

    #[test]
    fn a_record_comes_back() {
        for kind in [Kind::Entry, Kind::Lead] {
            let record = Record { kind, ..record() };
            assert_eq!(Record::decode(&encoded(&record)[..]).unwrap(), record);
        }
    }

    #[test]
    fn a_cut_is_an_end_and_a_flip_is_damage() {
        let bytes = encoded(&record());
        for len in 0..bytes.len() {
            let error = Record::decode(&bytes[..len]).unwrap_err();
            assert_eq!(
                error.kind(),
                io::ErrorKind::UnexpectedEof,
                "cut to {len} bytes"
            );
        }
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let error = Record::decode(&bytes[..]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "bit {bit}");
        }
    }
}
