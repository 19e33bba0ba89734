//! Several threads at once. Each test prints the seed of its choices; set `WATCH_QUEUE_SEED` to repeat them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use watch_queue::{
    Batch, Lag, Options, Position, PublishError, Queue, RecvError, Subscriber, TopicSet, Topics,
};

/// An event that knows where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    topic: u32,
    publisher: usize,
    number: u64,
}

impl Topics for Step {
    type Topic = u32;

    fn topics(&self, visit: &mut dyn FnMut(u32)) {
        visit(self.topic);
    }
}

/// Longer than any publication takes; so that a failure is no hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Topics are below this.
const TOPICS: u32 = 8;

/// Returns one event of each topic.
fn one_of_each(number: u64) -> Vec<Step> {
    let step = |topic| Step {
        topic,
        publisher: 0,
        number,
    };
    (0..TOPICS).map(step).collect()
}

/// Random numbers (`SplitMix64`).
#[derive(Clone)]
struct Random(u64);

impl Random {
    /// Returns the random numbers of a test, which prints where they start.
    fn new(test: &str) -> Self {
        let seed = std::env::var("WATCH_QUEUE_SEED").map_or_else(
            |_| RandomState::new().build_hasher().finish(),
            |seed| seed.parse().expect("WATCH_QUEUE_SEED is a number"),
        );
        println!("{test}: WATCH_QUEUE_SEED={seed}");
        Self(seed)
    }

    /// Returns other random numbers for a thread.
    fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        let number = self.next() % u64::from(bound);
        u32::try_from(number).expect("it is below a u32")
    }

    fn index(&mut self, len: usize) -> usize {
        let len = u32::try_from(len).expect("a test is small");
        self.below(len) as usize
    }

    fn topics(&mut self) -> Vec<u32> {
        (0..=self.below(4)).map(|_| self.below(TOPICS)).collect()
    }

    /// Lets the other threads come first, now and then.
    fn dawdle(&mut self) {
        if self.below(8) == 0 {
            thread::yield_now();
        }
    }
}

fn unbounded() -> Options<Step> {
    Options::new().capacity(usize::MAX)
}

/// Receives until the queue is closed.
fn read_all(subscriber: &Subscriber<Step>) -> Vec<Batch<Step>> {
    let batches = subscriber.iter().collect();
    assert_eq!(subscriber.recv(), Err(RecvError::Closed));
    batches
}

/// The publications are numbered without a gap.
fn assert_dense(batches: &[Batch<Step>]) {
    for pair in batches.windows(2) {
        assert_eq!(pair[1].at, pair[0].at.next());
    }
}

#[test]
fn all_subscribers_see_one_order() {
    let mut random = Random::new("all_subscribers_see_one_order");
    let queue = Queue::new();
    let everything: Vec<_> = (0..2)
        .map(|_| queue.subscribe(TopicSet::Everything, unbounded()))
        .collect();
    let some: Vec<_> = (0..4)
        .map(|_| {
            let topics = random.topics();
            (topics.clone(), queue.subscribe(topics, unbounded()))
        })
        .collect();
    let (everything, some) = thread::scope(|scope| {
        let readers: Vec<_> = everything
            .iter()
            .map(|subscriber| scope.spawn(|| read_all(subscriber)))
            .collect();
        let partial_readers: Vec<_> = some
            .iter()
            .map(|(topics, subscriber)| (topics, scope.spawn(|| read_all(subscriber))))
            .collect();
        let publishers: Vec<_> = (0..3)
            .map(|publisher| {
                let (queue, mut random) = (&queue, random.fork());
                scope.spawn(move || {
                    for number in 0..2_000 {
                        let step = |topic| Step {
                            topic,
                            publisher,
                            number,
                        };
                        let steps: Vec<_> = random.topics().into_iter().map(step).collect();
                        queue.append(steps).unwrap();
                        random.dawdle();
                    }
                })
            })
            .collect();
        for publisher in publishers {
            publisher.join().unwrap();
        }
        queue.close();
        let everything: Vec<_> = readers
            .into_iter()
            .map(|reader| reader.join().unwrap())
            .collect();
        let some: Vec<_> = partial_readers
            .into_iter()
            .map(|(topics, reader)| (topics, reader.join().unwrap()))
            .collect();
        (everything, some)
    });
    let all = &everything[0];
    assert_eq!(all.len(), 6_000);
    assert_dense(all);
    assert_eq!(all, &everything[1]);
    for publisher in 0..3 {
        let mut numbers: Vec<_> = all
            .iter()
            .flatten()
            .filter(|step| step.publisher == publisher)
            .map(|step| step.number)
            .collect();
        assert!(numbers.is_sorted());
        numbers.dedup();
        assert_eq!(numbers.len(), 2_000);
    }
    for (topics, batches) in some {
        let expected = all.iter().filter_map(|batch| {
            let wanted = batch.iter().filter(|step| topics.contains(&step.topic));
            let events: Vec<_> = wanted.copied().collect();
            (!events.is_empty()).then_some((batch.at, events))
        });
        let received = batches.iter().map(|batch| (batch.at, batch.to_vec()));
        assert!(received.eq(expected));
    }
}

/// A publication that is under way when a subscriber comes is received whole or not at all, and not waited for.
#[test]
fn a_subscriber_that_comes_during_a_publication_sees_no_half_of_it() {
    let mut random = Random::new("a_subscriber_that_comes_during_a_publication_sees_no_half_of_it");
    let queue = Queue::new();
    let (begun, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1.. {
                begun.store(number, Ordering::SeqCst);
                queue
                    .publish(Position::new(number), one_of_each(number))
                    .unwrap();
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let subscribers: Vec<_> = (0..2)
            .map(|_| {
                let (queue, begun, mut random) = (&queue, &begun, random.fork());
                scope.spawn(move || {
                    for _ in 0..2_000 {
                        let mut topics: Vec<_> = (0..TOPICS).collect();
                        topics.rotate_left(random.below(TOPICS) as usize);
                        let complete_before = queue.position();
                        let subscriber = queue.subscribe(topics, unbounded());
                        let begun_after = begun.load(Ordering::SeqCst);
                        let batches: Vec<_> = (0..=random.below(3))
                            .map(|_| subscriber.recv_timeout(PATIENCE).unwrap())
                            .collect();
                        assert!(batches[0].at > complete_before);
                        assert!(batches[0].at.get() <= begun_after + 1);
                        assert_dense(&batches);
                        for batch in &batches {
                            assert_eq!(batch[..], one_of_each(batch.at.get()));
                        }
                    }
                })
            })
            .collect();
        let outcomes: Vec<_> = subscribers
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect();
        stop.store(true, Ordering::Relaxed);
        assert!(outcomes.iter().all(Result::is_ok), "a subscriber panicked");
    });
    assert_eq!(queue.subscribers(), 0);
}

/// Subscribe, read the state, skip what it contains; resume the same way after a lag. Nothing is lost or seen twice.
#[test]
fn a_reader_that_lags_resumes_without_gap_or_repetition() {
    const PUBLICATIONS: u64 = 20_000;
    let mut random = Random::new("a_reader_that_lags_resumes_without_gap_or_repetition");
    let queue = Queue::new();
    // Like the root of a store: what is published can be read before it is published.
    let state = AtomicU64::new(0);
    let lags = thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1..=PUBLICATIONS {
                state.store(number, Ordering::SeqCst);
                queue
                    .publish(Position::new(number), one_of_each(number))
                    .unwrap();
            }
        });
        let reader = scope.spawn(|| {
            let mut lags = 0;
            loop {
                let mut subscriber = queue.subscribe([3], Options::new().capacity(4));
                let seen = Position::new(state.load(Ordering::SeqCst));
                subscriber.skip_through(seen);
                let mut last = seen;
                if last.get() == PUBLICATIONS {
                    return lags;
                }
                for batch in &subscriber {
                    assert_eq!(batch.at, last.next());
                    last = batch.at;
                    if last.get() == PUBLICATIONS {
                        return lags;
                    }
                    random.dawdle();
                }
                let resume_from = last;
                assert_eq!(subscriber.recv(), Err(RecvError::Lagged { resume_from }));
                lags += 1;
            }
        });
        reader.join().unwrap()
    });
    println!("the reader lagged {lags} times");
}

#[test]
fn subscribers_that_come_and_go_disturb_nobody() {
    let mut random = Random::new("subscribers_that_come_and_go_disturb_nobody");
    let queue = Queue::new();
    let witness = queue.subscribe([0], unbounded());
    thread::scope(|scope| {
        for _ in 0..2 {
            let (queue, mut random) = (&queue, random.fork());
            scope.spawn(move || {
                let mut present = Vec::new();
                for _ in 0..3_000 {
                    let options = Options::new().capacity(2);
                    let lag = match random.below(3) {
                        0 => Lag::Close,
                        1 => Lag::DropOldest,
                        _ => Lag::latest(|step: &Step| step.topic),
                    };
                    present.push(queue.subscribe(random.topics(), options.lag(lag)));
                    if random.below(3) == 0 {
                        let leaver = random.index(present.len());
                        drop(present.swap_remove(leaver));
                    }
                }
            });
        }
        scope.spawn(|| {
            for number in 1..=3_000 {
                queue.append(one_of_each(number)).unwrap();
            }
        });
    });
    let batches: Vec<_> = witness.try_iter().collect();
    assert_eq!(batches.len(), 3_000);
    assert_dense(&batches);
    assert_eq!(queue.subscribers(), 1);
    drop(witness);
    assert!((0..TOPICS).all(|topic| !queue.is_watched(topic)));
}

/// Publishes to one subscriber of topic 0 that reads as it likes, and returns what it received and missed.
fn publish_past_a_slow_reader(
    test: &str,
    publications: u64,
    options: Options<Step>,
) -> (Vec<Batch<Step>>, u64) {
    let mut random = Random::new(test);
    let queue = Queue::new();
    let subscriber = queue.subscribe(TopicSet::Everything, options);
    thread::scope(|scope| {
        let mut reader_random = random.fork();
        let subscriber = &subscriber;
        let reader = scope.spawn(move || {
            let batches = subscriber.iter();
            batches.inspect(|_| reader_random.dawdle()).collect()
        });
        for number in 1..=publications {
            let step = Step {
                topic: random.below(TOPICS),
                publisher: 0,
                number,
            };
            queue.append([step]).unwrap();
            random.dawdle();
        }
        queue.close();
        (reader.join().unwrap(), subscriber.missed())
    })
}

#[test]
fn drop_oldest_loses_exactly_what_it_counts() {
    const PUBLICATIONS: u64 = 20_000;
    let options = Options::new().capacity(3).lag(Lag::DropOldest);
    let (batches, missed) = publish_past_a_slow_reader(
        "drop_oldest_loses_exactly_what_it_counts",
        PUBLICATIONS,
        options,
    );
    assert!(batches.is_sorted_by(|earlier, later| earlier.at < later.at));
    assert_eq!(batches.len() as u64 + missed, PUBLICATIONS);
    assert_eq!(batches.last().unwrap().at, Position::new(PUBLICATIONS));
}

#[test]
fn latest_ends_with_the_latest_of_each_key() {
    const PUBLICATIONS: u64 = 20_000;
    let lag = Lag::latest(|step: &Step| step.topic);
    let options = Options::new().capacity(4).lag(lag);
    let (batches, _) = publish_past_a_slow_reader(
        "latest_ends_with_the_latest_of_each_key",
        PUBLICATIONS,
        options,
    );
    let mut latest = [0; TOPICS as usize];
    for step in batches.iter().flatten() {
        let latest = &mut latest[step.topic as usize];
        assert!(step.number > *latest, "{step:?} comes after {latest}");
        *latest = step.number;
    }
    assert_eq!(latest.into_iter().max(), Some(PUBLICATIONS));
}

#[test]
fn blocking_subscribers_receive_everything() {
    const PUBLICATIONS: u64 = 5_000;
    let mut random = Random::new("blocking_subscribers_receive_everything");
    let queue = Queue::new();
    let [steady, quitter] = [1, 2].map(|capacity| {
        let options = Options::new().capacity(capacity).lag(Lag::Block);
        queue.subscribe([0], options)
    });
    thread::scope(|scope| {
        let reader = scope.spawn(|| read_all(&steady));
        let patience = random.index(100);
        scope.spawn(move || {
            assert_eq!(quitter.iter().take(patience).count(), patience);
        });
        for _ in 0..2 {
            let (queue, mut random) = (&queue, random.fork());
            scope.spawn(move || {
                for number in 0..PUBLICATIONS / 2 {
                    queue.append(one_of_each(number)).unwrap();
                    random.dawdle();
                }
                if queue.position().get() == PUBLICATIONS {
                    queue.close();
                }
            });
        }
        let batches = reader.join().unwrap();
        assert_eq!(batches.len() as u64, PUBLICATIONS);
        assert_dense(&batches);
    });
}

#[test]
fn closing_during_publications_cuts_the_order_at_one_place_for_each() {
    let mut random =
        Random::new("closing_during_publications_cuts_the_order_at_one_place_for_each");
    for _ in 0..100 {
        let queue = Queue::new();
        let subscribers = [(); 3].map(|()| queue.subscribe([0, 5], unbounded()));
        let publications = u64::from(random.below(200));
        thread::scope(|scope| {
            let publisher = scope.spawn(|| {
                for number in 1.. {
                    match queue.append(one_of_each(number)) {
                        Ok(at) => assert_eq!(at, Position::new(number)),
                        Err(error) => return (error, number),
                    }
                }
                unreachable!("the queue is closed some time")
            });
            while queue.position().get() < publications {
                thread::yield_now();
            }
            queue.close();
            let (error, refused) = publisher.join().unwrap();
            assert_eq!(error, PublishError::Closed);
            for subscriber in &subscribers {
                let batches = read_all(subscriber);
                assert_dense(&batches);
                let received = batches.len() as u64;
                // All but the one that was refused, and perhaps the one that was under way.
                assert!(
                    received + 2 >= refused && received < refused,
                    "{received} of {refused}"
                );
                assert!(batches.iter().all(|batch| batch.len() == 2));
            }
        });
    }
}
