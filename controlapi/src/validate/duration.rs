//! Durations of the wire as nanoseconds, as far as they are valid.

use prost_types::Duration;

use super::Invalid;
use super::go;

/// Ten thousand years, the bound that `google.protobuf.Duration` has.
const SECONDS_MAX: u64 = 315_576_000_000;

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// One millisecond.
pub(super) const MILLISECOND: i64 = 1_000_000;

/// One hour.
pub(super) const HOUR: i64 = 3600 * NANOS_PER_SECOND;

/// Returns a duration in nanoseconds.
///
/// SwarmKit control API, section 1.4. The text contains line feeds, as SwarmKit's does.
pub(super) fn nanos(duration: &Duration, field: &str) -> Result<i64, Invalid> {
    let refuse = |fault: &str| {
        Err(
            Invalid::argument(format!("duration: {}{fault}", go::duration(duration)))
                .at(field)
                .advise("at most 292 years either way, seconds and nanos of one sign, nanos below 1000000000"),
        )
    };
    if duration.seconds.unsigned_abs() > SECONDS_MAX {
        return refuse(": seconds out of range");
    }
    let nanos = i64::from(duration.nanos);
    if nanos.abs() >= NANOS_PER_SECOND {
        return refuse(": nanos out of range");
    }
    if duration.seconds.signum() * nanos.signum() < 0 {
        return refuse(": seconds and nanos have different signs");
    }
    match duration
        .seconds
        .checked_mul(NANOS_PER_SECOND)
        .and_then(|whole| whole.checked_add(nanos))
    {
        Some(nanos) => Ok(nanos),
        None => refuse(" is out of range for time.Duration"),
    }
}

/// Refuses a duration that is given and below zero, in the words of the caller.
pub(super) fn not_negative(
    duration: Option<&Duration>,
    field: &str,
    text: &str,
) -> Result<(), Invalid> {
    match duration {
        Some(duration) if nanos(duration, field)? < 0 => {
            Err(Invalid::argument(text).at(field).advise("0s or longer"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(seconds: i64, nanos: i32) -> Duration {
        Duration { seconds, nanos }
    }

    #[test]
    fn valid_durations_count_nanoseconds() {
        assert_eq!(nanos(&duration(1, 5), "f"), Ok(1_000_000_005));
        assert_eq!(nanos(&duration(-1, -5), "f"), Ok(-1_000_000_005));
        assert_eq!(nanos(&duration(0, -1), "f"), Ok(-1));
        assert_eq!(
            nanos(&duration(9_223_372_036, 854_775_807), "f"),
            Ok(i64::MAX)
        );
    }

    #[test]
    fn invalid_durations_are_shown_as_go_shows_them() {
        for (seconds, nanos_given, fault) in [
            (315_576_000_001, 0, ": seconds out of range"),
            (i64::MIN, 0, ": seconds out of range"),
            (0, 1_000_000_000, ": nanos out of range"),
            (0, i32::MIN, ": nanos out of range"),
            (1, -1, ": seconds and nanos have different signs"),
            (
                9_223_372_036,
                854_775_808,
                " is out of range for time.Duration",
            ),
            (-315_576_000_000, 0, " is out of range for time.Duration"),
        ] {
            let refusal = nanos(&duration(seconds, nanos_given), "spec.field").unwrap_err();
            assert_eq!(
                refusal.text(),
                format!(
                    "duration: &types.Duration{{Seconds: {seconds},\nNanos: {nanos_given},\n}}{fault}"
                )
            );
        }
    }
}
