//! One thread, a log in memory, one transaction after the other; and readers, with a writer beside them and without.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use proposer::Loopback;
use serde::Serialize;
use store_core::Read as _;
use store_objects::wire::Node;

use crate::effort::{Effort, nanoseconds_each, percentile};
use crate::pipeline::cluster::{Cluster, NODES, Payload};

/// Between two looks at the clock.
const A_BATCH: usize = 64;

/// Visits nodes in an order that no cache foresees: it has no divisor in common with their number.
const STRIDE: usize = 7_919;

type InMemory = Cluster<Loopback<Payload>>;

/// Nanoseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Alone {
    pub(crate) update: f64,
    pub(crate) update_p50: f64,
    pub(crate) update_p99: f64,
    pub(crate) get: f64,
    /// While another thread writes to another store: what two threads take from each other that share a machine, and nothing
    /// of the store.
    pub(crate) get_beside_another: Beside,
    /// While another thread writes to the same store.
    pub(crate) get_beside_a_writer: Beside,
}

/// Reading while another thread writes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Beside {
    pub(crate) get: f64,
    /// How many transactions a second the writer made.
    pub(crate) writes_a_second: f64,
}

pub(super) fn measure(effort: &Effort) -> Result<Alone> {
    let cluster = Cluster::open(Loopback::new())?;
    let mut number = 0;
    let mut next = || {
        number += STRIDE;
        number
    };
    let update = effort.per_unit(|| {
        (0..A_BATCH).for_each(|_| cluster.update(next()));
        A_BATCH
    });
    let mut samples: Vec<_> = (0..effort.samples.max(1))
        .map(|_| {
            let begin = Instant::now();
            cluster.update(next());
            begin.elapsed()
        })
        .collect();
    samples.sort_unstable();
    let get = gets(&cluster, effort);
    let other = Cluster::open(Loopback::new())?;
    Ok(Alone {
        update,
        update_p50: nanoseconds_each(percentile(&samples, 500), 1),
        update_p99: nanoseconds_each(percentile(&samples, 990), 1),
        get,
        get_beside_another: beside(&cluster, &other, effort),
        get_beside_a_writer: beside(&cluster, &cluster, effort),
    })
}

/// Reads one store while another thread writes to one as fast as it can.
fn beside(read: &InMemory, written: &InMemory, effort: &Effort) -> Beside {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let (begin, mut number) = (Instant::now(), 0);
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                written.update(number * STRIDE);
            }
            1e9 / nanoseconds_each(begin.elapsed(), number)
        });
        let get = gets(read, effort);
        stop.store(true, Ordering::Relaxed);
        let writes_a_second = writer.join().expect("the writer does not panic");
        Beside {
            get,
            writes_a_second,
        }
    })
}

/// Nanoseconds that a reader takes for a snapshot and one node of it.
fn gets(cluster: &InMemory, effort: &Effort) -> f64 {
    let mut number = 0;
    effort.per_unit(|| {
        for _ in 0..A_BATCH {
            number = (number + STRIDE) % NODES;
            let view = cluster.store.view();
            black_box(view.get::<Node>(cluster.id(number)).map(|node| node.role));
        }
        A_BATCH
    })
}
