//! What becomes of a subscriber whose buffer is full.

use std::sync::mpsc;
use std::thread;

use watch_queue::{Lag, Options, Position, Queue, Subscriber, TopicSet};

use crate::transcript::{Event, capacity, event, publish};

#[test]
fn close_lets_the_buffer_drain_and_tells_where_to_resume() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(2));
    publish(&queue, 10, [event("a", [1])]);
    publish(&queue, 20, [event("b", [1])]);
    publish(&queue, 30, [event("other", [2])]);
    publish(&queue, 40, [event("c", [1])]);
    publish(&queue, 50, [event("d", [1])]);
    assert_recv!(slow, 10, ["a"]);
    assert_recv!(slow, 20, ["b"]);
    // Publication 30 is none of its concern, so it can rely on having all of it.
    assert_lagged!(slow, 30);
}

#[test]
fn close_never_delivers_after_a_gap() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(2));
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    publish(&queue, 3, [event("c", [1])]);
    // Room, but too late: the subscription ended with publication 3.
    assert_recv!(slow, 1, ["a"]);
    publish(&queue, 4, [event("d", [1])]);
    assert_recv!(slow, 2, ["b"]);
    assert_lagged!(slow, 2);
}

#[test]
fn exactly_full_is_not_behind() {
    let queue = Queue::new();
    let exact = queue.subscribe([1], capacity(3));
    for round in 0..3 {
        for publication in 1..=3 {
            publish(&queue, round * 3 + publication, [event("a", [1])]);
        }
        assert_eq!(exact.len(), 3);
        for publication in 1..=3 {
            assert_recv!(exact, round * 3 + publication, ["a"]);
        }
    }
    assert_empty!(exact);
}

#[test]
fn a_lagging_subscriber_is_forgotten_at_once_and_harms_nobody() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(1));
    let quick = queue.subscribe([1], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    assert_eq!(queue.subscribers(), 2);
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(queue.subscribers(), 1);
    publish(&queue, 3, [event("c", [1])]);
    assert_recv!(quick, 1, ["a"]);
    assert_recv!(quick, 2, ["b"]);
    assert_recv!(quick, 3, ["c"]);
    drop(slow);
    assert_eq!(queue.subscribers(), 1);
}

#[test]
fn capacity_counts_publications_and_not_events() {
    let queue = Queue::new();
    let slow = queue.subscribe(TopicSet::Everything, capacity(1));
    publish(
        &queue,
        1,
        [event("a", [1]), event("b", [1]), event("c", [1])],
    );
    assert_recv!(slow, 1, ["a", "b", "c"]);
    let nothing = queue.subscribe([1], capacity(0));
    publish(&queue, 2, [event("d", [1])]);
    assert_recv!(nothing, 2, ["d"]);
}

#[test]
fn a_bookmark_makes_nobody_lag() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(2).bookmarks_every(1));
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, []);
    publish(&queue, 3, [event("b", [1])]);
    publish(&queue, 4, []);
    assert_recv!(slow, 1, ["a"]);
    publish(&queue, 5, []);
    publish(&queue, 6, [event("c", [1])]);
    publish(&queue, 7, [event("d", [1])]);
    assert_recv!(slow, 3, ["b"]);
    assert_recv!(slow, 6, ["c"]);
    assert_lagged!(slow, 6);
}

#[test]
fn drop_oldest_keeps_the_newest_and_counts_the_rest() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(2).lag(Lag::DropOldest));
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(slow.missed(), 0);
    publish(&queue, 3, [event("c", [1])]);
    publish(&queue, 4, [event("d", [1])]);
    publish(&queue, 5, [event("e", [1])]);
    assert_eq!(slow.missed(), 3);
    assert_recv!(slow, 4, ["d"]);
    assert_recv!(slow, 5, ["e"]);
    assert_empty!(slow);
    publish(&queue, 6, [event("f", [1])]);
    assert_recv!(slow, 6, ["f"]);
    assert_eq!(slow.missed(), 3);
}

/// Subscribes with a buffer of four publications that coalesces by the first topic of an event.
fn coalescing(queue: &Queue<Event>) -> Subscriber<Event> {
    let by_first_topic = Lag::latest(|event: &Event| event.topics[0]);
    queue.subscribe(TopicSet::Everything, capacity(4).lag(by_first_topic))
}

#[test]
fn latest_keeps_the_latest_event_of_each_key() {
    let queue = Queue::new();
    let slow = coalescing(&queue);
    publish(&queue, 1, [event("a1", [1]), event("b1", [2])]);
    publish(&queue, 2, [event("a2", [1])]);
    publish(&queue, 3, [event("c1", [3])]);
    publish(&queue, 4, [event("d1", [4])]);
    assert_eq!(slow.missed(), 0);
    // Full: 1 and 2 shrink to b1 and a2, in the order of their publications.
    publish(&queue, 5, [event("c2", [3])]);
    assert_eq!(slow.missed(), 2);
    assert_recv!(slow, 3, ["c1"]);
    assert_recv!(slow, 4, ["d1"]);
    assert_recv!(slow, 5, ["b1", "a2", "c2"]);
    assert_empty!(slow);
}

#[test]
fn latest_drops_what_a_later_publication_supersedes() {
    let queue = Queue::new();
    let slow = coalescing(&queue);
    publish(&queue, 1, [event("a1", [1])]);
    publish(&queue, 2, [event("b1", [2])]);
    publish(&queue, 3, [event("a2", [1])]);
    publish(&queue, 4, [event("c1", [3])]);
    // a1 is superseded by what stays in the buffer, b1 by what comes in.
    publish(&queue, 5, [event("b2", [2])]);
    assert_recv!(slow, 3, ["a2"]);
    assert_recv!(slow, 4, ["c1"]);
    assert_recv!(slow, 5, ["b2"]);
}

#[test]
fn latest_grows_with_its_keys_and_not_with_time() {
    let queue = Queue::new();
    let slow = coalescing(&queue);
    for at in 1..=1_000 {
        let key = u32::try_from(at % 7).unwrap();
        publish(&queue, at, [event("x", [key])]);
        assert!(slow.len() <= 4);
    }
    let batches: Vec<_> = slow.try_iter().collect();
    let events: usize = batches.iter().map(|batch| batch.len()).sum();
    assert!(events <= 7 + 4, "{events} events are buffered");
    let mut keys: Vec<_> = batches
        .iter()
        .flatten()
        .map(|event| event.topics[0])
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys, [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn block_makes_the_publisher_wait_for_room() {
    let queue = Queue::new();
    let slow = queue.subscribe([1], capacity(1).lag(Lag::Block));
    let (progress, published) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for at in 1..=3 {
                publish(&queue, at, [event("a", [1])]);
                progress.send(at).unwrap();
            }
        });
        assert_eq!(published.recv(), Ok(1));
        // Nobody has made room, so the publisher cannot have got further.
        assert_eq!(published.try_recv(), Err(mpsc::TryRecvError::Empty));
        for at in 1..=3 {
            let batch = slow.recv().unwrap();
            assert_eq!(batch.at, Position::new(at));
        }
        assert_eq!(published.iter().take(2).collect::<Vec<_>>(), [2, 3]);
    });
    assert_empty!(slow);
}

/// Starts a publisher that waits for room in a full buffer, runs `release`, and expects the publisher to return.
fn releases_the_publisher(release: impl FnOnce(&Queue<Event>, Subscriber<Event>)) {
    let queue = Queue::new();
    let served_first = queue.subscribe([1], Options::new());
    let full = queue.subscribe([1], capacity(1).lag(Lag::Block));
    publish(&queue, 1, [event("a", [1])]);
    assert_recv!(served_first, 1, ["a"]);
    thread::scope(|scope| {
        scope.spawn(|| publish(&queue, 2, [event("b", [1])]));
        // The publisher has got so far that the full buffer is next.
        assert_eq!(served_first.recv().unwrap().at, Position::new(2));
        release(&queue, full);
    });
    assert_eq!(queue.position(), Position::new(2));
}

#[test]
fn a_waiting_publisher_is_released_by_dropping_the_subscriber() {
    releases_the_publisher(|_, full| drop(full));
}

#[test]
fn a_waiting_publisher_is_released_by_closing_and_reading() {
    releases_the_publisher(|queue, full| {
        queue.close();
        while full.recv().is_ok() {}
        assert_closed!(full);
    });
}

#[test]
fn a_waiting_publisher_is_released_by_skipping_what_is_buffered() {
    releases_the_publisher(|_, mut full| full.skip_through(Position::new(2)));
}
