//! The channel of a subscriber in `select!`.

use crossbeam_channel::{Receiver, Select, bounded, select};
use watch_queue::{Options, Queue, RecvError, TopicSet};

use crate::transcript::{Event, capacity, event, publish};

#[test]
fn select_waits_for_a_publication_or_for_another_channel() {
    let queue = Queue::<Event>::new();
    let subscriber = queue.subscribe([1], Options::new());
    let (stop, stopped) = bounded::<()>(1);
    let mut names = Vec::new();
    let mut wait = |stopped: &Receiver<()>| {
        select! {
            recv(subscriber.ready()) -> _ => match subscriber.try_recv() {
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
        select.recv(subscriber.ready());
    }
    publish(&queue, 1, [event("a", [7])]);
    let ready = select.ready();
    assert_eq!(ready, 7);
    assert_recv!(subscribers[ready], 1, ["a"]);
}

/// One token stands for everything that is buffered, so what is left gives it again.
#[test]
fn a_subscriber_stays_ready_until_everything_is_received() {
    let queue = Queue::new();
    let subscriber = queue.subscribe(TopicSet::Everything, Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    let ready = subscriber.ready().clone();
    publish(&queue, 3, [event("c", [1])]);
    let mut names = Vec::new();
    while ready.try_recv().is_ok() {
        names.extend(subscriber.try_recv().map(|batch| batch[0].name));
    }
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(
        ready.try_recv(),
        Err(crossbeam_channel::TryRecvError::Empty)
    );
}

#[test]
fn a_subscriber_that_has_ended_is_ready_for_ever() {
    let queue = Queue::new();
    let early = queue.subscribe([1], capacity(1));
    let ready = early.ready().clone();
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(ready.recv(), Ok(()));
    assert!(ready.recv().is_err());
    assert_recv!(early, 1, ["a"]);
    assert_lagged!(early, 1);

    let late = queue.subscribe([1], capacity(1));
    publish(&queue, 3, [event("c", [1])]);
    publish(&queue, 4, [event("d", [1])]);
    assert!(late.ready().recv().is_err());
    assert_recv!(late, 3, ["c"]);

    let dropped = queue.subscribe([1], capacity(1));
    let ready = dropped.ready().clone();
    drop(dropped);
    assert!(ready.recv().is_err());
}
