//! Containers: their image, their mounts and their health check.

use std::collections::HashSet;

use store_objects::wire::{ContainerSpec, HealthConfig};

use super::duration::{MILLISECOND, nanos};
use super::go::quoted;
use super::{Invalid, expansion, image};

/// Checks a container.
///
/// SwarmKit control API, section 4.1.3.7. Mounts are compared as they are after expansion; the spec keeps its
/// templates.
pub(super) fn container(container: &ContainerSpec) -> Result<(), Invalid> {
    let mount_targets = expansion::dry_run(container)?;
    image_reference(&container.image)?;
    mounts(&mount_targets)?;
    container.healthcheck.as_ref().map_or(Ok(()), healthcheck)
}

fn image_reference(image: &str) -> Result<(), Invalid> {
    let refuse = |text| Invalid::argument(text).at("spec.task.container.image");
    if image.is_empty() {
        return Err(refuse(
            "ContainerSpec: image reference must be provided".to_owned(),
        ));
    }
    image::check(image).map_err(|fault| {
        refuse(format!(
            "ContainerSpec: {} is not a valid repository/tag",
            quoted(image)
        ))
        .advise(fault)
    })
}

fn mounts(targets: &[String]) -> Result<(), Invalid> {
    let mut seen = HashSet::new();
    for (place, target) in targets.iter().enumerate() {
        if !seen.insert(target) {
            return Err(Invalid::argument(format!(
                "ContainerSpec: duplicate mount point: {target}"
            ))
            .at(format!("spec.task.container.mounts[{place}].target")));
        }
    }
    Ok(())
}

fn healthcheck(health: &HealthConfig) -> Result<(), Invalid> {
    for (duration, name, field) in [
        (&health.interval, "Interval", "interval"),
        (&health.timeout, "Timeout", "timeout"),
        (&health.start_period, "StartPeriod", "start_period"),
        (&health.start_interval, "StartInterval", "start_interval"),
    ] {
        let Some(duration) = duration else { continue };
        let field = format!("spec.task.container.healthcheck.{field}");
        let nanos = nanos(duration, &field)?;
        if nanos != 0 && nanos < MILLISECOND {
            return Err(Invalid::argument(format!(
                "ContainerSpec: {name} in HealthConfig cannot be less than 1ms"
            ))
            .at(field)
            .advise("0.001s or longer, or 0s for the default"));
        }
    }
    if health.retries < 0 {
        return Err(
            Invalid::argument("ContainerSpec: Retries in HealthConfig cannot be negative")
                .at("spec.task.container.healthcheck.retries")
                .advise("0 for the default, or more"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use prost_types::Duration;
    use store_objects::wire::Mount;

    use super::*;

    fn with_mounts(targets: &[&str]) -> ContainerSpec {
        ContainerSpec {
            image: "image".to_owned(),
            mounts: targets
                .iter()
                .map(|target| Mount {
                    target: (*target).to_owned(),
                    ..Mount::default()
                })
                .collect(),
            ..ContainerSpec::default()
        }
    }

    #[test]
    fn images_are_given_and_well_formed() {
        for (image, text) in [
            ("", "ContainerSpec: image reference must be provided"),
            (
                "busybox###",
                "ContainerSpec: \"busybox###\" is not a valid repository/tag",
            ),
        ] {
            let spec = ContainerSpec {
                image: image.to_owned(),
                ..ContainerSpec::default()
            };
            assert_eq!(container(&spec).unwrap_err().text(), text);
        }
    }

    #[test]
    fn a_place_is_mounted_once() {
        assert_eq!(container(&with_mounts(&["/d", "/D", ""])), Ok(()));
        for (targets, text) in [
            (["/d", "/d"], "ContainerSpec: duplicate mount point: /d"),
            (
                ["/{{.Task.Slot}}", "/1"],
                "ContainerSpec: duplicate mount point: /1",
            ),
        ] {
            assert_eq!(container(&with_mounts(&targets)).unwrap_err().text(), text);
        }
    }

    #[test]
    fn health_checks_leave_some_time() {
        let after = |nanos| Some(Duration { seconds: 0, nanos });
        let check = HealthConfig {
            interval: after(0),
            timeout: after(1_000_000),
            ..HealthConfig::default()
        };
        assert_eq!(healthcheck(&check), Ok(()));
        for (check, text) in [
            (
                HealthConfig {
                    interval: after(-1),
                    ..HealthConfig::default()
                },
                "Interval",
            ),
            (
                HealthConfig {
                    timeout: after(999_999),
                    ..HealthConfig::default()
                },
                "Timeout",
            ),
            (
                HealthConfig {
                    start_period: after(1),
                    ..HealthConfig::default()
                },
                "StartPeriod",
            ),
            (
                HealthConfig {
                    start_interval: after(1),
                    ..HealthConfig::default()
                },
                "StartInterval",
            ),
        ] {
            assert_eq!(
                healthcheck(&check).unwrap_err().text(),
                format!("ContainerSpec: {text} in HealthConfig cannot be less than 1ms")
            );
        }
        let check = HealthConfig {
            retries: -1,
            ..HealthConfig::default()
        };
        assert_eq!(
            healthcheck(&check).unwrap_err().text(),
            "ContainerSpec: Retries in HealthConfig cannot be negative"
        );
    }
}
