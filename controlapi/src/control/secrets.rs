//! Secrets: create, read, relabel, remove (SwarmKit control API, section 8). Their data never leaves by this API.

use proposer::Proposer;
use store_core::{Changes, Read as _};
use store_objects::Orchestration;
use store_objects::wire::{
    CreateSecretRequest, CreateSecretResponse, GetSecretRequest, GetSecretResponse,
    ListSecretsRequest, ListSecretsResponse, RemoveSecretRequest, RemoveSecretResponse, Secret,
    UpdateSecretRequest, UpdateSecretResponse,
};

use super::backend::Backend;
use super::data;
use crate::refusal::Refusal;
use crate::validate::{self, request};

/// Returns a secret: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetSecretRequest,
) -> Result<GetSecretResponse, Refusal> {
    let secret = data::get::<Secret, P>(backend, &request.secret_id)?;
    Ok(GetSecretResponse {
        secret: Some(shown(&secret)),
    })
}

/// Returns the secrets that the filters let pass, but for those that the cluster keeps for itself.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListSecretsRequest,
) -> ListSecretsResponse {
    let filters = request.filters.unwrap_or_default();
    let query = data::selected::<Secret>(
        &filters.names,
        &filters.name_prefixes,
        &filters.id_prefixes,
        filters.labels,
    );
    let view = backend.view();
    let found = view.find(query).filter(|secret| !secret.internal);
    ListSecretsResponse {
        secrets: found.map(|secret| shown(secret)).collect(),
    }
}

/// Creates a secret.
///
/// - `InvalidArgument`: the spec is not valid.
/// - `AlreadyExists`: another secret has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateSecretRequest,
) -> Result<CreateSecretResponse, Refusal> {
    let spec = validate::secret_spec(request.spec.as_ref())?;
    let secret = Secret {
        id: backend.ids.next(),
        spec: Some(spec.clone()),
        ..Secret::default()
    };
    let secret = data::create(backend, secret).await?;
    Ok(CreateSecretResponse {
        secret: Some(shown(&secret)),
    })
}

/// Replaces the labels of a secret; nothing else of it ever changes.
///
/// - `InvalidArgument`: no id, version or spec; another name, or other data.
/// - `NotFound`: no secret of that id.
/// - `Aborted`: the version is not that of the secret: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateSecretRequest,
) -> Result<UpdateSecretResponse, Refusal> {
    request::id(&request.secret_id, "secret_id")?;
    let seen = request::version(request.secret_version, "secret_version")?;
    let wanted = request
        .spec
        .as_ref()
        .map(|spec| (spec.annotations.as_ref(), &*spec.data));
    let secret = data::update::<Secret, P>(backend, &request.secret_id, seen, wanted).await?;
    Ok(UpdateSecretResponse {
        secret: Some(shown(&secret)),
    })
}

/// Removes a secret that no service is given.
///
/// - `InvalidArgument`: no id; a service is given it.
/// - `NotFound`: no secret of that id.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveSecretRequest,
) -> Result<RemoveSecretResponse, Refusal> {
    data::remove::<Secret, P>(backend, &request.secret_id).await?;
    Ok(RemoveSecretResponse {})
}

/// Returns a secret without its data: that is for the nodes that run tasks with it.
fn shown(secret: &Secret) -> Secret {
    let mut secret = secret.clone();
    if let Some(spec) = &mut secret.spec {
        spec.data.clear();
    }
    secret
}
