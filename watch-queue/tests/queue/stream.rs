//! A subscription as an async stream, without an executor.

use std::hint;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use watch_queue::{Batch, Lag, Options, Position, Queue, RecvError, SubscriberStream};

use crate::transcript::{Event, capacity, event, publish};

/// Counts how often a task was woken.
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Wakes {
    fn new() -> (Arc<Self>, Waker) {
        let wakes = Arc::new(Self(AtomicUsize::new(0)));
        (Arc::clone(&wakes), Waker::from(wakes))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

type Polled = Poll<Option<Result<Batch<Event>, RecvError>>>;

fn poll(stream: &mut SubscriberStream<Event>, task: &Waker) -> Polled {
    Pin::new(stream).poll_next(&mut Context::from_waker(task))
}

fn batch(at: u64, name: &'static str) -> Polled {
    let events = Arc::new([event(name, [1])]);
    let at = Position::new(at);
    Poll::Ready(Some(Ok(Batch { at, events })))
}

#[test]
fn a_pending_stream_is_woken_by_a_publication() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (wakes, task) = Wakes::new();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    publish(&queue, 1, [event("other", [2])]);
    assert_eq!(wakes.count(), 0);
    publish(&queue, 2, [event("a", [1])]);
    publish(&queue, 3, [event("b", [1])]);
    assert_eq!(wakes.count(), 1);
    assert_eq!(stream.size_hint(), (2, None));
    assert_eq!(poll(&mut stream, &task), batch(2, "a"));
    assert_eq!(poll(&mut stream, &task), batch(3, "b"));
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    assert_eq!(wakes.count(), 1);
}

#[test]
fn the_last_task_that_polled_is_woken() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (old_wakes, old) = Wakes::new();
    let (new_wakes, new) = Wakes::new();
    assert_eq!(poll(&mut stream, &old), Poll::Pending);
    assert_eq!(poll(&mut stream, &new), Poll::Pending);
    publish(&queue, 1, [event("a", [1])]);
    assert_eq!((old_wakes.count(), new_wakes.count()), (0, 1));
}

#[test]
fn closing_ends_the_stream() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (wakes, task) = Wakes::new();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    queue.close();
    assert_eq!(wakes.count(), 1);
    assert!(!stream.is_terminated());
    assert_eq!(poll(&mut stream, &task), Poll::Ready(None));
    assert_eq!(poll(&mut stream, &task), Poll::Ready(None));
    assert!(stream.is_terminated());
    assert!(stream.into_inner().is_none());
}

#[test]
fn lagging_is_the_last_item() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], capacity(1)).into_stream();
    let (_, task) = Wakes::new();
    publish(&queue, 1, [event("a", [1])]);
    publish(&queue, 2, [event("b", [1])]);
    assert_eq!(poll(&mut stream, &task), batch(1, "a"));
    let resume_from = Position::new(1);
    let lagged = Poll::Ready(Some(Err(RecvError::Lagged { resume_from })));
    assert_eq!(poll(&mut stream, &task), lagged);
    assert_eq!(poll(&mut stream, &task), Poll::Ready(None));
}

#[test]
fn a_stream_that_is_not_polled_any_more_loses_nothing() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (_, task) = Wakes::new();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    publish(&queue, 1, [event("a", [1])]);
    let subscriber = stream.into_inner().expect("the stream has not ended");
    assert_recv!(subscriber, 1, ["a"]);
}

#[test]
fn a_stream_tells_its_progress_until_it_has_ended() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (_, task) = Wakes::new();
    publish(&queue, 1, [event("other", [2])]);
    assert_eq!(stream.progress(), Some(Position::new(1)));
    publish(&queue, 2, [event("a", [1])]);
    assert_eq!(stream.progress(), None, "something waits");
    assert_eq!(poll(&mut stream, &task), batch(2, "a"));
    assert_eq!(stream.progress(), Some(Position::new(2)));
    queue.close();
    assert_eq!(poll(&mut stream, &task), Poll::Ready(None));
    assert_eq!(stream.progress(), None);
}

#[test]
fn dropping_a_pending_stream_unsubscribes() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (wakes, task) = Wakes::new();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    drop((stream, task));
    assert_eq!(queue.subscribers(), 0);
    assert_eq!(Arc::strong_count(&wakes), 1, "the queue keeps no waker");
}

/// Longer than any publication takes; so that a failure is no hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Wakes a parked thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Each publication comes while the reader is about to wait for it, and is the last until the reader has it.
#[test]
fn no_wake_up_is_lost() {
    const PUBLICATIONS: u64 = 50_000;
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let received = Arc::new(AtomicU64::new(0));
    let reader = thread::spawn({
        let received = Arc::clone(&received);
        move || {
            let task = Waker::from(Arc::new(Unpark(thread::current())));
            loop {
                match poll(&mut stream, &task) {
                    Poll::Ready(Some(Ok(batch))) => {
                        received.store(batch.at.get(), Ordering::Release);
                        // So that the next one comes now before, now after this looks for it.
                        (0..batch.at.get() % 64).for_each(|_| hint::spin_loop());
                    }
                    Poll::Ready(Some(Err(error))) => panic!("{error}"),
                    Poll::Ready(None) => return true,
                    Poll::Pending => {
                        let asleep_since = Instant::now();
                        thread::park_timeout(PATIENCE);
                        if asleep_since.elapsed() >= PATIENCE {
                            return false;
                        }
                    }
                }
            }
        }
    });
    for at in 1..=PUBLICATIONS {
        publish(&queue, at, [event("a", [1])]);
        while received.load(Ordering::Acquire) < at && !reader.is_finished() {
            hint::spin_loop();
        }
    }
    drop(queue);
    assert!(
        reader.join().unwrap(),
        "a publication was buffered, and nobody woken"
    );
}

/// A task that runs inside its own wake-up, as on an executor without a queue, and publishes.
struct Eager(Mutex<Vec<Position>>, Queue<Event>);

impl Wake for Eager {
    fn wake(self: Arc<Self>) {
        let answer = self.1.append([event("answer", [2])]).unwrap();
        self.0.lock().unwrap().push(answer);
    }
}

#[test]
fn a_task_may_publish_when_it_is_woken() {
    let eager = Arc::new(Eager(Mutex::default(), Queue::new()));
    let task = Waker::from(Arc::clone(&eager));
    let mut stream = eager.1.subscribe([1], Options::new()).into_stream();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    publish(&eager.1, 1, [event("a", [1])]);
    assert_eq!(*eager.0.lock().unwrap(), [Position::new(2)]);
    assert_eq!(poll(&mut stream, &task), batch(1, "a"));
}

/// A task that panics when it is woken.
struct Panicking;

impl Wake for Panicking {
    fn wake(self: Arc<Self>) {
        panic!("a test of what a panic does");
    }
}

/// Of several tasks that one publication woke, those behind one that panicked slept on.
#[test]
fn a_task_that_panics_when_it_is_woken_keeps_no_other_asleep() {
    let queue = Queue::new();
    let mut streams = [(); 3].map(|()| queue.subscribe([1], Options::new()).into_stream());
    let (wakes, task) = Wakes::new();
    let tasks = [task.clone(), Waker::from(Arc::new(Panicking)), task];
    for (stream, task) in streams.iter_mut().zip(&tasks) {
        assert_eq!(poll(stream, task), Poll::Pending);
    }
    let publish = || publish(&queue, 1, [event("a", [1])]);
    assert!(catch_unwind(AssertUnwindSafe(publish)).is_err());
    assert_eq!(wakes.count(), 2);
}

/// A publisher that had to wait for a reader wakes whom it has served by then; a panic of theirs took the publication from those
/// who came after.
#[test]
fn a_task_that_panics_while_the_publisher_waits_takes_the_publication_from_nobody() {
    struct Signals(mpsc::Sender<()>);
    impl Wake for Signals {
        fn wake(self: Arc<Self>) {
            self.0.send(()).unwrap();
            panic!("a test of what a panic does");
        }
    }
    let queue = Queue::new();
    let blocks = || capacity(1).lag(Lag::Block);
    let mut panics = queue.subscribe([2], blocks()).into_stream();
    let slow = queue.subscribe([1, 2], blocks());
    let last = queue.subscribe([2], blocks());
    publish(&queue, 1, [event("a", [1])]);
    let (signal, signalled) = mpsc::channel();
    let task = Waker::from(Arc::new(Signals(signal)));
    assert_eq!(poll(&mut panics, &task), Poll::Pending);
    let reader = thread::spawn(move || {
        signalled.recv().unwrap();
        [(); 2].map(|()| slow.recv_timeout(PATIENCE).is_ok())
    });
    let publish = || publish(&queue, 2, [event("b", [2])]);
    assert!(catch_unwind(AssertUnwindSafe(publish)).is_err());
    assert_eq!(reader.join().unwrap(), [true, true]);
    assert_recv!(last, 2, ["b"]);
    assert_eq!(queue.position(), Position::new(2));
}

/// A close ended the subscriptions one by one, and none of those behind a task that panicked.
#[test]
fn a_task_that_panics_when_it_is_woken_by_a_close_keeps_nobody_waiting() {
    let queue = Queue::new();
    let streams = [(); 9].map(|()| queue.subscribe([1], Options::new()).into_stream());
    let panics = Waker::from(Arc::new(Panicking));
    let streams = streams.map(|mut stream| {
        assert_eq!(poll(&mut stream, &panics), Poll::Pending);
        stream
    });
    assert!(catch_unwind(AssertUnwindSafe(|| queue.close())).is_err());
    for stream in streams {
        let subscriber = stream.into_inner().unwrap();
        assert_eq!(
            subscriber.recv_timeout(PATIENCE),
            Err(RecvError::Closed.into())
        );
    }
}

#[test]
fn a_publisher_may_wake_tasks_later() {
    let queue = Queue::new();
    let mut stream = queue.subscribe([1], Options::new()).into_stream();
    let (wakes, task) = Wakes::new();
    assert_eq!(poll(&mut stream, &task), Poll::Pending);
    let delivery = queue.deliver(Position::new(1), [event("a", [1])]).unwrap();
    assert_eq!((wakes.count(), queue.position()), (0, Position::new(1)));
    drop(delivery);
    assert_eq!(wakes.count(), 1);
    assert_eq!(poll(&mut stream, &task), batch(1, "a"));
}
