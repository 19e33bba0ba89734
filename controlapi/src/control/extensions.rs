//! Extensions: kinds of resource that others bring (SwarmKit control API, section 10).

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, CreateError};
use store_objects::wire::{
    CreateExtensionRequest, CreateExtensionResponse, Extension, GetExtensionRequest,
    GetExtensionResponse, RemoveExtensionRequest, RemoveExtensionResponse,
};
use store_objects::{Annotated as _, Orchestration, RuleViolation};

use super::backend::{self, Backend};
use crate::refusal::Refusal;

const ID_MISSING: &str = "extension ID must be provided";

/// Returns an extension: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetExtensionRequest,
) -> Result<GetExtensionResponse, Refusal> {
    if request.extension_id.is_empty() {
        return Err(Refusal::Required(ID_MISSING));
    }
    let extension = backend.get::<Extension>(&request.extension_id)?;
    Ok(GetExtensionResponse {
        extension: Some(Extension::clone(&extension)),
    })
}

/// Creates an extension; it is never changed.
///
/// - `InvalidArgument`: no name.
/// - `AlreadyExists`: another extension, or a table, has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateExtensionRequest,
) -> Result<CreateExtensionResponse, Refusal> {
    let extension = Extension {
        id: backend.ids.next(),
        annotations: request.annotations,
        description: request.description,
        ..Extension::default()
    };
    if extension.name().is_empty() {
        return Err(Refusal::Required("extension name must be provided"));
    }
    let text = || format!("extension {} already exists", extension.name());
    let created = backend
        .transact(extension.encoded_len(), |tx| {
            match backend::create(tx, extension.clone(), text) {
                Err(Refusal::Create(CreateError::Rule(rule)))
                    if matches!(
                        rule.downcast_ref(),
                        Some(RuleViolation::ReservedName { .. })
                    ) =>
                {
                    Err(Refusal::TableName { text: text() })
                }
                result => result,
            }
        })
        .await?;
    Ok(CreateExtensionResponse {
        extension: Some(Extension::clone(&created)),
    })
}

/// Removes an extension of which there is no resource.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no extension of that id.
/// - `FailedPrecondition`: there are resources of it.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveExtensionRequest,
) -> Result<RemoveExtensionResponse, Refusal> {
    let id = request.extension_id;
    if id.is_empty() {
        return Err(Refusal::Required(ID_MISSING));
    }
    let removed = backend
        .transact(id.len(), |tx| backend::delete::<Extension>(tx, &id))
        .await;
    match removed {
        Err(Refusal::NotFound { table, id }) => Err(Refusal::NothingToRemove { table, id }),
        result => result.map(|()| RemoveExtensionResponse {}),
    }
}
