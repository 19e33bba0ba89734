//! Flags about the service itself: its labels, and how many tasks it has.

use store_objects::wire::ServiceSpec;
use store_objects::wire::service_spec::Mode;

use crate::cli::error::Error;
use crate::cli::files::Source;
use crate::cli::item::{Item, Pair, given_map};

/// What the service is.
#[derive(Debug, clap::Args)]
pub(super) struct ServiceFlags {
    /// A spec in JSON or YAML, by protobuf's JSON mapping, which the other flags change; - is standard input.
    #[arg(short, long)]
    pub(super) file: Option<Source>,
    /// A label.
    #[arg(long = "label", value_name = "KEY=VALUE")]
    labels: Vec<Item<Pair>>,
    /// How many tasks there are; of a job, how many times it is to be completed.
    #[arg(long, value_name = "COUNT")]
    replicas: Option<u64>,
    /// How many tasks of a job may run at the same time; as many as there are replicas by default.
    #[arg(long, value_name = "COUNT")]
    max_concurrent: Option<u64>,
}

impl ServiceFlags {
    pub(super) fn apply(&self, spec: &mut ServiceSpec) -> Result<(), Error> {
        if let Some(labels) = given_map(&self.labels) {
            spec.annotations.get_or_insert_default().labels = labels;
        }
        match (&mut spec.mode, self.replicas, self.max_concurrent) {
            (_, None, None) => {}
            (Some(Mode::Replicated(mode)), Some(replicas), None) => mode.replicas = replicas,
            (Some(Mode::ReplicatedJob(mode)), replicas, max_concurrent) => {
                mode.total_completions = replicas.unwrap_or(mode.total_completions);
                mode.max_concurrent = max_concurrent.or(replicas).unwrap_or(mode.max_concurrent);
            }
            (_, _, Some(_)) => {
                return Err(Error::Usage(
                    "--max-concurrent goes with a service of mode replicated-job only".into(),
                ));
            }
            (_, Some(_), None) => {
                return Err(Error::Usage(
                    "--replicas goes with a service of mode replicated or replicated-job only"
                        .into(),
                ));
            }
        }
        Ok(())
    }
}
