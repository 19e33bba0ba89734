//! What an event is about, and what a subscriber wants to hear of.
//!
//! Topics are values that are compared for equality; there are no patterns. An event that can be found in several ways
//! (by kind, by key, by owner) names one topic for each.

use std::hash::Hash;

/// An event that tells the topics it belongs to.
///
/// Events are cloned for subscribers that want a part of a publication, so a large one belongs in an `Arc`.
///
/// # Correctness
/// - `topics` visits the same topics each time it is called on one event.
/// - Neither `topics` nor the topics' `Hash`, `Eq` and `Drop` call the queue: they run inside it.
pub trait Topics: Clone + Send + Sync + 'static {
    /// What subscribers subscribe to. A small `Copy` value keeps publishing cheap.
    type Topic: Hash + Eq + Clone + Send + Sync + 'static;

    /// Visits every topic that the event belongs to. Visiting one twice is harmless.
    fn topics(&self, visit: &mut dyn FnMut(Self::Topic));
}

/// The events that a subscriber wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicSet<T> {
    /// Every event, also one without a topic.
    Everything,
    /// The events that belong to at least one of these topics; with none, no event.
    Of(Vec<T>),
}

impl<T> From<Vec<T>> for TopicSet<T> {
    fn from(topics: Vec<T>) -> Self {
        Self::Of(topics)
    }
}

impl<T, const N: usize> From<[T; N]> for TopicSet<T> {
    fn from(topics: [T; N]) -> Self {
        Self::Of(topics.into())
    }
}

impl<T> FromIterator<T> for TopicSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(topics: I) -> Self {
        Self::Of(topics.into_iter().collect())
    }
}
