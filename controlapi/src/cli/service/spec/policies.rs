//! Flags about when tasks are started again, and how a service moves from one spec to the next.

use clap::ValueEnum;
use prost_types::Duration;
use store_objects::wire::restart_policy::RestartCondition;
use store_objects::wire::update_config::{FailureAction, UpdateOrder};
use store_objects::wire::{TaskSpec, UpdateConfig};

use crate::cli::time::parse_span;

/// When a task that ended is started again.
#[derive(Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Restart")]
#[expect(clippy::struct_field_names, reason = "they are named like the flags")]
pub(super) struct RestartFlags {
    /// After which ends a task is started again.
    #[arg(long)]
    restart_condition: Option<Condition>,
    /// How long to wait before.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    restart_delay: Option<Duration>,
    /// How often; 0 is no limit.
    #[arg(long, value_name = "COUNT")]
    restart_max_attempts: Option<u64>,
    /// The time in which attempts are counted.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    restart_window: Option<Duration>,
}

/// After which ends a task is started again.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Condition {
    None,
    Failure,
    Any,
}

impl RestartFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) {
        if *self == Self::default() {
            return;
        }
        let policy = task.restart.get_or_insert_default();
        if let Some(condition) = self.restart_condition {
            policy.condition = match condition {
                Condition::None => RestartCondition::None,
                Condition::Failure => RestartCondition::OnFailure,
                Condition::Any => RestartCondition::Any,
            }
            .into();
        }
        policy.delay = self.restart_delay.or(policy.delay);
        policy.max_attempts = self.restart_max_attempts.unwrap_or(policy.max_attempts);
        policy.window = self.restart_window.or(policy.window);
    }
}

/// How an update proceeds.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Update")]
#[expect(clippy::struct_field_names, reason = "they are named like the flags")]
pub(super) struct UpdateFlags {
    /// How many tasks are replaced at a time; 0 is all at once.
    #[arg(long, value_name = "COUNT")]
    update_parallelism: Option<u64>,
    /// How long to wait in between.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    update_delay: Option<Duration>,
    /// What to do when new tasks fail.
    #[arg(long)]
    update_on_failure: Option<Action>,
    /// How long a new task is watched for failure.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    update_monitor: Option<Duration>,
    /// How many of the new tasks may fail, from 0 to 1.
    #[arg(long, value_name = "RATIO")]
    update_max_failure_ratio: Option<f32>,
    /// Whether the old task stops before the new one starts.
    #[arg(long)]
    update_order: Option<Order>,
}

/// How a rollback proceeds.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Rollback")]
#[expect(clippy::struct_field_names, reason = "they are named like the flags")]
pub(super) struct RollbackFlags {
    /// How many tasks are replaced at a time; 0 is all at once.
    #[arg(long, value_name = "COUNT")]
    rollback_parallelism: Option<u64>,
    /// How long to wait in between.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    rollback_delay: Option<Duration>,
    /// What to do when tasks fail once more.
    #[arg(long)]
    rollback_on_failure: Option<RollbackAction>,
    /// How long a task is watched for failure.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    rollback_monitor: Option<Duration>,
    /// How many of the tasks may fail, from 0 to 1.
    #[arg(long, value_name = "RATIO")]
    rollback_max_failure_ratio: Option<f32>,
    /// Whether the one task stops before the other one starts.
    #[arg(long)]
    rollback_order: Option<Order>,
}

/// What to do when tasks of an update fail.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Action {
    Pause,
    Continue,
    Rollback,
}

/// What to do when tasks of a rollback fail.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RollbackAction {
    Pause,
    Continue,
}

/// Whether the old task stops before the new one starts.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Order {
    StopFirst,
    StartFirst,
}

impl UpdateFlags {
    pub(super) fn apply(&self, policy: &mut Option<UpdateConfig>) {
        let action = self.update_on_failure.map(|action| match action {
            Action::Pause => FailureAction::Pause,
            Action::Continue => FailureAction::Continue,
            Action::Rollback => FailureAction::Rollback,
        });
        let changes = Changes {
            parallelism: self.update_parallelism,
            delay: self.update_delay,
            action,
            monitor: self.update_monitor,
            max_failure_ratio: self.update_max_failure_ratio,
            order: self.update_order,
        };
        changes.apply(policy);
    }
}

impl RollbackFlags {
    pub(super) fn apply(&self, policy: &mut Option<UpdateConfig>) {
        let action = self.rollback_on_failure.map(|action| match action {
            RollbackAction::Pause => FailureAction::Pause,
            RollbackAction::Continue => FailureAction::Continue,
        });
        let changes = Changes {
            parallelism: self.rollback_parallelism,
            delay: self.rollback_delay,
            action,
            monitor: self.rollback_monitor,
            max_failure_ratio: self.rollback_max_failure_ratio,
            order: self.rollback_order,
        };
        changes.apply(policy);
    }
}

/// What flags say about an update or a rollback.
#[derive(Default, PartialEq)]
struct Changes {
    parallelism: Option<u64>,
    delay: Option<Duration>,
    action: Option<FailureAction>,
    monitor: Option<Duration>,
    max_failure_ratio: Option<f32>,
    order: Option<Order>,
}

impl Changes {
    fn apply(&self, policy: &mut Option<UpdateConfig>) {
        if *self == Self::default() {
            return;
        }
        let policy = policy.get_or_insert_default();
        policy.parallelism = self.parallelism.unwrap_or(policy.parallelism);
        policy.delay = self.delay.or(policy.delay);
        policy.failure_action = self.action.map_or(policy.failure_action, Into::into);
        policy.monitor = self.monitor.or(policy.monitor);
        policy.max_failure_ratio = self.max_failure_ratio.unwrap_or(policy.max_failure_ratio);
        if let Some(order) = self.order {
            policy.order = match order {
                Order::StopFirst => UpdateOrder::StopFirst,
                Order::StartFirst => UpdateOrder::StartFirst,
            }
            .into();
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use store_objects::wire::ServiceSpec;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        restart: RestartFlags,
        #[command(flatten)]
        update: UpdateFlags,
        #[command(flatten)]
        rollback: RollbackFlags,
    }

    fn apply(flags: &str, spec: &mut ServiceSpec) {
        let line = Line::parse_from(std::iter::once("create").chain(flags.split_whitespace()));
        line.restart.apply(spec.task.get_or_insert_default());
        line.update.apply(&mut spec.update);
        line.rollback.apply(&mut spec.rollback);
    }

    #[test]
    fn policies_come_to_be_when_something_is_said_about_them() {
        let mut spec = ServiceSpec::default();
        apply("", &mut spec);
        assert_json(&spec, r#"{"task": {}}"#);
        // 0 is the default of the field, but not what a service without a policy does.
        apply("--update-parallelism 0", &mut spec);
        assert_json(&spec, r#"{"task": {}, "update": {}}"#);
    }

    #[test]
    fn flags_become_policies() {
        let mut spec = ServiceSpec::default();
        apply(
            "--restart-condition failure --restart-delay 5s --restart-max-attempts 3 --restart-window 1m
             --update-parallelism 2 --update-delay 10s --update-on-failure rollback --update-monitor 500ms
             --update-max-failure-ratio 0.25 --update-order start-first
             --rollback-parallelism 4 --rollback-on-failure continue --rollback-order start-first",
            &mut spec,
        );
        let expected = r#"{
            "task": {"restart": {"condition": "ON_FAILURE", "delay": "5s", "maxAttempts": "3", "window": "60s"}},
            "update": {"parallelism": "2", "delay": "10s", "failureAction": "ROLLBACK", "monitor": "0.500s",
                       "maxFailureRatio": 0.25, "order": "START_FIRST"},
            "rollback": {"parallelism": "4", "failureAction": "CONTINUE", "order": "START_FIRST"}
        }"#;
        assert_json(&spec, expected);
        apply("--restart-delay 5s --update-delay 10s", &mut spec);
        assert_json(&spec, expected);
    }

    #[test]
    fn a_rollback_is_not_rolled_back() {
        assert!(Line::try_parse_from(["create", "--rollback-on-failure", "rollback"]).is_err());
    }
}
