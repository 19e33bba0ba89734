//! One subscription as the publisher sees it.
//!
//! Locks: the queue's order lock comes before an outlet's buffer, and a shard of the registry is never held with either of
//! them being waited for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
#[cfg(feature = "stream")]
use std::task::Waker;

use crossbeam_channel::{Receiver, Select};

use crate::buffer::{Buffer, Offer};
use crate::lock::lock;
use crate::options::{Options, Predicate};
use crate::registry::Key;
use crate::{Batch, Position, RecvError, Topics};

/// The number of a publication before which no subscription has joined.
const NOT_JOINED: u64 = u64::MAX;

/// A subscription, shared by its [`Subscriber`](crate::Subscriber) and the registry.
pub(crate) struct Outlet<E: Topics> {
    /// Its name among the members of a key.
    pub(crate) id: u64,
    /// Where the registry has it.
    pub(crate) keys: Box<[Key<E::Topic>]>,
    pub(crate) predicate: Option<Predicate<E>>,
    pub(crate) bookmarks: bool,
    /// It takes part in publications with a greater number. Written once, under the registry's count of publications.
    joined: AtomicU64,
    /// Whether the registry still has it.
    member: AtomicBool,
    /// The last publication that picked it, and its place there. Only used under the order lock.
    picked_by: AtomicU64,
    picked_as: AtomicUsize,
    buffer: Mutex<Buffer<E>>,
    #[cfg(feature = "stream")]
    waker: Mutex<Option<Waker>>,
}

impl<E: Topics> Outlet<E> {
    /// Returns a subscription that has not joined, and its reader's end.
    pub(crate) fn new(
        id: u64,
        keys: Box<[Key<E::Topic>]>,
        options: Options<E>,
    ) -> (Self, Receiver<Batch<E>>) {
        let (buffer, receiver) = Buffer::new(options.capacity, &options.lag, options.after);
        let outlet = Self {
            id,
            keys,
            predicate: options.predicate,
            bookmarks: options.bookmarks,
            joined: AtomicU64::new(NOT_JOINED),
            member: AtomicBool::new(true),
            picked_by: AtomicU64::new(0),
            picked_as: AtomicUsize::new(0),
            buffer: Mutex::new(buffer),
            #[cfg(feature = "stream")]
            waker: Mutex::new(None),
        };
        (outlet, receiver)
    }

    /// Takes part in the publications after this one. The caller holds the count of publications.
    pub(crate) fn join(&self, publication: u64) {
        self.joined.store(publication, Ordering::Relaxed);
    }

    /// Whether it takes part in a publication.
    pub(crate) fn has_joined(&self, publication: u64) -> bool {
        self.joined.load(Ordering::Relaxed) < publication
    }

    /// Leaves the registry, and returns whether it was there.
    pub(crate) fn leave(&self) -> bool {
        self.member.swap(false, Ordering::Relaxed)
    }

    /// Returns its place in a publication: `Ok` the one it has, or `Err` the one it is given now.
    ///
    /// The caller holds the order lock.
    pub(crate) fn place(&self, publication: u64, next: usize) -> Result<usize, usize> {
        if self.picked_by.swap(publication, Ordering::Relaxed) == publication {
            Ok(self.picked_as.load(Ordering::Relaxed))
        } else {
            self.picked_as.store(next, Ordering::Relaxed);
            Err(next)
        }
    }

    /// Delivers a batch as far as the subscriber wants it, and returns whether the subscription goes on.
    pub(crate) fn deliver(
        &self,
        mut batch: Batch<E>,
        last: Position,
        litter: &mut Vec<Batch<E>>,
    ) -> bool {
        loop {
            let at = batch.at;
            let mut buffer = lock(&self.buffer);
            // Coalescing calls the subscriber's own function.
            let offer = catch_unwind(AssertUnwindSafe(|| buffer.offer(batch, last, litter)))
                .unwrap_or_else(|_| {
                    buffer.end(RecvError::Panicked { at });
                    Offer::Ended
                });
            drop(buffer);
            match offer {
                Offer::Taken => {
                    self.wake();
                    return true;
                }
                Offer::Ignored => return true,
                Offer::Ended => {
                    self.wake();
                    return false;
                }
                Offer::Full(refused, sender) => {
                    batch = refused;
                    // Waits for room without using it: sending happens under the buffer's lock.
                    let mut room = Select::new();
                    room.send(&sender);
                    room.ready();
                }
            }
        }
    }

    /// Ends the subscription, unless it has ended already.
    pub(crate) fn end(&self, reason: RecvError) {
        lock(&self.buffer).end(reason);
        self.wake();
    }

    /// Gives the buffer to the reader for a moment.
    pub(crate) fn buffer<T>(&self, look: impl FnOnce(&mut Buffer<E>) -> T) -> T {
        look(&mut lock(&self.buffer))
    }

    /// Wakes this task, once, after the next delivery or at the end.
    #[cfg(feature = "stream")]
    pub(crate) fn wake_next(&self, waker: &Waker) {
        let mut slot = lock(&self.waker);
        match &mut *slot {
            Some(old) => old.clone_from(waker),
            None => *slot = Some(waker.clone()),
        }
    }

    #[cfg(feature = "stream")]
    fn wake(&self) {
        let waker = lock(&self.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    #[cfg(not(feature = "stream"))]
    #[expect(clippy::unused_self, reason = "the twin with the feature uses it")]
    fn wake(&self) {}
}
