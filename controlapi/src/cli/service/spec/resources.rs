//! Flags about what a task may use, and what is kept free for it.

use std::str::FromStr;

use store_objects::wire::generic_resource::Resource;
use store_objects::wire::{DiscreteGenericResource, GenericResource, TaskSpec};

use crate::cli::item::{Item, given};
use crate::cli::quantity::{parse_bytes, parse_cpus};

/// How much a task gets.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Resources")]
pub(super) struct ResourceFlags {
    /// Most CPUs that it may use.
    #[arg(long, value_name = "CPUS", value_parser = parse_cpus)]
    cpu_limit: Option<i64>,
    /// CPUs that are kept free for it.
    #[arg(long, value_name = "CPUS", value_parser = parse_cpus)]
    cpu_reservation: Option<i64>,
    /// Most memory that it may use.
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes)]
    memory_limit: Option<i64>,
    /// Memory that is kept free for it.
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes)]
    memory_reservation: Option<i64>,
    /// Resources of other kinds that are kept free for it.
    #[arg(long, value_name = "KIND=COUNT,...", value_delimiter = ',')]
    generic_resources: Vec<Item<Amount>>,
}

impl ResourceFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) {
        if self.cpu_limit.is_some() || self.memory_limit.is_some() {
            let limits = task
                .resources
                .get_or_insert_default()
                .limits
                .get_or_insert_default();
            limits.nano_cpus = self.cpu_limit.unwrap_or(limits.nano_cpus);
            limits.memory_bytes = self.memory_limit.unwrap_or(limits.memory_bytes);
        }
        let generic = given(&self.generic_resources);
        if self.cpu_reservation.is_some() || self.memory_reservation.is_some() || generic.is_some()
        {
            let kept = task
                .resources
                .get_or_insert_default()
                .reservations
                .get_or_insert_default();
            kept.nano_cpus = self.cpu_reservation.unwrap_or(kept.nano_cpus);
            kept.memory_bytes = self.memory_reservation.unwrap_or(kept.memory_bytes);
            if let Some(amounts) = generic {
                kept.generic = amounts
                    .into_iter()
                    .map(|Amount(resource)| resource)
                    .collect();
            }
        }
    }
}

/// A number of interchangeable things: `gpu=2`.
#[derive(Clone, Debug, PartialEq)]
struct Amount(GenericResource);

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("{text:?} is not of the form KIND=COUNT");
        let (kind, count) = text
            .split_once('=')
            .filter(|(kind, _)| !kind.is_empty())
            .ok_or_else(error)?;
        let value = count.parse().map_err(|_| error())?;
        let resource = Resource::DiscreteResourceSpec(DiscreteGenericResource {
            kind: kind.into(),
            value,
        });
        Ok(Self(GenericResource {
            resource: Some(resource),
        }))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: ResourceFlags,
    }

    fn apply(flags: &str, task: &mut TaskSpec) {
        Line::parse_from(std::iter::once("create").chain(flags.split_whitespace()))
            .flags
            .apply(task);
    }

    #[test]
    fn amounts_are_limits_and_reservations() {
        let mut task = TaskSpec::default();
        apply("", &mut task);
        assert_eq!(task, TaskSpec::default());

        apply(
            "--cpu-limit 0.5 --memory-limit 64MiB --generic-resources gpu=2,ssd=1",
            &mut task,
        );
        assert_json(
            &task,
            r#"{"resources": {
                "limits": {"nanoCpus": "500000000", "memoryBytes": "67108864"},
                "reservations": {"generic": [
                    {"discreteResourceSpec": {"kind": "gpu", "value": "2"}},
                    {"discreteResourceSpec": {"kind": "ssd", "value": "1"}}
                ]}
            }}"#,
        );
        apply(
            "--memory-limit 1GiB --cpu-reservation 2 --generic-resources=",
            &mut task,
        );
        assert_json(
            &task,
            r#"{"resources": {
                "limits": {"nanoCpus": "500000000", "memoryBytes": "1073741824"},
                "reservations": {"nanoCpus": "2000000000"}
            }}"#,
        );
    }

    #[test]
    fn an_amount_needs_kind_and_count() {
        for text in ["gpu", "=1", "gpu=", "gpu=many"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}
