//! One event as a line.
//!
//! The columns have fixed widths, since nobody knows what comes next.

use serde_json::Value;
use store_objects::wire::object::Object as Any;
use store_objects::wire::watch_message::Event;
use store_objects::wire::{Object, WatchActionKind};

use super::difference::differences;
use crate::cli::kind::{Kind, name_in};
use crate::cli::output::printable;

/// Returns the names of the columns.
pub(super) fn header() -> String {
    columns("VERSION", "ACTION", "KIND", "ID", "NAME")
}

/// Returns an event of a version as a line; with what an update changed, if the event tells.
pub(super) fn line(version: Option<u64>, event: &Event) -> String {
    let version = version.map_or_else(|| "-".into(), |version| version.to_string());
    let (kind, id, name) = parts(event.object.as_ref());
    let mut text = name;
    if let (Some(before), Some(after)) = (
        value(event.old_object.as_ref()),
        value(event.object.as_ref()),
    ) {
        text = format!("{text}  {}", differences(&before, &after).join("; "));
    }
    columns(
        &version,
        action(event.action),
        kind,
        &printable(&id),
        printable(&text).trim_end(),
    )
}

/// Returns the name of an event's object.
pub(super) fn name(event: &Event) -> String {
    let (_, _, name) = parts(event.object.as_ref());
    printable(&name)
}

fn columns(version: &str, action: &str, kind: &str, id: &str, text: &str) -> String {
    format!("{version:<8} {action:<7} {kind:<10} {id:<25}  {text}")
        .trim_end()
        .to_owned()
        + "\n"
}

fn action(number: i32) -> &'static str {
    match WatchActionKind::try_from(number) {
        Ok(WatchActionKind::WatchActionCreate) => "create",
        Ok(WatchActionKind::WatchActionUpdate) => "update",
        Ok(WatchActionKind::WatchActionRemove) => "remove",
        Ok(WatchActionKind::WatchActionUnknown) | Err(_) => "unknown",
    }
}

/// Returns kind, id and name of an object.
fn parts(object: Option<&Object>) -> (&'static str, String, String) {
    fn of<K: Kind>(object: &K) -> (&'static str, String, String) {
        (K::NOUN, object.id().into(), object.name())
    }
    match object.and_then(|object| object.object.as_ref()) {
        Some(Any::Node(node)) => of(node),
        Some(Any::Service(service)) => of(service),
        Some(Any::Network(network)) => of(network),
        Some(Any::Task(task)) => of(task),
        Some(Any::Cluster(cluster)) => of(cluster),
        Some(Any::Secret(secret)) => of(secret),
        Some(Any::Config(config)) => of(config),
        Some(Any::Volume(volume)) => of(volume),
        Some(Any::Resource(resource)) => (
            "resource",
            resource.id.clone(),
            name_in(resource.annotations.as_ref()),
        ),
        Some(Any::Extension(extension)) => (
            "extension",
            extension.id.clone(),
            name_in(extension.annotations.as_ref()),
        ),
        None => ("unknown", String::new(), String::new()),
    }
}

/// Returns an object's fields, without the kind around them.
fn value(object: Option<&Object>) -> Option<Value> {
    match serde_json::to_value(object?).ok()? {
        Value::Object(one) => one.into_iter().next().map(|(_, value)| value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use store_objects::wire::service_spec::Mode;
    use store_objects::wire::{Extension, ReplicatedService, Service, TaskState};

    use super::*;
    use crate::cli::sample::{self, assert_golden};

    fn event(action: WatchActionKind, object: Any, old: Option<Any>) -> Event {
        Event {
            action: action.into(),
            object: Some(Object {
                object: Some(object),
            }),
            old_object: old.map(|old| Object { object: Some(old) }),
        }
    }

    fn scaled(replicas: u64) -> Service {
        let mut service = sample::service("s1", "web");
        service.spec.get_or_insert_default().mode =
            Some(Mode::Replicated(ReplicatedService { replicas }));
        service
    }

    #[test]
    fn an_event_is_a_line() {
        let task = sample::task("t1", "web", 1, TaskState::Running);
        let create = event(
            WatchActionKind::WatchActionCreate,
            Any::Service(scaled(2)),
            None,
        );
        let update = event(
            WatchActionKind::WatchActionUpdate,
            Any::Service(scaled(3)),
            Some(Any::Service(scaled(2))),
        );
        let remove = event(WatchActionKind::WatchActionRemove, Any::Task(task), None);
        let unnamed = event(
            WatchActionKind::WatchActionCreate,
            Any::Extension(Extension::default()),
            None,
        );
        let lines = [
            line(Some(4), &create),
            line(Some(5), &update),
            line(None, &remove),
            line(Some(7), &unnamed),
        ];
        assert_golden("watch.txt", &(header() + &lines.concat()));
    }

    #[test]
    fn an_event_without_an_object_is_shown_too() {
        assert_eq!(
            line(Some(1), &Event::default()),
            "1        unknown unknown\n"
        );
    }
}
