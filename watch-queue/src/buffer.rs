//! The publisher's end of one subscriber's channel: its bound, and what happens at the bound.
//!
//! Everything that sends does so under the mutex around the buffer, so a buffer has one sender at a time, and whatever is
//! true of its length stays true or gets better while the lock is held: the reader can only take.
//!
//! Except for [`Lag::Block`] the channel is crossbeam's list channel with the bound kept here: its bounded channel
//! allocates the whole ring at once, 32 bytes for each publication of the capacity, which is 32 KiB an idle subscriber.
//!
//! No last copy of an event is dropped here, because that is user code and may publish: what leaves the channel goes to
//! the litter, which its owner drops after all locks are released.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};

use crate::latest::Latest;
use crate::{Batch, Lag, Position, RecvError, Topics};

/// The sending half of a subscription.
pub(crate) struct Buffer<E: Topics> {
    /// Absent once the subscription has ended, so that the reader finds the end after what is buffered.
    sender: Option<Sender<Batch<E>>>,
    policy: Policy<E>,
    capacity: usize,
    after: Position,
    missed: u64,
    /// Set before the sender goes.
    end: Option<RecvError>,
    /// The task that waits for the next delivery or the end.
    waker: Option<Waker>,
}

enum Policy<E: Topics> {
    Close,
    DropOldest(Receiver<Batch<E>>),
    Latest(Latest<E>),
    Block,
}

/// What became of a batch that was offered.
pub(crate) enum Offer<E> {
    /// It is in the channel, and this task waits for it.
    Taken(Option<Waker>),
    /// The subscriber has no use for it.
    Unwanted(Batch<E>),
    /// The subscription ended because of it, and this task has to learn of it.
    Ended(Option<Waker>),
    /// The publisher has to wait until this sender has room, then offer it again.
    Full(Batch<E>, Sender<Batch<E>>),
}

impl<E: Topics> Buffer<E> {
    pub(crate) fn new(capacity: usize, lag: Lag<E>, after: Position) -> (Self, Receiver<Batch<E>>) {
        let (sender, receiver) = match &lag {
            Lag::Block => bounded(capacity),
            Lag::Close | Lag::DropOldest | Lag::Latest(_) => unbounded(),
        };
        let policy = match lag {
            Lag::Close => Policy::Close,
            Lag::DropOldest => Policy::DropOldest(receiver.clone()),
            Lag::Latest(key) => Policy::Latest(Latest::new(receiver.clone(), key)),
            Lag::Block => Policy::Block,
        };
        let buffer = Self {
            sender: Some(sender),
            policy,
            capacity,
            after,
            missed: 0,
            end: None,
            waker: None,
        };
        (buffer, receiver)
    }

    /// Puts a batch into the channel, or applies the lag policy. `last` is the position of the publication before it.
    pub(crate) fn offer(
        &mut self,
        mut batch: Batch<E>,
        last: Position,
        litter: &mut Vec<Batch<E>>,
    ) -> Offer<E> {
        let Some(sender) = &self.sender else {
            return Offer::Unwanted(batch);
        };
        if batch.at <= self.after {
            return Offer::Unwanted(batch);
        }
        if sender.len() >= self.capacity {
            match &mut self.policy {
                // A bookmark makes nobody lag: a later batch carries a later position.
                _ if batch.is_empty() => return Offer::Unwanted(batch),
                Policy::Close => {
                    // Not below `after`, because what fills the buffer lies between the two.
                    let resume_from = last;
                    return Offer::Ended(self.end(RecvError::Lagged { resume_from }));
                }
                Policy::DropOldest(oldest) => {
                    // The reader may be quicker and take it; then there is room all the same.
                    if let Ok(dropped) = oldest.try_recv() {
                        self.missed += u64::from(!dropped.is_empty());
                        litter.push(dropped);
                    }
                }
                Policy::Latest(latest) => {
                    let at = batch.at;
                    let make_room = || latest.make_room(batch, self.capacity, litter);
                    let Ok((merged, count)) = catch_unwind(AssertUnwindSafe(make_room)) else {
                        return Offer::Ended(self.end(RecvError::Panicked { at }));
                    };
                    batch = merged;
                    self.missed += count;
                }
                Policy::Block => return Offer::Full(batch, sender.clone()),
            }
        }
        if let Policy::Latest(latest) = &mut self.policy {
            latest.note(&batch, litter);
        }
        match sender.try_send(batch) {
            Ok(()) => Offer::Taken(self.waker.take()),
            // A ring's slot is not free before its reader has left it.
            Err(TrySendError::Full(batch)) => Offer::Full(batch, sender.clone()),
            Err(TrySendError::Disconnected(batch)) => Offer::Unwanted(batch),
        }
    }

    /// Ends the subscription, unless it has ended already, and returns the task to wake. What is buffered stays readable.
    #[must_use]
    pub(crate) fn end(&mut self, reason: RecvError) -> Option<Waker> {
        self.end.get_or_insert(reason);
        self.sender = None;
        self.waker.take()
    }

    /// Has this task woken, once, after the next delivery or at the end. Returns the one that was to be woken before.
    #[cfg(feature = "stream")]
    pub(crate) fn wake_next(&mut self, waker: Waker) -> Option<Waker> {
        self.waker.replace(waker)
    }

    /// Returns why the subscription ended.
    pub(crate) fn ended(&self) -> Option<RecvError> {
        self.end
    }

    /// Returns the number of publications that the lag policy has dropped.
    pub(crate) fn missed(&self) -> u64 {
        self.missed
    }

    /// Returns the position through which publications are dropped.
    pub(crate) fn after(&self) -> Position {
        self.after
    }

    /// Drops publications at or below a position, buffered ones and later ones. `receiver` is the reader's end.
    pub(crate) fn skip_through(
        &mut self,
        position: Position,
        receiver: &mut Receiver<Batch<E>>,
        litter: &mut Vec<Batch<E>>,
    ) {
        self.after = self.after.max(position);
        if let Some(RecvError::Lagged { resume_from }) = &mut self.end {
            *resume_from = position.max(*resume_from);
        }
        let (kept, skipped): (Vec<_>, Vec<_>) =
            receiver.try_iter().partition(|batch| batch.at > position);
        litter.extend(skipped);
        if kept.is_empty() {
            return;
        }
        let sender = self.sender.clone().unwrap_or_else(|| {
            // An ended channel takes nothing back: the rest moves to one that ends after it.
            let (sender, rest) = unbounded();
            *receiver = rest;
            sender
        });
        for batch in kept {
            sender
                .send(batch)
                .expect("the receiver is alive because the caller lent it");
        }
    }
}
