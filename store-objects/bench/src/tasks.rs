//! What a typical task takes in memory, everything counted.
//!
//! `task.json` is the typical task: a service of a stack, with image, environment, mounts, a secret, a config, limits,
//! placement, two networks, a published port. Ids, slot, service and node differ from task to task; the Go harness follows
//! the same recipe.

use anyhow::{Context as _, Result, ensure};
use proposer::Loopback;
use store_core::{Changes, Object as _, Store};
use store_objects::Orchestration;
use store_objects::wire::Task;

use crate::counting::bytes_left_by;
use crate::effort::float;
use crate::reference::Go;
use crate::report::{Report, Unit};
use crate::swarmkit::Figure;

pub(crate) const TYPICAL: &str = include_str!("../task.json");

/// A service has as many tasks, a node twice as many.
const TASKS_A_SERVICE: usize = 100;

/// The encoded forms of tasks, made one by one.
pub(crate) struct Forms {
    typical: Task,
    services: usize,
    /// Whether each task has a spec of its own, so that none is shared.
    alone: bool,
}

impl Forms {
    /// # Errors
    /// The typical task is none.
    pub(crate) fn new(tasks: usize) -> Result<Self> {
        Ok(Self {
            typical: serde_json::from_str(TYPICAL).context("failed to read task.json")?,
            services: tasks / TASKS_A_SERVICE + 1,
            alone: false,
        })
    }

    /// The task of a number.
    pub(crate) fn task(&self, number: usize) -> Task {
        let id = |number: usize| format!("{number:025}");
        let service = number % self.services;
        let mut task = Task {
            id: id(number * 7919),
            service_id: id(service),
            node_id: id(number % (self.services / 2 + 1)),
            slot: number as u64,
            ..self.typical.clone()
        };
        // What differs between services, in the spec and around it; alone, each task is a service.
        let version = if self.alone { number } else { service } as u64;
        if let Some(spec) = &mut task.spec {
            spec.force_update = 1 + version;
        }
        if let Some(annotations) = &mut task.service_annotations {
            annotations.name = format!("{version:013}");
        }
        task
    }

    pub(crate) fn form(&self, number: usize) -> Vec<u8> {
        let mut form = Vec::new();
        self.task(number).encode(&mut form);
        form
    }
}

/// Counts the memory of tasks that were read from a log, as on every member but the one that made them.
///
/// # Errors
/// The typical task is none, the store refuses it, or the Go harness read another.
pub(crate) fn measure(tasks: usize, go: Option<&Go>, report: &mut Report) -> Result<()> {
    let mut forms = Forms::new(tasks)?;
    if let Some(go) = go {
        let characters = float(characters(&serde_json::from_str(TYPICAL)?));
        ensure!(
            // The ids of the recipe are as long as those in the file; the slot is no text.
            (go.characters - characters).abs() < 0.5,
            "the Go harness read {} characters of {characters}",
            go.characters
        );
    }
    let decode = |forms: &Forms| -> Result<Vec<Task>> {
        let mut decoded = Vec::with_capacity(tasks);
        for number in 0..tasks {
            let task = Task::decode(&forms.form(number));
            decoded.push(task.map_err(anyhow::Error::from_boxed)?);
        }
        Ok(decoded)
    };
    let (decoded, object) = bytes_left_by(|| decode(&forms));
    let decoded = decoded?;
    let (store, tables) = bytes_left_by(|| filled(decoded));
    drop(store?);
    forms.alone = true;
    let (alone, object_alone) = bytes_left_by(|| decode(&forms));
    drop(alone?);

    let each = |bytes: usize| float(bytes) / float(tasks);
    // What filling leaves behind, the objects moved into the store included.
    let (object, tables) = (each(object), each(tables));
    let target = Some(2.0);
    let mut row = |case: &str, ours: f64, reference: Option<Figure>, target| match reference {
        Some(reference) => report.compare(case, Unit::Bytes, ours, reference, target),
        None => report.add(case, Unit::Bytes, ours),
    };
    let go_task = go.map(Go::task);
    let go_indexes = go.map(Go::indexes);
    row("task, 100 a service", object, go_task.clone(), target);
    row("task, 1 a service", each(object_alone), go_task, None);
    row(
        "task's part of the indexes, slots and history",
        tables,
        go_indexes,
        None,
    );
    Ok(())
}

fn filled(tasks: Vec<Task>) -> Result<Store<Orchestration, Loopback<Changes<Orchestration>>>> {
    let store = Store::open(Loopback::new())?;
    let mut tasks = tasks.into_iter().peekable();
    while tasks.peek().is_some() {
        let mut some: Vec<_> = tasks.by_ref().take(10_000).collect();
        store.update(|tx| {
            some.drain(..)
                .try_for_each(|task| tx.create(task).map(drop))
        })?;
    }
    Ok(store)
}

/// The characters of all strings, as the Go harness counts them.
fn characters(value: &serde_json::Value) -> usize {
    use serde_json::Value;
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(characters).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let is_map = name == "labels" || name == "options";
                let keys = value.as_object().filter(|_| is_map);
                let keys = keys.map_or(0, |map| map.keys().map(String::len).sum());
                keys + characters(value)
            })
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
