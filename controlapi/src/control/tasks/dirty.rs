//! Whether a task is still what its service asks for (SwarmKit control API, section 5; `manager/orchestrator/task.go`).

use std::borrow::Cow;

use store_core::Read;
use store_objects::wire::{Node, Service, Task, TaskSpec, TaskState, task_spec};
use store_objects::{Id, Orchestration};

use crate::validate::Constraint;

/// Whether the task's service exists and asks for this very task.
pub(super) fn is_current(state: &impl Read<Schema = Orchestration>, task: &Task) -> bool {
    let Some(service) = state.get::<Service>(Id::new(&task.service_id)) else {
        return false;
    };
    !is_dirty(
        service,
        task,
        state
            .get::<Node>(Id::new(&task.node_id))
            .map(|node| &**node),
    )
}

fn is_dirty(service: &Service, task: &Task, node: Option<&Node>) -> bool {
    if service.spec_version.is_some() && service.spec_version == task.spec_version {
        return false;
    }
    let empty = TaskSpec::default();
    let asked = service
        .spec
        .as_ref()
        .and_then(|spec| spec.task.as_deref())
        .unwrap_or(&empty);
    let running = task.spec.as_deref().unwrap_or(&empty);
    let placed = TaskSpec {
        placement: asked.placement.clone(),
        ..running.clone()
    };
    if *asked == placed
        && asked.placement != running.placement
        && node.is_some_and(|node| fits(asked, node))
    {
        return false;
    }
    let endpoint = service
        .spec
        .as_ref()
        .and_then(|spec| spec.endpoint.as_ref());
    *asked != *comparable(asked, running, task)
        || task
            .endpoint
            .as_ref()
            .is_some_and(|task_endpoint| task_endpoint.spec.as_ref() != endpoint)
}

/// Returns the task's spec, with the service's word on how to pull the image where the image has been pulled already.
fn comparable<'a>(asked: &TaskSpec, running: &'a TaskSpec, task: &Task) -> Cow<'a, TaskSpec> {
    let pulled = i32::from(TaskState::Ready)..=i32::from(TaskState::Running);
    let state = task.status.as_ref().map_or(0, |status| status.state);
    if task.desired_state > i32::from(TaskState::Running) || !pulled.contains(&state) {
        return Cow::Borrowed(running);
    }
    let mut running = running.clone();
    if let (
        Some(task_spec::Runtime::Container(asked)),
        Some(task_spec::Runtime::Container(container)),
    ) = (&asked.runtime, &mut running.runtime)
    {
        container.pull_options.clone_from(&asked.pull_options);
    }
    Cow::Owned(running)
}

/// Whether a node is one that the spec's constraints allow.
fn fits(spec: &TaskSpec, node: &Node) -> bool {
    let constraints = spec
        .placement
        .as_ref()
        .map_or(&[][..], |placement| &placement.constraints);
    constraints
        .iter()
        .all(|text| Constraint::parse(text).is_ok_and(|constraint| constraint.matches(node)))
}
