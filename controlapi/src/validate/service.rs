//! [`service_spec`]: all rules for what a service may be, in the order in which they are reported.

use store_objects::wire::{ServiceSpec, TaskSpec, task_spec::Runtime};

use super::{
    Invalid, constraint, duration, endpoint, mode, name, references, request, resources, restart,
    runtime,
};

/// Checks the spec of a service that is to be created or updated, and returns it.
///
/// SwarmKit control API, section 4.1. With several faults, the first in SwarmKit's order is reported. What the
/// spec refers to (networks, secrets, configs, ports of others) is not looked up.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn service_spec(spec: Option<&ServiceSpec>) -> Result<&ServiceSpec, Invalid> {
    if let Some(spec) = spec {
        decodable(spec)?;
    }
    let spec = request::part(spec, "spec")?;
    name::dns_name(spec.annotations.as_ref())?;
    match &spec.task {
        Some(task) => task_spec(task)?,
        None => task_spec(&TaskSpec::default())?,
    }
    mode::mode(spec)?;
    mode::update(spec)?;
    if let Some(endpoint) = &spec.endpoint {
        endpoint::endpoint(endpoint)?;
    }
    Ok(spec)
}

/// Checks the durations that SwarmKit checks while it decodes a request, before any rule.
///
/// SwarmKit control API, section 1.4.
fn decodable(spec: &ServiceSpec) -> Result<(), Invalid> {
    for (config, field) in [
        (&spec.update, "spec.update.delay"),
        (&spec.rollback, "spec.rollback.delay"),
    ] {
        if let Some(delay) = config.as_ref().and_then(|config| config.delay.as_ref()) {
            duration::nanos(delay, field)
                .map_err(|refusal| refusal.behind("grpc: error unmarshalling request: "))?;
        }
    }
    Ok(())
}

fn task_spec(task: &TaskSpec) -> Result<(), Invalid> {
    if let Some(requirements) = &task.resources {
        resources::requirements(requirements)?;
    }
    if let Some(policy) = &task.restart {
        restart::policy(policy)?;
    }
    if let Some(placement) = &task.placement {
        constraint::parse_all(&placement.constraints)?;
    }
    if let Some(Runtime::Container(container)) = &task.runtime {
        references::secrets(container)?;
        references::configs(container)?;
    }
    runtime::runtime(task)
}
