//! The messages of `docker.swarmkit.v1`, as they travel and as they are stored.
//!
//! They are plain structs, made from the `.proto` files of this crate; a sub-message that is absent
//! is `None`, an enum is its number (`i32`), so that values from a newer peer survive. Equal messages
//! have equal bytes: maps are ordered.
//!
//! What it does not keep: fields that the `.proto` files do not name are dropped when a message is
//! decoded, as SwarmKit does; text that is not UTF-8 is refused, where SwarmKit lets it pass.

mod json;
pub(crate) mod pool;
mod shared;

#[rustfmt::skip]
#[expect(missing_docs, reason = "generated; the .proto files say what needs saying")]
#[allow(clippy::all, clippy::pedantic, reason = "generated")]
#[path = "wire/generated/messages.rs"]
mod messages;

#[rustfmt::skip]
#[allow(unused_variables, clippy::all, clippy::pedantic, reason = "generated")]
#[path = "wire/generated/json.rs"]
mod json_table;

pub use messages::*;
pub use shared::Shared;

/// The encoded `google.protobuf.FileDescriptorSet` of everything in this module and of the services
/// that use it, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("wire/generated/descriptors.binpb");
