//! Saving and restoring many tasks.

use std::io;
use std::time::Instant;

use anyhow::Result;
use proposer::Loopback;
use store_core::{Changes, Object as _, Store};
use store_objects::Orchestration;
use store_objects::wire::Task;

use crate::effort::nanoseconds_each;
use crate::reference::{self, Go};
use crate::report::{Report, Unit};
use crate::tasks::Forms;

type LocalStore = Store<Orchestration, Loopback<Changes<Orchestration>>>;

/// Measures saving and restoring: tasks as in go-memdb's measurement (ids, a name, a service, a node, a slot), and typical
/// ones.
///
/// # Errors
/// The store refuses something.
pub(crate) fn measure(tasks: usize, go: Option<&Go>, report: &mut Report) -> Result<()> {
    let forms = Forms::new(tasks)?;
    let lean = |number: usize| {
        let Task {
            id,
            service_id,
            node_id,
            slot,
            annotations,
            ..
        } = forms.task(number);
        Task {
            id,
            service_id,
            node_id,
            slot,
            annotations,
            ..Task::default()
        }
    };
    let target = Some(5.0);
    let mut row = |case: &str, ours: f64| {
        let theirs = reference::insert(go);
        report.compare(case, Unit::Nanoseconds, ours, theirs, target);
    };
    let (save, restore) = round_trip(tasks, lean)?;
    row("save a task with five fields", save);
    row("restore it", restore);
    let typical = |number: usize| Task::decode(&forms.form(number)).expect("it was just encoded");
    let (save, restore) = round_trip(tasks, typical)?;
    row("save a typical task", save);
    row("restore it", restore);
    Ok(())
}

/// Nanoseconds a task for saving, and for restoring into an empty store.
fn round_trip(tasks: usize, task: impl Fn(usize) -> Task) -> Result<(f64, f64)> {
    let store = LocalStore::open(Loopback::new())?;
    for first in (0..tasks).step_by(10_000) {
        let numbers = first..tasks.min(first + 10_000);
        store.update(|tx| {
            numbers
                .clone()
                .try_for_each(|number| tx.create(task(number)).map(drop))
        })?;
    }
    // Once without timing, for the bytes.
    let mut bytes = Vec::new();
    store.save(&mut bytes)?;
    let begin = Instant::now();
    store.save(io::sink())?;
    let save = nanoseconds_each(begin.elapsed(), tasks);
    let digest = (tasks <= 10_000).then(|| store.view().digest());
    drop(store);

    let restored = LocalStore::open(Loopback::new())?;
    let begin = Instant::now();
    restored.restore(bytes.as_slice())?;
    let restore = nanoseconds_each(begin.elapsed(), tasks);
    if let Some(digest) = digest {
        anyhow::ensure!(
            restored.view().digest() == digest,
            "what was restored is not what was saved"
        );
    }
    Ok((save, restore))
}
