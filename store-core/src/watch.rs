//! Watches: what a user asks to be told of.

use std::fmt;
use std::sync::Arc;

use watch_queue::{Options, TopicSet};

use crate::branches;
use crate::event::Event;
use crate::object::{Kind, Object};
use crate::query::{Plan, Query};
use crate::schema::Schema;
use crate::topic::Topic;

type Accept<S> = Arc<dyn Fn(&Event<S>) -> bool + Send + Sync>;

/// What to be told of.
///
/// A watch of one key of an index, or of one object, costs the commits of others nothing.
///
/// Predicates, of the watch or of its query, run on the thread that commits; of the past, on the watcher's. They may read the
/// store and begin watches, but not wait for what only the thread that commits can do: a transaction or a close would wait for
/// itself.
pub struct Watch<S: Schema> {
    /// `None` for everything.
    topics: Option<Vec<Topic>>,
    accept: Option<Accept<S>>,
    bookmarks_every: Option<u32>,
    capacity: Option<usize>,
}

impl<S: Schema> Watch<S> {
    /// How often bookmarks come. A history of as many of the largest steps of a batch still fits in memory.
    pub const BOOKMARKS_EVERY: u32 = 256;

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
    /// [`EventBatch::results`](crate::EventBatch::results) tells which.
    ///
    /// The query's order and limit mean nothing here. Of an update whose old object is not known (see
    /// [`Store::watch_from`](crate::Store::watch_from)) it is told in any case, since the query may have found that.
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

    /// Also, now and then, a batch without events from among commits that change nothing of this: a bookmark, so that a watch
    /// to which nothing happens does not fall behind what the log keeps.
    ///
    /// Once in [`Watch::BOOKMARKS_EVERY`] commits; where nothing is committed, there is no version to learn.
    /// [`Subscription::progress`](crate::Subscription::progress) tells the version whenever it is asked.
    #[must_use]
    pub const fn with_bookmarks(self) -> Self {
        self.with_bookmarks_every(Self::BOOKMARKS_EVERY)
    }

    /// With bookmarks once in so many commits, rounded up to a power of two, 65 536 at most.
    #[must_use]
    pub const fn with_bookmarks_every(mut self, commits: u32) -> Self {
        self.bookmarks_every = Some(commits);
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
            bookmarks_every: None,
            capacity: None,
        }
    }

    /// Returns the events of a past transaction that this watch is about; `None` when it says nothing of it.
    pub(crate) fn select(&self, events: &Arc<[Event<S>]>) -> Option<Arc<[Event<S>]>> {
        let chosen: Arc<[_]> = match &self.accept {
            None => Arc::clone(events),
            Some(accept) => events
                .iter()
                .filter(|event| accept(event))
                .cloned()
                .collect(),
        };
        (!chosen.is_empty()).then_some(chosen)
    }

    /// Whether it wants bookmarks.
    pub(crate) const fn has_bookmarks(&self) -> bool {
        self.bookmarks_every.is_some()
    }

    /// Returns what to ask of the queue.
    pub(crate) fn into_parts(self) -> (TopicSet<Topic>, Options<Event<S>>) {
        let mut options = Options::new();
        if let Some(capacity) = self.capacity {
            options = options.capacity(capacity);
        }
        if let Some(commits) = self.bookmarks_every {
            options = options.bookmarks_every(commits);
        }
        if let Some(accept) = self.accept {
            options = options.filter(move |event| accept(event));
        }
        let topics = self.topics.map_or(TopicSet::Everything, TopicSet::Of);
        (topics, options)
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
            .field("bookmarks_every", &self.bookmarks_every)
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
