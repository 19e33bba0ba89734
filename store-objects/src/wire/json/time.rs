//! Times and durations.
//!
//! A time is RFC 3339, a duration is seconds with an `s`. SwarmKit stores some durations without
//! looking at them, so a value out of range must be readable too: it is written as
//! `{"seconds", "nanos"}`, and read from that.

use std::fmt;

use prost_types::{Duration, Timestamp};
use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::form::Form;
use super::number::{Number, Wide};

/// The years 1 to 9999, in seconds.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// About ten thousand years, in seconds: the range that protobuf gives to a duration.
const DURATION_SECONDS_MAX: u64 = 315_576_000_000;

const NANOS: u32 = 1_000_000_000;

/// A time: RFC 3339 in UTC.
pub(in crate::wire) struct Time;

impl Form<Timestamp> for Time {
    fn put<S: Serializer>(value: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        let nanos = u32::try_from(value.nanos).is_ok_and(|nanos| nanos < NANOS);
        if nanos && TIMES.contains(&value.seconds) {
            serializer.collect_str(value)
        } else {
            Parts {
                seconds: value.seconds,
                nanos: value.nanos,
            }
            .serialize(serializer)
        }
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        deserializer
            .deserialize_any(TimeVisitor)
            .map(|parts| Timestamp {
                seconds: parts.seconds,
                nanos: parts.nanos,
            })
    }
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as 2026-01-31T12:00:00Z")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Parts, E> {
        match text.parse::<Timestamp>() {
            Ok(Timestamp { seconds, nanos }) => Ok(Parts { seconds, nanos }),
            Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Parts, A::Error> {
        Parts::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}

/// A length of time: decimal seconds and an `s`.
pub(in crate::wire) struct Span;

impl Form<Duration> for Span {
    fn put<S: Serializer>(value: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = Parts {
            seconds: value.seconds,
            nanos: value.nanos,
        };
        let (seconds, nanos) = (value.seconds.unsigned_abs(), value.nanos.unsigned_abs());
        let one_sign =
            (value.seconds >= 0 && value.nanos >= 0) || (value.seconds <= 0 && value.nanos <= 0);
        if !one_sign || nanos >= NANOS || seconds > DURATION_SECONDS_MAX {
            return parts.serialize(serializer);
        }
        let sign = if value.seconds < 0 || value.nanos < 0 {
            "-"
        } else {
            ""
        };
        // As many digits as needed, in groups of three.
        match nanos {
            0 => serializer.collect_str(&format_args!("{sign}{seconds}s")),
            _ if nanos % 1_000_000 == 0 => {
                serializer.collect_str(&format_args!("{sign}{seconds}.{:03}s", nanos / 1_000_000))
            }
            _ if nanos % 1_000 == 0 => {
                serializer.collect_str(&format_args!("{sign}{seconds}.{:06}s", nanos / 1_000))
            }
            _ => serializer.collect_str(&format_args!("{sign}{seconds}.{nanos:09}s")),
        }
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        deserializer
            .deserialize_any(SpanVisitor)
            .map(|parts| Duration {
                seconds: parts.seconds,
                nanos: parts.nanos,
            })
    }
}

struct SpanVisitor;

impl<'de> Visitor<'de> for SpanVisitor {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration such as 1.5s")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Parts, E> {
        parse_span(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Parts, A::Error> {
        Parts::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}

/// Returns what `-1.5s` means.
fn parse_span(text: &str) -> Option<Parts> {
    let text = text.strip_suffix('s')?;
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let seconds: i64 = whole.parse().ok()?;
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    if seconds.unsigned_abs() > DURATION_SECONDS_MAX {
        return None;
    }
    Some(if negative {
        Parts {
            seconds: -seconds,
            nanos: -nanos,
        }
    } else {
        Parts { seconds, nanos }
    })
}

/// A time or duration as protobuf encodes it.
#[derive(Debug, PartialEq)]
struct Parts {
    seconds: i64,
    nanos: i32,
}

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;

        use super::form::Formed;
        let mut out = serializer.serialize_map(Some(2))?;
        out.serialize_entry("seconds", &Formed::<Wide, _>::new(&self.seconds))?;
        out.serialize_entry("nanos", &Formed::<Number, _>::new(&self.nanos))?;
        out.end()
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            seconds: serde_json::Value,
            nanos: serde_json::Value,
        }
        let Fields { seconds, nanos } = Fields::deserialize(deserializer)?;
        Ok(Self {
            seconds: Wide::take(seconds).map_err(de::Error::custom)?,
            nanos: Number::take(nanos).map_err(de::Error::custom)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::form::Formed;
    use super::*;

    #[track_caller]
    fn assert_span(seconds: i64, nanos: i32, json: &serde_json::Value) {
        let value = Duration { seconds, nanos };
        let written = serde_json::to_value(Formed::<Span, _>::new(&value)).unwrap();
        assert_eq!(&written, json);
        assert_eq!(Span::take(written).unwrap(), value);
    }

    #[track_caller]
    fn assert_time(seconds: i64, nanos: i32, json: &serde_json::Value) {
        let value = Timestamp { seconds, nanos };
        let written = serde_json::to_value(Formed::<Time, _>::new(&value)).unwrap();
        assert_eq!(&written, json);
        assert_eq!(Time::take(written).unwrap(), value);
    }

    #[test]
    fn durations_are_decimal_seconds() {
        assert_span(0, 0, &json!("0s"));
        assert_span(90, 0, &json!("90s"));
        assert_span(1, 500_000_000, &json!("1.500s"));
        assert_span(0, -1_000, &json!("-0.000001s"));
        assert_span(-3, -1, &json!("-3.000000001s"));
        assert_eq!(
            parse_span("1.5s"),
            Some(Parts {
                seconds: 1,
                nanos: 500_000_000
            })
        );
    }

    #[test]
    fn durations_out_of_range_come_back() {
        assert_span(1, -1, &json!({"seconds": "1", "nanos": -1}));
        assert_span(
            i64::MIN,
            0,
            &json!({"seconds": "-9223372036854775808", "nanos": 0}),
        );
        assert_span(
            0,
            i32::MIN,
            &json!({"seconds": "0", "nanos": -2_147_483_648_i32}),
        );
    }

    #[test]
    fn malformed_durations_are_refused() {
        for text in [
            "",
            "s",
            "1",
            "1.s",
            ".5s",
            "+1s",
            "--1s",
            "1.0000000001s",
            "1e3s",
            "315576000001s",
        ] {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_rfc_3339() {
        assert_time(0, 0, &json!("1970-01-01T00:00:00Z"));
        assert_time(
            1_700_000_000,
            120_000_000,
            &json!("2023-11-14T22:13:20.120Z"),
        );
        assert_time(-62_135_596_800, 0, &json!("0001-01-01T00:00:00Z"));
        let offset = Time::take(json!("2026-01-31T14:00:00.5+02:00")).unwrap();
        assert_eq!(offset, "2026-01-31T12:00:00.5Z".parse().unwrap());
        assert!(Time::take(json!("yesterday")).is_err());
    }

    #[test]
    fn times_out_of_range_come_back() {
        assert_time(
            -62_135_596_801,
            0,
            &json!({"seconds": "-62135596801", "nanos": 0}),
        );
        assert_time(5, -1, &json!({"seconds": "5", "nanos": -1}));
    }
}
