//! Events with a name and topics, and assertions that read as a transcript.

#![allow(dead_code, unused_macros, reason = "each test file uses its part")]

use watch_queue::{Position, Queue, Topics};

/// An event that is told apart by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) topics: Vec<u32>,
}

impl Topics for Event {
    type Topic = u32;

    fn topics(&self, visit: &mut dyn FnMut(u32)) {
        self.topics.iter().copied().for_each(visit);
    }
}

pub(crate) fn event(name: &'static str, topics: impl Into<Vec<u32>>) -> Event {
    Event {
        name,
        topics: topics.into(),
    }
}

pub(crate) fn queue() -> Queue<Event> {
    Queue::new()
}

/// Publishes at a position that is in order, on a queue that is open.
pub(crate) fn publish<const N: usize>(queue: &Queue<Event>, at: u64, events: [Event; N]) {
    queue.publish(Position::new(at), events).unwrap();
}

/// The next publication is at this position and holds the events with these names.
#[macro_export]
macro_rules! assert_recv {
    ($subscriber:expr, $at:expr, $names:expr) => {{
        let batch = $subscriber.try_recv().expect("a publication is buffered");
        let names: Vec<&str> = batch.iter().map(|event| event.name).collect();
        let expected: Vec<&str> = Vec::from($names);
        assert_eq!((batch.at.get(), names), ($at, expected));
    }};
}

/// Nothing is buffered, and the subscription goes on.
#[macro_export]
macro_rules! assert_empty {
    ($subscriber:expr) => {
        assert_eq!(
            $subscriber.try_recv().unwrap_err(),
            watch_queue::TryRecvError::Empty
        )
    };
}

/// Everything is received, and the subscription ended because its buffer was full.
#[macro_export]
macro_rules! assert_lagged {
    ($subscriber:expr, $resume_from:expr) => {
        assert_eq!(
            $subscriber.recv().unwrap_err(),
            watch_queue::RecvError::Lagged {
                resume_from: watch_queue::Position::new($resume_from)
            }
        )
    };
}

/// Everything is received, and the queue is closed.
#[macro_export]
macro_rules! assert_closed {
    ($subscriber:expr) => {
        assert_eq!(
            $subscriber.recv().unwrap_err(),
            watch_queue::RecvError::Closed
        )
    };
}
