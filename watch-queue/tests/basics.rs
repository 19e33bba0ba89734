//! What a subscriber of some topics receives.
//!
//! The tests read as transcripts: what is published, and then what each subscriber sees of it.

mod common;

use common::{Event, event, publish, queue};
use watch_queue::{Options, TopicSet};

#[test]
fn a_subscriber_sees_the_events_of_its_topics_in_order() {
    let queue = queue();
    let one = queue.subscribe([1], Options::new());
    let two = queue.subscribe([2], Options::new());
    let all = queue.subscribe(TopicSet::Everything, Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [2])]);
    publish(&queue, 3, [event("c", [1, 2])]);
    publish(&queue, 4, [event("d", [3])]);
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
    assert_empty!(all);
}

#[test]
fn a_subscriber_that_falls_behind_drains_its_buffer_and_learns_where_to_resume() {
    let queue = queue();
    let slow = queue.subscribe([1], Options::new().capacity(2));
    publish(&queue, 10, [event("a", [1])]);
    publish(&queue, 20, [event("b", [1])]);
    publish(&queue, 30, [event("other", [2])]);
    publish(&queue, 40, [event("c", [1])]);
    publish(&queue, 50, [event("d", [1])]);
    assert_recv!(slow, 10, ["a"]);
    assert_recv!(slow, 20, ["b"]);
    assert_lagged!(slow, 30);
    assert_lagged!(slow, 30);
    assert_eq!(queue.subscribers(), 0);
}
