//! The thread that writes to the disk, so that the journal's own can apply one group while the next is on its way.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};

/// What is written where.
pub(super) struct Job {
    pub(super) file: Arc<File>,
    pub(super) at: u64,
    pub(super) bytes: Vec<u8>,
    /// Behind it, the file is zeroed up to here.
    pub(super) zero_to: Option<u64>,
}

pub(super) struct Flusher {
    /// Gone when the thread was stopped.
    jobs: Option<Sender<Job>>,
    /// Gives back the buffer of a job that is durable.
    done: Receiver<io::Result<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Flusher {
    pub(super) fn start() -> io::Result<Self> {
        let (jobs, to_do) = bounded::<Job>(1);
        let (tell, done) = bounded(1);
        let work = move || {
            while let Ok(job) = to_do.recv() {
                if tell.send(flush(job)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("journal-flush".to_owned())
            .spawn(work)?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            thread: Some(thread),
        })
    }

    /// Begins a job; the one before must have ended.
    pub(super) fn begin(&self, job: Job) -> io::Result<()> {
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(job).map_err(|_| ended())
    }

    /// Waits for the end of the job that was begun.
    pub(super) fn end(&self) -> io::Result<Vec<u8>> {
        self.done.recv().map_err(|_| ended())?
    }

    /// Ends the thread, after its job.
    pub(super) fn stop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn ended() -> io::Error {
    io::Error::other("the flushing thread has ended")
}

fn flush(job: Job) -> io::Result<Vec<u8>> {
    let Job {
        file,
        at,
        bytes,
        zero_to,
    } = job;
    file.write_all_at(&bytes, at)?;
    if let Some(to) = zero_to {
        zero(&file, at + bytes.len() as u64, to);
    }
    file.sync_data()?;
    Ok(bytes)
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
