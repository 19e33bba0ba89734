//! What a service does where its spec leaves a choice open.
//!
//! For display only: what is stored is what was sent. `previous_spec` stays as it is.

use prost_types::Duration;
use store_objects::wire::container_spec::{DnsConfig, PullOptions};
use store_objects::wire::restart_policy::RestartCondition;
use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{
    ContainerSpec, Placement, ResourceRequirements, RestartPolicy, Service, TaskSpec, UpdateConfig,
};

const STOP_GRACE_PERIOD: Duration = seconds(10);
const RESTART_DELAY: Duration = seconds(5);
const UPDATE_MONITOR: Duration = seconds(5);

const fn seconds(seconds: i64) -> Duration {
    Duration { seconds, nanos: 0 }
}

/// Fills in the defaults of a service that is to be shown. A part that is there keeps what it says, even its zeros.
///
/// SwarmKit control API, section 4.7.
pub fn insert_defaults(service: &mut Service) {
    let spec = service.spec.get_or_insert_default();
    task(spec.task.get_or_insert_default());
    update(&mut spec.update);
    update(&mut spec.rollback);
}

fn task(task: &mut TaskSpec) {
    if let Some(Runtime::Container(container)) = &mut task.runtime {
        self::container(container);
    }
    task.resources
        .get_or_insert_with(ResourceRequirements::default);
    let restart = task.restart.get_or_insert_with(|| RestartPolicy {
        condition: RestartCondition::Any.into(),
        ..RestartPolicy::default()
    });
    restart.delay.get_or_insert(RESTART_DELAY);
    task.placement.get_or_insert_with(Placement::default);
}

fn container(container: &mut ContainerSpec) {
    container.stop_grace_period.get_or_insert(STOP_GRACE_PERIOD);
    container
        .pull_options
        .get_or_insert_with(PullOptions::default);
    container.dns_config.get_or_insert_with(DnsConfig::default);
}

/// One task after the other, and a pause where one fails: the numbers of the last two are zero.
fn update(config: &mut Option<UpdateConfig>) {
    let config = config.get_or_insert_with(|| UpdateConfig {
        parallelism: 1,
        ..UpdateConfig::default()
    });
    config.monitor.get_or_insert(UPDATE_MONITOR);
}

#[cfg(test)]
mod tests {
    use store_objects::wire::update_config::{FailureAction, UpdateOrder};
    use store_objects::wire::{GenericRuntimeSpec, ServiceSpec};

    use super::*;

    fn filled(runtime: Runtime) -> ServiceSpec {
        let mut service = Service {
            spec: Some(ServiceSpec {
                task: Some(TaskSpec {
                    runtime: Some(runtime),
                    ..TaskSpec::default()
                }),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        };
        insert_defaults(&mut service);
        assert_eq!(service.previous_spec, None);
        service.spec.unwrap()
    }

    #[test]
    fn what_is_absent_is_filled_in() {
        let spec = filled(Runtime::Container(ContainerSpec::default()));
        let task = spec.task.unwrap();
        assert_eq!(
            task.runtime,
            Some(Runtime::Container(ContainerSpec {
                stop_grace_period: Some(seconds(10)),
                pull_options: Some(PullOptions::default()),
                dns_config: Some(DnsConfig::default()),
                ..ContainerSpec::default()
            }))
        );
        assert_eq!(
            task.restart,
            Some(RestartPolicy {
                condition: RestartCondition::Any.into(),
                delay: Some(seconds(5)),
                ..RestartPolicy::default()
            })
        );
        assert_eq!(task.placement, Some(Placement::default()));
        assert_eq!(task.resources, Some(ResourceRequirements::default()));
        let update = Some(UpdateConfig {
            parallelism: 1,
            failure_action: FailureAction::Pause.into(),
            monitor: Some(seconds(5)),
            order: UpdateOrder::StopFirst.into(),
            ..UpdateConfig::default()
        });
        assert_eq!(spec.update, update);
        assert_eq!(spec.rollback, update);
    }

    #[test]
    fn what_is_there_stays() {
        let mut service = Service {
            spec: Some(ServiceSpec {
                task: Some(TaskSpec {
                    restart: Some(RestartPolicy {
                        max_attempts: 2,
                        ..RestartPolicy::default()
                    }),
                    ..TaskSpec::default()
                }),
                update: Some(UpdateConfig::default()),
                rollback: Some(UpdateConfig {
                    parallelism: 7,
                    monitor: Some(seconds(1)),
                    ..UpdateConfig::default()
                }),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        };
        let before = service.spec.clone().unwrap();
        insert_defaults(&mut service);
        let spec = service.spec.unwrap();
        assert_eq!(
            spec.task.unwrap().restart,
            Some(RestartPolicy {
                condition: RestartCondition::None.into(),
                max_attempts: 2,
                delay: Some(seconds(5)),
                ..RestartPolicy::default()
            })
        );
        assert_eq!(
            spec.update,
            Some(UpdateConfig {
                parallelism: 0,
                monitor: Some(seconds(5)),
                ..UpdateConfig::default()
            })
        );
        assert_eq!(spec.rollback, before.rollback);
    }

    #[test]
    fn other_runtimes_have_no_defaults_of_their_own() {
        let generic = Runtime::Generic(GenericRuntimeSpec::default());
        assert_eq!(filled(generic.clone()).task.unwrap().runtime, Some(generic));
    }
}
