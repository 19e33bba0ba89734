//! Reading the files of the log, in order, without changing them.
//!
//! Tells a record, the end of a file, and damage. Behind the end can stand space that was zeroed for what was to come, and the
//! beginning of a write that never ended. Whether those are allowed is the caller's to say: only the last file may have them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::StartError;
use crate::journal::place::failed;
use crate::journal::record::{Checkpoint, FORMAT, MAGIC, Record};
use crate::journal::torn;

/// One file of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LogFile {
    /// Files are numbered without a gap.
    pub(super) number: u64,
    pub(super) path: PathBuf,
}

impl LogFile {
    pub(super) fn new(dir: &Path, number: u64) -> Self {
        let path = dir.join(format!("{number:020}.wal"));
        Self { number, path }
    }

    fn at(path: PathBuf) -> Result<Self, StartError> {
        let name = path.file_stem().and_then(|name| name.to_str());
        let digits = name.filter(|name| name.len() == 20);
        match digits.map(str::parse) {
            Some(Ok(number)) => Ok(Self { number, path }),
            _ => Err(StartError::Damaged {
                path: path.display().to_string(),
                what: "no release gives a file of the log this name; if it was written by an unreleased one, save the \
                       state there and restore it here; else put the file somewhere else"
                    .to_owned(),
            }),
        }
    }
}

/// Returns the files of the log, oldest first.
pub(super) fn files(dir: &Path) -> Result<Vec<LogFile>, StartError> {
    let mut files = Vec::new();
    for entry in dir.read_dir().map_err(failed(dir))? {
        let path = entry.map_err(failed(dir))?.path();
        if path.extension().is_some_and(|extension| extension == "wal") {
            files.push(LogFile::at(path)?);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads one file from its beginning.
pub(super) struct Scan {
    path: PathBuf,
    from: Counted,
    len: u64,
    /// Where what was read ends.
    end: u64,
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
    Head(Checkpoint),
    Record(Record),
    /// The end, though not of the file.
    End {
        /// Bytes from here that belong to a write that never ended; after them, there are only zeros.
        torn: u64,
    },
}

impl Scan {
    /// Opens a file whose format this release reads.
    pub(super) fn open(path: &Path) -> Result<Self, StartError> {
        let mut file = File::open(path).map_err(failed(path))?;
        let len = file.metadata().map_err(failed(path))?.len();
        refuse_another_format(path, &mut file)?;
        Ok(Self {
            path: path.to_owned(),
            from: Counted {
                from: BufReader::with_capacity(1 << 18, file),
                read: 0,
            },
            len,
            end: 0,
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

    /// Returns where the records that were read end.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    fn read(&mut self) -> Result<Option<Found>, StartError> {
        let offset = self.from.read;
        if offset == self.len {
            return Ok(None);
        }
        let read = match offset {
            0 => Checkpoint::read(&mut self.from).map(Item::Head),
            _ => Record::read(&mut self.from, offset).map(Item::Record),
        };
        let what = match read {
            Ok(item) => {
                self.end = self.from.read;
                item
            }
            Err(error) => match self
                .find_end(offset, error.kind())
                .map_err(failed(&self.path))?
            {
                Some(end) => end,
                None => return Err(self.damaged(offset, error.to_string())),
            },
        };
        Ok(Some(Found { offset, what }))
    }

    /// Returns the end of what was written, if that is why nothing can be read at a place.
    fn find_end(&mut self, offset: u64, why: io::ErrorKind) -> io::Result<Option<Item>> {
        if !matches!(
            why,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData
        ) {
            return Err(why.into());
        }
        let from = &mut self.from.from;
        from.seek(SeekFrom::Start(offset))?;
        let mut rest = Vec::new();
        from.read_to_end(&mut rest)?;
        let torn = torn::written(&rest);
        let is_end = torn == 0
            || why == io::ErrorKind::UnexpectedEof
            || offset > 0 && torn::is_torn(&rest, offset);
        let torn = torn as u64;
        Ok(is_end.then_some(Item::End { torn }))
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
                what: Item::Record(_) | Item::Head(_),
                ..
            }))
        );
        next
    }
}

fn refuse_another_format(path: &Path, file: &mut File) -> Result<(), StartError> {
    let mut head = [0; 12];
    let whole = file.read_exact(&mut head).is_ok();
    file.rewind().map_err(failed(path))?;
    let [.., a, b, c, d] = head;
    let found = u32::from_le_bytes([a, b, c, d]);
    if whole && head.starts_with(&MAGIC) && found != FORMAT {
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
