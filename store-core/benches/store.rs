//! What the store costs: writing through a log in memory, reading, and watching.
//!
//! `cargo bench -p store-core`; the objects have four indexes besides the primary key.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use store_core::{CreateError, Query, Read, Table, UpdateError, Watch};
use support::{BY_WORKER, Job, LocalStore, create, job};

const JOBS: u32 = 10_000;
const WORKERS: u32 = 500;

fn name(number: u32) -> String {
    // Spread over the key space, as random ids are.
    format!("{:08x}{number:05}", number.wrapping_mul(0x9e37_79b9))
}

fn filled(jobs: u32) -> LocalStore {
    let store = support::store();
    let object = |number| Job {
        worker: Some(format!("worker-{:03}", number % WORKERS)),
        ..job(&name(number))
    };
    create(&store, (0..jobs).map(object));
    store
}

fn touch(store: &LocalStore, number: u32) {
    let id = name(number % JOBS);
    let done = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&id).expect("it was created")).clone();
        job.tags.clear();
        tx.update(job).map(drop)
    });
    done.expect("nobody else writes it");
}

fn writes(c: &mut Criterion) {
    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(1));
    let store = filled(JOBS);
    let mut number = 0;
    group.bench_function("update one of 10 000, waited for", |b| {
        b.iter(|| {
            number += 7_919;
            touch(&store, number);
        });
    });
    group.bench_function("update 100 in one transaction, each", |b| {
        b.iter_custom(|rounds| {
            let begin = Instant::now();
            for round in 0..rounds.div_ceil(100) {
                let done = store.update(|tx| {
                    for step in 0..100 {
                        let id =
                            name((u32::try_from(round).expect("few rounds") * 100 + step) % JOBS);
                        let job = (**tx.get::<Job>(&id).expect("it was created")).clone();
                        tx.update(job)?;
                    }
                    Ok::<_, UpdateError>(())
                });
                done.expect("nobody else writes them");
            }
            begin.elapsed()
        });
    });
    group.bench_function("create then delete, two transactions", |b| {
        b.iter(|| {
            create(&store, [job("new")]);
            store
                .update(|tx| tx.delete::<Job>(&"new".to_owned()))
                .expect("it was created");
        });
    });
    group.finish();

    let mut group = c.benchmark_group("bulk");
    group.throughput(Throughput::Elements(u64::from(JOBS)));
    group.bench_function("create 10 000 in one transaction", |b| {
        b.iter_batched(
            || {
                (
                    support::store(),
                    (0..JOBS)
                        .map(|number| job(&name(number)))
                        .collect::<Vec<_>>(),
                )
            },
            |(store, jobs)| {
                store
                    .update(|tx| {
                        jobs.iter()
                            .try_for_each(|job| tx.create(job.clone()).map(drop))
                            as Result<(), CreateError>
                    })
                    .expect("they are new");
                store
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// A table alone, of objects that come in no order.
fn tables(c: &mut Criterion) {
    const MANY: u32 = 100_000;
    let jobs: Vec<_> = (0..MANY)
        .map(|number| Arc::new(job(&name(number))))
        .collect();
    let mut group = c.benchmark_group("table");
    group.throughput(Throughput::Elements(u64::from(MANY)));
    group.bench_function("100 000 created one by one", |b| {
        b.iter_with_large_drop(|| {
            let mut table = Table::new();
            for job in &jobs {
                table.create(Arc::clone(job)).expect("it is new");
            }
            table
        });
    });
    group.bench_function("100 000 at once", |b| {
        b.iter_with_large_drop(|| Table::from_objects(jobs.iter().cloned()).expect("all are new"));
    });
    group.finish();
}

fn reads(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    let store = filled(JOBS);
    let view = store.view();
    let mut number = 0;
    group.bench_function("take a snapshot", |b| b.iter(|| black_box(store.view())));
    group.bench_function("get by id", |b| {
        b.iter(|| {
            number += 7_919;
            black_box(
                view.get::<Job>(&name(number % JOBS))
                    .map(|job| job.priority),
            )
        });
    });
    group.throughput(Throughput::Elements(u64::from(JOBS / WORKERS)));
    group.bench_function("find the 20 of one worker", |b| {
        b.iter(|| {
            view.find(BY_WORKER.eq("worker-007"))
                .map(|job| job.priority)
                .sum::<i64>()
        });
    });
    group.throughput(Throughput::Elements(u64::from(JOBS)));
    group.bench_function("scan 10 000", |b| {
        b.iter(|| {
            view.find(Query::<Job>::all())
                .map(|job| job.priority)
                .sum::<i64>()
        });
    });
    group.finish();
}

fn watches(c: &mut Criterion) {
    let mut group = c.benchmark_group("watch");
    for watchers in [0_u32, 1_000, 10_000] {
        let store = filled(JOBS);
        let others: Vec<_> = (1..=watchers)
            .map(|number| store.watch(Watch::object::<Job>(&name(number))))
            .collect();
        group.bench_function(
            BenchmarkId::new("update past watchers of other objects", watchers),
            |b| {
                b.iter(|| touch(&store, 0));
            },
        );
        drop(others);
    }
    let store = filled(100);
    group.bench_function("begin and end a watch", |b| {
        b.iter(|| black_box(store.view_and_watch(Watch::object::<Job>(&name(3)))));
    });
    group.finish();
}

fn config() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! { name = benches; config = config(); targets = writes, tables, reads, watches }
criterion_main!(benches);
