//! How changes and objects are written where a schema does not say otherwise.
//!
//! One record: operation (for a change), place of the kind, length of the object's encoded form, that form. Numbers are
//! LEB128.

use proposer::DecodeError;

use crate::event::Event;
use crate::schema::{AnyObject, Schema, kind_of};

const CREATED: u8 = 1;
const UPDATED: u8 = 2;
const DELETED: u8 = 3;

pub(crate) fn encode_changes<S: Schema>(changes: &[Event<S>], out: &mut Vec<u8>) {
    for change in changes {
        out.push(match change {
            Event::Created(_) => CREATED,
            Event::Updated { .. } => UPDATED,
            Event::Deleted(_) => DELETED,
        });
        write_record::<S>(change.object(), out);
    }
}

pub(crate) fn change_len<S: Schema>(change: &Event<S>) -> usize {
    let object = change.object();
    let len = (kind_of::<S>(object).encoded_len)(object);
    1 + number_len(object.ordinal()) + number_len(len) + len
}

pub(crate) fn decode_changes<S: Schema>(mut bytes: &[u8]) -> Result<Vec<Event<S>>, DecodeError> {
    let mut changes = Vec::new();
    while let Some((operation, rest)) = bytes.split_first() {
        bytes = rest;
        let object = read_record::<S>(&mut bytes)?;
        changes.push(match *operation {
            CREATED => Event::Created(object),
            UPDATED => Event::Updated {
                old: None,
                new: object,
            },
            DELETED => Event::Deleted(object),
            other => return Err(format!("{other} is not an operation").into()),
        });
    }
    Ok(changes)
}

pub(crate) fn write_record<S: Schema>(object: &S::Any, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    (kind_of::<S>(object).encode)(object, &mut body);
    write_number(object.ordinal() as u64, out);
    write_number(body.len() as u64, out);
    out.extend_from_slice(&body);
}

pub(crate) fn read_record<S: Schema>(bytes: &mut &[u8]) -> Result<S::Any, DecodeError> {
    let ordinal = usize::try_from(read_number(bytes)?)?;
    let len = usize::try_from(read_number(bytes)?)?;
    let kind = S::kinds()
        .get(ordinal)
        .ok_or_else(|| format!("{ordinal} is not the place of a kind"))?;
    let body = bytes
        .split_off(..len)
        .ok_or("a record is longer than what holds it")?;
    (kind.decode)(body)
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn number_len(number: usize) -> usize {
    let bits = usize::BITS - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

fn read_number(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first().ok_or("a number is cut off")?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("a number is longer than 64 bits".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_as_long_as_is_said() {
        for bits in 0..usize::BITS {
            for number in [1 << bits, (1 << bits) - 1] {
                let mut out = Vec::new();
                write_number(number as u64, &mut out);
                assert_eq!(out.len(), number_len(number), "{number}");
            }
        }
    }
}
