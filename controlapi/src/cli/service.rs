//! Services: sets of equal tasks that the cluster keeps running.

mod create;
mod show;
mod spec;
mod update;

use std::collections::BTreeMap;

pub(super) use store_objects::wire::Service;
use store_objects::wire::list_service_statuses_response::ServiceStatus;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::{
    CreateServiceRequest, GetServiceRequest, ListServiceStatusesRequest, ListServicesRequest, Meta,
    RemoveServiceRequest, ServiceSpec, UpdateServiceRequest, Version, list_services_request,
    list_tasks_request,
};
use tonic::Status;

pub(super) use self::show::image;
use super::connect::Client;
use super::error::Error;
use super::kind::{Edit, Kind, Make, View, name_in, present};
use super::output::Table;
use super::selection::{Selection, no_value};
use super::session::Session;
use super::verbs::{List, Named};
use super::{network, node, task};

/// What can be done with services.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List services; one more filter: mode=.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about services, and their tasks.
    Inspect(Named),
    /// Make a service; prints its id.
    Create(Box<create::Create>),
    /// Change a service by the flags given, and nothing else of it; prints its id.
    ///
    /// A flag that may be given many times stands for a list and replaces it; one empty value, as in --label '', makes
    /// it empty.
    Update(Box<update::Update>),
    /// Remove services; their tasks end soon after.
    #[command(visible_alias = "remove")]
    Rm(Named),
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Service>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Service>(session).await,
            Self::Create(create) => create.run(session).await,
            Self::Update(update) => Box::pin(update.run(session)).await,
            Self::Rm(named) => {
                let remove = async |client: &mut Client, service_id| {
                    client
                        .control
                        .remove_service(RemoveServiceRequest { service_id })
                        .await
                        .map(drop)
                };
                named.remove::<Service>(session, remove).await
            }
        }
    }
}

impl Kind for Service {
    const NOUN: &'static str = "service";
    const FILTERS: &'static [&'static str] = &["mode"];

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> String {
        name_in(
            self.spec
                .as_ref()
                .and_then(|spec| spec.annotations.as_ref()),
        )
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }

    async fn get(client: &mut Client, id: &str) -> Result<Self, Status> {
        let request = GetServiceRequest {
            service_id: id.into(),
            insert_defaults: false,
        };
        let answer = client.control.get_service(request).await?;
        present(answer.into_inner().service)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let modes = modes(selection)?;
        let filters = list_services_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
            ..Default::default()
        };
        let request = ListServicesRequest {
            filters: Some(filters),
        };
        let mut services = client
            .control
            .list_services(request)
            .await?
            .into_inner()
            .services;
        // The server knows no filter by mode.
        services.retain(|service| {
            modes.is_empty() || modes.contains(&mode_name(service.spec.as_deref()))
        });
        Ok(services)
    }

    async fn table(client: &mut Client, services: &[Self], view: View) -> Result<Table, Error> {
        Ok(show::table(
            services,
            &statuses(client, services).await?,
            view,
        ))
    }

    async fn details(&self, client: &mut Client, view: View) -> Result<String, Error> {
        let statuses = statuses(client, std::slice::from_ref(self)).await?;
        let of_service = list_tasks_request::Filters {
            service_ids: vec![self.id.clone()],
            ..Default::default()
        };
        let tasks = task::fetch(client, of_service).await?;
        let nodes = node::names(client, &tasks).await;
        let task = self.spec.as_ref().and_then(|spec| spec.task.as_ref());
        let networks = task
            .map(|task| task.networks.as_slice())
            .unwrap_or_default();
        let networks = network::names(client, networks).await;
        let details = show::details(self, &statuses, networks, view);
        Ok(details + &task::section(&tasks, &nodes, view))
    }
}

impl Make<ServiceSpec> for Service {
    async fn create(client: &mut Client, spec: ServiceSpec) -> Result<Self, Status> {
        let request = CreateServiceRequest { spec: Some(spec) };
        let answer = Box::pin(client.control.create_service(request)).await?;
        present(answer.into_inner().service)
    }
}

impl Edit for Service {
    type Spec = ServiceSpec;

    fn spec(&self) -> Option<&ServiceSpec> {
        self.spec.as_deref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: ServiceSpec,
    ) -> Result<Self, Status> {
        let request = UpdateServiceRequest {
            service_id: id.into(),
            service_version: Some(version),
            spec: Some(spec),
            ..Default::default()
        };
        let answer = Box::pin(client.control.update_service(request)).await?;
        present(answer.into_inner().service)
    }
}

/// Task counts of services, by id.
type Statuses = BTreeMap<String, ServiceStatus>;

/// Returns the task counts of services.
async fn statuses(client: &mut Client, services: &[Service]) -> Result<Statuses, Error> {
    let ids = services.iter().map(|service| service.id.clone()).collect();
    let request = ListServiceStatusesRequest { services: ids };
    let answer = client.control.list_service_statuses(request).await?;
    let by_id = |status: ServiceStatus| (status.service_id.clone(), status);
    Ok(answer
        .into_inner()
        .statuses
        .into_iter()
        .map(by_id)
        .collect())
}

/// The modes by their names on the command line.
const MODES: [&str; 4] = ["replicated", "global", "replicated-job", "global-job"];

fn mode_name(spec: Option<&ServiceSpec>) -> &'static str {
    match spec.and_then(|spec| spec.mode) {
        Some(Mode::Replicated(_)) => "replicated",
        Some(Mode::Global(_)) => "global",
        Some(Mode::ReplicatedJob(_)) => "replicated-job",
        Some(Mode::GlobalJob(_)) => "global-job",
        None => "",
    }
}

/// Returns the modes that a selection asks for; none if it does not care.
fn modes(selection: &Selection) -> Result<Vec<&'static str>, Error> {
    let known = |mode: &str| MODES.into_iter().find(|known| *known == mode);
    let error = |mode: &str| Error::Usage(no_value("mode", mode, &MODES));
    selection
        .special("mode")
        .map(|mode| known(mode).ok_or_else(|| error(mode)))
        .collect()
}
