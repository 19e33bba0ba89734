//! Messages that many others have in common, in memory once.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use prost::bytes::{Buf, BufMut};
use prost::encoding::{DecodeContext, WireType};
use prost::{DecodeError, Message};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A message that is shared between those that contain an equal one.
///
/// It is used as the message itself is: it is read through a reference, and whoever changes it changes a copy of their
/// own. A clone costs a count. All tasks of a service have its spec, its labels and its networks; so they are here where
/// they are large, and a task takes a fraction of what it would with copies.
///
/// ```
/// use store_objects::wire::{Task, TaskSpec, Shared};
/// let spec = Shared::new(TaskSpec { force_update: 1, ..TaskSpec::default() });
/// let first = Task { spec: Some(spec.clone()), ..Task::default() };
/// let mut second = first.clone();
/// assert!(Shared::is_same(&spec, second.spec.as_ref().unwrap()));
/// second.spec.as_mut().unwrap().force_update = 2;
/// assert_eq!(first.spec.unwrap().force_update, 1);
/// ```
pub struct Shared<M>(Arc<M>);

impl<M> Shared<M> {
    /// Returns the message, to be shared by cloning.
    #[must_use]
    pub fn new(message: M) -> Self {
        Self(Arc::new(message))
    }

    /// Whether two are one in memory; equal ones need not be.
    #[must_use]
    pub fn is_same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.0, &b.0)
    }

    /// Returns the message itself, without a copy if nobody shares it.
    #[must_use]
    pub fn into_inner(this: Self) -> M
    where
        M: Clone,
    {
        Arc::unwrap_or_clone(this.0)
    }

    pub(crate) fn of(message: Arc<M>) -> Self {
        Self(message)
    }
}

impl<M> Deref for Shared<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

/// Changes a copy, if the message is shared.
impl<M: Clone> DerefMut for Shared<M> {
    fn deref_mut(&mut self) -> &mut M {
        Arc::make_mut(&mut self.0)
    }
}

impl<M> From<M> for Shared<M> {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}

impl<M> Clone for Shared<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Default> Default for Shared<M> {
    fn default() -> Self {
        Self::new(M::default())
    }
}

impl<M: PartialEq> PartialEq for Shared<M> {
    fn eq(&self, other: &Self) -> bool {
        Self::is_same(self, other) || *self.0 == *other.0
    }
}

impl<M: fmt::Debug> fmt::Debug for Shared<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<M: Message + Clone> Message for Shared<M> {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        self.0.encode_raw(buf);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        (**self).merge_field(tag, wire_type, buf, ctx)
    }

    fn encoded_len(&self) -> usize {
        self.0.encoded_len()
    }

    fn clear(&mut self) {
        (**self).clear();
    }
}

impl<M: Serialize> Serialize for Shared<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for Shared<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        M::deserialize(deserializer).map(Self::new)
    }
}
