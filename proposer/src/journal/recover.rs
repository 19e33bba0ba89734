//! Bringing a replica up to date: the newest saved state, then the log.
//!
//! Nothing is written here: a log that is refused stays as it was found, to be looked at or mended.

use crate::journal::log::End;
use crate::journal::options::JournalOptions;
use crate::journal::place::Place;
use crate::journal::record::{Checkpoint, Kind, Record};
use crate::journal::saved;
use crate::journal::scan::{self, Item, LogFile, Scan};
use crate::tail::Tail;
use crate::{
    Applied, Change, Payload, Proposal, ProposalId, Replica, Standing, StartError, Version,
};

/// What recovery found.
pub(super) struct Recovered {
    /// Where the log ends, and the greatest term that anybody led under.
    pub(super) end: Checkpoint,
    /// The files of the log, each with the version before its first entry.
    pub(super) files: Vec<(Version, LogFile)>,
    /// Where the last of them ends.
    pub(super) last: End,
    /// The version of the saved state that was restored.
    pub(super) saved: Version,
    /// Entries applied after it.
    pub(super) replayed: u64,
    /// Their bytes.
    pub(super) replayed_bytes: u64,
    /// Bytes at the end that belong to no whole record.
    pub(super) torn_bytes: u64,
}

/// Restores the newest saved state and applies what the log holds after it.
pub(super) fn recover<T: Payload>(
    place: &Place,
    options: &JournalOptions,
    replica: &dyn Replica<T>,
) -> Result<(Recovered, Tail<T>), StartError> {
    let restored = saved::restore_newest(place.dir(), replica)?;
    let standing = restored.unwrap_or_else(|| replica.standing());
    let mut files = scan::files(place.log())?;
    let mut torn_bytes = leave_out_unborn(&mut files)?;
    let mut replay = Replay {
        replica,
        tail: Tail::new(
            standing,
            options.memory_entries_max,
            options.memory_bytes_max,
        ),
        applied: standing,
        position: None,
        replayed: 0,
        replayed_bytes: 0,
    };
    let mut firsts = Vec::with_capacity(files.len());
    let mut end = End::default();
    let last = files.len().saturating_sub(1);
    for (index, file) in files.into_iter().enumerate() {
        let mut scan = Scan::open(&file.path)?;
        let mut first = None;
        end = End::default();
        while let Some(found) = scan.next() {
            let found = found?;
            let wrong = match found.what {
                Item::Head(checkpoint) => {
                    first = Some(checkpoint.accepted.version);
                    replay.turn_over(checkpoint)
                }
                Item::Record(record) => {
                    end.records += 1;
                    replay.pass(&record)
                }
                Item::End { torn } if index == last => {
                    torn_bytes += torn;
                    Ok(())
                }
                Item::End { .. } => {
                    Err("the file ends before its last record, and is not the last one".to_owned())
                }
            };
            wrong.map_err(|what| scan.damaged(found.offset, what))?;
            end.bytes = scan.end();
        }
        let first = first.ok_or_else(|| scan.damaged(0, "the file is empty"))?;
        firsts.push((first, file));
    }
    let led = match replay.position {
        None => standing.term,
        Some(end) if end.accepted.version >= standing.version => end.led.max(standing.term),
        Some(end) => {
            return Err(StartError::Damaged {
                path: place.log().display().to_string(),
                what: format!(
                    "the log ends at version {}, but version {} was saved after it was written here; remove the files of \
                     the log to begin at the saved state",
                    end.accepted.version, standing.version
                ),
            });
        }
    };
    let recovered = Recovered {
        end: Checkpoint {
            accepted: replay.applied,
            led,
        },
        files: firsts,
        last: end,
        saved: restored.map_or(Version::ZERO, |standing| standing.version),
        replayed: replay.replayed,
        replayed_bytes: replay.replayed_bytes,
        torn_bytes,
    };
    Ok((recovered, replay.tail))
}

/// Leaves out the files at the end whose head was never written whole: no entry can stand in them.
fn leave_out_unborn(files: &mut Vec<LogFile>) -> Result<u64, StartError> {
    let mut torn_bytes = 0;
    while let Some(last) = files.last() {
        match Scan::open(&last.path)?
            .next()
            .transpose()?
            .map(|found| found.what)
        {
            None => {}
            Some(Item::End { torn }) => torn_bytes += torn,
            Some(_) => break,
        }
        files.pop();
    }
    Ok(torn_bytes)
}

struct Replay<'a, T> {
    replica: &'a dyn Replica<T>,
    tail: Tail<T>,
    /// Where the replica stands.
    applied: Standing,
    /// Where the log stands; `None` before its first file.
    position: Option<Checkpoint>,
    replayed: u64,
    replayed_bytes: u64,
}

impl<T: Payload> Replay<'_, T> {
    /// Takes the head of a file: the log stands where the file before ended.
    fn turn_over(&mut self, head: Checkpoint) -> Result<(), String> {
        let applied = self.applied.version;
        match self.position {
            Some(position) if position != head => {
                return Err(format!(
                    "the file goes on from version {} (term {}), the one before ended at {} (term {})",
                    head.accepted.version, head.led, position.accepted.version, position.led
                ));
            }
            None if head.accepted.version > applied => {
                return Err(format!(
                    "the log begins after version {}, the newest saved state that is intact has {applied}",
                    head.accepted.version
                ));
            }
            _ => {}
        }
        self.position = Some(head);
        Ok(())
    }

    fn pass(&mut self, record: &Record) -> Result<(), String> {
        let position = self.position.as_mut();
        let position = position.expect("a head because every file begins with one");
        let standing = record.standing;
        if record.kind == Kind::Lead {
            position.pass(record.kind, standing);
            return Ok(());
        }
        let id = ProposalId {
            term: standing.term,
            incarnation: standing.incarnation,
            version: standing.version,
        };
        if !position.accepted.is_continued_by(id) {
            let last = position.accepted;
            return Err(format!(
                "{id} follows {} (term {}.{})",
                last.version, last.term, last.incarnation
            ));
        }
        position.pass(record.kind, standing);
        if standing.version > self.applied.version {
            self.apply(id, record)?;
        }
        Ok(())
    }

    fn apply(&mut self, id: ProposalId, record: &Record) -> Result<(), String> {
        let bytes = record.payload.len();
        let payload = T::decode(&record.payload).map_err(|error| {
            format!("transaction {id} is whole, but this release cannot read it: {error}")
        })?;
        let epoch = record.standing.epoch;
        let change = Change {
            version: id.version,
            epoch,
            payload: payload.clone(),
        };
        match self.replica.apply(Proposal { id, epoch, payload }) {
            Applied::Accepted => {}
            Applied::Skipped => return Err(format!("the replica skipped transaction {id}")),
            Applied::Diverged(what) => {
                return Err(format!("the replica refused transaction {id}: {what}"));
            }
        }
        drop(self.tail.push(change, bytes));
        self.applied = record.standing;
        self.replayed += 1;
        self.replayed_bytes += bytes as u64;
        Ok(())
    }
}
