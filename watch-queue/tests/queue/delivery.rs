//! Who receives what, in which order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use watch_queue::{Encoded, Options, Position, Queue, TopicSet, Topics};

use crate::transcript::{Event, event, publish};

#[test]
fn a_subscriber_sees_the_events_of_its_topics_in_order() {
    let queue = Queue::new();
    let one = queue.subscribe([1], Options::new());
    let two = queue.subscribe([2], Options::new());
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [2])]);
    publish(&queue, 3, [event("c", [1, 2])]);
    publish(&queue, 4, [event("d", [3])]);
    publish(&queue, 5, [event("e", [])]);
    assert_recv!(one, 1, ["a"]);
    assert_recv!(one, 3, ["c"]);
    assert_empty!(one);
    assert_recv!(two, 2, ["b"]);
    assert_recv!(two, 3, ["c"]);
    assert_empty!(two);
    assert_recv!(all, 1, ["a"]);
    assert_recv!(all, 2, ["b"]);
    assert_recv!(all, 3, ["c"]);
    assert_recv!(all, 4, ["d"]);
    assert_recv!(all, 5, ["e"]);
    assert_empty!(all);
}

#[test]
fn the_matching_part_of_a_publication_is_one_batch() {
    let queue = Queue::new();
    let one = queue.subscribe([1], Options::new());
    let two = queue.subscribe([2], Options::new());
    let none = queue.subscribe([9], Options::new());
    publish(
        &queue,
        1,
        [event("a", [1]), event("b", [2]), event("c", [1])],
    );
    assert_recv!(one, 1, ["a", "c"]);
    assert_recv!(two, 1, ["b"]);
    assert_empty!(one);
    assert_empty!(two);
    assert_empty!(none);
}

#[test]
fn an_event_of_several_of_its_topics_is_received_once() {
    let queue = Queue::new();
    let both = queue.subscribe([1, 2, 1], Options::new());
    publish(
        &queue,
        1,
        [event("a", [1, 2]), event("b", [2, 2]), event("c", [2, 1])],
    );
    assert_recv!(both, 1, ["a", "b", "c"]);
    assert_empty!(both);
}

#[test]
fn order_follows_the_publication_and_not_the_topics() {
    let queue = Queue::new();
    let both = queue.subscribe([2, 1], Options::new());
    publish(
        &queue,
        1,
        [
            event("a", [1]),
            event("b", [2]),
            event("x", [3]),
            event("c", [1]),
        ],
    );
    assert_recv!(both, 1, ["a", "b", "c"]);
}

#[test]
fn a_subscriber_of_no_topic_receives_nothing() {
    let queue = Queue::new();
    let nothing = queue.subscribe([], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    assert_empty!(nothing);
    assert_eq!(queue.subscribers(), 1);
    // Closing looks for subscribers under their topics, and once missed those that have none.
    queue.close();
    assert_closed!(nothing);
    drop(nothing);
    assert_eq!(queue.subscribers(), 0);
}

#[test]
fn a_predicate_narrows_topics_and_everything() {
    let queue = Queue::new();
    let not_b = |event: &Event| event.name != "b";
    let one = queue.subscribe([1], Options::new().filter(not_b));
    let all = queue.subscribe(TopicSet::Everything, Options::new().filter(not_b));
    publish(
        &queue,
        1,
        [event("a", [1]), event("b", [1]), event("c", [2])],
    );
    publish(&queue, 2, [event("b", [1])]);
    assert_recv!(one, 1, ["a"]);
    assert_empty!(one);
    assert_recv!(all, 1, ["a", "c"]);
    assert_empty!(all);
}

#[test]
fn a_bookmark_tells_the_position_of_a_publication_without_a_matching_event() {
    let queue = Queue::new();
    let one = queue.subscribe([1], Options::new().bookmarks_every(1));
    let narrow = queue.subscribe(
        TopicSet::Everything,
        Options::new()
            .bookmarks_every(1)
            .filter(|event: &Event| event.name == "a"),
    );
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [2])]);
    for subscriber in [&one, &narrow] {
        assert_recv!(subscriber, 1, ["a"]);
        assert_recv!(subscriber, 2, []);
        assert_empty!(subscriber);
    }
    publish(&queue, 3, []);
    publish(&queue, 4, [event("b", [2])]);
    for subscriber in [one, narrow] {
        // One that was not received makes room for the next.
        assert_recv!(subscriber, 4, []);
        assert_empty!(subscriber);
    }
}

/// However many there are, a publication visits a part of them, and in a round of publications each is visited once.
#[test]
fn bookmarks_come_in_turns() {
    let queue = Queue::new();
    let idle: Vec<_> = (0..80)
        .map(|_| queue.subscribe([1], Options::new().bookmarks_every(10)))
        .collect();
    for round in 0..3 {
        let mut visited = [0; 80];
        for at in 1..=16 {
            publish(&queue, round * 16 + at, [event("x", [2])]);
            let told = idle.iter().enumerate().filter_map(|(who, subscriber)| {
                let batch = subscriber.try_recv().ok()?;
                assert!(batch.is_empty());
                Some(who)
            });
            let told: Vec<_> = told.collect();
            assert_eq!(told.len(), 5, "a sixteenth of 80");
            for who in told {
                visited[who] += 1;
            }
        }
        assert_eq!(visited, [1; 80]);
    }
}

#[test]
fn whoever_gets_an_event_gets_no_bookmark_beside_it() {
    let queue = Queue::new();
    let one = queue.subscribe([1, 2], Options::new().bookmarks_every(1));
    let picky = Options::new().filter(|event: &Event| event.name == "b");
    let picky = queue.subscribe([1, 2], picky.bookmarks_every(1));
    publish(&queue, 1, [event("a", [1])]);
    publish(
        &queue,
        2,
        [event("a", [1]), event("b", [2]), event("c", [3])],
    );
    assert_recv!(one, 1, ["a"]);
    assert_recv!(one, 2, ["a", "b"]);
    assert_empty!(one);
    assert_recv!(picky, 2, ["b"]);
    assert_empty!(picky);
}

#[test]
fn a_publication_without_events_is_only_a_bookmark() {
    let queue = Queue::new();
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    publish(&queue, 1, []);
    assert_empty!(all);
    assert_eq!(queue.position(), Position::new(1));
}

#[test]
fn a_whole_publication_is_shared_and_a_part_is_copied_once() {
    let queue = Queue::new();
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    let both = queue.subscribe([1, 2], Options::new());
    let one = queue.subscribe([1], Options::new());
    let also_one = queue.subscribe([1], Options::new());
    let events: Arc<[Event]> = Arc::new([event("a", [1]), event("b", [2])]);
    queue
        .publish(Position::new(1), Arc::clone(&events))
        .unwrap();
    assert!(Arc::ptr_eq(&all.recv().unwrap().events, &events));
    assert!(Arc::ptr_eq(&both.recv().unwrap().events, &events));
    let part = one.recv().unwrap().events;
    assert_eq!(part[..], events[..1]);
    assert!(Arc::ptr_eq(&part, &also_one.recv().unwrap().events));
}

#[test]
fn ten_thousand_watchers_of_other_topics_are_not_visited() {
    let queue = Queue::new();
    let visits = Arc::new(AtomicUsize::new(0));
    let count = || {
        let visits = Arc::clone(&visits);
        Options::new().filter(move |_: &Event| {
            visits.fetch_add(1, Ordering::Relaxed);
            true
        })
    };
    let others: Vec<_> = (0..10_000)
        .map(|other| queue.subscribe([1_000 + other, 20_000 + other % 10], count()))
        .collect();
    let watcher = queue.subscribe([1], count());
    publish(&queue, 1, [event("a", [1, 2, 3]), event("b", [2])]);
    assert_recv!(watcher, 1, ["a"]);
    assert_eq!(visits.load(Ordering::Relaxed), 1);
    publish(&queue, 2, [event("c", [1_005])]);
    assert_eq!(visits.load(Ordering::Relaxed), 2);
    publish(&queue, 3, [event("d", [20_003])]);
    assert_eq!(visits.load(Ordering::Relaxed), 1_002);
    assert_eq!(
        others.iter().filter(|other| !other.is_empty()).count(),
        1_001
    );
}

#[test]
fn a_value_is_encoded_once_for_all_subscribers() {
    let queue = Queue::new();
    let subscribers: Vec<_> = (0..3)
        .map(|_| queue.subscribe([1], Options::new()))
        .collect();
    let events = [event("a", [1]), event("b", [2])].map(Encoded::new);
    queue.append(events).unwrap();
    let encoded = AtomicUsize::new(0);
    for subscriber in subscribers {
        let batch = subscriber.recv().unwrap();
        assert_eq!(batch[0].name, "a");
        let bytes = batch[0].bytes(|event| {
            encoded.fetch_add(1, Ordering::Relaxed);
            event.name.into()
        });
        assert_eq!(bytes[..], *b"a");
    }
    assert_eq!(encoded.into_inner(), 1);
}

/// Two events that differ in their topics alone.
#[test]
fn topics_are_any_hashable_values() {
    #[derive(Clone)]
    struct Log(String);

    impl Topics for Log {
        type Topic = String;

        fn topics(&self, visit: &mut dyn FnMut(String)) {
            self.0.split_whitespace().map(str::to_owned).for_each(visit);
        }
    }

    let queue = Queue::new();
    let words = ["error", "fatal"].map(str::to_owned);
    let bad = queue.subscribe(TopicSet::from_iter(words), Options::new());
    for line in ["all well", "disk error", "fatal error"] {
        queue.append([Log(line.to_owned())]).unwrap();
    }
    let lines: Vec<_> = bad.try_iter().map(|batch| batch[0].0.clone()).collect();
    assert_eq!(lines, ["disk error", "fatal error"]);
}
