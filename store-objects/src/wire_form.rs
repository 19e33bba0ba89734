//! How changes are written to the log and objects to the saved state: as SwarmKit does it.
//!
//! A transaction is an `InternalRaftRequest`: one `StoreAction` for each change, with the whole object, also where it was
//! deleted; an update does not carry the old object. (Its `id` stays 0: a proposal is identified outside of it.) The
//! saved state is a `StoreSnapshot`: each record is one entry of one of its lists, and since protobuf does not ask for an
//! order of fields, records put one after the other are the message.
//!
//! Messages are written around the shared objects, which are not copied, and read around them, so that a kind decodes
//! its own; that is all that is done by hand here. What is unknown around an object is refused.

use store_core::{DecodeError, Event};

use crate::objects::{Orchestration, StoreObject};
use crate::wire::StoreActionKind;

/// The number of `InternalRaftRequest.id`.
const REQUEST_ID: u32 = 1;
/// The number of `InternalRaftRequest.action`.
const ACTIONS: u32 = 2;
/// The number of `StoreAction.action`.
const ACTION_KIND: u32 = 1;

/// Protobuf's wire types of the fields written here.
const VARINT: u32 = 0;
const LENGTH_DELIMITED: u32 = 2;

/// Appends the message of a transaction.
pub(crate) fn encode_changes(changes: &[Event<Orchestration>], out: &mut Vec<u8>) {
    for change in changes {
        let object = change.object();
        let len = object.message_len();
        put_key(ACTIONS, LENGTH_DELIMITED, out);
        put_number(action_len(len) as u64, out);
        put_key(ACTION_KIND, VARINT, out);
        put_number(kind(change) as u64, out);
        put_object(object.action_field(), object, len, out);
    }
}

/// Returns the number of bytes that [`encode_changes`] appends for a change.
pub(crate) fn encoded_change_len(change: &Event<Orchestration>) -> usize {
    framed_len(action_len(change.object().message_len()))
}

/// Returns the changes of a transaction's message.
///
/// # Errors
/// When it is none, or one of its actions is unknown or has no object.
pub(crate) fn decode_changes(bytes: &[u8]) -> Result<Vec<Event<Orchestration>>, DecodeError> {
    let mut bytes = bytes;
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        match take_field(&mut bytes)? {
            (ACTIONS, Field::Message(action)) => changes.push(change_of(action)?),
            (REQUEST_ID, Field::Number(_)) => {}
            (field, _) => return Err(format!("field {field} of a log entry is unknown").into()),
        }
    }
    Ok(changes)
}

/// Returns the change that a `StoreAction` says.
fn change_of(mut action: &[u8]) -> Result<Event<Orchestration>, DecodeError> {
    let (mut kind, mut object) = (0, None);
    while !action.is_empty() {
        match take_field(&mut action)? {
            (ACTION_KIND, Field::Number(number)) => {
                kind = i32::try_from(number.cast_signed()).unwrap_or(0);
            }
            (field, Field::Message(message)) => {
                let decoded = StoreObject::of_action(field, message).ok_or_else(|| {
                    format!("unrecognized action type; field {field} is of no kind known here")
                })?;
                if object.replace(decoded?).is_some() {
                    return Err("unrecognized action type; the action has two objects".into());
                }
            }
            (field, Field::Number(_)) => {
                return Err(format!("field {field} of an action is unknown").into());
            }
        }
    }
    let object = object.ok_or("unrecognized action type; the action has no object")?;
    match StoreActionKind::try_from(kind) {
        Ok(StoreActionKind::StoreActionCreate) => Ok(Event::Created(object)),
        Ok(StoreActionKind::StoreActionUpdate) => Ok(Event::Updated {
            old: None,
            new: object,
        }),
        Ok(StoreActionKind::StoreActionRemove) => Ok(Event::Deleted(object)),
        Ok(StoreActionKind::Unknown) | Err(_) => {
            let (table, id) = (object.table(), object.id());
            Err(format!("unrecognized action type; {kind} for {table} {id}").into())
        }
    }
}

/// Appends the record of an object.
pub(crate) fn write_record(object: &StoreObject, out: &mut Vec<u8>) {
    put_object(object.record_field(), object, object.message_len(), out);
}

/// Returns the object of the first record, and moves past it.
///
/// # Errors
/// When it is cut off, or of a kind that is unknown here.
pub(crate) fn read_record(body: &mut &[u8]) -> Result<StoreObject, DecodeError> {
    match take_field(body)? {
        (field, Field::Message(message)) => StoreObject::of_record(field, message)
            .ok_or_else(|| format!("field {field} of the saved state is of no kind known here"))?,
        (field, Field::Number(_)) => {
            Err(format!("field {field} of the saved state is no list of objects").into())
        }
    }
}

fn kind(change: &Event<Orchestration>) -> StoreActionKind {
    match change {
        Event::Created(_) => StoreActionKind::StoreActionCreate,
        Event::Updated { .. } => StoreActionKind::StoreActionUpdate,
        Event::Deleted(_) => StoreActionKind::StoreActionRemove,
    }
}

/// The length of a `StoreAction` with an object of this length: two bytes of kind, then the object.
fn action_len(object: usize) -> usize {
    2 + framed_len(object)
}

/// The length of a message with its key, of one byte, and its own length before it.
fn framed_len(len: usize) -> usize {
    1 + prost::length_delimiter_len(len) + len
}

fn put_object(field: u32, object: &StoreObject, len: usize, out: &mut Vec<u8>) {
    put_key(field, LENGTH_DELIMITED, out);
    put_number(len as u64, out);
    object.put_message(out);
}

/// Appends the key of a field whose number is below 16.
fn put_key(field: u32, wire_type: u32, out: &mut Vec<u8>) {
    put_number(u64::from(field << 3 | wire_type), out);
}

fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// What a field of the messages read here can hold.
enum Field<'a> {
    Number(u64),
    Message(&'a [u8]),
}

/// Takes a field, with its number.
fn take_field<'a>(bytes: &mut &'a [u8]) -> Result<(u32, Field<'a>), DecodeError> {
    let key = take_number(bytes)?;
    let field = u32::try_from(key >> 3)?;
    match u32::try_from(key & 7)? {
        VARINT => Ok((field, Field::Number(take_number(bytes)?))),
        LENGTH_DELIMITED => {
            let len = usize::try_from(take_number(bytes)?)?;
            let message = bytes
                .split_off(..len)
                .ok_or("a message is longer than what holds it")?;
            Ok((field, Field::Message(message)))
        }
        other => {
            Err(format!("field {field} is of wire type {other}, which no field here is").into())
        }
    }
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
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
