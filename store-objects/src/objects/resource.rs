//! Resources: objects of kinds that users have registered with an extension.
//!
//! All kinds share one set of names.

use store_core::{Checked, Index, Indexes, Object, Read as _, RuleError, Rules, WriteTx};

use super::{Annotated, ById, Orchestration, extension, extract};
use crate::wire::{Annotations, IndexEntry, Resource};
use crate::{FoldedName, Id, RuleViolation};

/// The id.
pub const BY_ID: ById<Resource> = ById::NEW;

/// The name; unique among the resources of all kinds.
pub const BY_NAME: Index<Resource, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry.
pub const BY_CUSTOM: Index<Resource, IndexEntry> = Index::non_unique("custom", extract::custom);

/// The kind, as it is written.
pub const BY_KIND: Index<Resource, str> =
    Index::non_unique("kind", |resource, keys| keys.push(&resource.kind));

impl Object for Resource {
    type Key = Id<Self>;
    const TABLE: &'static str = "resource";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM).add(BY_KIND);
    }

    stored_as_message!();
}

impl Annotated for Resource {
    fn annotations(&self) -> Option<&Annotations> {
        self.annotations.as_ref()
    }
}

/// - Created and updated only while an extension is named like its kind, in whatever case.
impl Rules<Orchestration> for Resource {
    fn check(
        change: &Checked<'_, Self>,
        state: &WriteTx<'_, Orchestration>,
    ) -> Result<(), RuleError> {
        let (Checked::Create(resource) | Checked::Update(resource)) = change else {
            return Ok(());
        };
        let kind = FoldedName::new(&resource.kind);
        if state.count(extension::BY_NAME.eq(kind)) > 0 {
            return Ok(());
        }
        Err(RuleError::new(RuleViolation::KindUnregistered {
            resource: resource.id.clone(),
            kind: resource.kind.clone(),
        }))
    }
}
