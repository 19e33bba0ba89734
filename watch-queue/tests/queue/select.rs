//! The channel of a subscriber in `select!`.

use crossbeam_channel::{Receiver, Select, bounded, select};
use watch_queue::{Options, Queue, RecvError, TopicSet};

use crate::transcript::{Event, event, publish};

#[test]
fn select_waits_for_a_publication_or_for_another_channel() {
    let queue = Queue::<Event>::new();
    let subscriber = queue.subscribe([1], Options::new());
    let (stop, stopped) = bounded::<()>(1);
    let mut names = Vec::new();
    let mut wait = |stopped: &Receiver<()>| {
        select! {
            recv(subscriber.receiver()) -> batch => match batch {
                Ok(batch) => names.push(batch[0].name),
                Err(_) => names.push("end"),
            },
            recv(stopped) -> _ => names.push("stop"),
        }
    };
    publish(&queue, 1, [event("a", [1])]);
    wait(&stopped);
    stop.send(()).unwrap();
    wait(&stopped);
    drop(queue);
    wait(&stopped);
    assert_eq!(names, ["a", "stop", "end"]);
    assert_eq!(subscriber.recv().unwrap_err(), RecvError::Closed);
}

#[test]
fn a_thread_can_wait_for_many_subscribers() {
    let queue = Queue::new();
    let subscribers: Vec<_> = (0..10)
        .map(|topic| queue.subscribe([topic], Options::new()))
        .collect();
    let mut select = Select::new();
    for subscriber in &subscribers {
        select.recv(subscriber.receiver());
    }
    publish(&queue, 1, [event("a", [7])]);
    let ready = select.ready();
    assert_eq!(ready, 7);
    assert_recv!(subscribers[ready], 1, ["a"]);
}

#[test]
fn a_clone_of_the_channel_takes_publications_away_and_ends_with_the_subscriber() {
    let queue = Queue::new();
    let subscriber = queue.subscribe(TopicSet::Everything, Options::new());
    let helper = subscriber.receiver().clone();
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(helper.recv().unwrap()[0].name, "a");
    assert_recv!(subscriber, 2, ["b"]);
    drop(subscriber);
    assert!(helper.recv().is_err());
    assert_eq!(queue.subscribers(), 0);
}
