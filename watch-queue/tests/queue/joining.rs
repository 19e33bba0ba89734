//! Subscribing, unsubscribing, closing.

use std::thread;
use std::time::{Duration, Instant};

use watch_queue::{Options, Position, PublishError, Queue, RecvTimeoutError, Subscriber, TopicSet};

use crate::transcript::{Event, event, publish};

#[test]
fn a_subscriber_sees_nothing_from_before_it_subscribed() {
    let queue = Queue::new();
    publish(&queue, 1, [event("a", [1])]);
    let late = queue.subscribe([1], Options::new());
    publish(&queue, 2, [event("b", [1])]);
    assert_recv!(late, 2, ["b"]);
    assert_empty!(late);
}

#[test]
fn dropping_a_subscriber_unsubscribes_it() {
    let queue = Queue::new();
    let stays = queue.subscribe([1], Options::new());
    let goes = queue.subscribe([1, 2], Options::new().bookmarks_every(1));
    assert_eq!(queue.subscribers(), 2);
    drop(goes);
    assert_eq!(queue.subscribers(), 1);
    assert!(!queue.is_watched(2));
    publish(&queue, 1, [event("a", [1])]);
    assert_recv!(stays, 1, ["a"]);
    drop(stays);
    assert!(!queue.has_subscribers());
    assert!(!queue.is_watched(1));
}

/// Members of a topic move when another leaves; each must still be found by its own leaving.
#[test]
fn subscribers_of_one_topic_leave_in_any_order() {
    let leaving_orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
    for leaving in leaving_orders {
        let queue = Queue::new();
        let mut subscribers: Vec<_> = (0..4)
            .map(|_| Some(queue.subscribe([1, 2, 1], Options::new())))
            .collect();
        for (at, leaver) in (1..).zip(leaving) {
            subscribers[leaver] = None;
            publish(&queue, at, [event("a", [1]), event("b", [2])]);
            for subscriber in subscribers.iter().flatten() {
                assert_recv!(subscriber, at, ["a", "b"]);
                assert_empty!(subscriber);
            }
        }
        assert_eq!(queue.subscribers(), 0);
    }
}

#[test]
fn a_publisher_can_ask_whether_somebody_watches() {
    let queue = Queue::<Event>::new();
    assert!(!queue.has_subscribers() && !queue.is_watched(1));
    let one = queue.subscribe([1], Options::new());
    assert!(queue.has_subscribers() && queue.is_watched(1) && !queue.is_watched(2));
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    assert!(queue.is_watched(2));
    drop((one, all));
    assert!(!queue.has_subscribers() && !queue.is_watched(1));
}

#[test]
fn closing_lets_subscribers_drain() {
    let queue = Queue::new();
    let full = queue.subscribe([1], Options::new());
    let idle = queue.subscribe([2], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    queue.close();
    queue.close();
    assert_recv!(full, 1, ["a"]);
    assert_recv!(full, 2, ["b"]);
    assert_closed!(full);
    assert_closed!(idle);
}

#[test]
fn a_closed_queue_refuses_publications_and_ends_subscriptions() {
    let queue = Queue::new();
    queue.close();
    let refused = queue.publish(Position::new(1), [event("a", [1])]);
    assert_eq!(refused, Err(PublishError::Closed));
    assert_eq!(queue.append([event("a", [1])]), Err(PublishError::Closed));
    let subscriber = queue.subscribe([1], Options::new());
    assert_closed!(subscriber);
}

#[test]
fn dropping_the_queue_closes_it() {
    let queue = Queue::new();
    let subscriber = queue.subscribe([1], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    drop(queue);
    assert_recv!(subscriber, 1, ["a"]);
    assert_closed!(subscriber);
}

/// Lagging came first, so closing does not hide it.
#[test]
fn the_first_reason_to_end_is_the_one_that_is_told() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], Options::new().capacity(1));
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    queue.close();
    assert_recv!(slow, 1, ["a"]);
    assert_lagged!(slow, 1);
}

#[test]
fn receiving_waits_for_publications_and_for_the_end() {
    let queue = Queue::new();
    let waiting = queue.subscribe([1], Options::new());
    let soon = Duration::from_millis(1);
    assert_eq!(waiting.recv_timeout(soon), Err(RecvTimeoutError::Timeout));
    let passed = Instant::now();
    assert_eq!(
        waiting.recv_deadline(passed),
        Err(RecvTimeoutError::Timeout)
    );
    let reader = thread::spawn(move || {
        let names = |subscriber: &Subscriber<Event>| {
            let batches = subscriber.into_iter();
            batches.map(|batch| batch[0].name).collect::<Vec<_>>()
        };
        let all = names(&waiting);
        assert_closed!(waiting);
        all
    });
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    drop(queue);
    assert_eq!(reader.join().unwrap(), ["a", "b"]);
}

#[test]
fn handles_can_be_sent_and_shared() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Queue<Event>>();
    check::<Subscriber<Event>>();
    check::<Options<Event>>();
}

#[test]
fn debug_output_shows_counts_and_not_contents() {
    let queue = Queue::new();
    let subscriber = queue.subscribe([1], Options::new());
    publish(&queue, 3, [event("secret", [1])]);
    let shown = format!("{queue:?} {subscriber:?}");
    assert_eq!(
        shown,
        "Queue { position: Position(3), subscribers: 1, .. } Subscriber { buffered: 1, missed: 0, .. }"
    );
}
