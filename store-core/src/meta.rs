//! What the store keeps about each object.

use std::time::SystemTime;

use proposer::Version;

/// Version and times of one object; the store sets them, on every replica alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The version of the transaction that wrote the object.
    pub version: Version,
    /// When it was created: kept by updates; set at creation unless the creator supplied a time.
    pub created: Option<SystemTime>,
    /// When it was last written.
    pub updated: Option<SystemTime>,
}
