//! Services: read, create, update, remove (SwarmKit control API, section 4).
//!
//! What a request says is judged before its transaction is made, what the state says inside it: so a rule holds when the
//! change is committed, where SwarmKit looks at ports and networks shortly before and may be too late.

mod checks;
mod defaults;
mod statuses;
mod update;

pub(super) use self::statuses::statuses;

use std::borrow::Cow;
use std::time::SystemTime;

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, Query};
use store_objects::wire::service_spec::Mode;
use store_objects::wire::{
    Annotations, CreateServiceRequest, CreateServiceResponse, GetServiceRequest,
    GetServiceResponse, JobStatus, ListServicesRequest, ListServicesResponse, RemoveServiceRequest,
    RemoveServiceResponse, Service, ServiceSpec, UpdateServiceRequest, UpdateServiceResponse,
    Version, list_services_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, service};

use super::backend::{self, Backend, stored};
use super::list::Listing;
use crate::refusal::Refusal;
use crate::validate::{self, request};

/// Returns a service, on request with what its spec leaves to the defaults.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no service of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetServiceRequest,
) -> Result<GetServiceResponse, Refusal> {
    let mut service = Service::clone(&*backend.find(&request.service_id, "service_id")?);
    if request.insert_defaults
        && let Some(spec) = &mut service.spec
    {
        defaults::insert(spec);
    }
    Ok(GetServiceResponse {
        service: Some(service),
    })
}

/// Returns the services that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListServicesRequest,
) -> ListServicesResponse {
    ListServicesResponse {
        services: backend.list(selected(request.filters.unwrap_or_default())),
    }
}

/// Creates a service; its tasks are made by whoever watches services.
///
/// With several faults, the first in this order is reported.
///
/// - `InvalidArgument`, `Unimplemented`: the spec is not valid.
/// - `InvalidArgument`: it asks for the ingress network, or for a port that another service publishes.
/// - `FailedPrecondition`: it publishes a port through the ingress network, and there is none.
/// - `InvalidArgument`: a secret or config that it names does not exist.
/// - `AlreadyExists`: another service has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateServiceRequest,
) -> Result<CreateServiceResponse, Refusal> {
    let spec = validate::service_spec(request.spec.as_ref())?;
    let template = Service {
        id: backend.ids.next(),
        job_status: is_job(spec).then(|| JobStatus {
            job_iteration: Some(Version::default()),
            last_execution: Some(SystemTime::now().into()),
        }),
        spec_version: Some(Version::default()),
        spec: Some(spec.clone().into()),
        ..Service::default()
    };
    let service = backend
        .transact(template.encoded_len(), |tx| {
            checks::attachment(tx, spec)?;
            checks::ports(tx, spec, None)?;
            checks::ingress(tx, spec)?;
            checks::references(tx, spec)?;
            let text = || {
                let name = name(spec);
                format!("name conflicts with an existing object: service {name} already exists")
            };
            backend::create(tx, template.clone(), text)
        })
        .await?;
    Ok(CreateServiceResponse {
        service: Some(Service::clone(&service)),
    })
}

/// Replaces the spec of a service, or goes back to the one before.
///
/// With several faults, the first in this order is reported.
///
/// - `InvalidArgument`: no id, or no version.
/// - `InvalidArgument`, `Unimplemented`: the spec is not valid; of a rollback, too, though it is not used.
/// - `InvalidArgument`: it asks for the ingress network.
/// - `NotFound`: no service of that id.
/// - `InvalidArgument`: it asks for a port that another service publishes.
/// - `Unimplemented`: it changes the deprecated list of networks.
/// - `InvalidArgument`: a secret or config that it names does not exist.
/// - `Unimplemented`: it changes mode or name.
/// - `FailedPrecondition`: a rollback, and there is no spec to go back to; a port to be published through the ingress
///   network, and there is none.
/// - `Aborted`: the version is not that of the service: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateServiceRequest,
) -> Result<UpdateServiceResponse, Refusal> {
    let UpdateServiceRequest {
        service_id,
        service_version,
        spec,
        rollback,
    } = request;
    request::id(&service_id, "service_id")?;
    let seen = request::version(service_version, "service_version")?;
    let spec = validate::service_spec(spec.as_ref())?;
    let change = update::Change {
        seen,
        spec: spec.clone().into(),
        rollback,
        now: SystemTime::now().into(),
    };
    let service = backend
        .transact(2 * spec.encoded_len(), |tx| {
            checks::attachment(tx, spec)?;
            let stored = stored::<Service>(tx, &service_id)?;
            let endpoint = stored
                .spec
                .as_ref()
                .and_then(|stored| stored.endpoint.as_ref());
            if spec.endpoint.is_some() && spec.endpoint.as_ref() != endpoint {
                checks::ports(tx, spec, Some(&service_id))?;
            }
            let updated = change.apply(tx, stored)?;
            Ok(tx.update(updated)?)
        })
        .await?;
    Ok(UpdateServiceResponse {
        service: Some(Service::clone(&service)),
    })
}

/// Removes a service; its tasks are stopped by whoever watches services.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no service of that id.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveServiceRequest,
) -> Result<RemoveServiceResponse, Refusal> {
    backend
        .remove::<Service>(&request.service_id, "service_id")
        .await?;
    Ok(RemoveServiceResponse {})
}

fn selected(filters: list_services_request::Filters) -> Query<Service> {
    let list_services_request::Filters {
        names,
        id_prefixes,
        labels,
        name_prefixes,
        runtimes,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| service::BY_NAME.eq(FoldedName::new(name)),
            |service, name| service.name() == name,
        )
        .one_of(
            name_prefixes,
            |prefix| service::BY_NAME.prefix(prefix),
            |service, prefix| service.name().starts_with(prefix),
        )
        .one_of(
            id_prefixes,
            |prefix| service::BY_ID.prefix(prefix),
            |service, prefix| service.id.starts_with(prefix),
        )
        .one_of(
            runtimes,
            |runtime| service::BY_RUNTIME.eq(runtime),
            |service, runtime| runtime_of(service).is_some_and(|name| name == *runtime),
        )
        .labelled(labels, |service| Some(&service.annotations()?.labels))
        .query()
}

fn is_job(spec: &ServiceSpec) -> bool {
    matches!(spec.mode, Some(Mode::ReplicatedJob(_) | Mode::GlobalJob(_)))
}

fn runtime_of(service: &Service) -> Option<Cow<'_, str>> {
    validate::runtime_name(service.spec.as_ref()?.task.as_ref()?)
}

fn name(spec: &ServiceSpec) -> &str {
    spec.annotations
        .as_ref()
        .map_or("", |Annotations { name, .. }| name)
}
