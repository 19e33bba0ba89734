//! What services and tasks are found by because of the spec that tasks run.

use store_core::Keys;

use crate::wire::task_spec::Runtime;
use crate::wire::{Config, ContainerSpec, Network, NetworkAttachmentConfig, Secret, TaskSpec};
use crate::{FoldedName, Id};

/// The runtime's name: `attachment`, `container`, or the lower-case kind of a generic one.
pub(super) fn runtime(spec: Option<&TaskSpec>, keys: &mut Keys<'_, str>) {
    match spec.and_then(|spec| spec.runtime.as_ref()) {
        Some(Runtime::Attachment(_)) => keys.push("attachment"),
        Some(Runtime::Container(_)) => keys.push("container"),
        Some(Runtime::Generic(generic)) => {
            keys.push(&FoldedName::new(&generic.kind).to_string());
        }
        None => {}
    }
}

/// The target of each attachment.
pub(super) fn networks(attachments: &[NetworkAttachmentConfig], keys: &mut Keys<'_, Id<Network>>) {
    for attachment in attachments {
        keys.push(Id::new(&attachment.target));
    }
}

/// Each secret that the container is given.
pub(super) fn secrets(spec: Option<&TaskSpec>, keys: &mut Keys<'_, Id<Secret>>) {
    for reference in container(spec).map_or(&[][..], |container| &container.secrets) {
        keys.push(Id::new(&reference.secret_id));
    }
}

/// Each config that the container is given.
pub(super) fn configs(spec: Option<&TaskSpec>, keys: &mut Keys<'_, Id<Config>>) {
    for reference in container(spec).map_or(&[][..], |container| &container.configs) {
        keys.push(Id::new(&reference.config_id));
    }
}

fn container(spec: Option<&TaskSpec>) -> Option<&ContainerSpec> {
    match spec?.runtime.as_ref()? {
        Runtime::Container(container) => Some(container),
        Runtime::Attachment(_) | Runtime::Generic(_) => None,
    }
}
