//! From flags to the spec of a service.
//!
//! A flag that is not given changes nothing; a flag that stands for a list replaces the list, and makes it empty if its
//! one value is empty. Names of networks, secrets and configs are turned into ids first ([`References`]); all the rest
//! needs no server. What makes a spec valid is not decided here.

mod container;
mod logs;
mod mounts;
mod placement;
mod policies;
mod ports;
mod references;
mod resources;
mod service;

use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{ContainerSpec, ServiceSpec, TaskSpec};

pub(super) use self::references::References;
use crate::cli::connect::Client;
use crate::cli::error::Error;
use crate::cli::files::Source;

/// What `create` and `update` can say about a service.
///
/// It only gathers groups of flags: the parser does not know a group as such that holds others.
#[derive(Debug, clap::Args)]
pub(super) struct SpecFlags {
    #[command(flatten)]
    service: service::ServiceFlags,
    #[command(flatten)]
    container: container::ContainerFlags,
    #[command(flatten)]
    mounts: mounts::MountFlags,
    #[command(flatten)]
    resources: resources::ResourceFlags,
    #[command(flatten)]
    placement: placement::PlacementFlags,
    #[command(flatten)]
    references: references::ReferenceFlags,
    #[command(flatten)]
    ports: ports::PortFlags,
    #[command(flatten)]
    logs: logs::LogFlags,
    #[command(flatten)]
    restart: policies::RestartFlags,
    #[command(flatten)]
    update: policies::UpdateFlags,
    #[command(flatten)]
    rollback: policies::RollbackFlags,
}

impl SpecFlags {
    /// The names of the groups, for flags that exclude all of them.
    pub(super) const GROUPS: [&str; 11] = [
        "ServiceFlags",
        "ContainerFlags",
        "MountFlags",
        "ResourceFlags",
        "PlacementFlags",
        "ReferenceFlags",
        "PortFlags",
        "LogFlags",
        "RestartFlags",
        "UpdateFlags",
        "RollbackFlags",
    ];

    /// Returns the spec that a file holds, if there is a file.
    pub(super) fn file(&self) -> Result<Option<ServiceSpec>, Error> {
        self.service.file.as_ref().map(Source::spec).transpose()
    }

    /// Looks up what the flags refer to.
    pub(super) async fn references(&self, client: &mut Client) -> Result<References, Error> {
        self.references.resolve(client).await
    }

    /// Changes a spec.
    ///
    /// # Errors
    /// When a flag makes no sense for this service; the spec is then of no use.
    pub(super) fn apply(
        &self,
        spec: &mut ServiceSpec,
        references: &References,
    ) -> Result<(), Error> {
        self.service.apply(spec)?;
        self.ports.apply(spec);
        self.update.apply(&mut spec.update);
        self.rollback.apply(&mut spec.rollback);

        let task = spec.task.get_or_insert_default();
        self.container.apply(task)?;
        self.mounts.apply(task)?;
        self.resources.apply(task);
        self.placement.apply(task);
        self.logs.apply(task);
        self.restart.apply(task);
        references.apply(task)
    }
}

/// Returns the container that a task is to run; a task that runs nothing yet gets one.
fn container(task: &mut TaskSpec) -> Result<&mut ContainerSpec, Error> {
    match task
        .runtime
        .get_or_insert_with(|| Runtime::Container(ContainerSpec::default()))
    {
        Runtime::Container(container) => Ok(container),
        Runtime::Generic(_) | Runtime::Attachment(_) => Err(Error::Usage(
            "the service runs no containers, so flags about containers do not go with it".into(),
        )),
    }
}
