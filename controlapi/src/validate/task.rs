//! What a task is called, and whether it still is what its service wants.

use std::borrow::Cow;

use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{Node, Service, Task, TaskSpec, TaskState};

use super::constraint::parse_all;
use super::name::name_of;

/// Returns the name of a task: its own, or one made of its service's, its slot (or node) and its id.
///
/// SwarmKit control API, section 5.
#[must_use]
pub fn task_name(task: &Task) -> Cow<'_, str> {
    let own = name_of(task.annotations.as_ref());
    if !own.is_empty() {
        return Cow::Borrowed(own);
    }
    let service = name_of(task.service_annotations.as_ref());
    Cow::Owned(if task.slot == 0 {
        format!("{service}.{}.{}", task.node_id, task.id)
    } else {
        format!("{service}.{}.{}", task.slot, task.id)
    })
}

/// Tells whether a task no longer is what its service's spec asks for.
///
/// SwarmKit control API, section 5. `node` is the one that the task is on, if it still exists. A change of placement
/// alone does not matter where the node meets the new constraints; that of how to pull an image does not matter once
/// it is pulled.
#[must_use]
pub fn is_dirty(service: &Service, task: &Task, node: Option<&Node>) -> bool {
    if task.spec_version.is_some() && task.spec_version == service.spec_version {
        return false;
    }
    let spec = service.spec.as_ref();
    let wanted = spec.and_then(|spec| spec.task.as_ref());
    let mut wanted = wanted.cloned().unwrap_or_default();
    let actual = task
        .spec
        .as_ref()
        .map_or(Cow::Owned(TaskSpec::default()), Cow::Borrowed);
    if differs_in_placement_only(&wanted, &actual)
        && node.is_some_and(|node| may_stay(&wanted, node))
    {
        return false;
    }
    if is_pulled(task) {
        ignore_pull_options(&mut wanted, &actual);
    }
    let endpoint = spec.and_then(|spec| spec.endpoint.as_ref());
    wanted != *actual
        || task
            .endpoint
            .as_ref()
            .is_some_and(|actual| actual.spec.as_ref() != endpoint)
}

fn differs_in_placement_only(wanted: &TaskSpec, actual: &TaskSpec) -> bool {
    wanted.placement != actual.placement && {
        let mut wanted = wanted.clone();
        wanted.placement.clone_from(&actual.placement);
        wanted == *actual
    }
}

/// Tells whether a node meets all constraints. Those that cannot be read, it does not meet.
fn may_stay(spec: &TaskSpec, node: &Node) -> bool {
    let constraints = spec
        .placement
        .as_ref()
        .map_or(&[][..], |placement| &placement.constraints);
    parse_all(constraints).is_ok_and(|constraints| {
        constraints
            .iter()
            .all(|constraint| constraint.matches(node))
    })
}

/// Tells whether a task that is to run has got so far that its image is there.
fn is_pulled(task: &Task) -> bool {
    let state = task.status.as_ref().map_or(0, |status| status.state);
    let (ready, running) = (TaskState::Ready as i32, TaskState::Running as i32);
    task.desired_state <= running && (ready..=running).contains(&state)
}

fn ignore_pull_options(wanted: &mut TaskSpec, actual: &TaskSpec) {
    if let (Some(Runtime::Container(wanted)), Some(Runtime::Container(actual))) =
        (&mut wanted.runtime, &actual.runtime)
    {
        wanted.pull_options.clone_from(&actual.pull_options);
    }
}

#[cfg(test)]
mod tests {
    use store_objects::wire::container_spec::PullOptions;
    use store_objects::wire::endpoint_spec::ResolutionMode;
    use store_objects::wire::{
        Annotations, ContainerSpec, Endpoint, EndpointSpec, Placement, ServiceSpec, TaskStatus,
        Version,
    };

    use super::*;

    fn container(image: &str) -> TaskSpec {
        TaskSpec {
            runtime: Some(Runtime::Container(ContainerSpec {
                image: image.to_owned(),
                ..ContainerSpec::default()
            })),
            ..TaskSpec::default()
        }
    }

    fn service(task: TaskSpec) -> Service {
        Service {
            spec: Some(ServiceSpec {
                task: Some(task),
                ..ServiceSpec::default()
            }),
            spec_version: Some(Version { index: 7 }),
            ..Service::default()
        }
    }

    fn task(state: TaskState, spec: TaskSpec) -> Task {
        Task {
            spec: Some(spec),
            status: Some(TaskStatus {
                state: state.into(),
                ..TaskStatus::default()
            }),
            desired_state: TaskState::Running.into(),
            ..Task::default()
        }
    }

    #[test]
    fn names() {
        let annotations = |name: &str| {
            Some(Annotations {
                name: name.to_owned(),
                ..Annotations::default()
            })
        };
        let mut task = Task {
            id: "t".to_owned(),
            node_id: "n".to_owned(),
            service_annotations: annotations("web"),
            ..Task::default()
        };
        assert_eq!(task_name(&task), "web.n.t");
        task.slot = 3;
        assert_eq!(task_name(&task), "web.3.t");
        task.annotations = annotations("own");
        assert_eq!(task_name(&task), "own");
        assert_eq!(task_name(&Task::default()), "..");
    }

    #[test]
    fn a_changed_spec_makes_a_task_dirty() {
        let service = service(container("new:1"));
        let running = |image| task(TaskState::Running, container(image));
        assert!(!is_dirty(&service, &running("new:1"), None));
        assert!(is_dirty(&service, &running("old:1"), None));
        let same_version = Task {
            spec_version: Some(Version { index: 7 }),
            ..running("old:1")
        };
        assert!(!is_dirty(&service, &same_version, None));
        let neither_has_a_version = Service {
            spec_version: None,
            ..service
        };
        assert!(is_dirty(&neither_has_a_version, &running("old:1"), None));
    }

    #[test]
    fn placement_counts_only_where_the_node_does_not_fit() {
        let mut spec = container("image");
        spec.placement = Some(Placement {
            constraints: vec!["node.id == here".to_owned()],
            ..Placement::default()
        });
        let service = service(spec);
        let task = task(TaskState::Running, container("image"));
        let node = |id: &str| Node {
            id: id.to_owned(),
            ..Node::default()
        };
        assert!(!is_dirty(&service, &task, Some(&node("here"))));
        assert!(is_dirty(&service, &task, Some(&node("there"))));
        assert!(is_dirty(&service, &task, None));
    }

    #[test]
    fn how_to_pull_counts_until_it_is_pulled() {
        let mut pulled_otherwise = container("image");
        if let Some(Runtime::Container(container)) = &mut pulled_otherwise.runtime {
            container.pull_options = Some(PullOptions {
                registry_auth: "x".to_owned(),
            });
        }
        let service = service(container("image"));
        for (state, is) in [
            (TaskState::Preparing, true),
            (TaskState::Ready, false),
            (TaskState::Running, false),
            (TaskState::Failed, true),
        ] {
            let task = task(state, pulled_otherwise.clone());
            assert_eq!(is_dirty(&service, &task, None), is, "{state:?}");
        }
        let mut stopping = task(TaskState::Running, pulled_otherwise);
        stopping.desired_state = TaskState::Shutdown.into();
        assert!(is_dirty(&service, &stopping, None));
    }

    #[test]
    fn an_endpoint_counts_once_the_task_has_one() {
        let service = service(container("image"));
        let endpoint = |spec| {
            Some(Endpoint {
                spec,
                ..Endpoint::default()
            })
        };
        let mut task = task(TaskState::Running, container("image"));
        task.endpoint = endpoint(None);
        assert!(!is_dirty(&service, &task, None));
        task.endpoint = endpoint(Some(EndpointSpec {
            mode: ResolutionMode::Dnsrr.into(),
            ..EndpointSpec::default()
        }));
        assert!(is_dirty(&service, &task, None));
    }
}
