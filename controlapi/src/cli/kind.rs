//! What all kinds of objects have in common, so that listing, finding, showing, changing and removing are written once.

use prost_types::Timestamp;
use serde::Serialize;
use store_objects::wire::{Annotations, Meta, Version};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::output::{Fields, Table};
use super::selection::Selection;
use super::time::ago;

/// A kind of object.
pub(super) trait Kind: Serialize + Sized {
    /// What one is called on the command line.
    const NOUN: &'static str;

    /// What a list can be filtered by, besides `id`, `name` and `label`.
    const FILTERS: &'static [&'static str] = &[];

    /// Returns the id.
    fn id(&self) -> &str;

    /// Returns what people call it; empty if it has no name.
    fn name(&self) -> String;

    /// Returns what the store says about it.
    fn meta(&self) -> Option<&Meta>;

    /// Reads the object with an id.
    async fn get(client: &mut Client, id: &str) -> Result<Self, Status>;

    /// Reads the objects of a selection.
    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error>;

    /// Reads the objects that go by a name.
    async fn named(client: &mut Client, name: &str) -> Result<Vec<Self>, Error> {
        Self::list(client, &Selection::of_name(name)).await
    }

    /// Puts objects in the order in which they are listed.
    fn sort(objects: &mut [Self]) {
        objects.sort_by_cached_key(|object| (object.name(), object.id().to_owned()));
    }

    /// Returns a list of them as a table, with more columns if it may be wide.
    async fn table(client: &mut Client, objects: &[Self], view: View) -> Result<Table, Error>;

    /// Returns all about one, for people.
    async fn details(&self, client: &mut Client, view: View) -> Result<String, Error>;
}

/// A kind whose objects have a spec that can be replaced.
pub(super) trait Edit: Kind {
    /// What is wanted of an object.
    type Spec: Clone + Default + PartialEq;

    /// Returns what is wanted of it.
    fn spec(&self) -> Option<&Self::Spec>;

    /// Replaces the spec of the object with an id, if it still has a version.
    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: Self::Spec,
    ) -> Result<Self, Status>;
}

/// A kind whose objects are made from a spec.
pub(super) trait Make<S>: Kind {
    /// Makes an object.
    async fn create(client: &mut Client, spec: S) -> Result<Self, Status>;
}

/// How an object is shown to people.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// The time that ages count from.
    pub(super) now: Timestamp,
    /// Whether a table may have many columns.
    pub(super) wide: bool,
    /// Whether a table has a line with the names of the columns.
    pub(super) headers: bool,
}

impl View {
    /// Adds the columns that a wide table of any kind ends with.
    pub(super) fn widen<K: Kind>(&self, table: &mut Table, objects: &[K]) {
        if self.wide {
            table.column(
                "VERSION",
                objects.iter().map(|object| version(object).to_string()),
            );
            table.column("CREATED", objects.iter().map(|object| self.created(object)));
            table.column("UPDATED", objects.iter().map(|object| self.updated(object)));
        }
    }

    /// Returns the fields that the details of any kind begin with.
    pub(super) fn fields<K: Kind>(&self, object: &K) -> Fields {
        let mut fields = Fields::default();
        fields.put("ID", object.id());
        fields.put("Name", object.name());
        fields.put("Version", version(object).to_string());
        fields.put("Created", self.created(object));
        fields.put("Updated", self.updated(object));
        fields
    }

    /// Returns how long ago an object was created.
    pub(super) fn created(&self, object: &impl Kind) -> String {
        ago(
            &self.now,
            object.meta().and_then(|meta| meta.created_at.as_ref()),
        )
    }

    fn updated(&self, object: &impl Kind) -> String {
        ago(
            &self.now,
            object.meta().and_then(|meta| meta.updated_at.as_ref()),
        )
    }
}

/// Returns the version of the transaction that wrote an object.
pub(super) fn version(object: &impl Kind) -> u64 {
    object
        .meta()
        .and_then(|meta| meta.version)
        .unwrap_or_default()
        .index
}

/// Returns the name of an object; its id if it has none.
pub(super) fn known_as(object: &impl Kind) -> String {
    let name = object.name();
    if name.is_empty() {
        object.id().into()
    } else {
        name
    }
}

/// Returns the name in the annotations of a spec.
pub(super) fn name_in(annotations: Option<&Annotations>) -> String {
    annotations
        .map(|annotations| annotations.name.clone())
        .unwrap_or_default()
}

/// Returns the object of an answer.
pub(super) fn present<T>(object: Option<T>) -> Result<T, Status> {
    object.ok_or_else(|| Status::internal("the server's answer lacks the object"))
}
