//! Numbers: integers are read from numbers or text, since 64 bits do not fit JavaScript's numbers.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::form::Form;

/// A 32-bit integer: a number.
pub(in crate::wire) struct Number;

impl<T: Integer + Serialize> Form<T> for Number {
    fn put<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(IntegerVisitor::<T>(PhantomData))
    }
}

/// A 64-bit integer: decimal digits as text.
pub(in crate::wire) struct Wide;

impl<T: Integer> Form<T> for Wide {
    fn put<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(IntegerVisitor::<T>(PhantomData))
    }
}

/// What the integer types have in common.
pub(in crate::wire) trait Integer:
    TryFrom<i64> + TryFrom<u64> + TryFrom<i128> + FromStr + fmt::Display
{
}

impl Integer for i32 {}
impl Integer for u32 {}
impl Integer for i64 {}
impl Integer for u64 {}

pub(super) struct IntegerVisitor<T>(pub(super) PhantomData<T>);

impl<T: Integer> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer that fits {}", std::any::type_name::<T>())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and saturated values do not fit any type that is asked for"
        )]
        let whole = (number.fract() == 0.0).then_some(number as i128);
        whole
            .and_then(|whole| T::try_from(whole).ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        // Also with an exponent, as without quotes.
        let whole = || Self(PhantomData).visit_f64::<E>(text.parse().ok()?).ok();
        text.parse()
            .ok()
            .or_else(whole)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// A floating-point number; what JSON has no number for is text.
pub(in crate::wire) struct Float;

impl Form<f32> for Float {
    fn put<S: Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            return serializer.serialize_f32(*value);
        }
        serializer.serialize_str(if value.is_nan() {
            "NaN"
        } else if *value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        })
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
        deserializer.deserialize_any(FloatVisitor)
    }
}

struct FloatVisitor;

impl Visitor<'_> for FloatVisitor {
    type Value = f32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a number is rounded to what the field can hold"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<f32, E> {
        Ok(number as f32)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a number is rounded to what the field can hold"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<f32, E> {
        Ok(number as f32)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<f32, E> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "overflow is infinite, and refused"
        )]
        let rounded = number as f32;
        if rounded.is_finite() {
            Ok(rounded)
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f32, E> {
        match text {
            "NaN" => Ok(f32::NAN),
            "Infinity" => Ok(f32::INFINITY),
            "-Infinity" => Ok(f32::NEG_INFINITY),
            _ => match text.parse() {
                Ok(number) => self.visit_f64(number),
                Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
            },
        }
    }
}
