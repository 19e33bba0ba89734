//! The queue: publishing and subscribing.

use std::fmt;
use std::sync::Arc;

use crate::delivery::Delivery;
use crate::order::Order;
use crate::publication::Publication;
use crate::registry::Registry;
use crate::{Options, Position, PublishError, Subscriber, TopicSet, Topics};

/// A publish/subscribe queue that visits only the subscribers of an event's topics.
///
/// All methods take `&self`; share it in an `Arc`. Dropping it closes it.
pub struct Queue<E: Topics> {
    order: Order,
    registry: Arc<Registry<E>>,
}

impl<E: Topics> Queue<E> {
    /// Returns an empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self {
            order: Order::new(),
            registry: Arc::new(Registry::new()),
        }
    }

    /// Publishes events as one publication: each subscriber gets all of them that it wants, in this order, or none.
    ///
    /// When it returns, the events are in the buffers of their subscribers.
    ///
    /// # Errors
    /// [`PublishError::Closed`] after [`Queue::close`]; [`PublishError::OutOfOrder`] unless `at` is above the position of
    /// the last publication. Nothing was delivered to anybody.
    ///
    /// # Blocking
    /// Waits for other publishers, and for readers that subscribed with [`Lag::Block`](crate::Lag::Block).
    ///
    /// # Panics
    /// If [`Topics::topics`] panics, or if it is called from inside a publication to the same queue, as by a predicate.
    /// Nothing was delivered to anybody. If a task does that it wakes, after everything was delivered.
    ///
    /// # Complexity
    /// The events and their topics, plus the subscribers of these topics. Other subscribers cost nothing.
    pub fn publish(&self, at: Position, events: impl Into<Arc<[E]>>) -> Result<(), PublishError> {
        self.deliver(at, events).map(drop)
    }

    /// Publishes as [`Queue::publish`] does, and leaves to the caller when tasks are woken and superfluous events dropped: by
    /// dropping what this returns, where no lock is held that those may need.
    ///
    /// Threads that wait are told at once.
    ///
    /// # Errors
    /// As [`Queue::publish`].
    ///
    /// # Panics
    /// As [`Queue::publish`], but for what a task does that it wakes.
    pub fn deliver(
        &self,
        at: Position,
        events: impl Into<Arc<[E]>>,
    ) -> Result<Delivery<E>, PublishError> {
        let (_, delivery) = self.publish_at(|_| at, events.into())?;
        Ok(delivery)
    }

    /// Publishes events at the position that follows the last one, and returns it.
    ///
    /// For a publisher that has no numbers of its own. Otherwise like [`Queue::publish`].
    ///
    /// # Errors
    /// [`PublishError::Closed`] after [`Queue::close`].
    ///
    /// # Panics
    /// Like [`Queue::publish`].
    pub fn append(&self, events: impl Into<Arc<[E]>>) -> Result<Position, PublishError> {
        let (at, _delivery) = self.publish_at(Position::next, events.into())?;
        Ok(at)
    }

    fn publish_at(
        &self,
        position: impl FnOnce(Position) -> Position,
        events: Arc<[E]>,
    ) -> Result<(Position, Delivery<E>), PublishError> {
        // Dropped after the lock is released, see there.
        let mut publication = Publication::new(events);
        let mut last = self.order.turn();
        let at = position(*last);
        if self.registry.is_closed() {
            return Err(PublishError::Closed);
        }
        if at <= *last {
            return Err(PublishError::OutOfOrder { at, last: *last });
        }
        publication.deliver(&self.registry, at, *last);
        *last = at;
        self.registry.complete(at);
        drop(last);
        Ok((at, Delivery::of(publication)))
    }

    /// Subscribes to events. The subscriber gets every publication that begins after this returns.
    ///
    /// A publication that is under way is not waited for: it is received whole or not at all. So one who also reads the
    /// state that the events are about reads it after subscribing, then drops what that state already contains with
    /// [`Subscriber::skip_through`].
    ///
    /// On a closed queue the subscription ends at once.
    ///
    /// # Complexity
    /// The number of topics.
    pub fn subscribe(
        &self,
        topics: impl Into<TopicSet<E::Topic>>,
        options: Options<E>,
    ) -> Subscriber<E> {
        let outlet = self.registry.add(topics.into(), options);
        Subscriber::new(Arc::clone(&self.registry), outlet)
    }

    /// Returns the position of the last publication that is in the buffers of all its subscribers.
    #[must_use]
    pub fn position(&self) -> Position {
        self.registry.completed()
    }

    /// Returns the number of subscriptions that have not ended.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.registry.len()
    }

    /// Whether somebody subscribes. If not, a publisher need not build events, only tell the position.
    #[must_use]
    pub fn has_subscribers(&self) -> bool {
        self.subscribers() > 0
    }

    /// Whether somebody wants events of this topic, or every event.
    #[must_use]
    pub fn is_watched(&self, topic: E::Topic) -> bool {
        self.registry.is_watched(topic)
    }

    /// Closes the queue: subscribers receive what is buffered, then [`RecvError::Closed`](crate::RecvError::Closed).
    ///
    /// Closing twice is harmless. A publication that is under way in another thread reaches some subscribers and not
    /// others, each whole or not at all.
    ///
    /// # Panics
    /// If a task does that it wakes, after every subscription has ended.
    pub fn close(&self) {
        self.registry.close();
    }
}

impl<E: Topics> Default for Queue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Topics> Drop for Queue<E> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<E: Topics> fmt::Debug for Queue<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("position", &self.position())
            .field("subscribers", &self.subscribers())
            .finish_non_exhaustive()
    }
}
