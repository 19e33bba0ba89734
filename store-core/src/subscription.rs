//! What a watch gives: batches of events, one a transaction.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use proposer::Version;
use watch_queue::{Batch, RecvError, RecvTimeoutError, Subscriber, TryRecvError};

use crate::branches;
use crate::event::Event;
use crate::object::Kind;
use crate::position::{Epochs, Position};
use crate::query::Query;
use crate::replay::{Part, ReadOn};
use crate::result_change::ResultChange;
use crate::schema::Schema;

/// The changes of one transaction that a watch is about.
#[derive(Clone)]
pub struct EventBatch<S: Schema> {
    position: Position,
    events: Arc<[Event<S>]>,
}

impl<S: Schema> EventBatch<S> {
    /// Returns the version of the transaction: whoever holds this can read at least that.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.position.version
    }

    /// Returns where the watch stands after this: what to resume it from.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Returns the changes, in the order in which the transaction made them; none in a bookmark.
    #[must_use]
    pub fn events(&self) -> &[Event<S>] {
        &self.events
    }

    /// Returns what the changes did to the result of a query, as one who watches it has to know.
    pub fn results<'a, O: Kind<S>>(
        &'a self,
        query: &'a Query<O>,
    ) -> impl Iterator<Item = ResultChange<'a, O>> {
        let changes = self.iter().filter_map(Event::of::<O>);
        changes.filter_map(move |change| {
            ResultChange::of(&change, |object| {
                branches::matches(O::table(), &query.plan, object)
            })
        })
    }

    pub(crate) const fn new(position: Position, events: Arc<[Event<S>]>) -> Self {
        Self { position, events }
    }

    /// Returns the changes, in the order in which the transaction made them.
    pub fn iter(&self) -> std::slice::Iter<'_, Event<S>> {
        self.events.iter()
    }
}

impl<'a, S: Schema> IntoIterator for &'a EventBatch<S> {
    type Item = &'a Event<S>;
    type IntoIter = std::slice::Iter<'a, Event<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<S: Schema> fmt::Debug for EventBatch<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBatch")
            .field("position", &self.position)
            .field("events", &self.events)
            .finish()
    }
}

/// Why there is no next batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WatchEnd {
    /// The watcher fell behind by more than its buffer holds, or than the log keeps: watch again from this version.
    #[error("the watch fell behind; resume it from version {resume_from}")]
    Lagged {
        /// Everything up to this version was received, and nothing from beyond.
        resume_from: Version,
    },
    /// The watch's own predicate panicked.
    #[error("the watch's predicate panicked on the transaction of version {version}")]
    Panicked {
        /// The transaction whose events it was asked about.
        version: Version,
    },
    /// The store was closed.
    #[error("the store was closed")]
    Closed,
}

impl From<RecvError> for WatchEnd {
    fn from(error: RecvError) -> Self {
        match error {
            RecvError::Lagged { resume_from } => Self::Lagged {
                resume_from: Version::new(resume_from.get()),
            },
            RecvError::Panicked { at } => Self::Panicked {
                version: Version::new(at.get()),
            },
            _ => Self::Closed,
        }
    }
}

/// Why [`Subscription::try_recv`] and [`Subscription::recv_timeout`] have nothing to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBatch {
    /// Nothing has happened yet.
    #[error("nothing has happened yet")]
    Yet,
    /// The watch has ended.
    #[error(transparent)]
    Ever(#[from] WatchEnd),
}

/// What a watch gives: the batches that were asked for again, then those of commits as they happen.
///
/// Dropping it ends the watch. All subscriptions see one order, and a transaction's events whole or not at all.
pub struct Subscription<S: Schema> {
    replay: VecDeque<EventBatch<S>>,
    source: Source<S>,
}

/// Where batches come from when those at hand were received.
pub(crate) enum Source<S: Schema> {
    /// The log, as long as it tells of the past.
    Past(ReadOn<S>),
    /// Commits.
    Live(Live<S>),
    /// Nowhere: the past could not be read to its end.
    Ended(WatchEnd),
}

/// Where the next batch is.
enum Next<'a, S: Schema> {
    Batch(EventBatch<S>),
    Live(&'a Live<S>),
}

/// The part of a subscription that commits reach.
pub(crate) struct Live<S: Schema> {
    pub(crate) subscriber: Subscriber<Event<S>>,
    pub(crate) epochs: Arc<Epochs>,
}

impl<S: Schema> Live<S> {
    /// Returns the batch as a watcher sees it.
    pub(crate) fn batch(epochs: &Epochs, batch: Batch<Event<S>>) -> EventBatch<S> {
        let position = epochs.position(Version::new(batch.at.get()));
        EventBatch::new(position, batch.events)
    }

    /// Drops what is at this version or below it, now and later.
    pub(crate) fn skip_through(&mut self, version: Version) {
        let position = watch_queue::Position::new(version.get());
        self.subscriber.skip_through(position);
    }

    fn named(&self, batch: Batch<Event<S>>) -> EventBatch<S> {
        Self::batch(&self.epochs, batch)
    }
}

impl<S: Schema> Subscription<S> {
    pub(crate) const fn new(replay: VecDeque<EventBatch<S>>, source: Source<S>) -> Self {
        Self { replay, source }
    }

    /// Returns the next batch of the past; when there is none, what commits reach.
    fn next(&mut self) -> Result<Next<'_, S>, WatchEnd> {
        while self.replay.is_empty()
            && let Source::Past(read_on) = &mut self.source
        {
            match read_on() {
                Ok(Part { batches, live }) => {
                    self.replay = batches;
                    if let Some(live) = live {
                        self.source = Source::Live(live);
                    }
                }
                Err(end) => self.source = Source::Ended(end),
            }
        }
        match (self.replay.pop_front(), &self.source) {
            (Some(batch), _) => Ok(Next::Batch(batch)),
            (None, Source::Live(live)) => Ok(Next::Live(live)),
            (None, Source::Ended(end)) => Err(*end),
            (None, Source::Past(_)) => unreachable!("the past is read until it gives something"),
        }
    }

    /// Returns the position through which everything was received, if nothing is waiting and the watch goes on.
    ///
    /// It rises with every commit, also with those that the watch is not about: resumed from there, a watch to which nothing
    /// happens is never too far behind. It costs commits nothing.
    #[must_use]
    pub fn progress(&self) -> Option<Position> {
        match &self.source {
            Source::Live(live) if self.replay.is_empty() => {
                let at = live.subscriber.progress()?;
                Some(live.epochs.position(Version::new(at.get())))
            }
            _ => None,
        }
    }

    /// Returns the next batch.
    ///
    /// # Errors
    /// When there will be none: the watcher fell behind, or the store was closed.
    ///
    /// # Blocking
    /// Until something happens.
    pub fn recv(&mut self) -> Result<EventBatch<S>, WatchEnd> {
        match self.next()? {
            Next::Batch(batch) => Ok(batch),
            Next::Live(live) => Ok(live.named(live.subscriber.recv()?)),
        }
    }

    /// Returns the next batch, if there is one by now.
    ///
    /// # Errors
    /// When there is none yet, or there will be none.
    ///
    /// # Blocking
    /// A watch that resumes from the log may read from disk.
    pub fn try_recv(&mut self) -> Result<EventBatch<S>, NoBatch> {
        match self.next()? {
            Next::Batch(batch) => Ok(batch),
            Next::Live(live) => match live.subscriber.try_recv() {
                Ok(batch) => Ok(live.named(batch)),
                Err(TryRecvError::Empty) => Err(NoBatch::Yet),
                Err(TryRecvError::Ended(end)) => Err(NoBatch::Ever(end.into())),
            },
        }
    }

    /// Returns the next batch, if there is one in time.
    ///
    /// # Errors
    /// When there is none in time, or there will be none.
    ///
    /// # Blocking
    /// Until something happens, at most so long. A watch that resumes from the log may read from disk first.
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<EventBatch<S>, NoBatch> {
        match self.next()? {
            Next::Batch(batch) => Ok(batch),
            Next::Live(live) => match live.subscriber.recv_timeout(timeout) {
                Ok(batch) => Ok(live.named(batch)),
                Err(RecvTimeoutError::Timeout) => Err(NoBatch::Yet),
                Err(RecvTimeoutError::Ended(end)) => Err(NoBatch::Ever(end.into())),
            },
        }
    }
}

#[cfg(feature = "stream")]
impl<S: Schema> Subscription<S> {
    pub(crate) fn into_parts(self) -> (VecDeque<EventBatch<S>>, Source<S>) {
        (self.replay, self.source)
    }
}

impl<S: Schema> fmt::Debug for Subscription<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("replay", &self.replay.len())
            .finish_non_exhaustive()
    }
}
