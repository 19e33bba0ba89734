//! How many tasks of services do what they should: as the server counts them; counted here if it does not.

use std::collections::BTreeMap;

use store_objects::wire::list_service_statuses_response::ServiceStatus;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::{
    ListServiceStatusesRequest, Service, Task, TaskState, list_tasks_request,
};
use tonic::Code;

use crate::cli::connect::Client;
use crate::cli::error::Error;
use crate::cli::task;

/// Task counts of services, by id.
pub(super) type Statuses = BTreeMap<String, ServiceStatus>;

/// Returns the task counts of services.
pub(super) async fn statuses(client: &mut Client, services: &[Service]) -> Result<Statuses, Error> {
    let ids: Vec<String> = services.iter().map(|service| service.id.clone()).collect();
    let request = ListServiceStatusesRequest {
        services: ids.clone(),
    };
    let statuses = match client.control.list_service_statuses(request).await {
        Ok(answer) => answer.into_inner().statuses,
        // SwarmKit did not always have it.
        Err(status) if status.code() == Code::Unimplemented => {
            let filters = list_tasks_request::Filters {
                service_ids: ids,
                ..Default::default()
            };
            let tasks = task::fetch(client, filters).await?;
            services
                .iter()
                .map(|service| count(service, &tasks))
                .collect()
        }
        Err(status) => return Err(status.into()),
    };
    Ok(statuses
        .into_iter()
        .map(|status| (status.service_id.clone(), status))
        .collect())
}

/// Counts the tasks of a service; of a job, those of its current run.
fn count(service: &Service, tasks: &[Task]) -> ServiceStatus {
    let mode = service.spec.as_ref().and_then(|spec| spec.mode);
    let is_job = matches!(mode, Some(Mode::ReplicatedJob(_) | Mode::GlobalJob(_)));
    let run = service
        .job_status
        .and_then(|status| status.job_iteration)
        .unwrap_or_default();
    let mut status = ServiceStatus {
        service_id: service.id.clone(),
        ..Default::default()
    };
    let of_service = tasks.iter().filter(|task| task.service_id == service.id);
    for task in of_service.filter(|task| !is_job || task.job_iteration.unwrap_or_default() == run) {
        let state = task.status.as_ref().map_or(0, |status| status.state);
        let completed = state == i32::from(TaskState::Complete);
        let desired = task.desired_state;
        status.running_tasks += u64::from(state == i32::from(TaskState::Running));
        status.completed_tasks += u64::from(is_job && completed);
        status.desired_tasks += u64::from(
            desired == i32::from(TaskState::Running)
                || (desired == i32::from(TaskState::Complete) && !completed),
        );
    }
    match mode {
        Some(Mode::Replicated(mode)) => status.desired_tasks = mode.replicas,
        Some(Mode::ReplicatedJob(mode)) => status.desired_tasks = mode.max_concurrent,
        Some(Mode::Global(_) | Mode::GlobalJob(_)) | None => {}
    }
    status
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{GlobalJob, JobStatus, ReplicatedService, Version};

    use super::*;
    use crate::cli::sample;

    fn tasks(states: &[(TaskState, TaskState)]) -> Vec<Task> {
        let task = |(at, (desired, state)): (usize, &(TaskState, TaskState))| {
            let mut task = sample::task(&format!("t{at}"), "web", 1, *state);
            task.desired_state = (*desired).into();
            task
        };
        states.iter().enumerate().map(task).collect()
    }

    fn counts(mode: Mode, tasks: &[Task]) -> (u64, u64, u64) {
        let mut service = sample::service("s1", "web");
        service.spec.get_or_insert_default().mode = Some(mode);
        service.job_status = Some(JobStatus {
            job_iteration: Some(Version { index: 2 }),
            ..Default::default()
        });
        let status = count(&service, tasks);
        (
            status.desired_tasks,
            status.running_tasks,
            status.completed_tasks,
        )
    }

    #[test]
    fn the_tasks_of_other_services_do_not_count() {
        use TaskState::{Complete, Failed, Running, Shutdown};
        let mut tasks = tasks(&[
            (Running, Running),
            (Shutdown, Failed),
            (Running, Complete),
            (Running, Running),
        ]);
        tasks[3].service_id = "s2".into();
        assert_eq!(
            counts(Mode::Replicated(ReplicatedService { replicas: 3 }), &tasks),
            (3, 1, 0)
        );
    }

    #[test]
    fn earlier_runs_of_a_job_do_not_count() {
        use TaskState::{Complete, Running};
        let mut tasks = tasks(&[
            (Complete, Running),
            (Complete, Complete),
            (Complete, Complete),
        ]);
        tasks[0].job_iteration = Some(Version { index: 2 });
        tasks[1].job_iteration = Some(Version { index: 2 });
        tasks[2].job_iteration = Some(Version { index: 1 });
        assert_eq!(counts(Mode::GlobalJob(GlobalJob {}), &tasks), (1, 1, 1));
    }
}
