//! A batch of a client, and what its report said.

use store_core::{BatchReport, CreateError};

use crate::history::CLIENT;
use crate::operation::sign;
use crate::place::SimStore;
use crate::random::Random;
use crate::report::Report;

pub(crate) struct Batch {
    /// The names of its steps, in order.
    steps: Vec<String>,
    told: BatchReport,
}

impl Batch {
    /// Runs a batch of some steps, each of which leaves its name.
    pub(crate) fn run(number: usize, store: &SimStore, random: &mut Random) -> Self {
        let steps = 1 + random.below(12);
        let steps: Vec<_> = (0..steps)
            .map(|step| format!("batch-{number}-{step}"))
            .collect();
        let end = store.batch(|batch| {
            for step in &steps {
                batch.step(|tx| {
                    sign(tx, &format!("{CLIENT}batch"), step);
                    Ok::<_, CreateError>(())
                })?;
            }
            Ok::<_, CreateError>(())
        });
        let told = end.unwrap_or_else(|error| error.committed);
        Self { steps, told }
    }

    /// Checks that the steps are in the log that it said are, once each and in the versions that it said, and no others.
    pub(crate) fn check(&self, found: impl Fn(&str) -> Vec<usize>, report: &Report) {
        let (first, last) = self.told.versions.unwrap_or_default();
        let mut versions = Vec::new();
        for (place, step) in self.steps.iter().enumerate() {
            let found = found(step);
            let is_told = place < self.told.steps;
            let within = |at: &usize| (first.get()..=last.get()).contains(&(*at as u64));
            if found.len() != usize::from(is_told) || !found.iter().all(within) {
                let told = self.told;
                report.note(format!("{step} is in the log at {found:?}, after {told:?}"));
            }
            versions.extend(found);
        }
        versions.dedup();
        if versions.len() != self.told.transactions {
            report.note(format!("a batch is in {versions:?}, after {:?}", self.told));
        }
    }
}
