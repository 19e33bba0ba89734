//! Labels: what users mark objects with, as selectors.

use std::collections::BTreeSet;

use store_core::{Object, Query};

use crate::objects::Annotated;

/// A label to look for in an object's annotations.
///
/// Labels are in no index: a selector by label checks what an index finds, so put the index first. Keys and values are
/// compared as they are.
///
/// ```
/// use store_core::Query;
/// use store_objects::{Id, Label, service, task, wire::{Service, Task}};
/// let tier = Label::new("tier");
/// let of_service: Query<Task> = task::BY_SERVICE.eq(Id::new("x7")).and(tier.any_of(["web", "cache"]));
/// let unmarked: Query<Service> = service::BY_NAME.prefix("shop-").and_not(tier.exists());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Box<str>);

impl Label {
    /// Returns the label with this key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.into())
    }

    /// Returns the query for objects that have the label, whatever its value.
    #[must_use]
    pub fn exists<O: Object + Annotated>(&self) -> Query<O> {
        self.accepted(|_| true)
    }

    /// Returns the query for objects that have the label with this value.
    #[must_use]
    pub fn eq<O: Object + Annotated>(&self, value: &str) -> Query<O> {
        let value: Box<str> = value.into();
        self.accepted(move |given| *given == *value)
    }

    /// Returns the query for objects that have the label with one of these values.
    #[must_use]
    pub fn any_of<'v, O: Object + Annotated>(
        &self,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Query<O> {
        let values: BTreeSet<Box<str>> = values.into_iter().map(Into::into).collect();
        self.accepted(move |given| values.contains(given))
    }

    fn accepted<O: Object + Annotated>(
        &self,
        accept: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Query<O> {
        let key = self.0.clone();
        Query::all().filter(move |object: &O| {
            let labels = object.annotations().map(|annotations| &annotations.labels);
            labels
                .and_then(|labels| labels.get(&*key))
                .is_some_and(|value| accept(value))
        })
    }
}
