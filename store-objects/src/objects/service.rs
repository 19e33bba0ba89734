//! Services: what shall run, and how many times.
//!
//! Only the current spec is indexed, never the previous one.

use store_core::{Index, Indexes, Object};

use super::{Annotated, ById, extract, runtime};
use crate::wire::{Annotations, Config, IndexEntry, Network, Secret, Service, TaskSpec};
use crate::{FoldedName, Id};

/// The id.
pub const BY_ID: ById<Service> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Service, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Service, IndexEntry> = Index::non_unique("custom", extract::custom);

/// The runtime of the service's tasks: `attachment`, `container`, or the kind of a generic one in lower case.
///
/// What is looked for is taken as it is.
pub const BY_RUNTIME: Index<Service, str> = Index::non_unique("runtime", |service, keys| {
    runtime::runtime(task(service), keys);
});

/// Each network that the tasks are attached to; that of the service's own list, which is out of use, if theirs is empty.
pub const BY_NETWORK: Index<Service, Id<Network>> =
    Index::non_unique("network", |service, keys| {
        let own = service.spec.as_ref().map_or(&[][..], |spec| &spec.networks);
        match task(service) {
            Some(task) if !task.networks.is_empty() => runtime::networks(&task.networks, keys),
            _ => runtime::networks(own, keys),
        }
    });

/// Each secret that the tasks' container is given.
pub const BY_SECRET: Index<Service, Id<Secret>> = Index::non_unique("secret", |service, keys| {
    runtime::secrets(task(service), keys);
});

/// Each config that the tasks' container is given.
pub const BY_CONFIG: Index<Service, Id<Config>> = Index::non_unique("config", |service, keys| {
    runtime::configs(task(service), keys);
});

impl Object for Service {
    type Key = Id<Self>;
    const TABLE: &'static str = "service";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME)
            .add(BY_CUSTOM)
            .add(BY_RUNTIME)
            .add(BY_NETWORK)
            .add(BY_SECRET)
            .add(BY_CONFIG);
    }

    stored_as_message!();
}

impl Annotated for Service {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}

/// The spec of the service's tasks.
fn task(service: &Service) -> Option<&TaskSpec> {
    service.spec.as_ref()?.task.as_deref()
}
