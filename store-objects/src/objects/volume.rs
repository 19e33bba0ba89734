//! Volumes: storage that a plugin provides to the whole cluster.

use store_core::{Checked, Index, Indexes, Object, Read as _, RuleError, Rules, WriteTx};

use super::{Annotated, ById, Orchestration, extract};
use crate::wire::{Annotations, Driver, IndexEntry, Volume};
use crate::{FoldedName, Id, RuleViolation};

/// The id.
pub const BY_ID: ById<Volume> = ById::NEW;

/// The name in the spec; unique.
pub const BY_NAME: Index<Volume, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry of the spec.
pub const BY_CUSTOM: Index<Volume, IndexEntry> = Index::non_unique("custom", extract::custom);

/// The group in the spec; empty for a volume of none.
pub const BY_GROUP: Index<Volume, str> = Index::non_unique("volumegroup", |volume, keys| {
    keys.push(volume.spec.as_ref().map_or("", |spec| &spec.group));
});

/// The name of the driver in the spec, as it is written.
pub const BY_DRIVER: Index<Volume, str> = Index::non_unique("driver", |volume, keys| {
    if let Some(driver) = driver(volume) {
        keys.push(&driver.name);
    }
});

impl Object for Volume {
    type Key = Id<Self>;
    const TABLE: &'static str = "volume";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME)
            .add(BY_CUSTOM)
            .add(BY_GROUP)
            .add(BY_DRIVER);
    }

    stored_as_message!();
}

impl Annotated for Volume {
    fn annotations(&self) -> Option<&Annotations> {
        self.spec.as_ref()?.annotations.as_ref()
    }
}

/// - Created and updated only with a driver, which may have an empty name.
///
/// SwarmKit finds a missing driver when it writes the indexes, and so after everything else that may be wrong: a change
/// that is refused for its name or its id anyway is left to those checks.
impl Rules<Orchestration> for Volume {
    fn check(
        change: &Checked<'_, Self>,
        state: &WriteTx<'_, Orchestration>,
    ) -> Result<(), RuleError> {
        let (volume, creates) = match change {
            Checked::Create(volume) => (volume, true),
            Checked::Update(volume) => (volume, false),
            Checked::Delete(_) => return Ok(()),
        };
        if driver(volume).is_some() {
            return Ok(());
        }
        let exists = state.get::<Self>(volume.key()).is_some();
        let mut holders = state.find(BY_NAME.eq(FoldedName::new(volume.name())));
        if exists == creates || holders.any(|holder| holder.id != volume.id) {
            return Ok(());
        }
        Err(RuleError::new(RuleViolation::DriverMissing {
            volume: volume.id.clone(),
        }))
    }
}

fn driver(volume: &Volume) -> Option<&Driver> {
    volume.spec.as_ref()?.driver.as_ref()
}
