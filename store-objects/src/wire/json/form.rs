//! The forms in which values are written: the trait, and those that are not about numbers or time.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, Serializer};

use super::number::IntegerVisitor;

/// One way to write values of type `T`.
pub(in crate::wire) trait Form<T> {
    /// Writes a value.
    fn put<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads a value.
    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// A value together with the form to write it in.
pub(super) struct Formed<'a, F, T>(&'a T, PhantomData<F>);

impl<'a, F, T> Formed<'a, F, T> {
    pub(super) fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<F: Form<T>, T> Serialize for Formed<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::put(self.0, serializer)
    }
}

/// Reads a value in a form.
struct Seed<F, T>(PhantomData<(F, T)>);

impl<'de, F: Form<T>, T> DeserializeSeed<'de> for Seed<F, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        F::take(deserializer)
    }
}

/// Reads a value in a form, or `null`.
pub(super) struct NullOr<F, T>(PhantomData<(F, T)>);

impl<F, T> NullOr<F, T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, F: Form<T>, T> DeserializeSeed<'de> for NullOr<F, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, F: Form<T>, T> Visitor<'de> for NullOr<F, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        F::take(deserializer).map(Some)
    }
}

/// As serde does it: text, truth values, messages.
pub(in crate::wire) struct Plain;

impl<T: Serialize + DeserializeOwned> Form<T> for Plain {
    fn put<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// A value that may be absent; the field is then left out.
pub(in crate::wire) struct Maybe<F>(PhantomData<F>);

impl<F: Form<T>, T> Form<Option<T>> for Maybe<F> {
    fn put<S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => F::put(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        F::take(deserializer).map(Some)
    }
}

/// An array.
pub(in crate::wire) struct List<F>(PhantomData<F>);

impl<F: Form<T>, T> Form<Vec<T>> for List<F> {
    fn put<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().map(Formed::<F, T>::new))
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<F, T>(PhantomData))
    }
}

struct ListVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, F: Form<T>, T> Visitor<'de> for ListVisitor<F, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(Seed::<F, T>(PhantomData))? {
            list.push(value);
        }
        Ok(list)
    }
}

/// An object whose keys are data.
pub(in crate::wire) struct Map<F>(PhantomData<F>);

impl<F: Form<T>, T> Form<BTreeMap<String, T>> for Map<F> {
    fn put<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            value
                .iter()
                .map(|(key, value)| (key, Formed::<F, T>::new(value))),
        )
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        deserializer.deserialize_map(MapVisitor::<F, T>(PhantomData))
    }
}

struct MapVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, F: Form<T>, T> Visitor<'de> for MapVisitor<F, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Seed::<F, T>(PhantomData))?;
            if values.insert(key, value).is_some() {
                return Err(de::Error::custom("a key is given twice"));
            }
        }
        Ok(values)
    }
}

/// Names and numbers of an enum.
pub(in crate::wire) trait Enumeration {
    /// Returns the name of a number.
    fn name(number: i32) -> Option<&'static str>;

    /// Returns the number of a name.
    fn number(name: &str) -> Option<i32>;
}

/// The name of an enum's value; the number if it has none.
pub(in crate::wire) struct Named<E>(PhantomData<E>);

impl<E: Enumeration> Form<i32> for Named<E> {
    fn put<S: Serializer>(value: &i32, serializer: S) -> Result<S::Ok, S::Error> {
        match E::name(*value) {
            Some(name) => serializer.serialize_str(name),
            None => serializer.serialize_i32(*value),
        }
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
        deserializer.deserialize_any(NamedVisitor::<E>(PhantomData))
    }
}

struct NamedVisitor<E>(PhantomData<E>);

impl<E: Enumeration> Visitor<'_> for NamedVisitor<E> {
    type Value = i32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name or the number of an enum's value")
    }

    fn visit_i64<E2: de::Error>(self, number: i64) -> Result<i32, E2> {
        i32::try_from(number).map_err(|_| E2::invalid_value(de::Unexpected::Signed(number), &self))
    }

    fn visit_u64<E2: de::Error>(self, number: u64) -> Result<i32, E2> {
        i32::try_from(number)
            .map_err(|_| E2::invalid_value(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E2: de::Error>(self, number: f64) -> Result<i32, E2> {
        IntegerVisitor(PhantomData).visit_f64(number)
    }

    fn visit_str<E2: de::Error>(self, name: &str) -> Result<i32, E2> {
        E::number(name).ok_or_else(|| E2::invalid_value(de::Unexpected::Str(name), &self))
    }
}

/// Bytes in base64: written in the standard alphabet with padding, read in either alphabet, with
/// padding or without.
pub(in crate::wire) struct Base64;

/// Reads the URL-safe alphabet; the standard one is translated to it first.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Form<Vec<u8>> for Base64 {
    fn put<S: Serializer>(value: &Vec<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(value))
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = <String as de::Deserialize>::deserialize(deserializer)?;
        LENIENT
            .decode(text.replace('+', "-").replace('/', "_"))
            .map_err(|error| de::Error::custom(format_args!("not base64: {error}")))
    }
}
