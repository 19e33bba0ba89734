//! What a service's spec needs of the rest of the state.

use store_core::{Query, Read};
use store_objects::wire::{
    Config, ContainerSpec, Network, Secret, Service, ServiceSpec, task_spec,
};
use store_objects::{Annotated as _, Id, Orchestration};

use crate::control::networks;
use crate::refusal::Refusal;
use crate::validate;

/// A service must not ask for the ingress network by itself. Networks that do not exist are let pass, as are those in
/// the deprecated list.
pub(super) fn attachment(
    state: &impl Read<Schema = Orchestration>,
    spec: &ServiceSpec,
) -> Result<(), Refusal> {
    let asked = spec.task.iter().flat_map(|task| &task.networks);
    for network in asked.filter_map(|attachment| state.get::<Network>(Id::new(&attachment.target)))
    {
        if networks::is_ingress(network) {
            let (id, name) = (network.id.clone(), network.name().to_owned());
            return Err(Refusal::IngressAttachment { name, id });
        }
    }
    Ok(())
}

/// No two services may publish a port, unless both do it on the nodes of their tasks, where the scheduler keeps them
/// apart. `own` is the service that is updated.
///
/// # Complexity
/// Reads every service, if the spec publishes a port of its choice.
pub(super) fn ports(
    state: &impl Read<Schema = Orchestration>,
    spec: &ServiceSpec,
    own: Option<&str>,
) -> Result<(), Refusal> {
    let services = state
        .find(Query::<Service>::all())
        .map(|service| &**service);
    Ok(validate::ports_free(spec, own, services)?)
}

/// A port that is published on every node goes through the ingress network, so there must be one.
pub(super) fn ingress(
    state: &impl Read<Schema = Orchestration>,
    spec: &ServiceSpec,
) -> Result<(), Refusal> {
    if validate::needs_ingress(spec) && networks::ingress(state).is_none() {
        Err(Refusal::NoIngressNetwork)
    } else {
        Ok(())
    }
}

/// Secrets and configs must exist, under the id and the name that the service gives.
pub(super) fn references(
    state: &impl Read<Schema = Orchestration>,
    spec: &ServiceSpec,
) -> Result<(), Refusal> {
    let Some(ContainerSpec {
        secrets, configs, ..
    }) = container(spec)
    else {
        return Ok(());
    };
    let secrets = secrets.iter().map(|secret| {
        let stored = state.get::<Secret>(Id::new(&secret.secret_id));
        (
            &*secret.secret_name,
            stored.is_some_and(|stored| stored.name() == secret.secret_name),
        )
    });
    all_exist("secret", secrets)?;
    let configs = configs.iter().map(|config| {
        let stored = state.get::<Config>(Id::new(&config.config_id));
        (
            &*config.config_name,
            stored.is_some_and(|stored| stored.name() == config.config_name),
        )
    });
    all_exist("config", configs)
}

/// Refuses the names of what does not exist.
fn all_exist<'a>(
    kind: &str,
    references: impl Iterator<Item = (&'a str, bool)>,
) -> Result<(), Refusal> {
    let missing: Vec<&str> = references
        .filter(|(_, exists)| !exists)
        .map(|(name, _)| name)
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(validate::not_found(kind, &missing).into())
    }
}

fn container(spec: &ServiceSpec) -> Option<&ContainerSpec> {
    match spec.task.as_ref()?.runtime.as_ref()? {
        task_spec::Runtime::Container(container) => Some(container),
        task_spec::Runtime::Attachment(_) | task_spec::Runtime::Generic(_) => None,
    }
}
