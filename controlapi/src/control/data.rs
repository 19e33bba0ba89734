//! What secrets and configs have in common: bytes that services are given, of which only labels ever change (SwarmKit
//! control API, sections 8 and 9).

use std::sync::Arc;

use proposer::Proposer;
use prost::Message;
use store_core::{Changes, Kind, Object, Query, Read as _, WriteTx};
use store_objects::wire::{Annotations, Config, Secret, Service, Version};
use store_objects::{Annotated, FoldedName, Id, Orchestration, config, secret, service};

use super::backend::{self, Backend, stored};
use super::list::{self, Labels};
use crate::refusal::Refusal;

/// A secret or a config.
pub(super) trait Data:
    Kind<Orchestration> + Object<Key = Id<Self>> + Annotated + Clone + Message
{
    /// What SwarmKit says when no id is given.
    const ID_MISSING: &'static str;

    /// Returns the bytes.
    fn bytes(&self) -> &[u8];

    /// Returns the labels and the version, to be changed.
    fn labels_and_version(&mut self) -> (&mut Labels, &mut Option<Version>);

    fn with_name(name: &str) -> Query<Self>;
    fn with_name_prefix(prefix: &str) -> Query<Self>;
    fn with_id_prefix(prefix: &str) -> Query<Self>;

    /// The services that are given it.
    fn users(id: &str) -> Query<Service>;
}

macro_rules! data {
    ($kind:ident, $table:ident, $users:ident) => {
        impl Data for $kind {
            const ID_MISSING: &'static str = concat!(stringify!($table), " ID must be provided");

            fn bytes(&self) -> &[u8] {
                self.spec.as_ref().map_or(&[], |spec| &spec.data)
            }

            fn labels_and_version(&mut self) -> (&mut Labels, &mut Option<Version>) {
                let annotations = &mut self.spec.get_or_insert_default().annotations;
                let labels = &mut annotations.get_or_insert_default().labels;
                (labels, &mut self.meta.get_or_insert_default().version)
            }

            fn with_name(name: &str) -> Query<Self> {
                $table::BY_NAME.eq(FoldedName::new(name))
            }

            fn with_name_prefix(prefix: &str) -> Query<Self> {
                $table::BY_NAME.prefix(prefix)
            }

            fn with_id_prefix(prefix: &str) -> Query<Self> {
                $table::BY_ID.prefix(prefix)
            }

            fn users(id: &str) -> Query<Service> {
                service::$users.eq(Id::new(id))
            }
        }
    };
}

data!(Secret, secret, BY_SECRET);
data!(Config, config, BY_CONFIG);

/// Returns the object of an id.
pub(super) fn get<O: Data, P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    id: &str,
) -> Result<Arc<O>, Refusal> {
    given::<O>(id)?;
    backend.get::<O>(id)
}

/// Returns the query of a list.
pub(super) fn selected<O: Data>(
    names: &[String],
    name_prefixes: &[String],
    id_prefixes: &[String],
    labels: Labels,
) -> Query<O> {
    let names = names.iter().map(|name| O::with_name(name));
    let name_prefixes = name_prefixes
        .iter()
        .map(|prefix| O::with_name_prefix(prefix));
    let id_prefixes = id_prefixes.iter().map(|prefix| O::with_id_prefix(prefix));
    let alternatives = names.chain(name_prefixes).chain(id_prefixes).collect();
    list::any_of(alternatives, labels, |object| {
        Some(&object.annotations()?.labels)
    })
}

/// Creates an object.
pub(super) async fn create<O: Data, P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    object: O,
) -> Result<Arc<O>, Refusal> {
    let text = || format!("{} {} already exists", O::TABLE, object.name());
    backend
        .transact(Message::encoded_len(&object), |tx| {
            backend::create(tx, object.clone(), text)
        })
        .await
}

/// Replaces the labels of an object.
///
/// - `NotFound`: none of that id.
/// - `InvalidArgument`: no annotations; another name, or other bytes.
/// - `Aborted`: the version is not that of the object.
pub(super) async fn update<O: Data, P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    id: &str,
    seen: Version,
    wanted: Option<(Option<&Annotations>, &[u8])>,
) -> Result<Arc<O>, Refusal> {
    let bytes = wanted.map_or(0, |(annotations, _)| {
        annotations.map_or(0, Message::encoded_len)
    });
    backend
        .transact(bytes, |tx| {
            let stored = stored::<O>(tx, id)?;
            let (annotations, bytes) = wanted.ok_or(Refusal::Required(SPEC_MISSING))?;
            let name = annotations.map_or("", |annotations| &annotations.name);
            let other_bytes = !bytes.is_empty() && bytes != stored.bytes();
            if name != stored.name() || other_bytes {
                return Err(Refusal::OnlyLabels {
                    table: O::TABLE,
                    id: id.to_owned(),
                });
            }
            let mut object = O::clone(stored);
            let (labels, version) = object.labels_and_version();
            *labels = annotations
                .map(|annotations| annotations.labels.clone())
                .unwrap_or_default();
            *version = Some(seen);
            Ok(tx.update(object)?)
        })
        .await
}

/// SwarmKit ends its process here.
const SPEC_MISSING: &str = "invalid argument; spec: must be given";

/// Removes an object that no service is given.
pub(super) async fn remove<O: Data, P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    id: &str,
) -> Result<(), Refusal> {
    given::<O>(id)?;
    backend
        .transact(id.len(), |tx| {
            unused::<O>(tx, id)?;
            backend::delete::<O>(tx, id)
        })
        .await
}

fn unused<O: Data>(tx: &WriteTx<'_, Orchestration>, id: &str) -> Result<(), Refusal> {
    let Some(object) = tx.get::<O>(Id::new(id)) else {
        return Err(Refusal::NothingToRemove {
            table: O::TABLE,
            id: id.to_owned(),
        });
    };
    let services: Vec<String> = tx
        .find(O::users(id))
        .map(|service| service.name().to_owned())
        .collect();
    if services.is_empty() {
        return Ok(());
    }
    Err(Refusal::ReferredTo {
        table: O::TABLE,
        name: object.name().to_owned(),
        services,
    })
}

fn given<O: Data>(id: &str) -> Result<(), Refusal> {
    if id.is_empty() {
        return Err(Refusal::Required(O::ID_MISSING));
    }
    Ok(())
}
