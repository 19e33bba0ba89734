//! How many tasks services want, and have (SwarmKit control API, section 4.11).

use proposer::Proposer;
use store_core::{Changes, Read, Snapshot};
use store_objects::wire::list_service_statuses_response::ServiceStatus;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::{
    ListServiceStatusesRequest, ListServiceStatusesResponse, Service, Task, TaskState,
};
use store_objects::{Id, Orchestration, task};

use crate::control::backend::Backend;

/// Returns an entry for each id, in the same order; zeros for one that nothing has.
pub(in crate::control) fn statuses<P: Proposer<Changes<Orchestration>>>(
    backend: &Backend<P>,
    request: ListServiceStatusesRequest,
) -> ListServiceStatusesResponse {
    let view = backend.view();
    let statuses = request.services.into_iter().map(|id| status(&view, id));
    ListServiceStatusesResponse {
        statuses: statuses.collect(),
    }
}

fn status(view: &Snapshot<Orchestration>, id: String) -> ServiceStatus {
    let service = view.get::<Service>(Id::new(&id));
    let iteration = service
        .and_then(|service| service.job_status.as_ref())
        .map(|job| job.job_iteration.unwrap_or_default());
    // Of a job, only the tasks of its current run count.
    let tasks = || {
        view.find(task::BY_SERVICE.eq(Id::new(&id)))
            .filter(|task| iteration.is_none() || task.job_iteration == iteration)
    };
    let count = |counts: &dyn Fn(&Task) -> bool| tasks().filter(|task| counts(task)).count() as u64;
    let mode = service.and_then(|service| service.spec.as_ref()?.mode);
    ServiceStatus {
        desired_tasks: match mode {
            Some(Mode::Replicated(replicated)) => replicated.replicas,
            Some(Mode::ReplicatedJob(job)) => job.max_concurrent,
            Some(Mode::Global(_) | Mode::GlobalJob(_)) => count(&is_wanted),
            None => 0,
        },
        running_tasks: count(&|task| state(task) == i32::from(TaskState::Running)),
        completed_tasks: match iteration {
            Some(_) => count(&|task| state(task) == i32::from(TaskState::Complete)),
            None => 0,
        },
        service_id: id,
    }
}

/// Whether a task that runs once on every node is to run, or to run to its end.
fn is_wanted(task: &Task) -> bool {
    let complete = i32::from(TaskState::Complete);
    task.desired_state == i32::from(TaskState::Running)
        || (task.desired_state == complete && state(task) != complete)
}

fn state(task: &Task) -> i32 {
    task.status.as_ref().map_or(0, |status| status.state)
}
