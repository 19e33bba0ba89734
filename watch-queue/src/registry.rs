//! Who has subscribed to what.
//!
//! A concurrent map from a topic to its subscribers, so that publishing looks up topics instead of visiting subscribers,
//! and subscribing waits for no publication, only for the part of one that visits the same topic. No user code runs while one of the map's locks is held, except the topics'
//! own `Hash` and `Eq`.
//!
//! A subscription of several topics enters the map step by step, and a publication reads it step by step. The count of
//! publications makes both atomic: a subscription takes part only in publications that were counted after it had entered
//! under all its keys.

use std::sync::Arc;

use crate::aftermath::Aftermath;
use crate::members::Members;
use crate::options::Rhythm;
use crate::outlet::{Key, Outlet, Place};
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, lock};
use crate::{Options, Position, RecvError, TopicSet, Topics};

/// All subscriptions of a queue.
pub(crate) struct Registry<E: Topics> {
    members: Members<Key<E::Topic>, Member<E>>,
    subscribers: AtomicUsize,
    /// How many of them are under [`Key::Always`], so that a publication looks there only if it finds some.
    unconditional: AtomicUsize,
    /// How many want bookmarks, for the same reason, and how many in each rhythm.
    bookmarking: AtomicUsize,
    in_rhythm: [AtomicUsize; Rhythm::COUNT],
    /// How many have been added, to spread those who want bookmarks.
    added: AtomicU64,
    /// How many publications have begun. Held only to count one, or to join.
    publications: Mutex<u64>,
    /// The position of the last publication that was delivered to everybody.
    completed: AtomicU64,
    closed: AtomicBool,
}

/// A subscription under one of its keys.
struct Member<E: Topics> {
    outlet: Arc<Outlet<E>>,
    /// Which of the outlet's places is this one.
    place: usize,
}

impl<E: Topics> Registry<E> {
    pub(crate) fn new() -> Self {
        Self {
            members: Members::new(),
            subscribers: AtomicUsize::new(0),
            unconditional: AtomicUsize::new(0),
            bookmarking: AtomicUsize::new(0),
            in_rhythm: std::array::from_fn(|_| AtomicUsize::new(0)),
            added: AtomicU64::new(0),
            publications: Mutex::new(0),
            completed: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Adds a subscription that takes part in every publication that begins after the return, and in none that began
    /// before the call.
    pub(crate) fn add(&self, topics: TopicSet<E::Topic>, options: Options<E>) -> Arc<Outlet<E>> {
        let number = self.added.fetch_add(1, Ordering::Relaxed);
        let outlet = Arc::new(Outlet::new(topics, options, number));
        for (place, Place { key, index }) in outlet.places.iter().enumerate() {
            self.members.change(key, |members| {
                index.store(members.len(), Ordering::Relaxed);
                members.push(Member {
                    outlet: Arc::clone(&outlet),
                    place,
                });
            });
        }
        for count in self.counts_of(&outlet) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        outlet.join(*lock(&self.publications));
        // After entering: `close` marks first, then looks who is there, so one of the two sees the other.
        if self.is_closed() {
            // Nobody has the reader's end yet, so no task waits.
            let _no_task = outlet.end(RecvError::Closed);
        }
        outlet
    }

    /// Removes a subscription. Harmless if it was removed before.
    pub(crate) fn remove(&self, outlet: &Outlet<E>) {
        if !outlet.leave() {
            return;
        }
        for Place { key, index } in &outlet.places {
            // Its own reference is dropped when no lock is held.
            let _removed = self.members.change(key, |members| {
                // The last member moves into the gap, so that neither this nor publishing ever scans.
                let index = index.load(Ordering::Relaxed);
                let removed = members.swap_remove(index);
                if let Some(moved) = members.get(index) {
                    moved.outlet.places[moved.place]
                        .index
                        .store(index, Ordering::Relaxed);
                }
                removed
            });
        }
        for count in self.counts_of(outlet) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Returns what a subscription is counted in.
    fn counts_of(&self, outlet: &Outlet<E>) -> impl Iterator<Item = &AtomicUsize> {
        let unconditional = outlet.everything.then_some(&self.unconditional);
        let bookmarks = outlet.bookmarks.map(|_| &self.bookmarking);
        let rhythm = outlet
            .bookmarks
            .map(|rhythm| &self.in_rhythm[rhythm.index()]);
        [Some(&self.subscribers), unconditional, bookmarks, rhythm]
            .into_iter()
            .flatten()
    }

    /// Visits the subscriptions whose turn it is to get a bookmark. `visit` must not touch the registry.
    pub(crate) fn visit_bookmarking(&self, number: u64, mut visit: impl FnMut(&Arc<Outlet<E>>)) {
        if self.bookmarking.load(Ordering::Relaxed) == 0 {
            return;
        }
        for rhythm in Rhythm::all() {
            if self.in_rhythm[rhythm.index()].load(Ordering::Relaxed) > 0 {
                self.visit(&Key::Bookmark(rhythm, rhythm.turn(number)), &mut visit);
            }
        }
    }

    /// Visits the subscriptions that every publication visits. `visit` must not touch the registry.
    pub(crate) fn visit_unconditional(&self, visit: impl FnMut(&Arc<Outlet<E>>)) {
        if self.unconditional.load(Ordering::Relaxed) > 0 {
            self.visit(&Key::Always, visit);
        }
    }

    /// Visits the subscriptions of a topic. `visit` must not touch the registry.
    pub(crate) fn visit_topic(&self, topic: E::Topic, visit: impl FnMut(&Arc<Outlet<E>>)) {
        self.visit(&Key::Topic(topic), visit);
    }

    fn visit(&self, key: &Key<E::Topic>, mut visit: impl FnMut(&Arc<Outlet<E>>)) {
        self.members.read(key, |members| {
            for member in members {
                visit(&member.outlet);
            }
        });
    }

    /// Returns the number of subscriptions.
    pub(crate) fn len(&self) -> usize {
        self.subscribers.load(Ordering::Relaxed)
    }

    /// Whether a publication with this topic visits somebody.
    pub(crate) fn is_watched(&self, topic: E::Topic) -> bool {
        self.unconditional.load(Ordering::Relaxed) > 0
            || (self.len() > 0 && self.members.contains(&Key::Topic(topic)))
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
        // Ended and woken only after the walk, which holds the map's locks.
        let mut outlets = Vec::new();
        self.members.for_each(|members| {
            outlets.extend(members.iter().map(|member| Arc::clone(&member.outlet)));
        });
        let mut aftermath = Aftermath::<E>::new();
        for outlet in outlets {
            aftermath.tasks.extend(outlet.end(RecvError::Closed));
        }
        aftermath.finish();
    }
}
