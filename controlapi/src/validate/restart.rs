//! When a task is started again.

use store_objects::wire::RestartPolicy;

use super::Invalid;
use super::duration::not_negative;

/// Checks the durations of a restart policy. The condition may be a number that is not known yet.
///
/// SwarmKit control API, section 4.1.3.2.
pub(super) fn policy(policy: &RestartPolicy) -> Result<(), Invalid> {
    not_negative(
        policy.delay.as_ref(),
        "spec.task.restart.delay",
        "TaskSpec: restart-delay cannot be negative",
    )?;
    not_negative(
        policy.window.as_ref(),
        "spec.task.restart.window",
        "TaskSpec: restart-window cannot be negative",
    )
}

#[cfg(test)]
mod tests {
    use prost_types::Duration;

    use super::*;

    fn seconds(delay: i64, window: i64) -> RestartPolicy {
        let duration = |seconds| Some(Duration { seconds, nanos: 0 });
        RestartPolicy {
            delay: duration(delay),
            window: duration(window),
            ..RestartPolicy::default()
        }
    }

    #[test]
    fn durations_are_not_negative() {
        assert_eq!(policy(&RestartPolicy::default()), Ok(()));
        assert_eq!(policy(&seconds(10, 1)), Ok(()));
        assert_eq!(
            policy(&seconds(-1, -1)).unwrap_err().text(),
            "TaskSpec: restart-delay cannot be negative"
        );
        assert_eq!(
            policy(&seconds(20, -4)).unwrap_err().text(),
            "TaskSpec: restart-window cannot be negative"
        );
    }
}
