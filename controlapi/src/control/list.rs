//! Lists: from the filters of a request to a query.
//!
//! The rules are those of SwarmKit's control API, section 1.5: the values of one field are alternatives, different
//! fields must all hold, and the first field that has values *drives*: its values, in their order, decide the order of
//! the result. An index narrows without regard to case where it holds lower-cased names; every condition is then checked
//! as it was written, so that matching is case-sensitive.

use std::collections::BTreeMap;

use store_core::Query;

/// Labels, as objects carry them and as filters ask for them.
pub(super) type Labels = BTreeMap<String, String>;

type Condition<O> = Box<dyn Fn(&O) -> bool + Send + Sync>;

/// A list in the making.
pub(super) struct Listing<O> {
    driver: Option<Query<O>>,
    conditions: Vec<Condition<O>>,
}

impl<O: 'static> Listing<O> {
    /// Returns the list of everything, in order of id.
    pub(super) const fn new() -> Self {
        Self {
            driver: None,
            conditions: Vec::new(),
        }
    }

    /// Narrows to the objects that fit one of the values; without values, not at all.
    pub(super) fn one_of<V: Send + Sync + 'static>(
        mut self,
        values: Vec<V>,
        find: impl Fn(&V) -> Query<O>,
        fits: impl Fn(&O, &V) -> bool + Send + Sync + 'static,
    ) -> Self {
        if values.is_empty() {
            return self;
        }
        self.driver
            .get_or_insert_with(|| Query::any_of(values.iter().map(find)));
        self.conditions.push(Box::new(move |object| {
            values.iter().any(|value| fits(object, value))
        }));
        self
    }

    /// Narrows to the objects that have every wanted label; a wanted value that is empty accepts any.
    pub(super) fn labelled(mut self, wanted: Labels, labels: fn(&O) -> Option<&Labels>) -> Self {
        if !wanted.is_empty() {
            self.conditions
                .push(Box::new(move |object| has_labels(&wanted, labels(object))));
        }
        self
    }

    /// Returns the query.
    pub(super) fn query(self) -> Query<O> {
        let Self { driver, conditions } = self;
        let query = driver.unwrap_or_else(Query::all);
        if conditions.is_empty() {
            return query;
        }
        query.filter(move |object| conditions.iter().all(|holds| holds(object)))
    }
}

/// Returns the query of a list of the other family: secrets, configs and resources. Their names, name prefixes and id
/// prefixes are alternatives, in that order, and names are compared without regard to case.
pub(super) fn any_of<O: 'static>(
    alternatives: Vec<Query<O>>,
    wanted: Labels,
    labels: fn(&O) -> Option<&Labels>,
) -> Query<O> {
    let query = if alternatives.is_empty() {
        Query::all()
    } else {
        Query::any_of(alternatives)
    };
    if wanted.is_empty() {
        return query;
    }
    query.filter(move |object| has_labels(&wanted, labels(object)))
}

/// Whether an object has every wanted label; a wanted value that is empty accepts any.
fn has_labels(wanted: &Labels, labels: Option<&Labels>) -> bool {
    let has = |key, value: &String| {
        labels
            .and_then(|labels| labels.get(key))
            .is_some_and(|has| value.is_empty() || has == value)
    };
    wanted.iter().all(|(key, value)| has(key, value))
}
