//! The reader's end of a subscription.

use std::fmt;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::outlet::Outlet;
use crate::registry::Registry;
use crate::{Batch, Position, RecvError, RecvTimeoutError, Topics, TryRecvError};

/// Receives the publications of a subscription. Dropping it unsubscribes.
#[must_use = "dropping a subscriber unsubscribes"]
pub struct Subscriber<E: Topics> {
    registry: Arc<Registry<E>>,
    outlet: Arc<Outlet<E>>,
    receiver: Receiver<Batch<E>>,
}

impl<E: Topics> Subscriber<E> {
    pub(crate) fn new(
        registry: Arc<Registry<E>>,
        outlet: Arc<Outlet<E>>,
        receiver: Receiver<Batch<E>>,
    ) -> Self {
        Self {
            registry,
            outlet,
            receiver,
        }
    }

    /// Returns the next publication, waiting for it.
    ///
    /// # Errors
    /// Why the subscription ended, once everything buffered was received; the same each time.
    pub fn recv(&self) -> Result<Batch<E>, RecvError> {
        self.receiver.recv().map_err(|_| self.end())
    }

    /// Returns the next publication if there is one.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`], or why the subscription ended.
    pub fn try_recv(&self) -> Result<Batch<E>, TryRecvError> {
        self.receiver.try_recv().map_err(|error| match error {
            crossbeam_channel::TryRecvError::Empty => TryRecvError::Empty,
            crossbeam_channel::TryRecvError::Disconnected => self.end().into(),
        })
    }

    /// Returns the next publication, waiting for it so long.
    ///
    /// # Errors
    /// [`RecvTimeoutError::Timeout`], or why the subscription ended.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Batch<E>, RecvTimeoutError> {
        self.timed(self.receiver.recv_timeout(timeout))
    }

    /// Returns the next publication, waiting for it until then.
    ///
    /// # Errors
    /// [`RecvTimeoutError::Timeout`], or why the subscription ended.
    pub fn recv_deadline(&self, deadline: Instant) -> Result<Batch<E>, RecvTimeoutError> {
        self.timed(self.receiver.recv_deadline(deadline))
    }

    fn timed(
        &self,
        received: Result<Batch<E>, crossbeam_channel::RecvTimeoutError>,
    ) -> Result<Batch<E>, RecvTimeoutError> {
        received.map_err(|error| match error {
            crossbeam_channel::RecvTimeoutError::Timeout => RecvTimeoutError::Timeout,
            crossbeam_channel::RecvTimeoutError::Disconnected => self.end().into(),
        })
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

    /// Returns the channel that the publications arrive in, for [`crossbeam_channel::select!`].
    ///
    /// It disconnects when the subscription has ended and everything is received; [`Subscriber::recv`] then tells why.
    /// A clone of it takes publications away from this reader, and does not keep the subscription alive.
    #[must_use]
    pub fn receiver(&self) -> &Receiver<Batch<E>> {
        &self.receiver
    }

    /// Drops publications at this position or below it: buffered ones now, and later ones when they are published.
    ///
    /// For one who subscribes, then reads a state, and wants only what comes after that state.
    pub fn skip_through(&mut self, position: Position) {
        // Dropped after the lock is released.
        let mut litter = Vec::new();
        self.outlet.buffer(|buffer| {
            buffer.skip_through(position, &mut self.receiver, &mut litter);
        });
    }

    /// Returns the position through which everything was received, if nothing is buffered and the subscription goes on.
    ///
    /// It rises with every publication of the queue, also those that do not concern this subscriber, so that it can keep
    /// the position to resume from ahead of what a history forgets.
    #[must_use]
    pub fn progress(&self) -> Option<Position> {
        // First the position, then the buffer: what was completed before is in the buffer by now, or was received.
        let completed = self.registry.completed();
        let (ended, after) = self
            .outlet
            .buffer(|buffer| (buffer.ended().is_some(), buffer.after()));
        (!ended && self.receiver.is_empty()).then(|| completed.max(after))
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
        self.receiver.len()
    }

    /// Whether nothing is buffered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }

    fn end(&self) -> RecvError {
        self.outlet
            .buffer(|buffer| buffer.ended())
            .expect("the channel disconnects because the subscription has ended")
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
        // Lets go of a publisher that waits for room, and of clones of the receiver.
        let _own_task = self.outlet.end(RecvError::Closed);
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
