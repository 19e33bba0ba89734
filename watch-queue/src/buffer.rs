//! What waits for one subscriber: its bound, what happens at the bound, and who is to be told.
//!
//! Everything happens under the mutex around the buffer, which is held for a push or a pop. A ring that grows as far as it
//! must and shrinks again takes a hundred bytes where nothing waits, so a hundred thousand idle subscribers are cheap; a
//! channel's own buffer would take a kilobyte, and three atomic operations more a batch.
//!
//! No last copy of an event is dropped here, because that is user code and may publish: what leaves the buffer goes to the
//! reader or to the litter, which its owner drops after all locks are released.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::latest;
use crate::{Batch, Lag, Position, RecvError, Topics, TryRecvError};

/// What a drained buffer keeps allocated, in publications of 24 bytes: enough for a reader that keeps up.
const KEPT: usize = 4;

/// The batches of a subscription that were not received yet.
pub(crate) struct Buffer<E: Topics> {
    batches: VecDeque<Batch<E>>,
    lag: Lag<E>,
    capacity: usize,
    after: Position,
    missed: u64,
    /// Why nothing more will come. What is buffered can still be received.
    end: Option<RecvError>,
    /// The task that waits for the next delivery or the end.
    waker: Option<Waker>,
    /// How many threads wait for a batch, so that a delivery that nobody waits for makes no system call.
    pub(crate) readers: u32,
    /// Whether the publisher waits for room.
    pub(crate) awaited: bool,
    /// Holds a token while something may be buffered, for one who waits for several things. Made when it is asked for.
    signal: Option<Sender<()>>,
}

/// What became of a batch that was offered.
pub(crate) enum Offer<E> {
    /// It is buffered, and this task waits for it.
    Taken(Option<Waker>),
    /// The subscriber has no use for it.
    Unwanted(Batch<E>),
    /// The subscription ended because of it, and this task has to learn of it.
    Ended(Option<Waker>, Batch<E>),
    /// The publisher has to wait for room, then offer it again.
    Full(Batch<E>),
}

impl<E: Topics> Buffer<E> {
    pub(crate) const fn new(capacity: usize, lag: Lag<E>, after: Position) -> Self {
        Self {
            batches: VecDeque::new(),
            lag,
            capacity,
            after,
            missed: 0,
            end: None,
            waker: None,
            readers: 0,
            awaited: false,
            signal: None,
        }
    }

    /// Buffers a batch, or applies the lag policy. `last` is the position of the publication before it.
    pub(crate) fn offer(
        &mut self,
        mut batch: Batch<E>,
        last: Position,
        litter: &mut Vec<Batch<E>>,
    ) -> Offer<E> {
        if self.end.is_some() || batch.at <= self.after {
            return Offer::Unwanted(batch);
        }
        // A bookmark makes nobody lag, and does not pile up: a later batch carries a later position.
        self.batches.pop_back_if(|last| last.is_empty());
        if self.batches.len() >= self.capacity {
            match &self.lag {
                _ if batch.is_empty() => return Offer::Unwanted(batch),
                Lag::Close => {
                    // Not below `after`, because what fills the buffer lies between the two.
                    let resume_from = last;
                    return Offer::Ended(self.end(RecvError::Lagged { resume_from }), batch);
                }
                Lag::DropOldest => {
                    let dropped = self.batches.pop_front();
                    let dropped = dropped.expect("a full buffer holds something");
                    self.missed += u64::from(!dropped.is_empty());
                    litter.push(dropped);
                }
                Lag::Latest(key) => {
                    let buffered = &mut self.batches;
                    let make_room = || latest::make_room(buffered, key, &batch, litter);
                    let Ok((merged, count)) = catch_unwind(AssertUnwindSafe(make_room)) else {
                        let at = batch.at;
                        return Offer::Ended(self.end(RecvError::Panicked { at }), batch);
                    };
                    litter.push(std::mem::replace(&mut batch, merged));
                    self.missed += count;
                }
                Lag::Block => return Offer::Full(batch),
            }
        }
        if self.batches.capacity() == 0 {
            self.batches.reserve_exact(KEPT.min(self.capacity));
        }
        self.batches.push_back(batch);
        self.give_signal();
        Offer::Taken(self.waker.take())
    }

    /// Takes out the oldest batch.
    pub(crate) fn take(&mut self) -> Result<Batch<E>, TryRecvError> {
        let Some(batch) = self.batches.pop_front() else {
            return Err(self.end.map_or(TryRecvError::Empty, TryRecvError::Ended));
        };
        if self.batches.is_empty() {
            self.give_back_memory();
        } else {
            self.give_signal();
        }
        Ok(batch)
    }

    /// Takes out everything, for a subscriber that leaves.
    pub(crate) fn clear(&mut self) -> VecDeque<Batch<E>> {
        std::mem::take(&mut self.batches)
    }

    /// Ends the subscription, unless it has ended already, and returns the task to wake. What is buffered can be received.
    #[must_use]
    pub(crate) fn end(&mut self, reason: RecvError) -> Option<Waker> {
        self.end.get_or_insert(reason);
        self.signal = None;
        self.waker.take()
    }

    /// Returns a channel that holds a token whenever something is buffered, and is disconnected at the end.
    pub(crate) fn signal(&mut self) -> Receiver<()> {
        let (signal, signalled) = bounded(1);
        if self.end.is_none() {
            self.signal = Some(signal);
        }
        if !self.batches.is_empty() {
            self.give_signal();
        }
        signalled
    }

    fn give_signal(&self) {
        if let Some(signal) = &self.signal {
            // Full, if the token is there.
            let _ = signal.try_send(());
        }
    }

    /// Has this task woken, once, after the next delivery or at the end. Returns the one that was to be woken before.
    #[cfg(feature = "stream")]
    pub(crate) fn wake_next(&mut self, waker: Waker) -> Option<Waker> {
        self.waker.replace(waker)
    }

    /// Returns why the subscription ended.
    pub(crate) const fn ended(&self) -> Option<RecvError> {
        self.end
    }

    /// Returns the number of publications that the lag policy has dropped.
    pub(crate) const fn missed(&self) -> u64 {
        self.missed
    }

    /// Returns the position through which publications are dropped.
    pub(crate) const fn after(&self) -> Position {
        self.after
    }

    /// Whether the next batch has to wait, if the lag policy says so.
    pub(crate) fn is_full(&self) -> bool {
        self.end.is_none() && self.batches.len() >= self.capacity
    }

    /// Returns the number of batches.
    pub(crate) fn len(&self) -> usize {
        self.batches.len()
    }

    /// Drops publications at or below a position, buffered ones and later ones.
    pub(crate) fn skip_through(&mut self, position: Position, litter: &mut Vec<Batch<E>>) {
        self.after = self.after.max(position);
        if let Some(RecvError::Lagged { resume_from }) = &mut self.end {
            *resume_from = position.max(*resume_from);
        }
        let skipped = self.batches.partition_point(|batch| batch.at <= position);
        litter.extend(self.batches.drain(..skipped));
        if self.batches.is_empty() {
            self.give_back_memory();
        }
    }

    /// Of an empty buffer, keeps what the next few batches need.
    fn give_back_memory(&mut self) {
        if self.batches.capacity() > KEPT {
            self.batches.shrink_to(KEPT.min(self.capacity));
        }
    }
}
