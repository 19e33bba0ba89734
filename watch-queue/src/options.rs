//! What a subscriber chooses when it subscribes.

use std::fmt;
use std::sync::Arc;

use crate::{Position, Topics};

/// Decides whether a subscriber wants an event.
pub(crate) type Predicate<E> = Arc<dyn Fn(&E) -> bool + Send + Sync>;

/// Tells which of a subscriber's buffered events supersede each other.
pub(crate) type KeyOf<E> = Arc<dyn Fn(&E) -> <E as Topics>::Topic + Send + Sync>;

/// What happens when a publication finds a subscriber's buffer full.
#[non_exhaustive]
pub enum Lag<E: Topics> {
    /// The subscription ends: its reader drains what is buffered, then learns where to resume. The default, because
    /// nothing is lost silently.
    Close,
    /// The oldest buffered publication is dropped and [counted](crate::Subscriber::missed).
    DropOldest,
    /// Older half of the buffer shrinks to the latest event of each key.
    ///
    /// The buffer is bounded by its capacity and the number of keys. What is kept of the dropped publications leads the
    /// batch of the publication that found the buffer full, so a batch may hold events of several publications; among
    /// the events of one key, order is kept and only superseded ones are missing.
    Latest(KeyOf<E>),
    /// The publisher waits for the reader, and everybody who publishes waits with it.
    ///
    /// Only for a reader in the same process that is known to keep reading.
    Block,
}

impl<E: Topics> Lag<E> {
    /// Returns [`Lag::Latest`] with this function as the key of an event.
    pub fn latest(key: impl Fn(&E) -> E::Topic + Send + Sync + 'static) -> Self {
        Self::Latest(Arc::new(key))
    }
}

impl<E: Topics> Clone for Lag<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Close => Self::Close,
            Self::DropOldest => Self::DropOldest,
            Self::Latest(key) => Self::Latest(Arc::clone(key)),
            Self::Block => Self::Block,
        }
    }
}

impl<E: Topics> fmt::Debug for Lag<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Close => "Close",
            Self::DropOldest => "DropOldest",
            Self::Latest(_) => "Latest",
            Self::Block => "Block",
        })
    }
}

/// How often a subscriber wants a bookmark: once in two to the power of this many publications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rhythm(u32);

impl Rhythm {
    /// How many there are.
    pub(crate) const COUNT: usize = 17;

    /// Returns all of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..).take(Self::COUNT).map(Self)
    }

    /// Returns its place among [`Rhythm::all`].
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns which of its subscribers a publication visits, or the turn that a new subscriber gets.
    pub(crate) const fn turn(self, number: u64) -> u64 {
        number & ((1 << self.0) - 1)
    }
}

/// How a subscriber wants to be served.
pub struct Options<E: Topics> {
    pub(crate) capacity: usize,
    pub(crate) lag: Lag<E>,
    pub(crate) predicate: Option<Predicate<E>>,
    pub(crate) bookmarks: Option<Rhythm>,
    pub(crate) after: Position,
}

impl<E: Topics> Options<E> {
    /// How many publications are buffered for a subscriber that does not say otherwise.
    ///
    /// At ten thousand publications a second that all match, a reader may pause for a tenth of a second. An unread
    /// publication costs its subscriber 24 bytes beside the events, so a full buffer costs 24 KiB.
    pub const CAPACITY_DEFAULT: usize = 1024;

    /// The rarest bookmarks that can be asked for.
    pub const BOOKMARKS_EVERY_MAX: u32 = 1 << 16;

    /// Returns the defaults: [`Options::CAPACITY_DEFAULT`], [`Lag::Close`], no predicate, no bookmarks.
    #[must_use]
    pub fn new() -> Self {
        Self {
            capacity: Self::CAPACITY_DEFAULT,
            lag: Lag::Close,
            predicate: None,
            bookmarks: None,
            after: Position::START,
        }
    }

    /// Buffers this many publications, at least one.
    #[must_use]
    pub fn capacity(mut self, publications: usize) -> Self {
        self.capacity = publications.max(1);
        self
    }

    /// Chooses what happens when the buffer is full.
    #[must_use]
    pub fn lag(mut self, lag: Lag<E>) -> Self {
        self.lag = lag;
        self
    }

    /// Wants only the events of its topics for which this is true.
    ///
    /// The predicate runs inside [`Queue::publish`](crate::Queue::publish), once for each event of the subscriber's
    /// topics, so it delays everybody else's events. It may subscribe and unsubscribe, but not publish. If it panics,
    /// its own subscription ends and nobody else's.
    #[must_use]
    pub fn filter(mut self, predicate: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    /// Wants an empty [`Batch`](crate::Batch) now and then when publications hold no event for it, so that it learns
    /// positions.
    ///
    /// Once in so many publications, rounded up to a power of two, and at most [`Options::BOOKMARKS_EVERY_MAX`]; so each
    /// publication visits a part of those who want bookmarks. One that was not received is replaced by the next batch,
    /// whatever that is: no bookmarks pile up, and none makes a subscriber lag.
    /// [`Subscriber::progress`](crate::Subscriber::progress) tells positions at no cost to the publisher.
    #[must_use]
    pub fn bookmarks_every(mut self, publications: u32) -> Self {
        let every = publications.clamp(1, Self::BOOKMARKS_EVERY_MAX);
        self.bookmarks = Some(Rhythm(every.next_power_of_two().trailing_zeros()));
        self
    }

    /// Drops publications at this position or below it, see [`Subscriber::skip_through`](crate::Subscriber::skip_through).
    #[must_use]
    pub fn after(mut self, position: Position) -> Self {
        self.after = position;
        self
    }
}

impl<E: Topics> Default for Options<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Topics> Clone for Options<E> {
    fn clone(&self) -> Self {
        Self {
            capacity: self.capacity,
            lag: self.lag.clone(),
            predicate: self.predicate.clone(),
            bookmarks: self.bookmarks,
            after: self.after,
        }
    }
}

impl<E: Topics> fmt::Debug for Options<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("capacity", &self.capacity)
            .field("lag", &self.lag)
            .field("predicate", &self.predicate.is_some())
            .field("bookmarks", &self.bookmarks)
            .field("after", &self.after)
            .finish()
    }
}
