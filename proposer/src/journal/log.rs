//! The log being written: entries appended to a group, then made durable together.
//!
//! Space is zeroed before it is written to, some way ahead. A flush then finds the file's length and its blocks as they were,
//! and has nothing to make durable but the group itself: half the time. A file that is full is cut to what was written.
//!
//! Writing belongs to one thread; after an error nothing more is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::journal::options::JournalOptions;
use crate::journal::place::{Place, failed, flush_dir};
use crate::journal::record::{Checkpoint, Kind, Record};
use crate::journal::scan::{self, LogFile};
use crate::{Payload, Proposal, Standing, StartError, Term, Version};

/// Space is zeroed up to a multiple of this, and at least as far ahead: what the flush that does it takes longer is spread over
/// some hundred others.
const STEP: u64 = 64 << 10;

/// Of a buffer that grew, no more is kept.
const KEPT_BYTES_MAX: usize = 8 << 20;

pub(super) struct Log {
    dir: PathBuf,
    entries_max: usize,
    bytes_max: u64,
    position: Checkpoint,
    current: LogFile,
    file: File,
    written: End,
    /// Up to where the file was zeroed.
    zeroed: u64,
    /// What the next flush makes durable, and the number of its records.
    group: Vec<u8>,
    records: usize,
    /// A flush has failed: nobody knows what of it is on the disk.
    in_doubt: bool,
}

/// Where a file of the log ends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    pub(super) bytes: u64,
    pub(super) records: usize,
}

impl Log {
    /// Opens the log for writing, behind the end that was found in its last file. A log without files begins at the checkpoint.
    pub(super) fn open(
        place: &Place,
        options: &JournalOptions,
        begin: Checkpoint,
        last: Option<(&LogFile, End)>,
    ) -> Result<Self, StartError> {
        let dir = place.log();
        remove_after(dir, last.map(|(file, _)| file))?;
        let (current, file, written) = if let Some((last, end)) = last {
            let file = reopen(dir, &last.path, end.bytes).map_err(failed(&last.path))?;
            (last.clone(), file, end)
        } else {
            let first = LogFile::new(dir, 1);
            let file = create(dir, &first.path, begin).map_err(failed(&first.path))?;
            (first, file, End::AFTER_HEAD)
        };
        Ok(Self {
            dir: dir.to_owned(),
            entries_max: options.file_entries_max.max(1),
            bytes_max: (options.file_bytes_max as u64).max(1),
            position: begin,
            current,
            file,
            written,
            zeroed: written.bytes,
            group: Vec::new(),
            records: 0,
            in_doubt: false,
        })
    }

    /// Returns the file that is being written.
    pub(super) fn file(&self) -> LogFile {
        self.current.clone()
    }

    /// Returns where the log stands.
    pub(super) const fn accepted(&self) -> Standing {
        self.position.accepted
    }

    /// Adds an entry to the group that the next flush makes durable.
    pub(super) fn append<T: Payload>(&mut self, proposal: &Proposal<T>) -> io::Result<()> {
        let payload = |out: &mut Vec<u8>| proposal.payload.encode(out);
        self.put(Kind::Entry, Standing::of(proposal), payload)
    }

    /// Makes a new leadership durable.
    pub(super) fn lead(&mut self, term: Term) -> io::Result<()> {
        let standing = Standing {
            term,
            ..self.position.accepted
        };
        self.put(Kind::Lead, standing, |_| {})?;
        self.flush()
    }

    /// Makes durable what was appended.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let at = self.written.bytes;
        self.written.bytes += self.group.len() as u64;
        self.written.records += std::mem::take(&mut self.records);
        self.in_doubt = true;
        self.file.write_all_at(&self.group, at)?;
        if self.written.bytes > self.zeroed {
            self.zeroed = (self.written.bytes + STEP).next_multiple_of(STEP);
            zero(&self.file, self.written.bytes, self.zeroed);
        }
        self.file.sync_data()?;
        self.in_doubt = false;
        self.group.clear();
        self.group.shrink_to(KEPT_BYTES_MAX);
        Ok(())
    }

    /// Goes on in another file when this one is full, and returns the new one, with the version after which it begins.
    pub(super) fn turn_over(&mut self) -> io::Result<Option<(Version, LogFile)>> {
        let End { bytes, records } = self.written;
        if records < self.entries_max && bytes < self.bytes_max {
            return Ok(None);
        }
        self.file.set_len(bytes)?;
        self.file.sync_all()?;
        let next = LogFile::new(&self.dir, self.current.number + 1);
        self.file = create(&self.dir, &next.path, self.position)?;
        self.current = next.clone();
        self.written = End::AFTER_HEAD;
        self.zeroed = self.written.bytes;
        Ok(Some((self.position.accepted.version, next)))
    }

    /// Removes files that were full, oldest first.
    pub(super) fn remove(&self, files: &[LogFile]) -> io::Result<()> {
        for file in files {
            fs::remove_file(&file.path)?;
            flush_dir(&self.dir)?;
        }
        Ok(())
    }

    fn put(
        &mut self,
        kind: Kind,
        standing: Standing,
        payload: impl FnOnce(&mut Vec<u8>),
    ) -> io::Result<()> {
        let place = self.written.bytes;
        Record::put(&mut self.group, place, kind, standing, payload)?;
        self.records += 1;
        self.position.pass(kind, standing);
        Ok(())
    }
}

impl Drop for Log {
    /// What was zeroed and not written to is no use to anybody; that it is left when the process dies is no harm either. Where a
    /// write has perhaps failed the file may be shorter, and is not made longer.
    fn drop(&mut self) {
        if !self.in_doubt {
            let _ = self.file.set_len(self.written.bytes);
        }
    }
}

impl End {
    const AFTER_HEAD: Self = Self {
        bytes: Checkpoint::SIZE as u64,
        records: 0,
    };
}

/// Zeroes a file from one place to another, as far as the disk has room: it is no error if there is none, since what is
/// asked for is only speed.
fn zero(file: &File, from: u64, to: u64) {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let mut at = from;
    while at < to {
        let len = usize::try_from(to - at).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        if file.write_all_at(&ZEROS[..len], at).is_err() {
            return;
        }
        at += len as u64;
    }
}

/// Makes a file, and it and its name durable.
fn create(dir: &Path, path: &Path, head: Checkpoint) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(&head.encode())?;
    file.sync_all()?;
    flush_dir(dir)?;
    Ok(file)
}

/// Opens a file to go on behind its end. What stands there is gone for good before anything is written in its place: else a
/// later crash could leave a mixture. And what stands before is durable: a process that was killed may have left its last group,
/// and the name of the file, to the kernel alone.
fn reopen(dir: &Path, path: &Path, end: u64) -> io::Result<File> {
    let file = OpenOptions::new().write(true).open(path)?;
    if file.metadata()?.len() > end {
        file.set_len(end)?;
    }
    file.sync_all()?;
    flush_dir(dir)?;
    Ok(file)
}

/// Removes the files that were never begun: those after the last one with an end.
fn remove_after(dir: &Path, last: Option<&LogFile>) -> Result<(), StartError> {
    for file in scan::files(dir)? {
        if last.is_none_or(|last| file.number > last.number) {
            fs::remove_file(&file.path).map_err(failed(&file.path))?;
            flush_dir(dir).map_err(failed(dir))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a write had failed in the middle of a sector, the file was made longer: no torn end, but damage.
    #[test]
    fn a_file_is_not_cut_when_nobody_knows_what_of_its_flush_is_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::take(dir.path()).unwrap();
        let options = JournalOptions::default();
        for fails in [false, true] {
            let mut log = Log::open(&place, &options, Checkpoint::default(), None).unwrap();
            let path = log.file().path;
            log.put(Kind::Lead, Standing::default(), |_| {}).unwrap();
            if fails {
                let unwritable = File::open(&path).unwrap();
                let file = std::mem::replace(&mut log.file, unwritable);
                log.flush().unwrap_err();
                log.file = file;
            } else {
                log.flush().unwrap();
            }
            let written = log.written.bytes;
            drop(log);
            assert_eq!(path.metadata().unwrap().len() == written, !fails);
        }
    }
}
