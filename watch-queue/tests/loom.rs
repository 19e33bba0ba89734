//! The protocols between threads, in every order that their steps can be run in: `cargo xtask verify loom`.
//!
//! The whole queue is included here, over loom's locks and atomics (`src/sync.rs`), so that the queue itself does without loom.
//!
//! Left out: `dashmap`, in whose place is a map behind one lock (`src/members.rs`), and with it the orders in which a
//! subscription enters shards while a publication reads them *within* one key; the channel of `Subscriber::ready`; deadlines.

#![cfg(loom)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the models use a part of what is included"
)]

#[path = "../src/aftermath.rs"]
mod aftermath;
#[path = "../src/batch.rs"]
mod batch;
#[path = "../src/buffer.rs"]
mod buffer;
#[path = "../src/delivery.rs"]
mod delivery;
#[path = "../src/error.rs"]
mod error;
#[path = "../src/latest.rs"]
mod latest;
#[path = "../src/members.rs"]
mod members;
#[path = "../src/options.rs"]
mod options;
#[path = "../src/order.rs"]
mod order;
#[path = "../src/outlet.rs"]
mod outlet;
#[path = "../src/position.rs"]
mod position;
#[path = "../src/publication.rs"]
mod publication;
#[path = "../src/queue.rs"]
mod queue;
#[path = "../src/registry.rs"]
mod registry;
#[path = "../src/subscriber.rs"]
mod subscriber;
#[path = "../src/sync.rs"]
mod sync;
#[path = "../src/topics.rs"]
mod topics;

use std::sync::Arc;

use loom::thread;

pub(crate) use batch::Batch;
pub(crate) use error::{PublishError, RecvError, RecvTimeoutError, TryRecvError};
pub(crate) use options::{Lag, Options};
pub(crate) use position::Position;
pub(crate) use queue::Queue;
pub(crate) use subscriber::Subscriber;
pub(crate) use topics::{TopicSet, Topics};

/// An event of one topic, which is all there is to it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Of(u8);

impl Topics for Of {
    type Topic = u8;

    fn topics(&self, visit: &mut dyn FnMut(u8)) {
        visit(self.0);
    }
}

fn queue() -> Arc<Queue<Of>> {
    Arc::new(Queue::new())
}

fn publish(queue: &Queue<Of>, at: u64, topics: &[u8]) {
    let events: Vec<_> = topics.iter().copied().map(Of).collect();
    queue.publish(Position::new(at), events).unwrap();
}

fn publisher(queue: &Arc<Queue<Of>>, at: u64, topics: &'static [u8]) -> thread::JoinHandle<()> {
    let queue = Arc::clone(queue);
    thread::spawn(move || publish(&queue, at, topics))
}

/// The positions of what is buffered, each with its number of events.
fn received(subscriber: &Subscriber<Of>) -> Vec<(u64, usize)> {
    let batches = subscriber.try_iter();
    batches.map(|batch| (batch.at.get(), batch.len())).collect()
}

/// It enters under its topics one by one, while the publication looks them up one by one.
#[test]
fn a_publication_reaches_one_who_subscribes_meanwhile_whole_or_not_at_all() {
    loom::model(|| {
        let queue = queue();
        // Without it, the publication would not look for subscribers at all.
        let _other = queue.subscribe([3], Options::new());
        let publisher = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.append([Of(1), Of(2)]).unwrap())
        };
        let subscriber = queue.subscribe([1, 2], Options::new());
        let own = queue.append([Of(1)]).unwrap().get();
        let other = publisher.join().unwrap().get();
        let received = received(&subscriber);
        if own < other {
            assert_eq!(
                received,
                [(own, 1), (other, 2)],
                "it began after the return"
            );
        } else {
            assert!(
                received == [(other, 2), (own, 1)] || received == [(own, 1)],
                "{received:?}"
            );
        }
    });
}

/// The same for an event that is delivered while it is looked up.
#[test]
fn one_event_reaches_one_who_subscribes_meanwhile_once_or_not_at_all() {
    loom::model(|| {
        let queue = queue();
        let _other = queue.subscribe([3], Options::new());
        let publisher = publisher(&queue, 1, &[1]);
        let subscriber = queue.subscribe([1, 2], Options::new());
        publisher.join().unwrap();
        publish(&queue, 2, &[2]);
        let received = received(&subscriber);
        assert!(
            received == [(1, 1), (2, 1)] || received == [(2, 1)],
            "{received:?}"
        );
    });
}

/// Who leaves moves another member of its topic into its place, which the publication may be reading.
#[test]
fn one_who_leaves_during_a_publication_takes_nothing_from_the_others() {
    loom::model(|| {
        let queue = queue();
        let leaves = queue.subscribe([1], Options::new());
        let stays = queue.subscribe([1], Options::new());
        let publisher = publisher(&queue, 1, &[1, 3]);
        drop(leaves);
        publisher.join().unwrap();
        publish(&queue, 2, &[1]);
        assert_eq!(received(&stays), [(1, 1), (2, 1)]);
        assert_eq!(queue.subscribers(), 1);
        drop(stays);
        assert!(!queue.is_watched(1), "nothing is left under the topic");
    });
}

#[test]
fn subscribing_and_leaving_meanwhile_leaves_nothing_behind() {
    loom::model(|| {
        let queue = queue();
        let other = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || drop(queue.subscribe([1], Options::new())))
        };
        drop(queue.subscribe([1], Options::new()));
        other.join().unwrap();
        assert_eq!(queue.subscribers(), 0);
        assert!(!queue.is_watched(1));
    });
}

/// A delivery that finds nobody waiting wakes nobody. Loom would report a reader that it overlooked as a deadlock.
#[test]
fn a_delivery_and_a_reader_that_begins_to_wait_do_not_miss_each_other() {
    loom::model(|| {
        let queue = queue();
        let subscriber = queue.subscribe([1], Options::new());
        let publisher = publisher(&queue, 1, &[1]);
        assert_eq!(subscriber.recv().unwrap().at.get(), 1);
        publisher.join().unwrap();
    });
}

#[test]
fn a_close_ends_who_waits_and_who_subscribes() {
    loom::model(|| {
        let queue = queue();
        let waits = queue.subscribe([1], Options::new());
        let close = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.close())
        };
        let comes = queue.subscribe([1], Options::new());
        assert_eq!(waits.recv().unwrap_err(), RecvError::Closed);
        assert_eq!(comes.recv().unwrap_err(), RecvError::Closed);
        close.join().unwrap();
    });
}

#[test]
fn a_publisher_that_waits_for_room_and_the_reader_do_not_miss_each_other() {
    loom::model(|| {
        let queue = queue();
        let subscriber = queue.subscribe([1], Options::new().capacity(1).lag(Lag::Block));
        let publisher = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || (1..=2).for_each(|at| publish(&queue, at, &[1])))
        };
        assert_eq!(subscriber.recv().unwrap().at.get(), 1);
        assert_eq!(subscriber.recv().unwrap().at.get(), 2);
        publisher.join().unwrap();
    });
}

#[test]
fn a_reader_that_leaves_lets_go_of_a_publisher_that_waits_for_it() {
    loom::model(|| {
        let queue = queue();
        let subscriber = queue.subscribe([1], Options::new().capacity(1).lag(Lag::Block));
        let publisher = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || (1..=2).for_each(|at| publish(&queue, at, &[1])))
        };
        drop(subscriber);
        publisher.join().unwrap();
        assert_eq!(queue.subscribers(), 0);
    });
}

/// How a store uses it: a commit makes the state readable, then publishes; one who watches subscribes, then reads the state, then
/// skips what the state holds. (A store's state is behind `ArcSwap`, here it is behind a lock.)
#[test]
fn a_state_and_the_changes_after_it_meet_without_a_gap_or_an_overlap() {
    loom::model(|| {
        let queue = queue();
        let state = Arc::new(sync::Mutex::new(0));
        let writer = {
            let (queue, state) = (Arc::clone(&queue), Arc::clone(&state));
            thread::spawn(move || {
                for version in 1..=2 {
                    *sync::lock(&state) = version;
                    publish(&queue, version, &[1]);
                }
            })
        };
        let mut changes = queue.subscribe(TopicSet::Everything, Options::new());
        let seen = *sync::lock(&state);
        changes.skip_through(Position::new(seen));
        writer.join().unwrap();
        let versions: Vec<_> = received(&changes).into_iter().map(|(at, _)| at).collect();
        assert!(versions.into_iter().eq(seen + 1..=2));
    });
}

/// What progress says was received, was, or is not for this subscriber.
#[test]
fn progress_is_never_ahead_of_what_was_delivered() {
    loom::model(|| {
        let queue = queue();
        let subscriber = queue.subscribe([1], Options::new());
        let publisher = publisher(&queue, 1, &[1]);
        if let Some(progress) = subscriber.progress() {
            assert_eq!(progress, Position::START, "1 was not received");
        }
        publisher.join().unwrap();
        assert_eq!(subscriber.progress(), None);
        assert_eq!(received(&subscriber), [(1, 1)]);
        assert_eq!(subscriber.progress(), Some(Position::new(1)));
    });
}
