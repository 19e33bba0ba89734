//! Positions: their order, what is skipped by them, and how a quiet subscriber learns of them.

use watch_queue::{Lag, Options, Position, PublishError, Queue, TopicSet};

use crate::transcript::{Event, capacity, event, publish};

#[test]
fn positions_rise() {
    let queue = Queue::new();
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    let refused = |at: u64| queue.publish(Position::new(at), [event("no", [1])]);
    let out_of_order = |at, last| {
        Err(PublishError::OutOfOrder {
            at: Position::new(at),
            last: Position::new(last),
        })
    };
    assert_eq!(refused(0), out_of_order(0, 0));
    publish(&queue, 5, [event("a", [1])]);
    assert_eq!(refused(5), out_of_order(5, 5));
    assert_eq!(refused(4), out_of_order(4, 5));
    assert_eq!(queue.append([event("b", [1])]), Ok(Position::new(6)));
    assert_eq!(queue.position(), Position::new(6));
    assert_recv!(all, 5, ["a"]);
    assert_recv!(all, 6, ["b"]);
    assert_empty!(all);
}

#[test]
fn after_drops_publications_through_a_position() {
    let queue = Queue::new();
    let late = queue.subscribe([1], Options::new().after(Position::new(2)));
    for at in 1..=3 {
        publish(&queue, at, [event("a", [1])]);
    }
    assert_recv!(late, 3, ["a"]);
    assert_empty!(late);
}

#[test]
fn skip_through_drops_what_is_buffered_and_what_comes() {
    for lag in [
        Lag::Close,
        Lag::DropOldest,
        Lag::latest(|event: &Event| event.topics[0]),
        Lag::Block,
    ] {
        let queue = Queue::new();
        let mut subscriber = queue.subscribe([1], capacity(8).lag(lag));
        publish(&queue, 1, [event("a", [1])]);
        publish(&queue, 2, [event("b", [1])]);
        publish(&queue, 3, [event("c", [1])]);
        subscriber.skip_through(Position::new(2));
        assert_recv!(subscriber, 3, ["c"]);
        subscriber.skip_through(Position::new(5));
        publish(&queue, 4, [event("d", [1])]);
        publish(&queue, 5, [event("e", [1])]);
        // Never back.
        subscriber.skip_through(Position::new(1));
        publish(&queue, 6, [event("f", [1])]);
        assert_recv!(subscriber, 6, ["f"]);
        assert_empty!(subscriber);
        assert_eq!(subscriber.missed(), 0);
    }
}

#[test]
fn skip_through_makes_room() {
    let queue = Queue::new();
    let mut subscriber = queue.subscribe([1], capacity(2));
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    subscriber.skip_through(Position::new(1));
    publish(&queue, 3, [event("c", [1])]);
    assert_recv!(subscriber, 2, ["b"]);
    assert_recv!(subscriber, 3, ["c"]);
    assert_empty!(subscriber);
}

#[test]
fn a_subscription_that_has_ended_can_still_skip() {
    let queue = Queue::new();
    let mut subscriber = queue.subscribe([1], capacity(3));
    for at in 1..=4 {
        publish(&queue, at, [event("a", [1])]);
    }
    subscriber.skip_through(Position::new(2));
    assert_recv!(subscriber, 3, ["a"]);
    assert_lagged!(subscriber, 3);
}

/// The state that was read covers what the subscriber lost, so it resumes after the state.
#[test]
fn skipping_past_a_lag_moves_the_place_to_resume_from() {
    let queue = Queue::new();
    let mut subscriber = queue.subscribe([1], capacity(3));
    for at in 1..=9 {
        publish(&queue, at, [event("a", [1])]);
    }
    subscriber.skip_through(Position::new(7));
    assert_lagged!(subscriber, 7);
}

#[test]
fn a_lag_after_skipping_resumes_where_the_skipping_ended() {
    let queue = Queue::new();
    let subscriber = queue.subscribe([1], capacity(1).after(Position::new(10)));
    publish(&queue, 3, [event("a", [1])]);
    publish(&queue, 11, [event("b", [1])]);
    publish(&queue, 12, [event("c", [1])]);
    assert_recv!(subscriber, 11, ["b"]);
    assert_lagged!(subscriber, 11);
}

#[test]
fn progress_follows_publications_that_concern_others() {
    let queue = Queue::new();
    let mut one = queue.subscribe([1], capacity(1));
    assert_eq!(one.progress(), Some(Position::START));
    publish(&queue, 1, [event("a", [2])]);
    assert_eq!(one.progress(), Some(Position::new(1)));
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(one.progress(), None);
    assert_recv!(one, 2, ["b"]);
    assert_eq!(one.progress(), Some(Position::new(2)));
    one.skip_through(Position::new(7));
    assert_eq!(one.progress(), Some(Position::new(7)));
    publish(&queue, 8, [event("c", [1])]);
    publish(&queue, 9, [event("d", [1])]);
    assert_recv!(one, 8, ["c"]);
    // It lagged: nothing is known of 9.
    assert_eq!(one.progress(), None);
}
