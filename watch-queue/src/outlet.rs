//! One subscription as the publisher sees it.

use std::task::Waker;
use std::time::Instant;

use crate::aftermath::Aftermath;
use crate::buffer::{Buffer, Offer};
use crate::options::{Options, Predicate, Rhythm};
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Condvar, Mutex, MutexGuard, lock, wait, wait_timeout};
use crate::{Batch, Lag, Position, RecvError, RecvTimeoutError, TopicSet, Topics, TryRecvError};

/// What [`Outlet::join`] has not been told yet: no publication has a greater number.
const NOT_JOINED: u64 = u64::MAX;

/// A subscription, shared by its [`Subscriber`](crate::Subscriber) and the registry.
pub(crate) struct Outlet<E: Topics> {
    /// Where the registry has it.
    pub(crate) places: Box<[Place<E::Topic>]>,
    /// Wants every event that the predicate lets through.
    pub(crate) everything: bool,
    pub(crate) bookmarks: Option<Rhythm>,
    pub(crate) predicate: Option<Predicate<E>>,
    /// Whether every event of its topics is for it, and delivering one runs no user code and waits for nobody.
    pub(crate) is_plain: bool,
    /// Whether the registry still has it.
    member: AtomicBool,
    /// It takes part in publications with a greater number. Written once, under the registry's count of publications.
    joined: AtomicU64,
    /// The last publication that it is a recipient of, and which one. Only used under the order lock.
    publication: AtomicU64,
    recipient: AtomicUsize,
    buffer: Mutex<Buffer<E>>,
    /// Told when a batch is buffered, or none will be, and a thread waits for it.
    readable: Condvar,
    /// Told when a batch was taken out, or none will be taken in, and the publisher waits for it.
    room: Condvar,
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
    /// The publications whose turn it is visit it, for a bookmark.
    Bookmark(Rhythm, u64),
    /// Publications with an event of this topic visit it.
    Topic(T),
}

impl<E: Topics> Outlet<E> {
    /// Returns a subscription that has not joined. `number` tells it from others that want bookmarks.
    pub(crate) fn new(topics: TopicSet<E::Topic>, options: Options<E>, number: u64) -> Self {
        let (everything, topics) = match topics {
            TopicSet::Everything => (true, Vec::new()),
            TopicSet::Of(topics) => (false, topics),
        };
        let bookmarks = options.bookmarks;
        let bookmark = bookmarks.map(|rhythm| Key::Bookmark(rhythm, rhythm.turn(number)));
        let unconditional = if everything {
            Some(Key::Always)
        } else if topics.is_empty() {
            // Found by closing the queue all the same.
            Some(Key::Never)
        } else {
            None
        };
        let topics = topics.into_iter().map(Key::Topic);
        let keys = unconditional.into_iter().chain(bookmark).chain(topics);
        let places = keys.map(|key| Place {
            key,
            index: AtomicUsize::new(0),
        });
        let is_plain =
            options.predicate.is_none() && matches!(options.lag, Lag::Close | Lag::DropOldest);
        let buffer = Buffer::new(options.capacity, options.lag, options.after);
        Self {
            places: places.collect(),
            everything,
            bookmarks,
            predicate: options.predicate,
            is_plain,
            member: AtomicBool::new(true),
            joined: AtomicU64::new(NOT_JOINED),
            publication: AtomicU64::new(0),
            recipient: AtomicUsize::new(0),
            buffer: Mutex::new(buffer),
            readable: Condvar::new(),
            room: Condvar::new(),
        }
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
        let mut buffer = lock(&self.buffer);
        loop {
            match buffer.offer(batch, last, &mut aftermath.batches) {
                Offer::Taken(task) => {
                    let awaited = buffer.readers > 0;
                    drop(buffer);
                    if awaited {
                        self.readable.notify_one();
                    }
                    aftermath.tasks.extend(task);
                    return true;
                }
                Offer::Unwanted(refused) => {
                    aftermath.batches.push(refused);
                    return true;
                }
                Offer::Ended(task, refused) => {
                    drop(buffer);
                    self.readable.notify_all();
                    aftermath.tasks.extend(task);
                    aftermath.batches.push(refused);
                    return false;
                }
                Offer::Full(refused) => {
                    batch = refused;
                    // The reader that is waited for may be one of the tasks.
                    drop(buffer);
                    aftermath.wake();
                    buffer = self.wait_for_room();
                }
            }
        }
    }

    /// Waits until there may be room in a buffer that was full.
    fn wait_for_room(&self) -> MutexGuard<'_, Buffer<E>> {
        let mut buffer = lock(&self.buffer);
        while buffer.is_full() {
            buffer.awaited = true;
            buffer = wait(&self.room, buffer);
        }
        buffer.awaited = false;
        buffer
    }

    /// Ends the subscription, unless it has ended already, and returns the task to wake.
    #[must_use]
    pub(crate) fn end(&self, reason: RecvError) -> Option<Waker> {
        let task = lock(&self.buffer).end(reason);
        self.readable.notify_all();
        self.room.notify_all();
        task
    }

    /// Takes out the next batch, if there is one.
    pub(crate) fn try_take(&self) -> Result<Batch<E>, TryRecvError> {
        let mut buffer = lock(&self.buffer);
        let taken = buffer.take();
        self.make_room(buffer);
        taken
    }

    /// Takes out the next batch, waiting for it.
    pub(crate) fn take(&self) -> Result<Batch<E>, RecvError> {
        let mut buffer = lock(&self.buffer);
        loop {
            match buffer.take() {
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Ended(end)) => return Err(end),
                Ok(batch) => {
                    self.make_room(buffer);
                    return Ok(batch);
                }
            }
            buffer.readers += 1;
            buffer = wait(&self.readable, buffer);
            buffer.readers -= 1;
        }
    }

    /// Takes out the next batch, waiting for it until then.
    pub(crate) fn take_until(&self, deadline: Instant) -> Result<Batch<E>, RecvTimeoutError> {
        let mut buffer = lock(&self.buffer);
        loop {
            match buffer.take() {
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Ended(end)) => return Err(end.into()),
                Ok(batch) => {
                    self.make_room(buffer);
                    return Ok(batch);
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(RecvTimeoutError::Timeout);
            }
            buffer.readers += 1;
            buffer = wait_timeout(&self.readable, buffer, left);
            buffer.readers -= 1;
        }
    }

    /// Gives the buffer to the reader for a moment.
    pub(crate) fn buffer<T>(&self, look: impl FnOnce(&mut Buffer<E>) -> T) -> T {
        let mut buffer = lock(&self.buffer);
        let result = look(&mut buffer);
        self.make_room(buffer);
        result
    }

    /// Lets go of the buffer, and of a publisher that waits for room there.
    fn make_room(&self, buffer: MutexGuard<'_, Buffer<E>>) {
        let awaited = buffer.awaited && !buffer.is_full();
        drop(buffer);
        if awaited {
            self.room.notify_all();
        }
    }
}
