//! The log being written: entries appended, then made durable together.
//!
//! A thin layer over `chunked-wal`, which owns the files, their order and the flush. Writing belongs to one thread; after
//! an error nothing more is written.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use chunked_wal::{ChunkId, ChunkedWal, Config, Segment, StateMachine, WAL, WALRecord};

use crate::journal::options::JournalOptions;
use crate::journal::place::{Place, failed, make_private};
use crate::journal::record::{Checkpoint, Format, Kind, Record};
use crate::journal::scan::LogFile;
use crate::{Payload, Proposal, Standing, StartError, Term, Version};

pub(super) struct Log {
    wal: ChunkedWal<Format>,
    config: Arc<Config>,
    position: Position,
    /// Kept for its memory.
    payload: Vec<u8>,
}

/// Where the log stands, record by record: what `chunked-wal` writes at the head of the next file.
#[derive(Debug)]
struct Position(Checkpoint);

/// A flush that is under way.
#[must_use = "nothing is durable before it was waited for"]
pub(super) struct Flush(Receiver<io::Result<()>>);

impl Flush {
    /// Waits until everything that was appended before it began is durable.
    pub(super) fn wait(self) -> io::Result<()> {
        let ended = |_| io::Error::other("the flushing thread has ended");
        self.0.recv().map_err(ended)?
    }
}

impl Log {
    /// Opens the log for writing; a torn end is cut off. A log without files begins at the checkpoint.
    pub(super) fn open(
        place: &Place,
        options: &JournalOptions,
        begin: Checkpoint,
    ) -> Result<Self, StartError> {
        let dir = place.log();
        let config = Arc::new(config(place, options));
        let mut position = Position(begin);
        let wal = ChunkedWal::open(config.clone(), &mut position, Arc::new(|_, _| {}))
            .map_err(failed(dir))?;
        make_private(&dir.join("LOCK")).map_err(failed(dir))?;
        let log = Self {
            wal,
            config,
            position,
            payload: Vec::new(),
        };
        let file = log.file();
        make_private(&file.path).map_err(failed(&file.path))?;
        Ok(log)
    }

    /// Returns the file that is being written.
    pub(super) fn file(&self) -> LogFile {
        let id = self.wal.open_chunk_id();
        LogFile {
            id,
            path: self.config.chunk_path(id).into(),
        }
    }

    /// Returns where the log stands.
    pub(super) const fn accepted(&self) -> Standing {
        self.position.0.accepted
    }

    /// Adds an entry to the group that the next flush makes durable.
    pub(super) fn append<T: Payload>(&mut self, proposal: &Proposal<T>) -> io::Result<()> {
        self.payload.clear();
        proposal.payload.encode(&mut self.payload);
        self.put(Kind::Entry, Standing::of(proposal))
    }

    /// Makes a new leadership durable.
    pub(super) fn lead(&mut self, term: Term) -> io::Result<()> {
        self.payload.clear();
        let standing = Standing {
            term,
            ..self.position.0.accepted
        };
        self.put(Kind::Lead, standing)?;
        self.flush()?.wait()
    }

    /// Begins to make durable what was appended.
    pub(super) fn flush(&mut self) -> io::Result<Flush> {
        // A channel for each flush: when the flushing thread has ended, its end of it is gone, and nobody waits.
        let (done, flushed) = sync_channel(1);
        self.wal.send_pending(true, Some(done))?;
        Ok(Flush(flushed))
    }

    /// Goes on in another file when this one is full, and returns the new one.
    pub(super) fn turn_over(&mut self) -> io::Result<Option<(Version, LogFile)>> {
        let Some(checkpoint) = self.wal.try_close_full_chunk(&self.position)? else {
            return Ok(None);
        };
        let file = self.file();
        make_private(&file.path)?;
        Ok(Some((checkpoint.accepted.version, file)))
    }

    /// Removes the files that hold nothing after a version; the one being written stays.
    pub(super) fn remove_through(&mut self, version: Version) -> io::Result<()> {
        let old = self
            .wal
            .drain_closed_chunks_while(|end| end.accepted.version <= version);
        self.wal.send_remove_chunks(old)?;
        self.wal.wait_worker_idle()
    }

    fn put(&mut self, kind: Kind, standing: Standing) -> io::Result<()> {
        let record = WALRecord::Action(Record {
            kind,
            standing,
            payload: std::mem::take(&mut self.payload),
        });
        self.wal.append(&record)?;
        if let WALRecord::Action(record) = record {
            self.position.pass(&record);
            self.payload = record.payload;
        }
        Ok(())
    }
}

fn config(place: &Place, options: &JournalOptions) -> Config {
    let mut config = Config::new(place.log().display());
    // We group; the flushing thread waits for no more.
    config.flush_batch_wait = Some(Duration::ZERO);
    config.read_buffer_size = Some(1 << 18);
    // One more for the checkpoint at its head.
    config.chunk_max_records = Some(options.file_entries_max.max(1).saturating_add(1));
    config.chunk_max_size = Some(options.file_bytes_max.max(1));
    config
}

impl Position {
    fn pass(&mut self, record: &Record) {
        self.0.led = self.0.led.max(record.standing.term);
        if record.kind == Kind::Entry {
            self.0.accepted = record.standing;
        }
    }
}

impl StateMachine<Format> for Position {
    type Error = io::Error;

    fn apply(&mut self, record: &WALRecord<Format>, _: ChunkId, _: Segment) -> io::Result<()> {
        match record {
            WALRecord::Checkpoint(checkpoint) => self.0 = *checkpoint,
            WALRecord::Action(record) => self.pass(record),
        }
        Ok(())
    }

    fn checkpoint(&self) -> Checkpoint {
        self.0
    }
}
