//! Reading the files of the log, in order, without changing them.
//!
//! Tells a record, the clean end of a file, a torn end (the file stops inside a record, or only zeros follow: a write that
//! never ended), and damage. Whether a torn end is allowed is the caller's to say: only the last file may have one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chunked_wal::{ChunkId, Config, WALRecord};
use codeq::Decode;

use crate::StartError;
use crate::journal::place::failed;
use crate::journal::record::{Checkpoint, FORMAT, Format, MAGIC, Record};

/// One file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogFile {
    pub(super) id: ChunkId,
    pub(super) path: PathBuf,
}

/// Returns the files of the log, oldest first.
pub(super) fn files(dir: &Path) -> Result<Vec<LogFile>, StartError> {
    let mut files = Vec::new();
    for entry in dir.read_dir().map_err(failed(dir))? {
        let path = entry.map_err(failed(dir))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(Ok(offset)) = name.map(Config::parse_chunk_file_name) {
            files.push(LogFile {
                id: ChunkId(offset),
                path,
            });
        }
    }
    files.sort_by_key(|file| file.id);
    Ok(files)
}

/// Reads one file from its beginning.
pub(super) struct Scan {
    path: PathBuf,
    from: Counted,
    len: u64,
    ended: bool,
}

/// What stands at one place of a file.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it begins.
    pub(super) offset: u64,
    pub(super) what: Item,
}

#[derive(Debug)]
pub(super) enum Item {
    Checkpoint(Checkpoint),
    Record(Record),
    /// The file ends inside a record: this many bytes belong to none.
    Torn {
        bytes: u64,
    },
}

impl Scan {
    /// Opens a file whose format this release reads.
    pub(super) fn open(path: &Path) -> Result<Self, StartError> {
        let mut file = File::open(path).map_err(failed(path))?;
        let len = file.metadata().map_err(failed(path))?.len();
        refuse_later_format(path, &mut file)?;
        Ok(Self {
            path: path.to_owned(),
            from: Counted {
                from: BufReader::with_capacity(1 << 18, file),
                read: 0,
            },
            len,
            ended: false,
        })
    }

    /// Returns the error that says what is wrong at a place of this file.
    pub(super) fn damaged(&self, offset: u64, what: impl AsRef<str>) -> StartError {
        let what = what.as_ref();
        StartError::Damaged {
            path: self.path.display().to_string(),
            what: format!(
                "offset {offset}: {what}; all that stands before is intact; put back a copy of the directory, or cut the \
                 file to {offset} bytes and remove the later ones to go on without what follows"
            ),
        }
    }

    fn read(&mut self) -> Result<Option<Found>, StartError> {
        let offset = self.from.read;
        if offset == self.len {
            return Ok(None);
        }
        let torn = Item::Torn {
            bytes: self.len - offset,
        };
        let what = match WALRecord::<Format>::decode(&mut self.from) {
            Ok(WALRecord::Action(record)) => Item::Record(record),
            Ok(WALRecord::Checkpoint(checkpoint)) => Item::Checkpoint(checkpoint),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => torn,
            Err(error) if error.kind() != io::ErrorKind::InvalidData => {
                return Err(failed(&self.path)(error));
            }
            Err(_) if self.only_zeros_from(offset).map_err(failed(&self.path))? => torn,
            Err(error) => return Err(self.damaged(offset, error.to_string())),
        };
        Ok(Some(Found { offset, what }))
    }

    /// A file system may give a file its new length before its new bytes.
    fn only_zeros_from(&mut self, offset: u64) -> io::Result<bool> {
        let from = &mut self.from.from;
        from.seek(SeekFrom::Start(offset))?;
        for byte in from.bytes() {
            if byte? != 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Iterator for Scan {
    type Item = Result<Found, StartError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(
            next,
            Some(Ok(Found {
                what: Item::Record(_) | Item::Checkpoint(_),
                ..
            }))
        );
        next
    }
}

/// The format stands behind the four bytes in which `chunked-wal` keeps the kind of the record.
fn refuse_later_format(path: &Path, file: &mut File) -> Result<(), StartError> {
    let mut head = [0; 16];
    let whole = file.read_exact(&mut head).is_ok();
    file.rewind().map_err(failed(path))?;
    let [.., a, b, c, d] = head;
    let found = u32::from_le_bytes([a, b, c, d]);
    if whole && head[4..12] == MAGIC && found > FORMAT {
        return Err(StartError::Format {
            path: path.display().to_string(),
            found,
            supported: FORMAT,
        });
    }
    Ok(())
}

struct Counted {
    from: BufReader<File>,
    read: u64,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(out)?;
        self.read += read as u64;
        Ok(read)
    }
}
