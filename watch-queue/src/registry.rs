//! Who has subscribed to what.
//!
//! A concurrent map from a topic to its subscribers, so that publishing looks up topics instead of visiting subscribers,
//! and subscribing waits for no publication. No user code runs while one of the map's locks is held, except the topics'
//! own `Hash` and `Eq`.
//!
//! A subscription of several topics enters the map step by step, and a publication reads it step by step. The count of
//! publications makes both atomic: a subscription takes part only in publications that were counted after it had entered
//! under all its keys.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crossbeam_channel::Receiver;
use dashmap::DashMap;

use crate::buffer::Buffer;
use crate::lock::lock;
use crate::outlet::Outlet;
use crate::{Batch, Options, Position, RecvError, TopicSet, Topics};

/// Under what a subscription is found.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key<T> {
    /// Wants every event.
    Everything,
    /// Wants to hear of every publication.
    Bookmarks,
    /// Wants the events of a topic.
    Topic(T),
}

/// The subscriptions under one key, by their ids.
type Members<E> = HashMap<u64, Arc<Outlet<E>>>;

/// All subscriptions of a queue.
pub(crate) struct Registry<E: Topics> {
    members: DashMap<Key<E::Topic>, Members<E>>,
    subscribers: AtomicUsize,
    ids: AtomicU64,
    /// How many publications have begun. Held only to count one, or to join.
    publications: Mutex<u64>,
    /// The position of the last publication that was delivered to everybody.
    completed: AtomicU64,
    closed: AtomicBool,
}

impl<E: Topics> Registry<E> {
    pub(crate) fn new() -> Self {
        Self {
            members: DashMap::new(),
            subscribers: AtomicUsize::new(0),
            ids: AtomicU64::new(0),
            publications: Mutex::new(0),
            completed: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Adds a subscription that takes part in every publication that begins after the return, and in none that began
    /// before the call.
    pub(crate) fn add(
        &self,
        topics: TopicSet<E::Topic>,
        options: Options<E>,
    ) -> (Arc<Outlet<E>>, Receiver<Batch<E>>) {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let bookmarks = options.bookmarks.then_some(Key::Bookmarks);
        let keys = match topics {
            TopicSet::Everything => [Key::Everything].into_iter().chain(bookmarks).collect(),
            TopicSet::Of(topics) => topics
                .into_iter()
                .map(Key::Topic)
                .chain(bookmarks)
                .collect(),
        };
        let (outlet, receiver) = Outlet::new(id, keys, options);
        let outlet = Arc::new(outlet);
        for key in &outlet.keys {
            let key = key.clone();
            self.members
                .entry(key)
                .or_default()
                .insert(id, Arc::clone(&outlet));
        }
        self.subscribers.fetch_add(1, Ordering::Relaxed);
        outlet.join(*lock(&self.publications));
        // After entering: `close` marks first, then looks who is there, so one of the two sees the other.
        if self.is_closed() {
            outlet.end(RecvError::Closed);
        }
        (outlet, receiver)
    }

    /// Removes a subscription. Harmless if it was removed before.
    pub(crate) fn remove(&self, outlet: &Outlet<E>) {
        if !outlet.leave() {
            return;
        }
        for key in &outlet.keys {
            // The reference is dropped after the shard is released; the caller has another one.
            let _removed = self
                .members
                .get_mut(key)
                .and_then(|mut members| members.remove(&outlet.id));
            self.members.remove_if(key, |_, members| members.is_empty());
        }
        self.subscribers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Visits the subscriptions under a key. `visit` must not touch the registry.
    pub(crate) fn visit(&self, key: &Key<E::Topic>, visit: impl FnMut(&Arc<Outlet<E>>)) {
        if let Some(members) = self.members.get(key) {
            members.values().for_each(visit);
        }
    }

    /// Returns every subscription.
    pub(crate) fn all(&self) -> Vec<Arc<Outlet<E>>> {
        let mut all: Vec<_> = self
            .members
            .iter()
            .flat_map(|members| members.values().cloned().collect::<Vec<_>>())
            .collect();
        all.sort_unstable_by_key(|outlet| outlet.id);
        all.dedup_by_key(|outlet| outlet.id);
        all
    }

    /// Returns the number of subscriptions.
    pub(crate) fn len(&self) -> usize {
        self.subscribers.load(Ordering::Relaxed)
    }

    /// Whether somebody wants events with this topic, or all events.
    pub(crate) fn is_watched(&self, topic: E::Topic) -> bool {
        self.len() > 0
            && (self.members.contains_key(&Key::Everything)
                || self.members.contains_key(&Key::Topic(topic)))
    }

    /// Begins a publication and returns its number. The caller holds the order lock.
    pub(crate) fn begin(&self) -> u64 {
        let mut publications = lock(&self.publications);
        *publications += 1;
        *publications
    }

    /// Notes that everybody has been offered the publication at this position. The caller holds the order lock.
    pub(crate) fn complete(&self, at: Position) {
        self.completed.store(at.get(), Ordering::Release);
    }

    /// Starts positions again after this one. The caller holds the order lock.
    pub(crate) fn rewind(&self, to: Position) {
        self.complete(to);
        for outlet in self.all() {
            outlet.buffer(Buffer::rewind);
        }
    }

    /// Returns the position of the last publication that was delivered to everybody.
    pub(crate) fn completed(&self) -> Position {
        Position::new(self.completed.load(Ordering::Acquire))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Ends every subscription, also those that are being added.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        for outlet in self.all() {
            outlet.end(RecvError::Closed);
        }
    }
}
