//! The entries of a watch request: of which changes a client wants to be told (SwarmKit `api/watch.proto`,
//! `manager/watchapi`).
//!
//! Entries are alternatives, the filters of one entry must all hold. Names are compared as they are written, and those of
//! tasks are not the computed ones: so it has always been in watches, other than in lists. A filter looks at the object
//! as it is after the change, or was before its removal.
//!
//! As in SwarmKit, a filter that its kind does not know is ignored, and a kind that is not a table's name is that of
//! resources.

use std::collections::HashSet;

use store_core::Watch;
use store_objects::wire::select_by::By;
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{
    Cluster, Config, Extension, IndexEntry, Network, Node, Secret, SelectBy, SelectBySlot, Service,
    Task, Volume, WatchActionKind,
};
use store_objects::{Id, Orchestration, StoreObject, resource, task};

use super::message::action;
use crate::refusal::Refusal;

/// Returns what the entries ask for.
///
/// # Errors
/// For the first entry that is wrong: its kind, then its filters, then its actions.
pub(super) fn watch(entries: Vec<WatchEntry>) -> Result<Watch<Orchestration>, Refusal> {
    let watches: Result<Vec<_>, _> = entries
        .into_iter()
        .enumerate()
        .map(|(place, entry)| {
            one(entry).map_err(|(text, advice)| Refusal::WatchEntry {
                text,
                entry: place,
                advice,
            })
        })
        .collect();
    Ok(Watch::any_of(watches?))
}

/// What is wrong with an entry, in SwarmKit's words, and what would be right.
type Wrong = (&'static str, &'static str);

fn one(entry: WatchEntry) -> Result<Watch<Orchestration>, Wrong> {
    let WatchEntry {
        kind,
        action: mask,
        filters,
    } = entry;
    if kind.is_empty() {
        return Err((
            "no kind of object specified",
            "kind must be given, such as `service`",
        ));
    }
    let filters = known(&kind, filters)?;
    let every = i32::from(WatchActionKind::WatchActionCreate)
        | i32::from(WatchActionKind::WatchActionUpdate)
        | i32::from(WatchActionKind::WatchActionRemove);
    if mask & every == 0 {
        return Err((
            "unrecognized action",
            "action must be a union of create 1, update 2, remove 4",
        ));
    }
    Ok(narrowest(&kind, &filters).filter(move |event| {
        i32::from(action(event)) & mask != 0 && filters.iter().all(|by| holds(by, event.object()))
    }))
}

/// What a filter decides about; two of one entry must not decide about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Id,
    Name,
    Custom,
    Service,
    Node,
    DesiredState,
    Role,
    Membership,
}

/// Returns the filters that the kind knows.
fn known(kind: &str, filters: Vec<SelectBy>) -> Result<Vec<By>, Wrong> {
    let mut seen = HashSet::new();
    let mut known = Vec::new();
    for by in filters.into_iter().filter_map(|filter| filter.by) {
        let Some(subject) = subject(kind, &by) else {
            continue;
        };
        if !seen.insert(subject) {
            return Err((
                "conflicting filters specified",
                "two filters decide about the same; make it two entries",
            ));
        }
        known.push(by);
    }
    Ok(known)
}

fn subject(kind: &str, by: &By) -> Option<Subject> {
    match by {
        By::Id(_) | By::IdPrefix(_) => Some(Subject::Id),
        By::Name(_) | By::NamePrefix(_) => Some(Subject::Name),
        By::Custom(_) | By::CustomPrefix(_) => Some(Subject::Custom),
        By::ServiceId(_) | By::Slot(_) => (kind == "task").then_some(Subject::Service),
        By::NodeId(_) => (kind == "task").then_some(Subject::Node),
        By::DesiredState(_) => (kind == "task").then_some(Subject::DesiredState),
        By::Role(_) => (kind == "node").then_some(Subject::Role),
        By::Membership(_) => (kind == "node").then_some(Subject::Membership),
        By::ReferencedNetworkId(_)
        | By::ReferencedSecretId(_)
        | By::ReferencedConfigId(_)
        | By::Kind(_) => None,
    }
}

/// Returns a watch that an index serves, where there is one, so that other commits do not ask these filters at all.
fn narrowest(kind: &str, filters: &[By]) -> Watch<Orchestration> {
    let id = filters.iter().find_map(|by| {
        if let By::Id(id) = by {
            Some(id.as_str())
        } else {
            None
        }
    });
    macro_rules! table {
        ($object:ty) => {
            id.map_or_else(Watch::table::<$object>, |id| {
                Watch::object::<$object>(Id::new(id))
            })
        };
    }
    match kind {
        "node" => table!(Node),
        "service" => table!(Service),
        "network" => table!(Network),
        "cluster" => table!(Cluster),
        "secret" => table!(Secret),
        "config" => table!(Config),
        "extension" => table!(Extension),
        "volume" => table!(Volume),
        "task" => {
            let indexed = filters.iter().find_map(|by| match by {
                By::NodeId(id) => Some(task::BY_NODE.eq(Id::new(id))),
                By::ServiceId(id) | By::Slot(SelectBySlot { service_id: id, .. }) => {
                    Some(task::BY_SERVICE.eq(Id::new(id)))
                }
                _ => None,
            });
            indexed.map_or_else(|| table!(Task), Watch::query)
        }
        kind => Watch::query(resource::BY_KIND.eq(kind)),
    }
}

fn holds(by: &By, object: &StoreObject) -> bool {
    match by {
        By::Id(id) => object.id() == id,
        By::IdPrefix(prefix) => object.id().starts_with(prefix),
        By::Name(name) => self::name(object) == Some(name),
        By::NamePrefix(prefix) => self::name(object).is_some_and(|name| name.starts_with(prefix)),
        By::Custom(custom) => {
            indices(object).any(|entry| entry.key == custom.index && entry.val == custom.value)
        }
        By::CustomPrefix(custom) => indices(object)
            .any(|entry| entry.key == custom.index && entry.val.starts_with(&custom.value)),
        By::ServiceId(id) => task(object).is_some_and(|task| task.service_id == *id),
        By::Slot(slot) => task(object)
            .is_some_and(|task| (&task.service_id, task.slot) == (&slot.service_id, slot.slot)),
        By::NodeId(id) => task(object).is_some_and(|task| task.node_id == *id),
        By::DesiredState(state) => task(object).is_some_and(|task| task.desired_state == *state),
        By::Role(role) => node(object).is_some_and(|node| node.role == *role),
        By::Membership(membership) => node(object).is_some_and(|node| {
            node.spec.as_ref().map_or(0, |spec| spec.membership) == *membership
        }),
        By::ReferencedNetworkId(_)
        | By::ReferencedSecretId(_)
        | By::ReferencedConfigId(_)
        | By::Kind(_) => true,
    }
}

fn task(object: &StoreObject) -> Option<&Task> {
    if let StoreObject::Task(task) = object {
        Some(task)
    } else {
        None
    }
}

fn node(object: &StoreObject) -> Option<&Node> {
    if let StoreObject::Node(node) = object {
        Some(node)
    } else {
        None
    }
}

/// Returns the name that a watch compares: that of the spec, of a node the hostname that it has reported.
fn name(object: &StoreObject) -> Option<&String> {
    match object {
        StoreObject::Node(node) => Some(&node.description.as_ref()?.hostname),
        other => Some(&other.annotations()?.name),
    }
}

fn indices(object: &StoreObject) -> impl Iterator<Item = &IndexEntry> {
    object
        .annotations()
        .into_iter()
        .flat_map(|annotations| &annotations.indices)
}

#[cfg(test)]
mod tests;
