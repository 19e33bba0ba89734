//! The saved state: a whole snapshot as bytes.
//!
//! A header (magic, format, where the state stands in its history), then frames of at most about a megabyte, each with its
//! length and checksum, then an empty frame with the number of objects. The frames' contents, put together, are the
//! schema's own records: with the orchestration schema they are one `StoreSnapshot` message.

use std::io::{self, Read, Write};

use proposer::{Epoch, Incarnation, Proposer, RestoreError, Standing, Term, Version};

use crate::changes::Changes;
use crate::engine::Tables;
use crate::error::TransactionError;
use crate::progress::{Progress, Tell};
use crate::schema::{AnyObject as _, Schema};
use crate::shared::fresh_epoch;
use crate::snapshot::Snapshot;
use crate::store::Store;

const MAGIC: [u8; 8] = *b"STATEHSE";
const FORMAT: u32 = 1;
const HEADER: usize = 8 + 4 + 4 * 8 + 4;
/// Before a frame: its length, its checksum.
const FRAME_HEADER: usize = 4 + 4;
/// Behind the last frame: the number of objects, its checksum.
const TRAILER: usize = 8 + 4;
/// Records are gathered until a frame has as many bytes; a record is never split.
const FRAME_BYTES: usize = 1 << 20;
/// A longer frame is damage: the largest transaction has a few megabytes.
const FRAME_BYTES_MAX: u32 = 1 << 30;

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Writes the committed state, while the store goes on, and returns where it stands.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn save(&self, out: impl Write) -> io::Result<Standing> {
        self.save_with(out, |_| {})
    }

    /// As [`Store::save`], telling how far it has come.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn save_with(
        &self,
        mut out: impl Write,
        mut tell: impl FnMut(Progress),
    ) -> io::Result<Standing> {
        save(&self.view(), &mut out, &mut tell)
    }

    /// Makes the state that of a saved one, as one transaction: watchers get the difference, and versions go on from here
    /// under a new epoch, since what they numbered before is gone.
    ///
    /// Objects are taken as they are, versions and times included; no rule is checked, since they were when the objects
    /// were written.
    ///
    /// # Errors
    /// When the saved state is not as it was written, or the transaction is not committed.
    pub fn restore(&self, from: impl Read) -> Result<Version, RestoreStateError> {
        self.restore_with(from, |_| {})
    }

    /// As [`Store::restore`], telling how far reading has come; what is left then is one transaction.
    ///
    /// # Errors
    /// As [`Store::restore`].
    pub fn restore_with(
        &self,
        mut from: impl Read,
        mut tell: impl FnMut(Progress),
    ) -> Result<Version, RestoreStateError> {
        let (saved, tables): (Standing, Tables<S>) = load::<S>(&mut from, &mut tell)?;
        // Another history than both: not the one that ends here, nor the one that the saved state was part of.
        let after = saved.epoch.max(self.view().epoch()).next();
        let epoch = fresh_epoch(&self.shared().options).max(after);
        let pending = self.sequence(Some(epoch), |tx| tx.replace_all(&tables));
        let restored = pending.wait().map_err(|error| match error {
            TransactionError::Rejected(what) => {
                RestoreStateError::Saved(RestoreError::Object(what))
            }
            TransactionError::Aborted(reason) => TransactionError::Aborted(reason).into(),
            TransactionError::Unknown { version, reason } => {
                TransactionError::Unknown { version, reason }.into()
            }
        });
        Ok(restored?.version)
    }
}

/// Why a saved state was not restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreStateError {
    /// It is not as it was written.
    #[error(transparent)]
    Saved(#[from] RestoreError),
    /// The transaction that carries it was not committed.
    #[error(transparent)]
    Transaction(#[from] TransactionError<std::convert::Infallible>),
}

/// Writes a snapshot.
///
/// # Errors
/// Those of the writer.
pub(crate) fn save<S: Schema>(
    snapshot: &Snapshot<S>,
    out: &mut dyn Write,
    tell: Tell<'_>,
) -> io::Result<Standing> {
    let standing = snapshot.standing();
    let mut header = Vec::with_capacity(HEADER);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&FORMAT.to_le_bytes());
    let Standing {
        epoch,
        version,
        term,
        incarnation,
        ..
    } = standing;
    for number in [epoch.get(), version.get(), term.get(), incarnation.get()] {
        header.extend_from_slice(&number.to_le_bytes());
    }
    header.extend_from_slice(&crc32fast::hash(&header).to_le_bytes());
    out.write_all(&header)?;

    let mut frame = Vec::with_capacity(FRAME_BYTES + FRAME_BYTES / 4);
    let mut objects = 0_u64;
    let mut bytes = HEADER as u64;
    let objects_total = Some(snapshot.objects());
    let mut result = Ok(());
    snapshot.for_each(|object| {
        if result.is_ok() {
            objects += 1;
            S::write_record(&object, &mut frame);
            if frame.len() >= FRAME_BYTES {
                result = write_frame(&frame, out);
                bytes += (FRAME_HEADER + frame.len()) as u64;
                tell(Progress {
                    objects,
                    bytes,
                    objects_total,
                });
                frame.clear();
            }
        }
    });
    result?;
    if !frame.is_empty() {
        write_frame(&frame, out)?;
        bytes += (FRAME_HEADER + frame.len()) as u64;
    }
    write_frame(&[], out)?;
    let count = objects.to_le_bytes();
    out.write_all(&count)?;
    out.write_all(&crc32fast::hash(&count).to_le_bytes())?;
    out.flush()?;
    bytes += (FRAME_HEADER + TRAILER) as u64;
    tell(Progress {
        objects,
        bytes,
        objects_total,
    });
    Ok(standing)
}

fn write_frame(body: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let len = u32::try_from(body.len()).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "an object is larger than 4 GiB",
        )
    })?;
    out.write_all(&len.to_le_bytes())?;
    out.write_all(&crc32fast::hash(body).to_le_bytes())?;
    out.write_all(body)
}

/// Reads a saved state.
///
/// # Errors
/// When it is not as it was written.
pub(crate) fn load<S: Schema>(
    from: &mut dyn Read,
    tell: Tell<'_>,
) -> Result<(Standing, Tables<S>), RestoreError> {
    let mut from = Counted { from, offset: 0 };
    let standing = read_header(&mut from)?;
    let mut kinds: Vec<Vec<S::Any>> = S::kinds().iter().map(|_| Vec::new()).collect();
    let mut objects = 0_u64;
    let mut start = from.offset;
    while let Some(frame) = read_frame(&mut from)? {
        let mut records = frame.as_slice();
        while !records.is_empty() {
            let object =
                S::read_record(&mut records).map_err(|error| damaged(start, error.to_string()))?;
            kinds[object.ordinal()].push(object);
            objects += 1;
        }
        start = from.offset;
        tell(Progress {
            objects,
            bytes: start,
            objects_total: None,
        });
    }
    let start = from.offset;
    let count: [u8; 8] = from.array()?;
    if crc32fast::hash(&count) != from.u32()? || u64::from_le_bytes(count) != objects {
        return Err(damaged(
            start,
            format!("it ends after {objects} objects, and says that it holds others"),
        ));
    }
    let tables = Tables::filled(&kinds).map_err(RestoreError::Object)?;
    tell(Progress {
        objects,
        bytes: from.offset,
        objects_total: Some(objects),
    });
    Ok((standing, tables))
}

/// Reads the records of a frame; none behind the last.
fn read_frame(from: &mut Counted<'_>) -> Result<Option<Vec<u8>>, RestoreError> {
    let start = from.offset;
    let (len, checksum) = (from.u32()?, from.u32()?);
    if len > FRAME_BYTES_MAX {
        return Err(damaged(
            start,
            format!("a frame claims {len} bytes, {FRAME_BYTES_MAX} are the most"),
        ));
    }
    let records = from.bytes(len as usize)?;
    if crc32fast::hash(&records) != checksum {
        return Err(damaged(
            start,
            "a frame has another checksum than its bytes",
        ));
    }
    Ok((len > 0).then_some(records))
}

fn read_header(from: &mut Counted<'_>) -> Result<Standing, RestoreError> {
    let header: [u8; HEADER] = from.array()?;
    if header[..8] != MAGIC {
        return Err(damaged(0, "it does not begin as a saved state does"));
    }
    let (fields, checksum) = header.split_at(HEADER - 4);
    if crc32fast::hash(fields).to_le_bytes() != checksum {
        return Err(damaged(0, "the header has another checksum than its bytes"));
    }
    let number = |at: usize| {
        u64::from_le_bytes(
            fields[at..at + 8]
                .try_into()
                .expect("eight bytes were taken"),
        )
    };
    if [12, 20, 28, 36].iter().any(|at| number(*at) > u64::MAX / 2) {
        return Err(damaged(0, "it claims a number that no history gets to"));
    }
    let found = u32::from_le_bytes(fields[8..12].try_into().expect("four bytes were taken"));
    if found != FORMAT {
        return Err(RestoreError::Format {
            found,
            supported: FORMAT,
        });
    }
    Ok(Standing {
        epoch: Epoch::new(number(12)),
        version: Version::new(number(20)),
        term: Term::new(number(28)),
        incarnation: Incarnation::new(number(36)),
    })
}

fn damaged(offset: u64, what: impl Into<String>) -> RestoreError {
    RestoreError::Damaged {
        offset,
        what: what.into(),
    }
}

/// A reader that knows where it is, and says so when the bytes end too early.
struct Counted<'a> {
    from: &'a mut dyn Read,
    offset: u64,
}

impl Counted<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RestoreError> {
        self.from
            .read_exact(bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => damaged(self.offset, "it is cut off"),
                _ => RestoreError::Io(error),
            })?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], RestoreError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, RestoreError> {
        self.array().map(u32::from_le_bytes)
    }

    /// Reads many bytes; a claimed length is believed only as far as there are bytes.
    fn bytes(&mut self, len: usize) -> Result<Vec<u8>, RestoreError> {
        let mut bytes = Vec::with_capacity(len.min(FRAME_BYTES * 2));
        let read = (&mut *self.from).take(len as u64).read_to_end(&mut bytes)?;
        self.offset += read as u64;
        if read < len {
            Err(damaged(self.offset, "it is cut off"))
        } else {
            Ok(bytes)
        }
    }
}
