//! User code that runs inside the queue: predicates, keys, and the drop of events. It may come back to the queue.

use std::sync::{Arc, Mutex, Weak};

use watch_queue::{Lag, Options, Position, Queue, RecvError, Subscriber, TopicSet, Topics};

use crate::transcript::{Event, capacity, event, publish};

#[test]
fn a_predicate_may_subscribe_and_unsubscribe() {
    let queue = Arc::new(Queue::new());
    let others: Arc<Mutex<Vec<Subscriber<Event>>>> = Arc::default();
    let predicate = {
        let queue = Arc::downgrade(&queue);
        let others = Arc::clone(&others);
        move |_: &Event| {
            let queue: Arc<Queue<Event>> = Weak::upgrade(&queue).unwrap();
            let mut others = others.lock().unwrap();
            others.clear();
            others.push(queue.subscribe([1], Options::new()));
            others.push(queue.subscribe(TopicSet::Everything, Options::new().bookmarks_every(1)));
            true
        }
    };
    let first = queue.subscribe([1], Options::new().filter(predicate));
    publish(&queue, 1, [event("a", [1])]);
    // Whoever subscribed inside publication 1 sees nothing of it.
    for other in &*others.lock().unwrap() {
        assert_empty!(other);
    }
    publish(&queue, 2, [event("b", [1])]);
    assert_recv!(first, 1, ["a"]);
    assert_recv!(first, 2, ["b"]);
    assert_eq!(queue.subscribers(), 3);
}

#[test]
fn a_predicate_may_close_the_queue() {
    let queue = Arc::new(Queue::new());
    let inner = Arc::downgrade(&queue);
    let predicate = move |_: &Event| {
        let queue: Arc<Queue<Event>> = inner.upgrade().unwrap();
        queue.close();
        true
    };
    let subscriber = queue.subscribe([1], Options::new().filter(predicate));
    publish(&queue, 1, [event("a", [1])]);
    assert_closed!(subscriber);
}

#[test]
fn publishing_from_a_predicate_ends_its_subscription_instead_of_the_process() {
    let queue = Arc::new(Queue::new());
    let inner = Arc::downgrade(&queue);
    let predicate = move |_: &Event| {
        let queue: Arc<Queue<Event>> = inner.upgrade().unwrap();
        queue.append([event("nested", [1])]).is_ok()
    };
    let bad = queue.subscribe([1], Options::new().filter(predicate));
    let good = queue.subscribe([1], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    let at = Position::new(1);
    assert_ended!(bad, RecvError::Panicked { at });
    assert_recv!(good, 1, ["a"]);
    assert_recv!(good, 2, ["b"]);
    assert_eq!(queue.subscribers(), 1);
}

#[test]
fn a_predicate_that_panics_ends_its_own_subscription_only() {
    let queue = Queue::new();
    let bad = |event: &Event| {
        assert!(event.name != "b", "b is bad");
        true
    };
    let bad = queue.subscribe([1], Options::new().filter(bad));
    let good = queue.subscribe([1], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("a", [1]), event("b", [1])]);
    publish(&queue, 3, [event("c", [1])]);
    assert_recv!(bad, 1, ["a"]);
    let at = Position::new(2);
    assert_ended!(bad, RecvError::Panicked { at });
    assert_recv!(good, 1, ["a"]);
    assert_recv!(good, 2, ["a", "b"]);
    assert_recv!(good, 3, ["c"]);
}

#[test]
fn a_key_that_panics_ends_its_own_subscription_only() {
    let queue = Queue::new();
    let bad = Lag::latest(|event: &Event| event.topics[1]);
    let bad = queue.subscribe([1], capacity(1).lag(bad));
    let good = queue.subscribe([1], Options::new());
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    let at = Position::new(2);
    assert_recv!(bad, 1, ["a"]);
    assert_ended!(bad, RecvError::Panicked { at });
    assert_recv!(good, 1, ["a"]);
    assert_recv!(good, 2, ["b"]);
}

#[test]
fn topics_that_panic_leave_the_queue_as_it_was() {
    #[derive(Clone)]
    struct Bad(bool);

    impl Topics for Bad {
        type Topic = u32;

        fn topics(&self, visit: &mut dyn FnMut(u32)) {
            visit(1);
            assert!(!self.0, "bad topics");
        }
    }

    let queue = Queue::new();
    let subscriber = queue.subscribe([1], Options::new());
    let publish = || queue.publish(Position::new(5), [Bad(false), Bad(true)]);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(publish));
    assert!(panicked.is_err());
    assert!(subscriber.is_empty());
    assert_eq!(queue.position(), Position::START);
    queue.publish(Position::new(5), [Bad(false)]).unwrap();
    assert_eq!(subscriber.recv().unwrap().at, Position::new(5));
}

/// An event that publishes another one, about itself, when its last copy is dropped.
#[derive(Clone)]
struct Testament(Arc<Will>);

struct Will {
    queue: Weak<Queue<Testament>>,
    topic: u32,
}

impl Drop for Will {
    fn drop(&mut self) {
        let Some(queue) = self.queue.upgrade() else {
            return;
        };
        if self.topic < 10 {
            queue
                .append([testament(&Weak::new(), self.topic + 10)])
                .unwrap();
        }
    }
}

impl Topics for Testament {
    type Topic = u32;

    fn topics(&self, visit: &mut dyn FnMut(u32)) {
        visit(self.0.topic);
    }
}

fn testament(queue: &Weak<Queue<Testament>>, topic: u32) -> Testament {
    let queue = Weak::clone(queue);
    Testament(Arc::new(Will { queue, topic }))
}

/// Wherever the queue drops the last copy of an event, it holds no lock that publishing needs.
#[test]
fn an_event_may_publish_when_it_is_dropped() {
    for lag in [
        Lag::Close,
        Lag::DropOldest,
        Lag::latest(|event: &Testament| event.0.topic),
    ] {
        let queue = Arc::new(Queue::new());
        let weak = Arc::downgrade(&queue);
        let wills = queue.subscribe((10..20).collect::<TopicSet<_>>(), Options::new());
        let options = Options::new().capacity(1).lag(lag.clone());
        let mut slow = queue.subscribe([1, 2, 3], options);
        // Nobody wants it: dropped when its publication ends.
        queue.append([testament(&weak, 9)]).unwrap();
        assert_eq!(wills.try_recv().unwrap()[0].0.topic, 19);
        // The second finds the buffer full: one of the two is dropped, or superseded.
        queue.append([testament(&weak, 1)]).unwrap();
        queue.append([testament(&weak, 1)]).unwrap();
        assert_eq!(wills.try_recv().unwrap()[0].0.topic, 11, "{lag:?}");
        // What is buffered is dropped by skipping it.
        slow.skip_through(queue.position());
        if !matches!(lag, Lag::Latest(_)) {
            assert_eq!(wills.try_recv().unwrap()[0].0.topic, 11, "{lag:?}");
        }
        // What is buffered is dropped with the subscriber.
        queue.append([testament(&weak, 3)]).unwrap();
        drop(slow);
        queue.append([]).unwrap();
        let topics: Vec<_> = wills.try_iter().map(|batch| batch[0].0.topic).collect();
        assert!(topics.contains(&13), "{lag:?}: {topics:?}");
    }
}

/// A predicate whose owner publishes when it is dropped, as a session would that says goodbye.
#[test]
fn a_predicate_may_publish_when_it_is_dropped() {
    struct Goodbye(Weak<Queue<Event>>);

    impl Drop for Goodbye {
        fn drop(&mut self) {
            if let Some(queue) = self.0.upgrade() {
                queue.append([event("goodbye", [2])]).unwrap();
            }
        }
    }

    let queue = Arc::new(Queue::new());
    let others = queue.subscribe([2], Options::new());
    let goodbye = Goodbye(Arc::downgrade(&queue));
    let predicate = move |_: &Event| goodbye.0.strong_count() > 0;
    let session = queue.subscribe([1], Options::new().filter(predicate));
    publish(&queue, 1, [event("a", [1])]);
    assert_recv!(session, 1, ["a"]);
    drop(session);
    assert_recv!(others, 2, ["goodbye"]);
}
