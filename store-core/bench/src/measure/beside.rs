//! Reading beside a writer: two threads, so it needs two processors that have nothing else to do.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{GETS_A_BATCH, change, next_slot};
use crate::case::{Case, Values};
use crate::dataset::{Dataset, Walk};
use crate::effort::Effort;
use crate::engine::{Shared, Table as _};

/// Between two transactions of the writer: 50 000 a second. One that takes longer is followed by the next at once, and
/// what was missed is not made up for.
const WRITER_INTERVAL: Duration = Duration::from_micros(20);

/// Measures reading alone, then reading beside a writer.
pub(super) fn writer<S: Shared>(shared: &S, data: &Dataset, effort: &Effort, values: &mut Values) {
    let mut ids = Walk::new(&data.order);
    let mut getting = || {
        for id in ids.take(GETS_A_BATCH) {
            black_box(shared.read(|table| table.get(id).slot));
        }
        GETS_A_BATCH
    };
    let alone = effort.per_unit(&mut getting);

    let writing = Writing::default();
    let (beside, writes_a_second) = thread::scope(|scope| {
        let stop = Stop(&writing);
        let writer = scope.spawn(|| writing.write(shared, data));
        while writing.transactions.load(Ordering::Relaxed) == 0 && !writer.is_finished() {
            thread::yield_now();
        }
        let beside = effort.per_unit(&mut getting);
        drop(stop);
        let reached = writer
            .join()
            .expect("a writer that panics is a wrong engine");
        (beside, reached)
    });
    values.extend([
        (Case::GetBeside, beside),
        (Case::Slowdown, beside / alone),
        (Case::WritesBeside, writes_a_second),
    ]);
}

/// What the two threads tell each other.
#[derive(Default)]
struct Writing {
    stop: AtomicBool,
    transactions: AtomicU32,
}

impl Writing {
    /// Updates one object after the other until it is told to stop; returns how many a second.
    fn write<S: Shared>(&self, shared: &S, data: &Dataset) -> f64 {
        let mut ids = Walk::from(&data.order, data.objects / 2);
        let begin = Instant::now();
        let mut due = begin;
        while !self.stop.load(Ordering::Relaxed) {
            let id = ids.one();
            shared.write(|table| change(table, id, next_slot));
            self.transactions.fetch_add(1, Ordering::Relaxed);
            due = Instant::now().max(due + WRITER_INTERVAL);
            while Instant::now() < due {
                spin_loop();
            }
        }
        f64::from(self.transactions.load(Ordering::Relaxed)) / begin.elapsed().as_secs_f64()
    }
}

/// Stops the writer when it goes, so that a reader that panics does not leave it running.
struct Stop<'a>(&'a Writing);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}
