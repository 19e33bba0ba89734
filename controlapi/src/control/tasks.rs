//! Tasks: what there is of them, and which; and their removal (SwarmKit control API, section 3).

mod dirty;

use std::borrow::Cow;

use proposer::Proposer;
use store_core::{Changes, Query, Read as _};
use store_objects::wire::{
    GetTaskRequest, GetTaskResponse, ListTasksRequest, ListTasksResponse, RemoveTaskRequest,
    RemoveTaskResponse, Task, list_tasks_request,
};
use store_objects::{FoldedName, Id, Orchestration, task};

use super::backend::Backend;
use super::list::Listing;
use crate::refusal::Refusal;
use crate::validate;

/// Returns a task: `InvalidArgument` without an id, `NotFound` if there is none of that id.
pub(super) fn get<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: &GetTaskRequest,
) -> Result<GetTaskResponse, Refusal> {
    let task = backend.find::<Task>(&request.task_id, "task_id")?;
    Ok(GetTaskResponse {
        task: Some(Task::clone(&task)),
    })
}

/// Returns the tasks that the filters let pass.
pub(super) fn list<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListTasksRequest,
) -> ListTasksResponse {
    let filters = request.filters.unwrap_or_default();
    let up_to_date = filters.up_to_date;
    let view = backend.view();
    let found = view
        .find(selected(filters))
        .filter(|task| !up_to_date || dirty::is_current(&view, task));
    ListTasksResponse {
        tasks: found.map(|task| Task::clone(task)).collect(),
    }
}

/// Removes a task at once, whatever its state is; nobody stops it first.
///
/// - `InvalidArgument`: no id.
/// - `NotFound`: no task of that id.
pub(super) async fn remove<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: RemoveTaskRequest,
) -> Result<RemoveTaskResponse, Refusal> {
    backend.remove::<Task>(&request.task_id, "task_id").await?;
    Ok(RemoveTaskResponse {})
}

fn selected(filters: list_tasks_request::Filters) -> Query<Task> {
    let list_tasks_request::Filters {
        names,
        id_prefixes,
        labels,
        service_ids,
        node_ids,
        desired_states,
        name_prefixes,
        runtimes,
        up_to_date: _,
    } = filters;
    Listing::new()
        .one_of(
            names,
            |name| task::BY_NAME.eq(FoldedName::new(name)),
            |task, name| task::name(task) == *name,
        )
        .one_of(
            name_prefixes,
            |prefix| task::BY_NAME.prefix(prefix),
            |task, prefix| task::name(task).starts_with(prefix),
        )
        .one_of(
            id_prefixes,
            |prefix| task::BY_ID.prefix(prefix),
            |task, prefix| task.id.starts_with(prefix),
        )
        .one_of(
            service_ids,
            |id| task::BY_SERVICE.eq(Id::new(id)),
            |task, id| task.service_id == *id,
        )
        .one_of(
            runtimes,
            |runtime| task::BY_RUNTIME.eq(runtime),
            |task, runtime| runtime_of(task).is_some_and(|name| name == *runtime),
        )
        .one_of(
            node_ids,
            |id| task::BY_NODE.eq(Id::new(id)),
            |task, id| task.node_id == *id,
        )
        .one_of(
            desired_states,
            |state| task::BY_DESIRED_STATE.eq(state),
            |task, state| task.desired_state == *state,
        )
        .labelled(labels, |task| {
            Some(&task.service_annotations.as_ref()?.labels)
        })
        .query()
}

fn runtime_of(task: &Task) -> Option<Cow<'_, str>> {
    validate::runtime_name(task.spec.as_ref()?)
}
