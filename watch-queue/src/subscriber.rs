//! The reader's end of a subscription.

use std::fmt;
use std::iter::FusedIterator;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::buffer::Buffer;
use crate::outlet::Outlet;
use crate::registry::Registry;
use crate::{Batch, Position, RecvError, RecvTimeoutError, Topics, TryRecvError};

/// Receives the publications of a subscription. Dropping it unsubscribes.
#[must_use = "dropping a subscriber unsubscribes"]
pub struct Subscriber<E: Topics> {
    registry: Arc<Registry<E>>,
    outlet: Arc<Outlet<E>>,
    /// Made when it is asked for.
    ready: OnceLock<Receiver<()>>,
}

impl<E: Topics> Subscriber<E> {
    pub(crate) const fn new(registry: Arc<Registry<E>>, outlet: Arc<Outlet<E>>) -> Self {
        Self {
            registry,
            outlet,
            ready: OnceLock::new(),
        }
    }

    /// Returns the next publication, waiting for it.
    ///
    /// # Errors
    /// Why the subscription ended, once everything buffered was received; the same each time.
    pub fn recv(&self) -> Result<Batch<E>, RecvError> {
        self.outlet.take()
    }

    /// Returns the next publication if there is one.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`], or why the subscription ended.
    pub fn try_recv(&self) -> Result<Batch<E>, TryRecvError> {
        self.outlet.try_take()
    }

    /// Returns the next publication, waiting for it so long.
    ///
    /// # Errors
    /// [`RecvTimeoutError::Timeout`], or why the subscription ended.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Batch<E>, RecvTimeoutError> {
        match Instant::now().checked_add(timeout) {
            Some(deadline) => self.recv_deadline(deadline),
            // Longer than the clock can count.
            None => Ok(self.recv()?),
        }
    }

    /// Returns the next publication, waiting for it until then.
    ///
    /// # Errors
    /// [`RecvTimeoutError::Timeout`], or why the subscription ended.
    pub fn recv_deadline(&self, deadline: Instant) -> Result<Batch<E>, RecvTimeoutError> {
        self.outlet.take_until(deadline)
    }

    /// Returns the publications one after the other, waiting for each, until the subscription ends.
    ///
    /// [`Subscriber::recv`] then tells why it ended.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, E> {
        Iter { subscriber: self }
    }

    /// Returns the publications that are buffered, without waiting.
    #[must_use]
    pub fn try_iter(&self) -> TryIter<'_, E> {
        TryIter { subscriber: self }
    }

    /// Returns a channel that tells when to look, for [`crossbeam_channel::select!`].
    ///
    /// It holds one token while something is buffered, and is disconnected when the subscription has ended: after either,
    /// [`Subscriber::try_recv`] gives the next publication or says why there is none. It may have a token too many, after
    /// publications were received without taking it.
    ///
    /// ```
    /// # use watch_queue::{Options, Queue, Topics, TryRecvError};
    /// # #[derive(Clone)] struct Tick;
    /// # impl Topics for Tick { type Topic = (); fn topics(&self, visit: &mut dyn FnMut(())) { visit(()) } }
    /// # let queue = Queue::new();
    /// # let ticks = queue.subscribe([()], Options::new());
    /// # let (_stop, stopped) = crossbeam_channel::bounded::<()>(1);
    /// # queue.append([Tick])?;
    /// crossbeam_channel::select! {
    ///     recv(ticks.ready()) -> _ => match ticks.try_recv() {
    ///         Ok(batch) => println!("{} ticks", batch.len()),
    ///         Err(TryRecvError::Empty) => {}
    ///         Err(TryRecvError::Ended(reason)) => println!("{reason}"),
    ///     },
    ///     recv(stopped) -> _ => println!("stopped"),
    /// }
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn ready(&self) -> &Receiver<()> {
        self.ready
            .get_or_init(|| self.outlet.buffer(Buffer::signal))
    }

    /// Drops publications at this position or below it: buffered ones now, and later ones when they are published.
    ///
    /// For one who subscribes, then reads a state, and wants only what comes after that state.
    pub fn skip_through(&mut self, position: Position) {
        // Dropped after the lock is released.
        let mut litter = Vec::new();
        self.outlet
            .buffer(|buffer| buffer.skip_through(position, &mut litter));
    }

    /// Returns the position through which everything was received, if nothing is buffered and the subscription goes on.
    ///
    /// It rises with every publication of the queue, also those that do not concern this subscriber, so that it can keep
    /// the position to resume from ahead of what a history forgets.
    #[must_use]
    pub fn progress(&self) -> Option<Position> {
        // First the position, then the buffer: what was completed before is in the buffer by now, or was received.
        let completed = self.registry.completed();
        self.outlet.buffer(|buffer| {
            let goes_on = buffer.ended().is_none() && buffer.len() == 0;
            goes_on.then(|| completed.max(buffer.after()))
        })
    }

    /// Returns the number of publications that [`Lag::DropOldest`](crate::Lag::DropOldest) has dropped or
    /// [`Lag::Latest`](crate::Lag::Latest) has merged into later ones.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.outlet.buffer(|buffer| buffer.missed())
    }

    /// Returns the number of publications that are buffered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outlet.buffer(|buffer| buffer.len())
    }

    /// Whether nothing is buffered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[cfg(feature = "stream")]
    pub(crate) fn wake_next(&self, waker: &std::task::Waker) {
        let waker = waker.clone();
        // Dropped after the lock is released.
        let _replaced = self.outlet.buffer(|buffer| buffer.wake_next(waker));
    }
}

impl<E: Topics> Drop for Subscriber<E> {
    fn drop(&mut self) {
        self.registry.remove(&self.outlet);
        // Lets go of a publisher that waits for room, and of those who wait for the signal.
        let _own_task = self.outlet.end(RecvError::Closed);
        // Dropped after the lock is released. A publication that is under way may keep the outlet for a while.
        let _unread = self.outlet.buffer(Buffer::clear);
    }
}

impl<E: Topics> fmt::Debug for Subscriber<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber")
            .field("buffered", &self.len())
            .field("missed", &self.missed())
            .finish_non_exhaustive()
    }
}

impl<'a, E: Topics> IntoIterator for &'a Subscriber<E> {
    type Item = Batch<E>;
    type IntoIter = Iter<'a, E>;

    fn into_iter(self) -> Iter<'a, E> {
        self.iter()
    }
}

/// Publications, waited for; see [`Subscriber::iter`].
#[derive(Debug)]
pub struct Iter<'a, E: Topics> {
    subscriber: &'a Subscriber<E>,
}

impl<E: Topics> Iterator for Iter<'_, E> {
    type Item = Batch<E>;

    fn next(&mut self) -> Option<Batch<E>> {
        self.subscriber.recv().ok()
    }
}

impl<E: Topics> FusedIterator for Iter<'_, E> {}

/// Publications that are buffered; see [`Subscriber::try_iter`].
#[derive(Debug)]
pub struct TryIter<'a, E: Topics> {
    subscriber: &'a Subscriber<E>,
}

impl<E: Topics> Iterator for TryIter<'_, E> {
    type Item = Batch<E>;

    fn next(&mut self) -> Option<Batch<E>> {
        self.subscriber.try_recv().ok()
    }
}
