//! Configs: create, read, relabel, remove (SwarmKit control API, section 9).

use proposer::Proposer;
use store_core::Changes;
use store_objects::Orchestration;
use store_objects::wire::{
    Config, CreateConfigRequest, CreateConfigResponse, GetConfigRequest, GetConfigResponse,
    ListConfigsRequest, ListConfigsResponse, RemoveConfigRequest, RemoveConfigResponse,
    UpdateConfigRequest, UpdateConfigResponse,
};

use super::backend::Backend;
use super::data;
use crate::refusal::Refusal;
use crate::validate::{self, request};

/// Returns a config: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetConfigRequest,
) -> Result<GetConfigResponse, Refusal> {
    let config = data::get::<Config, P>(backend, &request.config_id)?;
    Ok(GetConfigResponse {
        config: Some(Config::clone(&config)),
    })
}

/// Returns the configs that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListConfigsRequest,
) -> ListConfigsResponse {
    let filters = request.filters.unwrap_or_default();
    let query = data::selected::<Config>(
        &filters.names,
        &filters.name_prefixes,
        &filters.id_prefixes,
        filters.labels,
    );
    ListConfigsResponse {
        configs: backend.list(query),
    }
}

/// Creates a config.
///
/// - `InvalidArgument`: the spec is not valid.
/// - `AlreadyExists`: another config has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateConfigRequest,
) -> Result<CreateConfigResponse, Refusal> {
    let spec = validate::config_spec(request.spec.as_ref())?;
    let config = Config {
        id: backend.ids.next(),
        spec: Some(spec.clone()),
        ..Config::default()
    };
    let config = data::create(backend, config).await?;
    Ok(CreateConfigResponse {
        config: Some(Config::clone(&config)),
    })
}

/// Replaces the labels of a config; nothing else of it ever changes.
///
/// - `InvalidArgument`: no id, version or spec; another name, or other data.
/// - `NotFound`: no config of that id.
/// - `Aborted`: the version is not that of the config: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateConfigRequest,
) -> Result<UpdateConfigResponse, Refusal> {
    request::id(&request.config_id, "config_id")?;
    let seen = request::version(request.config_version, "config_version")?;
    let wanted = request
        .spec
        .as_ref()
        .map(|spec| (spec.annotations.as_ref(), &*spec.data));
    let config = data::update::<Config, P>(backend, &request.config_id, seen, wanted).await?;
    Ok(UpdateConfigResponse {
        config: Some(Config::clone(&config)),
    })
}

/// Removes a config that no service is given.
///
/// - `InvalidArgument`: no id; a service is given it.
/// - `NotFound`: no config of that id.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveConfigRequest,
) -> Result<RemoveConfigResponse, Refusal> {
    data::remove::<Config, P>(backend, &request.config_id).await?;
    Ok(RemoveConfigResponse {})
}
