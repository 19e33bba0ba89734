//! The ten kinds of object that orchestration is about: one file each, and their list.
//!
//! A file under `objects/` says how its kind is found (the indexes, as constants) and which rules it has; names of
//! indexes and selectors are those of SwarmKit's store (`manager/state/store`). An eleventh kind is one more file and one
//! more line in [`kinds!`].

/// Completes an `impl Object` for a message that has an id and metadata; a kind may have a decoder of its own.
macro_rules! stored_as_message {
    () => {
        stored_as_message!(prost::Message::decode);
    };
    ($($decode:ident)::+) => {
        fn key(&self) -> &$crate::Id<Self> {
            $crate::Id::new(&self.id)
        }

        fn meta(&self) -> store_core::Meta {
            $crate::objects::meta::read(self.meta.as_ref())
        }

        fn set_meta(&mut self, meta: store_core::Meta) {
            self.meta = Some($crate::objects::meta::write(meta));
        }

        fn encode(&self, out: &mut Vec<u8>) {
            prost::Message::encode_raw(self, out);
        }

        fn decode(bytes: &[u8]) -> Result<Self, store_core::DecodeError> {
            Ok($($decode)::+(bytes)?)
        }

        fn encoded_len(&self) -> usize {
            prost::Message::encoded_len(self)
        }
    };
}

mod by_id;
pub mod cluster;
pub mod config;
pub mod extension;
mod extract;
mod meta;
pub mod network;
pub mod node;
pub mod resource;
mod runtime;
pub mod secret;
pub mod service;
pub mod task;
pub mod volume;

pub use by_id::ById;

use std::sync::Arc;

use store_core::{DecodeError, Event, Object, Schema, schema};

use crate::wire::{
    Annotations, Cluster, Config, Extension, IndexEntry, Network, Node, Resource, Secret, Service,
    Task, Volume,
};
use crate::wire_form;

/// The schema of orchestration: the ten kinds, with SwarmKit's forms in the log and in the saved state.
#[derive(Debug)]
pub enum Orchestration {}

/// Lists the kinds: the table, whether it has rules, and the numbers of its fields in `StoreAction` and `StoreSnapshot`.
macro_rules! kinds {
    ($($kind:ident $(with $rules:ident)? = $action:literal, $record:literal;)+) => {
        schema! {
            /// One object of any kind.
            pub enum StoreObject for Orchestration { $($kind $(with $rules)?),+ }
        }

        impl StoreObject {
            /// The names of the tables, in the order in which they are saved.
            pub const TABLES: &[&str] = &[$($kind::TABLE),+];

            /// Returns the name of the object's table.
            #[must_use]
            pub const fn table(&self) -> &'static str {
                match self { $(Self::$kind(_) => $kind::TABLE,)+ }
            }

            /// Returns the object's id.
            #[must_use]
            pub fn id(&self) -> &str {
                match self { $(Self::$kind(object) => &object.id,)+ }
            }

            /// Returns the object's annotations.
            #[must_use]
            pub fn annotations(&self) -> Option<&Annotations> {
                match self { $(Self::$kind(object) => object.annotations(),)+ }
            }

            pub(crate) const fn action_field(&self) -> u32 {
                match self { $(Self::$kind(_) => $action,)+ }
            }

            pub(crate) const fn record_field(&self) -> u32 {
                match self { $(Self::$kind(_) => $record,)+ }
            }

            pub(crate) fn message_len(&self) -> usize {
                match self { $(Self::$kind(object) => Object::encoded_len(&**object),)+ }
            }

            pub(crate) fn put_message(&self, out: &mut Vec<u8>) {
                match self { $(Self::$kind(object) => Object::encode(&**object, out),)+ }
            }

            /// Returns the object of an action in the log; `None` when no kind has the field.
            pub(crate) fn of_action(field: u32, message: &[u8]) -> Option<Result<Self, DecodeError>> {
                match field {
                    $($action => Some($kind::decode(message).map(|object| Self::$kind(Arc::new(object)))),)+
                    _ => None,
                }
            }

            /// Returns the object of a record of the saved state; `None` when no kind has the field.
            pub(crate) fn of_record(field: u32, message: &[u8]) -> Option<Result<Self, DecodeError>> {
                match field {
                    $($record => Some($kind::decode(message).map(|object| Self::$kind(Arc::new(object)))),)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    Cluster = 6, 5;
    Config = 10, 9;
    Extension with rules = 9, 8;
    Network = 5, 3;
    Node = 2, 1;
    Resource with rules = 8, 7;
    Secret = 7, 6;
    Service = 3, 2;
    Task = 4, 4;
    Volume with rules = 11, 10;
}

impl Schema for Orchestration {
    type Any = StoreObject;

    fn encode_changes(changes: &[Event<Self>], out: &mut Vec<u8>) {
        wire_form::encode_changes(changes, out);
    }

    fn encoded_change_len(change: &Event<Self>) -> usize {
        wire_form::encoded_change_len(change)
    }

    fn decode_changes(bytes: &[u8]) -> Result<Vec<Event<Self>>, DecodeError> {
        wire_form::decode_changes(bytes)
    }

    fn write_record(object: &StoreObject, out: &mut Vec<u8>) {
        wire_form::write_record(object, out);
    }

    fn read_record(body: &mut &[u8]) -> Result<StoreObject, DecodeError> {
        wire_form::read_record(body)
    }
}

/// An object with annotations: a name, labels, custom index entries.
///
/// They are part of the spec where there is one that users write, of the object itself otherwise.
pub trait Annotated {
    /// Returns the annotations.
    fn annotations(&self) -> Option<&Annotations>;

    /// Returns the name in the annotations; empty without one.
    ///
    /// A node is known by its hostname and a task by [`task::name`] instead, when it is looked for.
    fn name(&self) -> &str {
        self.annotations()
            .map_or("", |annotations| &annotations.name)
    }

    /// Returns the entries of the custom index.
    fn indices(&self) -> &[IndexEntry] {
        self.annotations()
            .map_or(&[], |annotations| &annotations.indices)
    }
}
