//! How many tasks a service has, and how it is updated.
//!
//! `spec.rollback` is not checked, though it is configured like an update: SwarmKit accepts whatever it holds, and
//! specs of that kind are stored.

use store_objects::wire::service_spec::Mode;
use store_objects::wire::{ServiceSpec, UpdateConfig};

use super::Invalid;
use super::duration::not_negative;

/// Checks the mode and its counts.
///
/// SwarmKit control API, section 4.1.4.
pub(super) fn mode(spec: &ServiceSpec) -> Result<(), Invalid> {
    match &spec.mode {
        None => Err(Invalid::argument("Unrecognized service mode")
            .at("spec.mode")
            .advise("one of replicated, global, replicated_job, global_job")),
        Some(Mode::Replicated(replicated)) => count(
            replicated.replicas,
            "Number of replicas must be non-negative",
            "spec.replicated.replicas",
        ),
        Some(Mode::ReplicatedJob(job)) => {
            count(
                job.max_concurrent,
                "Maximum concurrent jobs must not be negative",
                "spec.replicated_job.max_concurrent",
            )?;
            count(
                job.total_completions,
                "Total completed jobs must not be negative",
                "spec.replicated_job.total_completions",
            )
        }
        Some(Mode::Global(_) | Mode::GlobalJob(_)) => Ok(()),
    }
}

/// A count that is unsigned on the wire, but may come from a client that has it signed.
fn count(count: u64, text: &str, field: &str) -> Result<(), Invalid> {
    if i64::try_from(count).is_err() {
        return Err(Invalid::argument(text)
            .at(field)
            .advise(format!("at most {}, not {count}", i64::MAX)));
    }
    Ok(())
}

/// Checks the update settings: jobs have none, others have them in range.
///
/// SwarmKit control API, section 4.1.5.
pub(super) fn update(spec: &ServiceSpec) -> Result<(), Invalid> {
    match (&spec.mode, &spec.update) {
        (_, None) => Ok(()),
        (Some(Mode::ReplicatedJob(_) | Mode::GlobalJob(_)), Some(_)) => {
            Err(Invalid::argument("Jobs may not have an update config").at("spec.update"))
        }
        (_, Some(update)) => update_config(update),
    }
}

fn update_config(update: &UpdateConfig) -> Result<(), Invalid> {
    not_negative(
        update.delay.as_ref(),
        "spec.update.delay",
        "TaskSpec: update-delay cannot be negative",
    )?;
    not_negative(
        update.monitor.as_ref(),
        "spec.update.monitor",
        "TaskSpec: update-monitor cannot be negative",
    )?;
    let ratio = update.max_failure_ratio;
    // What is no number is neither below nor above, and passes.
    if !ratio.is_nan() && !(0.0..=1.0).contains(&ratio) {
        return Err(Invalid::argument(
            "TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1",
        )
        .at("spec.update.max_failure_ratio")
        .advise(format!("is {ratio}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use prost_types::Duration;
    use store_objects::wire::{GlobalJob, GlobalService, ReplicatedJob, ReplicatedService};

    use super::*;

    fn spec(mode: impl Into<Option<Mode>>, update: Option<UpdateConfig>) -> ServiceSpec {
        ServiceSpec {
            mode: mode.into(),
            update,
            ..ServiceSpec::default()
        }
    }

    fn replicated(replicas: u64) -> Mode {
        Mode::Replicated(ReplicatedService { replicas })
    }

    fn job(max_concurrent: u64, total_completions: u64) -> Mode {
        Mode::ReplicatedJob(ReplicatedJob {
            max_concurrent,
            total_completions,
        })
    }

    #[test]
    fn counts_fit_a_signed_number() {
        let most = u64::MAX / 2;
        for good in [
            replicated(2),
            replicated(most),
            job(3, 9),
            Mode::Global(GlobalService {}),
            Mode::GlobalJob(GlobalJob {}),
        ] {
            assert_eq!(mode(&spec(good, None)), Ok(()));
        }
        for (bad, text) in [
            (None, "Unrecognized service mode"),
            (
                Some(replicated(most + 1)),
                "Number of replicas must be non-negative",
            ),
            (
                Some(job(u64::MAX - 3, 0)),
                "Maximum concurrent jobs must not be negative",
            ),
            (
                Some(job(0, u64::MAX - 3)),
                "Total completed jobs must not be negative",
            ),
        ] {
            assert_eq!(mode(&spec(bad, None)).unwrap_err().text(), text);
        }
    }

    #[test]
    fn jobs_have_no_update_settings() {
        let settings = Some(UpdateConfig::default());
        for mode in [job(1, 1), Mode::GlobalJob(GlobalJob {})] {
            assert_eq!(update(&spec(mode, None)), Ok(()));
            assert_eq!(
                update(&spec(mode, settings)).unwrap_err().text(),
                "Jobs may not have an update config"
            );
        }
        assert_eq!(update(&spec(replicated(1), settings)), Ok(()));
    }

    #[test]
    fn update_settings_are_in_range() {
        let minus = Some(Duration {
            seconds: -1,
            nanos: 0,
        });
        let ratio = |max_failure_ratio| UpdateConfig {
            max_failure_ratio,
            ..UpdateConfig::default()
        };
        for good in [ratio(0.0), ratio(1.0), ratio(f32::NAN)] {
            assert_eq!(update(&spec(replicated(1), Some(good))), Ok(()));
        }
        for (bad, text) in [
            (
                UpdateConfig {
                    delay: minus,
                    ..UpdateConfig::default()
                },
                "TaskSpec: update-delay cannot be negative",
            ),
            (
                UpdateConfig {
                    monitor: minus,
                    ..UpdateConfig::default()
                },
                "TaskSpec: update-monitor cannot be negative",
            ),
            (
                ratio(1.1),
                "TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1",
            ),
            (
                ratio(-0.1),
                "TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1",
            ),
        ] {
            let refusal = update(&spec(replicated(1), Some(bad))).unwrap_err();
            assert_eq!(refusal.text(), text);
        }
    }
}
