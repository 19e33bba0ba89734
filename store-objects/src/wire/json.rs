//! Protobuf's JSON mapping of the messages, by serde.
//!
//! Written: field names in lowerCamelCase, defaults left out, enums by name, 64-bit integers as
//! strings, bytes in base64. Read: those, and the names of the `.proto` files, numbers for enums,
//! numbers or strings for integers, `null` for a default. A field that is not known is refused, so
//! that a typing error in a file is not silently a default.
//!
//! Values that the mapping has no form for are kept all the same, in a form of our own: an enum
//! number without a name as the number, a time or duration out of range as `{"seconds", "nanos"}`,
//! an `Any` of a type unknown here in base64.
//!
//! The names and forms of the fields are generated (`generated/json.rs`); this file says how a
//! message is read and written with them. It needs a format that describes itself (JSON, YAML).

mod any;
mod form;
mod number;
mod time;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, MapAccess};
use serde::ser::{SerializeMap, Serializer};

pub(super) use self::any::Typed;
pub(super) use self::form::{Base64, Enumeration, Form, List, Map, Maybe, Named, Plain};
use self::form::{Formed, NullOr};
pub(super) use self::number::{Float, Number, Wide};
pub(super) use self::time::{Span, Time};

/// A message, as the generated table describes it.
pub(super) trait Message: Default {
    /// The full protobuf name.
    const NAME: &'static str;

    /// Each field's name in JSON and in the `.proto` file.
    const FIELDS: &'static [(&'static str, &'static str)];

    /// Writes the fields that are set.
    fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error>;

    /// Reads the field at a place of [`Message::FIELDS`].
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        field: usize,
        value: Value<'_, A>,
    ) -> Result<(), A::Error>;
}

/// Where the fields of a message are written to.
pub(super) struct Writer<M>(M);

impl<M: SerializeMap> Writer<M> {
    /// Writes a field unless it has its default.
    pub(super) fn put<F, T>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error>
    where
        F: Form<T>,
        T: Default + PartialEq,
    {
        if *value == T::default() {
            return Ok(());
        }
        self.set::<F, T>(name, value)
    }

    /// Writes a field, also when it has its default: the branch of a oneof.
    pub(super) fn set<F: Form<T>, T>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        self.0.serialize_entry(name, &Formed::<F, T>::new(value))
    }
}

/// The value of the field that is being read.
pub(super) struct Value<'a, A> {
    map: &'a mut A,
    name: &'static str,
}

impl<'de, A: MapAccess<'de>> Value<'_, A> {
    /// Returns the value; `null` is the default.
    pub(super) fn take<F: Form<T>, T: Default>(self) -> Result<T, A::Error> {
        let value = self.map.next_value_seed(NullOr::<F, T>::new())?;
        Ok(value.unwrap_or_default())
    }

    /// Sets the one branch of a oneof; `null` sets none.
    pub(super) fn branch<F: Form<T>, T, O>(
        self,
        oneof: &mut Option<O>,
        branch: fn(T) -> O,
    ) -> Result<(), A::Error> {
        let Some(value) = self.map.next_value_seed(NullOr::<F, T>::new())? else {
            return Ok(());
        };
        if oneof.replace(branch(value)).is_some() {
            return Err(de::Error::custom(format_args!(
                "field `{}` excludes another one that is given",
                self.name
            )));
        }
        Ok(())
    }

    /// Refuses a field that the message's table names and does not read.
    pub(super) fn unknown(self) -> Result<(), A::Error> {
        Err(de::Error::custom(format_args!(
            "field `{}` cannot be read",
            self.name
        )))
    }
}

/// Writes a message as a map.
pub(super) fn serialize<T: Message, S: Serializer>(
    message: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut out = Writer(serializer.serialize_map(None)?);
    message.write(&mut out)?;
    out.0.end()
}

/// Reads a message from a map.
pub(super) fn deserialize<'de, T: Message, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(MessageVisitor(PhantomData))
}

struct MessageVisitor<T>(PhantomData<T>);

impl<'de, T: Message> de::Visitor<'de> for MessageVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut message = T::default();
        let mut seen = vec![false; T::FIELDS.len()];
        while let Some(name) = map.next_key::<String>()? {
            let Some(field) = T::FIELDS
                .iter()
                .position(|(json, proto)| name == *json || name == *proto)
            else {
                return Err(de::Error::custom(format_args!(
                    "{} has no field `{name}`",
                    T::NAME
                )));
            };
            let name = T::FIELDS[field].0;
            if std::mem::replace(&mut seen[field], true) {
                return Err(de::Error::duplicate_field(name));
            }
            let value = Value {
                map: &mut map,
                name,
            };
            message.read(field, value)?;
        }
        Ok(message)
    }
}

/// Implements serde's traits for messages.
macro_rules! messages {
    ($($message:path),* $(,)?) => {$(
        impl serde::Serialize for $message {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::wire::json::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $message {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::json::deserialize(deserializer)
            }
        }
    )*};
}

/// Lists the enums whose values have names.
macro_rules! enumerations {
    ($($enumeration:path),* $(,)?) => {$(
        impl $crate::wire::json::Enumeration for $enumeration {
            fn name(number: i32) -> Option<&'static str> {
                Self::try_from(number).ok().map(|value| value.as_str_name())
            }

            fn number(name: &str) -> Option<i32> {
                Self::from_str_name(name).map(|value| value as i32)
            }
        }
    )*};
}

pub(super) use {enumerations, messages};
