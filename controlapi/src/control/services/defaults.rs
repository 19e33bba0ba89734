//! What a service's spec leaves to the defaults, shown on request; nothing of it is stored.
//!
//! The values are SwarmKit's (`api/defaults/service.go`). They are the same for jobs.

use prost_types::Duration;
use store_objects::wire::restart_policy::RestartCondition;
use store_objects::wire::update_config::{FailureAction, UpdateOrder};
use store_objects::wire::{RestartPolicy, ServiceSpec, UpdateConfig, task_spec};

const STOP_GRACE_PERIOD: Duration = Duration {
    seconds: 10,
    nanos: 0,
};
const RESTART_DELAY: Duration = Duration {
    seconds: 5,
    nanos: 0,
};
const UPDATE_MONITOR: Duration = Duration {
    seconds: 5,
    nanos: 0,
};

/// Adds everything that has a default.
pub(super) fn insert(spec: &mut ServiceSpec) {
    let task = spec.task.get_or_insert_default();
    if let Some(task_spec::Runtime::Container(container)) = &mut task.runtime {
        container.stop_grace_period.get_or_insert(STOP_GRACE_PERIOD);
        container.pull_options.get_or_insert_default();
        container.dns_config.get_or_insert_default();
    }
    task.resources.get_or_insert_default();
    // A policy that is there keeps its condition, also when that is the zero value.
    let policy = RestartPolicy {
        condition: RestartCondition::Any.into(),
        ..RestartPolicy::default()
    };
    task.restart
        .get_or_insert(policy)
        .delay
        .get_or_insert(RESTART_DELAY);
    task.placement.get_or_insert_default();
    for update in [&mut spec.update, &mut spec.rollback] {
        let config = UpdateConfig {
            failure_action: FailureAction::Pause.into(),
            order: UpdateOrder::StopFirst.into(),
            parallelism: 1,
            ..UpdateConfig::default()
        };
        update
            .get_or_insert(config)
            .monitor
            .get_or_insert(UPDATE_MONITOR);
    }
}
