//! Extensions: kinds of resource that users have registered.
//!
//! An extension has no spec and never changes. A [`Resource`] is of the kind that an extension is named; while there is
//! one, the extension stays.

use store_core::{Checked, Index, Indexes, Object, Read as _, RuleError, Rules, WriteTx};

use super::{Annotated, ById, Orchestration, StoreObject, extract, resource};
use crate::wire::{Annotations, Extension, IndexEntry, Resource};
use crate::{FoldedName, Id, RuleViolation};

/// The id.
pub const BY_ID: ById<Extension> = ById::NEW;

/// The name; unique.
pub const BY_NAME: Index<Extension, FoldedName> = Index::unique("name", extract::name);

/// Each custom index entry.
pub const BY_CUSTOM: Index<Extension, IndexEntry> = Index::non_unique("custom", extract::custom);

impl Object for Extension {
    type Key = Id<Self>;
    const TABLE: &'static str = "extension";

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_NAME).add(BY_CUSTOM);
    }

    stored_as_message!();
}

impl Annotated for Extension {
    fn annotations(&self) -> Option<&Annotations> {
        self.annotations.as_ref()
    }
}

/// - Not named exactly like a table: a watch names kinds of either sort by the same word. (`Task` is no table.)
/// - Never updated.
/// - Not deleted while a resource's kind is exactly its name.
impl Rules<Orchestration> for Extension {
    fn check(
        change: &Checked<'_, Self>,
        state: &WriteTx<'_, Orchestration>,
    ) -> Result<(), RuleError> {
        let violation = match change {
            Checked::Create(extension) if StoreObject::TABLES.contains(&extension.name()) => {
                RuleViolation::ReservedName {
                    name: extension.name().to_owned(),
                }
            }
            Checked::Create(_) => return Ok(()),
            Checked::Update(extension) => RuleViolation::ExtensionImmutable {
                extension: extension.id.clone(),
            },
            Checked::Delete(extension) => match in_use(extension, state) {
                Some(resource) => RuleViolation::ExtensionInUse {
                    kind: extension.name().to_owned(),
                    resource: resource.id.clone(),
                },
                None => return Ok(()),
            },
        };
        Err(RuleError::new(violation))
    }
}

/// Returns a resource of the kind.
fn in_use<'a>(
    extension: &Extension,
    state: &'a WriteTx<'_, Orchestration>,
) -> Option<&'a Resource> {
    let mut resources = state.find(resource::BY_KIND.eq(extension.name()));
    resources.next().map(|resource| &**resource)
}
