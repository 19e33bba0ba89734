//! What the tests of SwarmKit's watch queue pin down, as tests of this one.
//!
//! | there | here |
//! |---|---|
//! | two filtered watchers get what has their tag, in order | the same, by topic |
//! | after a cancel, a receive finds nothing, and the others go on | the same; the cancelled watcher is dropped, so that nobody can receive from it |
//! | cancelling a context closes the channel | dropping the queue ends the subscription |
//! | a reader that is slower than the writer finds its channel closed | the same, and learns from where to resume |
//! | a write without a reader times out, and closes the sink | no write waits; a full buffer ends the subscription |
//! | an unlimited buffer takes 10 000 events behind a blocked sink | a buffer of 10 000 does; none is unlimited |
//! | a limit of 10 takes 11: one waits in the sink | a capacity of 10 takes 10 |
//! | beyond the limit an event is refused, and later ones are taken again | the subscription ends: nothing is delivered after a gap |

use std::thread;
use std::time::Duration;

use watch_queue::{Lag, Options, Queue, RecvError};

use crate::transcript::{Event, capacity, event, publish};

const T1: u32 = 1;
const T2: u32 = 2;
const T3: u32 = 3;

#[test]
fn two_watchers_of_tags_get_theirs_and_what_is_of_both() {
    let queue = Queue::new();
    let one = queue.subscribe([T1], Options::new());
    let two = queue.subscribe([T2], Options::new());
    publish(&queue, 1, [event("item 1", [T1])]);
    publish(&queue, 2, [event("item 2", [T2])]);
    publish(&queue, 3, [event("item 3", [T1, T2])]);
    publish(&queue, 4, [event("item 4", [T3])]);
    assert_recv!(one, 1, ["item 1"]);
    assert_recv!(one, 3, ["item 3"]);
    assert_empty!(one);
    assert_recv!(two, 2, ["item 2"]);
    assert_recv!(two, 3, ["item 3"]);
    assert_empty!(two);
}

#[test]
fn after_a_cancel_the_others_go_on() {
    let queue = Queue::new();
    let one = queue.subscribe([T1], Options::new());
    let two = queue.subscribe([T2], Options::new());
    drop(one);
    publish(&queue, 1, [event("both", [T1, T2])]);
    assert_recv!(two, 1, ["both"]);
    drop(two);
    publish(&queue, 2, [event("both", [T1, T2])]);
    assert_eq!(queue.subscribers(), 0);
}

#[test]
fn the_end_of_the_queue_ends_a_blocked_reader() {
    let queue = Queue::<Event>::new();
    let watcher = queue.subscribe([T1], Options::new());
    let reader = thread::spawn(move || watcher.recv());
    drop(queue);
    assert_eq!(reader.join().unwrap().unwrap_err(), RecvError::Closed);
}

/// There the reader takes 100 ms for an event and the writer 10 ms; what counts is that the writer is ahead.
#[test]
fn a_reader_that_is_slower_than_the_writer_is_told_so() {
    let queue = Queue::new();
    let slow = queue.subscribe([T1], capacity(5));
    let mut at = 0;
    let mut received = 0;
    let end = loop {
        for _ in 0..10 {
            at += 1;
            publish(&queue, at, [event("x", [T1])]);
        }
        match slow.recv() {
            Ok(batch) => {
                received += 1;
                assert_eq!(batch.at.get(), received, "without a gap");
            }
            Err(end) => break end,
        }
    };
    assert_eq!(received, 5);
    let RecvError::Lagged { resume_from } = end else {
        panic!("{end}")
    };
    assert_eq!(resume_from.get(), received);
}

#[test]
fn a_write_with_an_active_reader_succeeds_and_without_one_does_not_wait() {
    let queue = Queue::new();
    let active = queue.subscribe([T1], capacity(1));
    let absent = queue.subscribe([T1], capacity(1));
    thread::scope(|scope| {
        let reader = scope.spawn(|| active.recv_timeout(Duration::from_mins(1)));
        publish(&queue, 1, [event("a", [T1])]);
        assert_eq!(reader.join().unwrap().unwrap().at.get(), 1);
    });
    publish(&queue, 2, [event("b", [T1])]);
    assert_recv!(active, 2, ["b"]);
    assert_recv!(absent, 1, ["a"]);
    assert_lagged!(absent, 1);
}

#[test]
fn ten_thousand_events_wait_and_all_arrive() {
    let queue = Queue::new();
    let blocked = queue.subscribe([T1], capacity(10_000));
    for at in 1..=10_000 {
        publish(&queue, at, [event("x", [T1])]);
    }
    assert_eq!(blocked.len(), 10_000);
    let arrived = blocked.try_iter().map(|batch| batch.at.get());
    assert!(arrived.eq(1..=10_000));
    assert_eq!(blocked.len(), 0);
}

#[test]
fn a_full_buffer_takes_one_more_for_each_that_is_received() {
    for lag in [Lag::Close, Lag::Block] {
        let queue = Queue::new();
        let limited = queue.subscribe([T1], capacity(10).lag(lag));
        for at in 1..=10 {
            publish(&queue, at, [event("x", [T1])]);
        }
        for at in 11..=12 {
            assert_eq!(limited.len(), 10);
            assert_recv!(limited, at - 10, ["x"]);
            publish(&queue, at, [event("x", [T1])]);
        }
        assert_eq!(limited.len(), 10);
    }
}

#[test]
fn beyond_the_limit_nothing_comes_after_a_gap() {
    let queue = Queue::new();
    let limited = queue.subscribe([T1], capacity(10));
    for at in 1..=12 {
        publish(&queue, at, [event("x", [T1])]);
    }
    assert_eq!(limited.len(), 10, "11 and 12 were not taken");
    assert_recv!(limited, 1, ["x"]);
    publish(&queue, 13, [event("x", [T1])]);
    assert_eq!(limited.len(), 9, "and room does not bring 13");
    let rest = limited.try_iter().map(|batch| batch.at.get());
    assert!(rest.eq(2..=10));
    assert_lagged!(limited, 10);
}
