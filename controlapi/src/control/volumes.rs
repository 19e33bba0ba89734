//! Volumes of the cluster (SwarmKit control API, section 12).

use proposer::Proposer;
use prost::Message as _;
use store_core::{Changes, Query, Read as _};
use store_objects::wire::{
    CreateVolumeRequest, CreateVolumeResponse, Driver, GetVolumeRequest, GetVolumeResponse,
    ListVolumesRequest, ListVolumesResponse, RemoveVolumeRequest, RemoveVolumeResponse, Secret,
    UpdateVolumeRequest, UpdateVolumeResponse, Volume, VolumeSpec, list_volumes_request,
};
use store_objects::{Annotated as _, FoldedName, Id, Orchestration, volume};

use super::backend::{self, Backend, stored};
use super::list::Listing;
use crate::refusal::Refusal;
use crate::validate;

/// Returns a volume: `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetVolumeRequest,
) -> Result<GetVolumeResponse, Refusal> {
    let volume = backend.get::<Volume>(&request.volume_id)?;
    Ok(GetVolumeResponse {
        volume: Some(Volume::clone(&volume)),
    })
}

/// Returns the volumes that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListVolumesRequest,
) -> ListVolumesResponse {
    ListVolumesResponse {
        volumes: backend.list(selected(request.filters.unwrap_or_default())),
    }
}

/// Creates a volume; its driver is told by whoever watches volumes.
///
/// - `InvalidArgument`: the spec is not valid, or names a secret that does not exist.
/// - `AlreadyExists`: another volume has the name.
pub(super) async fn create<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: CreateVolumeRequest,
) -> Result<CreateVolumeResponse, Refusal> {
    let spec = validate::volume_spec(request.spec.as_ref())?;
    let volume = Volume {
        id: backend.ids.next(),
        spec: Some(spec.clone()),
        ..Volume::default()
    };
    let text = || "name conflicts with an existing object".to_owned();
    let created = backend
        .transact(volume.encoded_len(), |tx| {
            let named = spec.secrets.iter().map(|secret| &*secret.secret);
            let missing: Vec<&str> = named
                .filter(|id| tx.get::<Secret>(Id::new(id)).is_none())
                .collect();
            if !missing.is_empty() {
                return Err(validate::not_found("secret", &missing).into());
            }
            backend::create(tx, volume.clone(), text)
        })
        .await?;
    Ok(CreateVolumeResponse {
        volume: Some(Volume::clone(&created)),
    })
}

/// Replaces labels and availability of a volume; nothing else of it ever changes.
///
/// - `InvalidArgument`: no id, spec or version; anything else would change.
/// - `NotFound`: no volume of that id.
/// - `Aborted`: the version is not that of the volume: read it again and repeat the change.
pub(super) async fn update<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: UpdateVolumeRequest,
) -> Result<UpdateVolumeResponse, Refusal> {
    let id = request.volume_id;
    if id.is_empty() {
        return Err(Refusal::Required("VolumeID must not be empty"));
    }
    let spec = request
        .spec
        .ok_or(Refusal::Required("Spec must not be empty"))?;
    let seen = request
        .volume_version
        .ok_or(Refusal::Required("VolumeVersion must not be empty"))?;
    let updated = backend
        .transact(spec.encoded_len(), |tx| {
            let mut volume = Volume::clone(stored::<Volume>(tx, &id)?);
            let stored = volume.spec.get_or_insert_default();
            validate::volume_change(stored, &spec)?;
            let labels = spec
                .annotations
                .as_ref()
                .map(|annotations| annotations.labels.clone());
            stored.annotations.get_or_insert_default().labels = labels.unwrap_or_default();
            stored.availability = spec.availability;
            volume.meta.get_or_insert_default().version = Some(seen);
            Ok(tx.update(volume)?)
        })
        .await?;
    Ok(UpdateVolumeResponse {
        volume: Some(Volume::clone(&updated)),
    })
}

/// Removes a volume: at once with `force`, otherwise whoever watches volumes does it when its driver has.
///
/// - `NotFound`: no volume of that id.
/// - `FailedPrecondition`: it is published to nodes.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveVolumeRequest,
) -> Result<RemoveVolumeResponse, Refusal> {
    let id = request.volume_id;
    backend
        .transact(id.len(), |tx| {
            if request.force {
                return backend::delete::<Volume>(tx, &id);
            }
            let mut volume = Volume::clone(stored::<Volume>(tx, &id)?);
            let nodes = volume.publish_status.len();
            if nodes > 0 {
                return Err(Refusal::VolumeInUse {
                    id: id.clone(),
                    nodes,
                });
            }
            volume.pending_delete = true;
            tx.update(volume)?;
            Ok(())
        })
        .await?;
    Ok(RemoveVolumeResponse {})
}

fn selected(filters: list_volumes_request::Filters) -> Query<Volume> {
    let list_volumes_request::Filters {
        names,
        id_prefixes,
        labels,
        name_prefixes,
        groups,
        drivers,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| volume::BY_NAME.eq(FoldedName::new(name)),
            |volume, name| volume.name() == name,
        )
        .one_of(
            id_prefixes,
            |prefix| volume::BY_ID.prefix(prefix),
            |volume, prefix| volume.id.starts_with(prefix),
        )
        .one_of(
            groups,
            |group| volume::BY_GROUP.eq(group),
            |volume, group| spec(volume).is_some_and(|spec| spec.group == *group),
        )
        .one_of(
            drivers,
            |driver| volume::BY_DRIVER.eq(driver),
            |volume, driver| self::driver(volume).is_some_and(|has| has.name == *driver),
        )
        .one_of(
            name_prefixes,
            |prefix| volume::BY_NAME.prefix(prefix),
            |volume, prefix| volume.name().starts_with(prefix),
        )
        .labelled(labels, |volume| Some(&volume.annotations()?.labels))
        .query()
}

fn spec(volume: &Volume) -> Option<&VolumeSpec> {
    volume.spec.as_ref()
}

fn driver(volume: &Volume) -> Option<&Driver> {
    spec(volume)?.driver.as_ref()
}
