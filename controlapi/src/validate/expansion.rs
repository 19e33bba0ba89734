//! Which fields of a container are templates, and whether they would expand.
//!
//! They are expanded where a task runs, with the node, the service and the task it runs for. Here they are expanded
//! with made-up values, so that a mistake is found before anything is scheduled. Nothing of the result is kept, but
//! for where mounts go.

use std::collections::BTreeMap;

use store_objects::wire::{ContainerSpec, Mount};

use super::Invalid;
use super::go::quoted;
use super::template::Expander;

/// Expands all templates of a container and returns where its mounts would go.
///
/// SwarmKit control API, section 4.5.
pub(super) fn dry_run(container: &ContainerSpec) -> Result<Vec<String>, Invalid> {
    let mut expander = Expander::new();
    for (place, entry) in container.env.iter().enumerate() {
        // Without a value there is nothing to expand, however much it looks like a template.
        if let Some((_, value)) = entry.split_once('=') {
            expander.expand(value).map_err(|fault| {
                refused(
                    &format!("expanding env failed: expanding env {}", quoted(entry)),
                    &fault,
                    &format!("env[{place}]"),
                )
            })?;
        }
    }
    let targets = container
        .mounts
        .iter()
        .enumerate()
        .map(|(place, mount)| expand_mount(&mut expander, place, mount))
        .collect::<Result<_, _>>()?;
    expander
        .expand(&container.hostname)
        .map_err(|fault| refused("expanding hostname failed", &fault, "hostname"))?;
    Ok(targets)
}

fn expand_mount(expander: &mut Expander, place: usize, mount: &Mount) -> Result<String, Invalid> {
    let refused = |what: &str, fault: &str, field: &str| {
        refused(
            &format!("expanding mounts failed: expanding {what}"),
            fault,
            &format!("mounts[{place}].{field}"),
        )
    };
    expander.expand(&mount.source).map_err(|fault| {
        let what = format!("mount source {}", quoted(&mount.source));
        refused(&what, &fault, "source")
    })?;
    let target = expander.expand(&mount.target).map_err(|fault| {
        let what = format!("mount target {}", quoted(&mount.target));
        refused(&what, &fault, "target")
    })?;
    if let Some(volume) = &mount.volume_options {
        expand_values(expander, &volume.labels)
            .map_err(|fault| refused("volume labels", &fault, "volume_options.labels"))?;
        if let Some(driver) = &volume.driver_config {
            expand_values(expander, &driver.options).map_err(|fault| {
                let field = "volume_options.driver_config.options";
                refused("volume driver config", &fault, field)
            })?;
        }
    }
    Ok(target)
}

/// Expands the values of a map and names the entry at fault.
fn expand_values(expander: &mut Expander, map: &BTreeMap<String, String>) -> Result<(), String> {
    for (key, value) in map {
        expander.expand(value).map_err(|fault| {
            format!(
                "expanding map entry {}={}: {fault}",
                quoted(key),
                quoted(value)
            )
        })?;
    }
    Ok(())
}

fn refused(what: &str, fault: &str, field: &str) -> Invalid {
    Invalid::argument(format!("{what}: {fault}")).at(format!("spec.task.container.{field}"))
}

#[cfg(test)]
mod tests {
    use store_objects::wire::Driver;
    use store_objects::wire::mount::VolumeOptions;

    use super::*;

    fn fault(container: &ContainerSpec) -> String {
        dry_run(container).unwrap_err().text().to_owned()
    }

    fn map(value: &str) -> BTreeMap<String, String> {
        [("k".to_owned(), value.to_owned())].into()
    }

    fn with_volume(labels: &str, options: &str) -> ContainerSpec {
        ContainerSpec {
            mounts: vec![Mount {
                volume_options: Some(VolumeOptions {
                    labels: map(labels),
                    driver_config: Some(Driver {
                        options: map(options),
                        ..Driver::default()
                    }),
                    ..VolumeOptions::default()
                }),
                ..Mount::default()
            }],
            ..ContainerSpec::default()
        }
    }

    #[test]
    fn each_field_says_what_it_is() {
        let env = ContainerSpec {
            env: vec!["{{bad".to_owned(), "A={{bad".to_owned()],
            ..ContainerSpec::default()
        };
        assert!(fault(&env).starts_with(
            "expanding env failed: expanding env \"A={{bad\": template: expansion:1:"
        ));
        let hostname = ContainerSpec {
            hostname: "{{.X}}".to_owned(),
            ..ContainerSpec::default()
        };
        assert!(
            fault(&hostname).starts_with("expanding hostname failed: template: expansion:1:2: ")
        );
        let mounts = ContainerSpec {
            mounts: vec![Mount {
                target: "{{.X}}".to_owned(),
                ..Mount::default()
            }],
            ..ContainerSpec::default()
        };
        assert!(
            fault(&mounts).starts_with(
                "expanding mounts failed: expanding mount target \"{{.X}}\": template: "
            )
        );
        assert!(fault(&with_volume("{{.X}}", "")).starts_with(
            "expanding mounts failed: expanding volume labels: expanding map entry \"k\"=\"{{.X}}\": template: "
        ));
        assert!(fault(&with_volume("", "{{.X}}")).starts_with(
            "expanding mounts failed: expanding volume driver config: expanding map entry \"k\"=\"{{.X}}\": template: "
        ));
    }

    #[test]
    fn targets_are_those_of_the_first_task() {
        let container = ContainerSpec {
            mounts: vec![Mount {
                target: "/{{.Task.Slot}}/{{.Service.Name}}".to_owned(),
                ..Mount::default()
            }],
            ..with_volume("{{.Node.ID}}", "plain")
        };
        assert_eq!(dry_run(&container), Ok(vec!["/1/servicename".to_owned()]));
    }
}
