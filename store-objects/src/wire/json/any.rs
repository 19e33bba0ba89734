//! `google.protobuf.Any`: a value together with the name of its type.
//!
//! Wrapper types, `Empty`, `Timestamp` and `Duration` are written by value:
//! `{"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "text"}`. What a user put
//! in of a type that is unknown here must come back, so its bytes are the value, in base64. Bytes
//! that are not what their type says, or would change when written again, stand under `bytes`.

use prost::Message;
use prost_types::Any;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny};
use serde::ser::{SerializeMap, Serializer};

use super::form::{Base64, Form, Formed, NullOr, Plain};
use super::number::{Float, Number, Wide};
use super::time::{Span, Time};

/// A value with its type.
pub(in crate::wire) struct Typed;

impl Form<Any> for Typed {
    fn put<S: Serializer>(value: &Any, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        if !value.type_url.is_empty() {
            out.serialize_entry("@type", &value.type_url)?;
        }
        match Known::of(&value.type_url) {
            Some(known) => match (known.read)(&value.value) {
                Some(json) => out.serialize_entry("value", &json)?,
                None => out.serialize_entry("bytes", &Formed::<Base64, _>::new(&value.value))?,
            },
            None if value.value.is_empty() => {}
            None => out.serialize_entry("value", &Formed::<Base64, _>::new(&value.value))?,
        }
        out.end()
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Any, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let value = match (Known::of(&fields.type_url), fields.value, fields.bytes) {
            (_, None, Some(bytes)) => base64(bytes),
            (Some(known), value, None) => (known.write)(value.unwrap_or_default()),
            (None, Some(value), None) => base64(value),
            (None, None, None) => Ok(Vec::new()),
            (_, Some(_), Some(_)) => {
                Err(de::Error::custom("`value` and `bytes` exclude each other"))
            }
        };
        Ok(Any {
            type_url: fields.type_url,
            value: value.map_err(de::Error::custom)?,
        })
    }
}

/// An `Any` in JSON; buffered, since the type need not come first.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(rename = "@type", default)]
    type_url: String,
    #[serde(default)]
    value: Option<serde_json::Value>,
    #[serde(default)]
    bytes: Option<serde_json::Value>,
}

fn base64(value: serde_json::Value) -> Result<Vec<u8>, serde_json::Error> {
    Base64::take(value)
}

/// A type whose values have a form of their own.
struct Known {
    name: &'static str,
    /// Returns the JSON of encoded bytes, if the bytes can be had back from it.
    read: fn(&[u8]) -> Option<serde_json::Value>,
    /// Returns the encoded bytes of JSON.
    write: fn(serde_json::Value) -> Result<Vec<u8>, serde_json::Error>,
}

impl Known {
    const ALL: &[Self] = &[
        Self::new::<Plain, String>("StringValue"),
        Self::new::<Plain, bool>("BoolValue"),
        Self::new::<Number, i32>("Int32Value"),
        Self::new::<Number, u32>("UInt32Value"),
        Self::new::<Wide, i64>("Int64Value"),
        Self::new::<Wide, u64>("UInt64Value"),
        Self::new::<Float, f32>("FloatValue"),
        Self::new::<Base64, Vec<u8>>("BytesValue"),
        Self::new::<Time, prost_types::Timestamp>("Timestamp"),
        Self::new::<Span, prost_types::Duration>("Duration"),
        Self::new::<Nothing, ()>("Empty"),
    ];

    const fn new<F: Form<T>, T: Message + Default>(name: &'static str) -> Self {
        Self {
            name,
            read: |bytes| {
                let value = T::decode(bytes).ok()?;
                let json = serde_json::to_value(Formed::<F, T>::new(&value)).ok()?;
                (value.encode_to_vec() == bytes).then_some(json)
            },
            write: |json| {
                let value = de::DeserializeSeed::deserialize(NullOr::<F, T>::new(), json)?;
                Ok(value.unwrap_or_default().encode_to_vec())
            },
        }
    }

    /// Returns the type that a URL names.
    fn of(type_url: &str) -> Option<&'static Self> {
        let (_, name) = type_url.rsplit_once('/')?;
        let name = name.strip_prefix("google.protobuf.")?;
        Self::ALL.iter().find(|known| known.name == name)
    }
}

/// No fields at all.
struct Nothing;

impl Form<()> for Nothing {
    fn put<S: Serializer>((): &(), serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        let fields = std::collections::BTreeMap::<String, IgnoredAny>::deserialize(deserializer)?;
        match fields.keys().next() {
            None => Ok(()),
            Some(name) => Err(de::Error::unknown_field(name, &[])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(name: &str, value: &[u8]) -> Any {
        Any {
            type_url: format!("type.googleapis.com/{name}"),
            value: value.to_vec(),
        }
    }

    /// Asserts the JSON of a value, and that the JSON gives the value back.
    #[track_caller]
    fn assert_json(value: &Any, json: &serde_json::Value) {
        let written = serde_json::to_value(Formed::<Typed, _>::new(value)).unwrap();
        assert_eq!(&written, json);
        assert_eq!(&Typed::take(written).unwrap(), value);
    }

    #[test]
    fn well_known_types_are_written_by_value() {
        let url = |name: &str| format!("type.googleapis.com/google.protobuf.{name}");
        for (name, bytes, value) in [
            (
                "StringValue",
                "text".to_owned().encode_to_vec(),
                serde_json::json!("text"),
            ),
            ("StringValue", Vec::new(), serde_json::json!("")),
            ("BoolValue", true.encode_to_vec(), serde_json::json!(true)),
            (
                "Int64Value",
                i64::MIN.encode_to_vec(),
                serde_json::json!("-9223372036854775808"),
            ),
            (
                "BytesValue",
                vec![1_u8, 2].encode_to_vec(),
                serde_json::json!("AQI="),
            ),
            ("Empty", Vec::new(), serde_json::json!({})),
            (
                "Duration",
                prost_types::Duration {
                    seconds: 1,
                    nanos: 500_000_000,
                }
                .encode_to_vec(),
                serde_json::json!("1.500s"),
            ),
        ] {
            assert_json(
                &any(&format!("google.protobuf.{name}"), &bytes),
                &serde_json::json!({"@type": url(name), "value": value}),
            );
        }
    }

    #[test]
    fn values_of_unknown_types_come_back() {
        assert_json(
            &any("example.Thing", &[0xff, 0]),
            &serde_json::json!({"@type": "type.googleapis.com/example.Thing", "value": "/wA="}),
        );
        assert_json(&Any::default(), &serde_json::json!({}));
    }

    #[test]
    fn bytes_that_are_not_what_their_type_says_come_back() {
        // The length of the text is wrong; and a field that the type does not have.
        for bytes in [&[0x0a, 5, b'x'][..], &[0x10, 1]] {
            let value = any("google.protobuf.StringValue", bytes);
            let written = serde_json::to_value(Formed::<Typed, _>::new(&value)).unwrap();
            assert!(written.get("bytes").is_some(), "{written}");
            assert_eq!(Typed::take(written).unwrap(), value);
        }
    }

    #[test]
    fn the_type_may_come_last_and_an_empty_message_needs_no_value() {
        let json = r#"{"value": "a", "@type": "type.googleapis.com/google.protobuf.StringValue"}"#;
        let value = Typed::take(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(value, any("google.protobuf.StringValue", &[0x0a, 1, b'a']));
        let json = r#"{"@type": "type.googleapis.com/google.protobuf.Empty"}"#;
        let value = Typed::take(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(value, any("google.protobuf.Empty", &[]));
    }
}
