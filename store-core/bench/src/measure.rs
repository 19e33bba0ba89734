//! The measurements: the same work on every engine. The Go harness does it too, in functions of the same names.

mod beside;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::args::Run;
use crate::case::{Case, Values};
use crate::counting;
use crate::dataset::{Dataset, Walk};
use crate::effort::{Effort, float, median, nanoseconds_each, percentile};
use crate::engine::{BTreeMap, Engine, Imbl, Name, Ours, Table};
use crate::task::Task;

/// Between two looks at the clock: it takes 25 ns to read, a get 50 ns and more, an update ten times that.
const GETS_A_BATCH: usize = 64;
const UPDATES_A_BATCH: usize = 16;

const UPDATES_A_TRANSACTION: usize = 100;

/// From this size on a table is built once a process: it takes long, and averages over enough objects.
const BULK_ONCE_FROM: usize = 1_000_000;

/// What one process measured.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// That of the objects: engines with the same one had the same.
    pub(crate) digest: String,
    pub(crate) values: Values,
}

/// Measures one engine at one size.
///
/// # Errors
/// The engine is not one of this process.
pub(crate) fn run(options: &Run) -> Result<Measured> {
    let measure = match options.engine {
        Name::Ours => measure::<Ours>,
        Name::BTreeMap => measure::<BTreeMap>,
        Name::Imbl => measure::<Imbl>,
        Name::GoMemdb => bail!("go-memdb is measured by a harness of its own"),
    };
    let data = Dataset::new(options.objects);
    let values = measure(&data, &options.effort);
    Ok(Measured {
        digest: data.digest(),
        values,
    })
}

fn measure<E: Engine>(data: &Dataset, effort: &Effort) -> Values {
    let mut values = Values::new();
    let mut engine = bulk::<E>(data, effort, &mut values);
    reads(&engine, data, effort, &mut values);
    writes(&mut engine, data, effort, &mut values);
    latency(&mut engine, data, effort, &mut values);
    beside::writer(&engine.share(), data, effort, &mut values);
    memory::<E>(data, &mut values);
    values
}

fn build<E: Engine>(tasks: &[Arc<Task>]) -> E {
    let mut engine = E::new();
    engine.write(|table| {
        for task in tasks {
            table.create(Arc::clone(task));
        }
    });
    engine
}

/// Builds the table, in one transaction. Afterwards it alone owns the objects, so that an update frees the old one.
fn bulk<E: Engine>(data: &Dataset, effort: &Effort, values: &mut Values) -> E {
    let tasks = data.tasks();
    let timed = || {
        let begin = Instant::now();
        let engine: E = build(&tasks);
        (engine, nanoseconds_each(begin.elapsed(), data.objects))
    };
    let (mut engine, figure) = timed();
    let mut figures = vec![figure];
    if data.objects < BULK_ONCE_FROM {
        for _ in 1..effort.rounds {
            drop(engine);
            let figure;
            (engine, figure) = timed();
            figures.push(figure);
        }
    }
    values.insert(Case::Bulk, median(figures));
    engine
}

fn reads<E: Engine>(engine: &E, data: &Dataset, effort: &Effort, values: &mut Values) {
    let mut ids = Walk::new(&data.order);
    let get = effort.per_unit(|| {
        for id in ids.take(GETS_A_BATCH) {
            black_box(engine.read(|table| table.get(id).slot));
        }
        GETS_A_BATCH
    });
    let mut services = Walk::new(&data.services);
    let find = effort.per_unit(|| {
        let service = services.one();
        engine.read(|table| read_all(table.find(service)))
    });
    let scan = effort.per_unit(|| engine.read(|table| read_all(table.scan())));
    values.extend([(Case::Get, get), (Case::Find, find), (Case::Scan, scan)]);
}

/// Reads a field of each row, and returns how many there are.
fn read_all<'a>(rows: impl Iterator<Item = &'a Arc<Task>>) -> usize {
    let (mut count, mut sum) = (0, 0_u64);
    for task in rows {
        count += 1;
        sum = sum.wrapping_add(task.slot);
    }
    black_box(sum);
    count
}

fn writes<E: Engine>(engine: &mut E, data: &Dataset, effort: &Effort, values: &mut Values) {
    let mut ids = Walk::new(&data.order);
    let mut nodes = Walk::new(&data.nodes);
    let update = each(effort, &mut ids, |id| {
        engine.write(|table| change(table, id, next_slot));
    });
    let update_100 = effort.per_unit(|| {
        engine.write(|table| {
            for id in ids.take(UPDATES_A_TRANSACTION) {
                change(table, id, next_slot);
            }
        });
        UPDATES_A_TRANSACTION
    });
    let move_ = each(effort, &mut ids, |id| {
        let two = nodes.take(2);
        engine.write(|table| change(table, id, |task| move_to(task, two)));
    });
    let reinsert = each(effort, &mut ids, |id| {
        let task = engine.write(|table| table.delete(id));
        engine.write(|table| table.create(task));
    });
    values.extend([
        (Case::Update, update),
        (Case::Update100, update_100),
        (Case::Move, move_),
        (Case::Reinsert, reinsert),
    ]);
}

/// Nanoseconds for `work` on one object.
fn each(effort: &Effort, ids: &mut Walk<'_>, mut work: impl FnMut(&str)) -> f64 {
    effort.per_unit(|| {
        ids.take(UPDATES_A_BATCH).iter().for_each(|id| work(id));
        UPDATES_A_BATCH
    })
}

/// An update as a control plane makes it: get, copy, change, put.
fn change(table: &mut impl Table, id: &str, apply: impl FnOnce(&mut Task)) {
    let mut task = Task::clone(table.get(id));
    apply(&mut task);
    table.update(Arc::new(task));
}

fn next_slot(task: &mut Task) {
    task.slot += 1;
}

/// Moves to the first of two nodes, or from there to the second: walks over ids and nodes may well meet again.
fn move_to(task: &mut Task, two: &[Box<str>]) {
    let there = task.node == two[0];
    task.node.clone_from(&two[usize::from(there)]);
}

fn latency<E: Engine>(engine: &mut E, data: &Dataset, effort: &Effort, values: &mut Values) {
    let mut ids = Walk::new(&data.order);
    let sample = |_| {
        let id = ids.one();
        let begin = Instant::now();
        engine.write(|table| change(table, id, next_slot));
        begin.elapsed()
    };
    let mut samples: Vec<_> = (0..effort.samples.max(1)).map(sample).collect();
    samples.sort_unstable();
    for (case, per_mille) in [
        (Case::UpdateP50, 500),
        (Case::UpdateP99, 990),
        (Case::UpdateP999, 999),
    ] {
        values.insert(case, nanoseconds_each(percentile(&samples, per_mille), 1));
    }
}

/// What a table takes besides its objects, just built.
fn memory<E: Engine>(data: &Dataset, values: &mut Values) {
    let tasks = data.tasks();
    let (engine, bytes) = counting::bytes_left_by(|| build::<E>(&tasks));
    drop(engine);
    values.insert(Case::Memory, float(bytes) / float(data.objects));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_always_moves() {
        let data = Dataset::new(1_000);
        let mut task = Task::clone(&data.tasks()[0]);
        for _ in 0..3 {
            let before = task.node.clone();
            move_to(&mut task, &data.nodes[..2]);
            assert_ne!(task.node, before);
        }
    }

    #[test]
    fn every_case_is_measured_on_every_engine() {
        let data = Dataset::new(1_000);
        for measure in [measure::<Ours>, measure::<BTreeMap>, measure::<Imbl>] {
            let values = measure(&data, &Effort::QUICK);
            let cases: Vec<_> = values.keys().copied().collect();
            assert_eq!(cases, Case::ALL);
            assert!(values.values().all(|value| value.is_finite()), "{values:?}");
        }
    }
}
