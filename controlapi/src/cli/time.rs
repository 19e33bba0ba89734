//! Times and durations as people write and read them. What the time is now is always given, never asked for.

use std::fmt::Write as _;
use std::time::Duration;

use prost_types::Timestamp;

/// The units of a duration, in nanoseconds, longest first.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Returns how long ago something was, in the largest unit of which there are two at least.
pub(super) fn ago(now: &Timestamp, then: Option<&Timestamp>) -> String {
    let Some(then) = then else {
        return String::new();
    };
    let seconds = now.seconds.saturating_sub(then.seconds);
    let (count, unit) = match seconds {
        // The server's clock may be a little ahead.
        ..1 => return "just now".into(),
        1..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// Reads a duration such as `500ms`, `10s` or `1h30m`.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let error = || format!("{text:?} is not a time such as 500ms, 10s or 1h30m");
    let (mut nanos, mut rest) = (0_u128, text);
    while !rest.is_empty() {
        let digits = rest
            .find(|char: char| !char.is_ascii_digit())
            .ok_or_else(error)?;
        let unit = &rest[digits..];
        let unit = &unit[..unit
            .find(|char: char| char.is_ascii_digit())
            .unwrap_or(unit.len())];
        let count: u128 = rest[..digits].parse().map_err(|_| error())?;
        let (_, size) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(error)?;
        nanos = count
            .checked_mul(*size)
            .and_then(|part| nanos.checked_add(part))
            .ok_or_else(error)?;
        rest = &rest[digits + unit.len()..];
    }
    let nanos = u64::try_from(nanos).map_err(|_| error())?;
    if text.is_empty() {
        Err(error())
    } else {
        Ok(Duration::from_nanos(nanos))
    }
}

/// Reads a duration as a spec holds it.
pub(super) fn parse_span(text: &str) -> Result<prost_types::Duration, String> {
    let span = parse(text)?;
    prost_types::Duration::try_from(span).map_err(|error| error.to_string())
}

/// Returns a duration as [`parse`] reads it; one that is negative or malformed as its numbers.
pub(super) fn span(span: &prost_types::Duration) -> String {
    let Ok(whole) = Duration::try_from(*span) else {
        return format!("{} seconds and {} nanoseconds", span.seconds, span.nanos);
    };
    let mut nanos = whole.as_nanos();
    let mut out = String::new();
    for (name, size) in UNITS {
        if nanos >= size {
            _ = write!(out, "{}{name}", nanos / size);
            nanos %= size;
        }
    }
    if out.is_empty() { "0s".into() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_one_unit() {
        let ages = [
            (-5, "just now"),
            (0, "just now"),
            (1, "1 second ago"),
            (119, "119 seconds ago"),
            (120, "2 minutes ago"),
            (7_199, "119 minutes ago"),
            (7_200, "2 hours ago"),
            (172_799, "47 hours ago"),
            (172_800, "2 days ago"),
            (31_536_000, "365 days ago"),
        ];
        let now = Timestamp {
            seconds: 1_700_000_000,
            nanos: 0,
        };
        for (seconds, expected) in ages {
            let then = Timestamp {
                seconds: now.seconds - seconds,
                nanos: 0,
            };
            assert_eq!(ago(&now, Some(&then)), expected);
        }
        assert_eq!(ago(&now, None), "");
    }

    #[test]
    fn durations_come_back() {
        for text in [
            "0s", "1ns", "500ms", "10s", "1m", "1h30m", "2h1s", "1s500ms",
        ] {
            assert_eq!(span(&parse_span(text).unwrap()), text);
        }
        assert_eq!(parse("90m"), parse("1h30m"));
        assert_eq!(parse("5us"), Ok(Duration::from_micros(5)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "5",
            "s",
            "-1s",
            "1.5s",
            "1d",
            "1 s",
            "99999999999999999999999999h",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_malformed_duration_is_shown_as_it_is() {
        let malformed = prost_types::Duration {
            seconds: -1,
            nanos: 0,
        };
        assert_eq!(span(&malformed), "-1 seconds and 0 nanoseconds");
    }
}
