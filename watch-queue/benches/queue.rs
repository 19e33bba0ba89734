//! Publishing, delivering and subscribing among many subscribers.
//!
//! `cargo bench -p watch-queue`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use watch_queue::{Options, Queue, Subscriber, TopicSet, Topics};

/// An event of the size of a store's: a topic and a pointer.
#[derive(Clone)]
struct Changed {
    topic: u64,
    object: Arc<str>,
}

impl Topics for Changed {
    type Topic = u64;

    fn topics(&self, visit: &mut dyn FnMut(u64)) {
        visit(self.topic);
    }
}

const TOPIC: u64 = 0;

fn events(topics: impl IntoIterator<Item = u64>) -> Arc<[Changed]> {
    let object: Arc<str> = "object".into();
    let event = |topic| Changed {
        topic,
        object: Arc::clone(&object),
    };
    topics.into_iter().map(event).collect()
}

/// Subscribers of a topic each, none of them [`TOPIC`].
fn others(queue: &Queue<Changed>, count: u64) -> Vec<Subscriber<Changed>> {
    (1..=count)
        .map(|other| queue.subscribe([TOPIC + other], Options::new()))
        .collect()
}

fn receive_all(subscribers: &[Subscriber<Changed>]) {
    for subscriber in subscribers {
        let batch = subscriber.try_recv().expect("a publication is buffered");
        black_box(&batch[0].object);
    }
}

/// One event for one subscriber, past subscribers of other topics.
fn publish_past_others(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish_past_others");
    for count in [0, 10, 1_000, 10_000] {
        let queue = Queue::new();
        let _others = others(&queue, count);
        let own = [queue.subscribe([TOPIC], Options::new())];
        let event = events([TOPIC]);
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                queue.append(Arc::clone(&event)).expect("the queue is open");
                receive_all(&own);
            });
        });
    }
    group.finish();
}

/// One event for nobody, with and without somebody who wants another.
fn publish_to_nobody(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish_to_nobody");
    for count in [0, 1, 10_000] {
        let queue = Queue::new();
        let _others = others(&queue, count);
        let event = events([TOPIC]);
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| queue.append(Arc::clone(&event)));
        });
    }
    group.finish();
}

/// One event, published to and received by all its subscribers.
fn deliver(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deliver");
    for count in [1, 10, 1_000, 10_000] {
        let queue = Queue::new();
        let subscribers: Vec<_> = (0..count)
            .map(|_| queue.subscribe([TOPIC], Options::new()))
            .collect();
        let event = events([TOPIC]);
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                queue.append(Arc::clone(&event)).expect("the queue is open");
                receive_all(&subscribers);
            });
        });
    }
    group.finish();
}

/// A transaction of 200 events: each has a subscriber, and one wants them all.
fn transaction(criterion: &mut Criterion) {
    let queue = Queue::new();
    let everything = [queue.subscribe(TopicSet::Everything, Options::new())];
    let of_one = others(&queue, 200);
    let transaction = events(1..=200);
    criterion.bench_function("transaction_of_200", |bencher| {
        bencher.iter(|| {
            queue
                .append(Arc::clone(&transaction))
                .expect("the queue is open");
            receive_all(&everything);
            receive_all(&of_one);
        });
    });
}

/// Subscribing and unsubscribing among 10 000 others.
fn subscribe(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("subscribe_and_drop");
    let queue = Queue::new();
    let _others = others(&queue, 10_000);
    let _same: Vec<_> = (0..10_000)
        .map(|_| queue.subscribe([TOPIC], Options::new()))
        .collect();
    for (name, topic) in [("same_topic", TOPIC), ("other_topics", u64::MAX)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| queue.subscribe([topic], Options::new()));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = publish_past_others, publish_to_nobody, deliver, transaction, subscribe
}
criterion_main!(benches);
