//! Resources: objects of kinds that extensions have registered (SwarmKit control API, section 11).

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, CreateError, Query};
use store_objects::wire::{
    CreateResourceRequest, CreateResourceResponse, GetResourceRequest, GetResourceResponse,
    ListResourcesRequest, ListResourcesResponse, RemoveResourceRequest, RemoveResourceResponse,
    Resource, UpdateResourceRequest, UpdateResourceResponse, list_resources_request,
};
use store_objects::{Annotated as _, FoldedName, Orchestration, RuleViolation, resource};

use super::backend::{self, Backend, stored};
use super::list;
use crate::refusal::Refusal;

const ID_MISSING: &str = "resource ID must be present";

/// Returns a resource: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetResourceRequest,
) -> Result<GetResourceResponse, Refusal> {
    if request.resource_id.is_empty() {
        return Err(Refusal::Required(ID_MISSING));
    }
    let resource = backend.get::<Resource>(&request.resource_id)?;
    Ok(GetResourceResponse {
        resource: Some(Resource::clone(&resource)),
    })
}

/// Returns the resources that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListResourcesRequest,
) -> ListResourcesResponse {
    ListResourcesResponse {
        resources: backend.list(selected(request.filters.unwrap_or_default())),
    }
}

/// Creates a resource.
///
/// - `InvalidArgument`: no name or kind, or no extension has registered the kind.
/// - `AlreadyExists`: another resource, of whatever kind, has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateResourceRequest,
) -> Result<CreateResourceResponse, Refusal> {
    let resource = Resource {
        id: backend.ids.next(),
        annotations: request.annotations,
        kind: request.kind,
        payload: request.payload,
        ..Resource::default()
    };
    if resource.name().is_empty() {
        return Err(Refusal::Required("Resource must have a name"));
    }
    if resource.kind.is_empty() {
        return Err(Refusal::Required("Resource must belong to an Extension"));
    }
    let text = || format!("A resource with name {} already exists", resource.name());
    let created = backend
        .transact(resource.encoded_len(), |tx| {
            match backend::create(tx, resource.clone(), text) {
                Err(Refusal::Create(CreateError::Rule(rule)))
                    if matches!(
                        rule.downcast_ref(),
                        Some(RuleViolation::KindUnregistered { .. })
                    ) =>
                {
                    let kind = resource.kind.clone();
                    Err(Refusal::KindUnregistered { kind })
                }
                result => result,
            }
        })
        .await?;
    Ok(CreateResourceResponse {
        resource: Some(Resource::clone(&created)),
    })
}

/// Replaces annotations and payload, as far as they are given.
///
/// - `InvalidArgument`: no id or version; another name.
/// - `NotFound`: no resource of that id.
/// - `FailedPrecondition`: the extension of its kind was removed.
/// - `Aborted`: the version is not that of the resource: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateResourceRequest,
) -> Result<UpdateResourceResponse, Refusal> {
    let (id, seen) = match request.resource_version {
        Some(seen) if !request.resource_id.is_empty() => (&request.resource_id, seen),
        _ => return Err(Refusal::Required("must include ID and version")),
    };
    let updated = backend
        .transact(request.encoded_len(), |tx| {
            let stored = stored::<Resource>(tx, id)?;
            let mut resource = Resource::clone(stored);
            if let Some(annotations) = &request.annotations {
                if annotations.name != stored.name() {
                    return Err(Refusal::ResourceRename {
                        id: id.clone(),
                        name: stored.name().to_owned(),
                    });
                }
                resource.annotations = Some(annotations.clone());
            }
            if let Some(payload) = &request.payload {
                resource.payload = Some(payload.clone());
            }
            resource.meta.get_or_insert_default().version = Some(seen);
            Ok(tx.update(resource)?)
        })
        .await?;
    Ok(UpdateResourceResponse {
        resource: Some(Resource::clone(&updated)),
    })
}

/// Removes a resource: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveResourceRequest,
) -> Result<RemoveResourceResponse, Refusal> {
    let id = request.resource_id;
    if id.is_empty() {
        return Err(Refusal::Required(ID_MISSING));
    }
    backend
        .transact(id.len(), |tx| backend::delete::<Resource>(tx, &id))
        .await?;
    Ok(RemoveResourceResponse {})
}

fn selected(filters: list_resources_request::Filters) -> Query<Resource> {
    let list_resources_request::Filters {
        names,
        id_prefixes,
        labels,
        name_prefixes,
        kind,
    } = filters;
    let names = names
        .iter()
        .map(|name| resource::BY_NAME.eq(FoldedName::new(name)));
    let name_prefixes = name_prefixes
        .iter()
        .map(|prefix| resource::BY_NAME.prefix(prefix));
    let id_prefixes = id_prefixes
        .iter()
        .map(|prefix| resource::BY_ID.prefix(prefix));
    let mut alternatives: Vec<_> = names.chain(name_prefixes).chain(id_prefixes).collect();
    if alternatives.is_empty() && !kind.is_empty() {
        alternatives.push(resource::BY_KIND.eq(&kind));
    }
    let query = list::any_of(alternatives, labels, |resource| {
        Some(&resource.annotations()?.labels)
    });
    if kind.is_empty() {
        return query;
    }
    query.filter(move |resource| resource.kind == kind)
}
