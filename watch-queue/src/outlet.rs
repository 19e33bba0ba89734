//! One subscription as the publisher sees it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::Waker;

use crossbeam_channel::{Receiver, Select};

use crate::aftermath::Aftermath;
use crate::buffer::{Buffer, Offer};
use crate::lock::lock;
use crate::options::{Options, Predicate};
use crate::{Batch, Position, RecvError, TopicSet, Topics};

/// What [`Outlet::join`] has not been told yet: no publication has a greater number.
const NOT_JOINED: u64 = u64::MAX;

/// A subscription, shared by its [`Subscriber`](crate::Subscriber) and the registry.
pub(crate) struct Outlet<E: Topics> {
    /// Where the registry has it.
    pub(crate) places: Box<[Place<E::Topic>]>,
    /// Wants every event that the predicate lets through.
    pub(crate) everything: bool,
    pub(crate) bookmarks: bool,
    pub(crate) predicate: Option<Predicate<E>>,
    /// Whether the registry still has it.
    member: AtomicBool,
    /// It takes part in publications with a greater number. Written once, under the registry's count of publications.
    joined: AtomicU64,
    /// The last publication that it is a recipient of, and which one. Only used under the order lock.
    publication: AtomicU64,
    recipient: AtomicUsize,
    buffer: Mutex<Buffer<E>>,
}

/// A place of a subscription in the registry.
pub(crate) struct Place<T> {
    pub(crate) key: Key<T>,
    /// Which of the key's members it is. Only used under the lock of the key.
    pub(crate) index: AtomicUsize,
}

/// Under what a subscription is found.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key<T> {
    /// No publication visits it.
    Never,
    /// Every publication visits it.
    Always,
    /// Publications with an event of this topic visit it.
    Topic(T),
}

impl<E: Topics> Outlet<E> {
    /// Returns a subscription that has not joined, and its reader's end.
    pub(crate) fn new(
        topics: TopicSet<E::Topic>,
        options: Options<E>,
    ) -> (Self, Receiver<Batch<E>>) {
        let (everything, topics) = match topics {
            TopicSet::Everything => (true, Vec::new()),
            TopicSet::Of(topics) => (false, topics),
        };
        let unconditional = if everything || options.bookmarks {
            Some(Key::Always)
        } else if topics.is_empty() {
            // Found by closing the queue all the same.
            Some(Key::Never)
        } else {
            None
        };
        let topics = topics.into_iter().map(Key::Topic);
        let keys = unconditional.into_iter().chain(topics);
        let places = keys.map(|key| Place {
            key,
            index: AtomicUsize::new(0),
        });
        let (buffer, receiver) = Buffer::new(options.capacity, options.lag, options.after);
        let outlet = Self {
            places: places.collect(),
            everything,
            bookmarks: options.bookmarks,
            predicate: options.predicate,
            member: AtomicBool::new(true),
            joined: AtomicU64::new(NOT_JOINED),
            publication: AtomicU64::new(0),
            recipient: AtomicUsize::new(0),
            buffer: Mutex::new(buffer),
        };
        (outlet, receiver)
    }

    /// Whether every publication visits it.
    pub(crate) fn is_unconditional(&self) -> bool {
        self.everything || self.bookmarks
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

    /// Returns which recipient of a publication it is: `Ok` if it was one, `Err` if it becomes the next one now.
    ///
    /// The caller holds the order lock.
    pub(crate) fn recipient(&self, publication: u64, next: usize) -> Result<usize, usize> {
        if self.publication.load(Ordering::Relaxed) == publication {
            return Ok(self.recipient.load(Ordering::Relaxed));
        }
        self.publication.store(publication, Ordering::Relaxed);
        self.recipient.store(next, Ordering::Relaxed);
        Err(next)
    }

    /// Delivers a batch as far as the subscriber wants it, and returns whether the subscription goes on. `last` is the
    /// position of the publication before it.
    ///
    /// # Blocking
    /// With [`Lag::Block`](crate::Lag::Block), until there is room. No lock of the outlet is held meanwhile.
    pub(crate) fn deliver(
        &self,
        mut batch: Batch<E>,
        last: Position,
        aftermath: &mut Aftermath<E>,
    ) -> bool {
        loop {
            let offer = lock(&self.buffer).offer(batch, last, &mut aftermath.batches);
            match offer {
                Offer::Taken(task) => {
                    aftermath.tasks.extend(task);
                    return true;
                }
                Offer::Unwanted(refused) => {
                    aftermath.batches.push(refused);
                    return true;
                }
                Offer::Ended(task) => {
                    aftermath.tasks.extend(task);
                    return false;
                }
                Offer::Full(refused, sender) => {
                    batch = refused;
                    aftermath.wake();
                    // Waits for room without using it, because sending happens under the lock.
                    let mut room = Select::new();
                    room.send(&sender);
                    room.ready();
                }
            }
        }
    }

    /// Ends the subscription, unless it has ended already, and returns the task to wake.
    #[must_use]
    pub(crate) fn end(&self, reason: RecvError) -> Option<Waker> {
        lock(&self.buffer).end(reason)
    }

    /// Gives the buffer to the reader for a moment.
    pub(crate) fn buffer<T>(&self, look: impl FnOnce(&mut Buffer<E>) -> T) -> T {
        look(&mut lock(&self.buffer))
    }
}
