//! Watches: what a user asks to be told of, and the stream of it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use proposer::{HistoryError, Proposer, Version};
use watch_queue::{
    Batch, Options, Position, RecvError, RecvTimeoutError, Subscriber, TopicSet, TryRecvError,
};

use crate::branches;
use crate::changes::Changes;
use crate::event::Event;
use crate::history::Past;
use crate::object::{Kind, Object};
use crate::query::{Plan, Query};
use crate::schema::Schema;
use crate::snapshot::Snapshot;
use crate::store::Store;
use crate::topic::Topic;

type Accept<S> = Arc<dyn Fn(&Event<S>) -> bool + Send + Sync>;

/// What to be told of.
///
/// A watch of one key of an index, or of one object, costs the commits of others nothing.
pub struct Watch<S: Schema> {
    /// `None` for everything.
    topics: Option<Vec<Topic>>,
    accept: Option<Accept<S>>,
    bookmarks: bool,
    capacity: Option<usize>,
}

impl<S: Schema> Watch<S> {
    /// Every change.
    #[must_use]
    pub const fn everything() -> Self {
        Self::of(None, None)
    }

    /// Every change in the table of `O`.
    #[must_use]
    pub fn table<O: Kind<S>>() -> Self {
        Self::of(
            Some(vec![Topic::table(O::ORDINAL)]),
            Some(Arc::new(|event| event.ordinal() == O::ORDINAL)),
        )
    }

    /// Every change of one object.
    #[must_use]
    pub fn object<O: Kind<S>>(key: &O::Key) -> Self {
        Self::query(Query::<O>::key(key))
    }

    /// Every change of an object that a query finds after the change, or found before it: so also that it no longer does.
    ///
    /// The query's order and limit mean nothing here. Of an update whose old object is not known (see
    /// [`Store::watch_from`]) it is told in any case, since the query may have found that.
    ///
    /// # Panics
    /// When the query was made from an index that [`Object::indexes`] does not list.
    #[must_use]
    pub fn query<O: Kind<S>>(query: Query<O>) -> Self {
        let topics = topics(&query.plan, O::ORDINAL, O::table())
            .unwrap_or_else(|| vec![Topic::table(O::ORDINAL)]);
        let accept = move |event: &Event<S>| {
            let found = |object: &S::Any| {
                O::unwrap(object)
                    .is_some_and(|object| branches::matches(O::table(), &query.plan, &**object))
            };
            // Where the object before is not known, the query may have found it: better told in vain than missed.
            let unknown =
                matches!(event, Event::Updated { old: None, new } if O::unwrap(new).is_some());
            unknown || found(event.object()) || event.old().is_some_and(found)
        };
        Self::of(Some(topics), Some(Arc::new(accept)))
    }

    /// Every change that any of these is about; an event that several are about comes once.
    #[must_use]
    pub fn any_of(watches: impl IntoIterator<Item = Self>) -> Self {
        let mut topics = Some(Vec::new());
        let mut accepts: Vec<Option<Accept<S>>> = Vec::new();
        for watch in watches {
            topics = topics.zip(watch.topics).map(|(mut all, more)| {
                all.extend(more);
                all
            });
            accepts.push(watch.accept);
        }
        let accept = move |event: &Event<S>| {
            accepts
                .iter()
                .any(|accept| accept.as_ref().is_none_or(|accept| accept(event)))
        };
        Self::of(topics, Some(Arc::new(accept)))
    }

    /// Of these changes, those that the predicate accepts.
    #[must_use]
    pub fn filter(mut self, accept: impl Fn(&Event<S>) -> bool + Send + Sync + 'static) -> Self {
        self.accept = Some(match self.accept.take() {
            Some(before) => Arc::new(move |event| before(event) && accept(event)),
            None => Arc::new(accept),
        });
        self
    }

    /// Also every commit without a matching change, as a batch without events: the watcher then always knows a recent
    /// version to resume from.
    #[must_use]
    pub const fn with_bookmarks(mut self) -> Self {
        self.bookmarks = true;
        self
    }

    /// With room for this many transactions that the watcher has not received yet, at least one.
    #[must_use]
    pub const fn with_capacity(mut self, transactions: usize) -> Self {
        self.capacity = Some(transactions);
        self
    }

    const fn of(topics: Option<Vec<Topic>>, accept: Option<Accept<S>>) -> Self {
        Self {
            topics,
            accept,
            bookmarks: false,
            capacity: None,
        }
    }

    /// Returns the events of a past transaction that this watch is about; `None` when it says nothing of it.
    fn select(&self, events: &Arc<[Event<S>]>) -> Option<Arc<[Event<S>]>> {
        let Some(accept) = &self.accept else {
            return Some(Arc::clone(events));
        };
        let chosen: Vec<_> = events
            .iter()
            .filter(|event| accept(event))
            .cloned()
            .collect();
        (self.bookmarks || !chosen.is_empty()).then(|| chosen.into())
    }
}

impl<S: Schema> Clone for Watch<S> {
    fn clone(&self) -> Self {
        Self {
            topics: self.topics.clone(),
            accept: self.accept.clone(),
            ..*self
        }
    }
}

impl<S: Schema> fmt::Debug for Watch<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("topics", &self.topics.as_ref().map(Vec::len))
            .field("bookmarks", &self.bookmarks)
            .finish_non_exhaustive()
    }
}

/// Returns topics that every event a plan is about has one of; `None` when only the whole table will do.
fn topics<O: Object>(
    plan: &Plan<O>,
    ordinal: usize,
    table: &crate::TableDef<O>,
) -> Option<Vec<Topic>> {
    match plan {
        Plan::All | Plan::Not(_) | Plan::Filter(_) => None,
        Plan::Primary(range) => range
            .exact
            .then(|| vec![Topic::primary(ordinal, range.start.as_slice())]),
        Plan::Range { index, range } => {
            let index = table.position(index);
            range
                .exact
                .then(|| vec![Topic::key(ordinal, index, range.start.as_slice())])
        }
        Plan::And(plans) => plans.iter().find_map(|plan| topics(plan, ordinal, table)),
        Plan::Or(plans) => {
            let parts: Option<Vec<_>> = plans
                .iter()
                .map(|plan| topics(plan, ordinal, table))
                .collect();
            parts.map(|parts| parts.concat())
        }
    }
}

/// The changes of one transaction that a watch is about.
#[derive(Clone)]
pub struct EventBatch<S: Schema> {
    version: Version,
    events: Arc<[Event<S>]>,
}

impl<S: Schema> EventBatch<S> {
    /// Returns the version of the transaction: whoever holds this can read at least that.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the changes, in the order in which the transaction made them; none in a bookmark.
    #[must_use]
    pub fn events(&self) -> &[Event<S>] {
        &self.events
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
            .field("version", &self.version.get())
            .field("events", &self.events)
            .finish()
    }
}

/// Why there is no next batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WatchEnd {
    /// The watcher fell behind by more than its buffer holds: watch again from this version.
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
    live: Subscriber<Event<S>>,
}

impl<S: Schema> Subscription<S> {
    /// Returns the next batch.
    ///
    /// # Errors
    /// When there will be none: the watcher fell behind, or the store was closed.
    ///
    /// # Blocking
    /// Until something happens.
    pub fn recv(&mut self) -> Result<EventBatch<S>, WatchEnd> {
        match self.replay.pop_front() {
            Some(batch) => Ok(batch),
            None => Ok(self.live.recv()?.into()),
        }
    }

    /// Returns the next batch, if there is one by now.
    ///
    /// # Errors
    /// When there is none yet, or there will be none.
    pub fn try_recv(&mut self) -> Result<EventBatch<S>, NoBatch> {
        match self.replay.pop_front() {
            Some(batch) => Ok(batch),
            None => match self.live.try_recv() {
                Ok(batch) => Ok(batch.into()),
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
    /// Until something happens, at most so long.
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<EventBatch<S>, NoBatch> {
        match self.replay.pop_front() {
            Some(batch) => Ok(batch),
            None => match self.live.recv_timeout(timeout) {
                Ok(batch) => Ok(batch.into()),
                Err(RecvTimeoutError::Timeout) => Err(NoBatch::Yet),
                Err(RecvTimeoutError::Ended(end)) => Err(NoBatch::Ever(end.into())),
            },
        }
    }
}

#[cfg(feature = "stream")]
impl<S: Schema> Subscription<S> {
    pub(crate) fn into_parts(self) -> (VecDeque<EventBatch<S>>, Subscriber<Event<S>>) {
        (self.replay, self.live)
    }
}

impl<S: Schema> From<Batch<Event<S>>> for EventBatch<S> {
    fn from(batch: Batch<Event<S>>) -> Self {
        Self {
            version: Version::new(batch.at.get()),
            events: batch.events,
        }
    }
}

impl<S: Schema> fmt::Debug for Subscription<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("replay", &self.replay.len())
            .finish_non_exhaustive()
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Begins a watch of what is committed from now on.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn watch(&self, watch: Watch<S>) -> Subscription<S> {
        Subscription {
            replay: VecDeque::new(),
            live: self.subscribe(watch),
        }
    }

    /// Returns the committed state, and a watch of exactly what is committed after it.
    ///
    /// No lock is taken: it begins to watch, then takes the state, then drops what the state holds already.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn view_and_watch(&self, watch: Watch<S>) -> (Snapshot<S>, Subscription<S>) {
        let mut live = self.subscribe(watch);
        let view = self.view();
        live.skip_through(Position::new(view.version().get()));
        (
            view,
            Subscription {
                replay: VecDeque::new(),
                live,
            },
        )
    }

    /// Begins a watch of exactly what was, and will be, committed after a version.
    ///
    /// The version must be one of this history: a store that was created anew, or restored, counts another.
    ///
    /// What was is given from memory as far as that reaches, before that from the log; updates from there come without the
    /// old object.
    ///
    /// # Errors
    /// When neither reaches back that far, or the version is not committed yet.
    ///
    /// # Panics
    /// When the watch's predicate does: it is asked about the past on this thread.
    ///
    /// # Blocking
    /// May read from disk.
    pub fn watch_from(
        &self,
        version: Version,
        watch: Watch<S>,
    ) -> Result<Subscription<S>, HistoryError> {
        let mut live = self.subscribe(watch.clone());
        let mut past: Vec<Past<S>> = Vec::new();
        let mut from = version;
        loop {
            // Whatever is committed after this look is published after it, so it reaches `live`.
            let in_memory = self.shared().history().after(from);
            let Err(HistoryError::Compacted { oldest, .. }) = in_memory else {
                past.extend(in_memory?);
                break;
            };
            let from_log = self.proposer().changes_between(from, oldest)?;
            past.extend(
                from_log
                    .into_iter()
                    .map(|change| (change.version, change.payload.shared())),
            );
            from = oldest;
        }
        let newest = past.last().map_or(version, |(version, _)| *version);
        live.skip_through(Position::new(newest.get()));
        let replay = past
            .into_iter()
            .filter_map(move |(version, events)| {
                Some(EventBatch {
                    version,
                    events: watch.select(&events)?,
                })
            })
            .collect();
        Ok(Subscription { replay, live })
    }

    fn subscribe(&self, watch: Watch<S>) -> Subscriber<Event<S>> {
        let mut options = Options::new();
        if let Some(capacity) = watch.capacity {
            options = options.capacity(capacity);
        }
        if watch.bookmarks {
            options = options.bookmarks_every(1);
        }
        if let Some(accept) = watch.accept {
            options = options.filter(move |event| accept(event));
        }
        self.shared().watchers.subscribe(
            watch.topics.map_or(TopicSet::Everything, TopicSet::Of),
            options,
        )
    }
}
