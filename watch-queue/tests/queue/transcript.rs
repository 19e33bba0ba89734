//! Events that are told apart by their names, and assertions that read as a transcript of what a subscriber sees.

use watch_queue::{Options, Position, Queue, Topics};

/// An event with a name and topics.
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

/// Returns an event.
pub(crate) fn event(name: &'static str, topics: impl Into<Vec<u32>>) -> Event {
    Event {
        name,
        topics: topics.into(),
    }
}

/// Publishes at a position that is in order, to a queue that is open.
pub(crate) fn publish<const N: usize>(queue: &Queue<Event>, at: u64, events: [Event; N]) {
    queue.publish(Position::new(at), events).unwrap();
}

/// Returns the options of a subscriber with a small buffer.
pub(crate) fn capacity(publications: usize) -> Options<Event> {
    Options::new().capacity(publications)
}

/// The next publication is at this position and holds the events with these names.
macro_rules! assert_recv {
    ($subscriber:expr, $at:expr, $names:expr) => {{
        let batch = $subscriber.try_recv().expect("a publication is buffered");
        let names: Vec<&str> = batch.iter().map(|event| event.name).collect();
        let expected: Vec<&str> = Vec::from($names);
        assert_eq!((batch.at.get(), names), ($at, expected));
    }};
}

/// Nothing is buffered, and the subscription goes on.
macro_rules! assert_empty {
    ($subscriber:expr) => {
        assert_eq!(
            $subscriber.try_recv().unwrap_err(),
            watch_queue::TryRecvError::Empty
        )
    };
}

/// Everything is received, and the subscription has ended because its buffer was full.
macro_rules! assert_lagged {
    ($subscriber:expr, $resume_from:expr) => {{
        let resume_from = watch_queue::Position::new($resume_from);
        assert_ended!($subscriber, watch_queue::RecvError::Lagged { resume_from });
    }};
}

/// Everything is received, and the queue is closed.
macro_rules! assert_closed {
    ($subscriber:expr) => {
        assert_ended!($subscriber, watch_queue::RecvError::Closed)
    };
}

/// Everything is received, and the subscription has ended; every way of receiving says why, again and again.
macro_rules! assert_ended {
    ($subscriber:expr, $reason:expr) => {{
        let reason: watch_queue::RecvError = $reason;
        let soon = std::time::Duration::from_secs(10);
        assert_eq!($subscriber.try_recv().unwrap_err(), reason.into());
        assert_eq!($subscriber.recv().unwrap_err(), reason);
        assert_eq!($subscriber.recv_timeout(soon).unwrap_err(), reason.into());
        assert!($subscriber.iter().next().is_none());
    }};
}
