//! How much CPU and memory a task may ask for.
//!
//! Generic resources are not looked at: SwarmKit sees faults in them and does not report them.

use store_objects::wire::{ResourceRequirements, Resources};

use super::Invalid;
use super::go;

/// A thousandth of a CPU: below it the kernel's scheduler cannot be told.
const NANO_CPUS_MIN: i64 = 1_000_000;

/// Below it, container engines refuse to start anything.
const MEMORY_BYTES_MIN: i64 = 4 << 20;

/// Checks the limits, then the reservations.
///
/// SwarmKit control API, section 4.1.3.1.
pub(super) fn requirements(requirements: &ResourceRequirements) -> Result<(), Invalid> {
    for (resources, field) in [
        (&requirements.limits, "limits"),
        (&requirements.reservations, "reservations"),
    ] {
        if let Some(resources) = resources {
            one_side(resources, &format!("spec.task.resources.{field}"))?;
        }
    }
    Ok(())
}

fn one_side(resources: &Resources, field: &str) -> Result<(), Invalid> {
    let Resources {
        nano_cpus,
        memory_bytes,
        generic: _,
    } = resources;
    if *nano_cpus != 0 && *nano_cpus < NANO_CPUS_MIN {
        #[expect(
            clippy::cast_precision_loss,
            reason = "SwarmKit's text has the value as a float of this precision"
        )]
        let cpus = *nano_cpus as f64 / 1e9;
        return Err(Invalid::argument(format!(
            "invalid cpu value {}: Must be at least 0.001",
            go::shortest(cpus)
        ))
        .at(format!("{field}.nano_cpus"))
        .advise("1000000 or more, or 0 for no limit"));
    }
    if *memory_bytes != 0 && *memory_bytes < MEMORY_BYTES_MIN {
        return Err(Invalid::argument(format!(
            "invalid memory value {memory_bytes}: Must be at least 4MiB"
        ))
        .at(format!("{field}.memory_bytes"))
        .advise("4194304 or more, or 0 for no limit"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(nano_cpus: i64, memory_bytes: i64) -> ResourceRequirements {
        ResourceRequirements {
            limits: Some(Resources {
                nano_cpus,
                memory_bytes,
                ..Resources::default()
            }),
            ..ResourceRequirements::default()
        }
    }

    #[test]
    fn enough_or_nothing_is_accepted() {
        for (cpus, memory) in [(0, 0), (1_000_000, 4_194_304), (i64::MAX, i64::MAX)] {
            assert_eq!(requirements(&limits(cpus, memory)), Ok(()));
        }
    }

    #[test]
    fn too_little_is_refused() {
        for (cpus, memory, text) in [
            (42, 0, "invalid cpu value 4.2e-08: Must be at least 0.001"),
            (-1, 1, "invalid cpu value -1e-09: Must be at least 0.001"),
            (
                -5_000_000_000,
                0,
                "invalid cpu value -5: Must be at least 0.001",
            ),
            (
                0,
                4_194_303,
                "invalid memory value 4194303: Must be at least 4MiB",
            ),
            (0, -1, "invalid memory value -1: Must be at least 4MiB"),
        ] {
            assert_eq!(
                requirements(&limits(cpus, memory)).unwrap_err().text(),
                text
            );
        }
    }

    #[test]
    fn limits_are_checked_before_reservations() {
        let mut both = limits(0, 1);
        both.reservations = limits(1, 0).limits;
        let refusal = requirements(&both).unwrap_err();
        assert_eq!(
            refusal.field(),
            Some("spec.task.resources.limits.memory_bytes")
        );
    }
}
