//! Messages that others have in common, or that stay as they are when others change, in memory once.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock, Weak};

use prost::bytes::{Buf, BufMut};
use prost::encoding::{DecodeContext, WireType};
use prost::{DecodeError, Message};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A message that is shared between those that contain an equal one.
///
/// It is used as the message itself is: it is read through a reference, and whoever changes it changes a copy of their
/// own. A clone costs a count. All tasks of a service have its spec, its labels and its networks; so they are here where
/// they are large, and a task takes a fraction of what it would with copies. The versions of a node have its description
/// and its certificate in common, those of a service its specs: who changes something else copies neither.
///
/// It keeps its encoded form once it was asked for while others had it, too, so that of many messages with one part that
/// part is encoded once. What nobody shares keeps none: it would take its length again for nothing.
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
pub struct Shared<M>(Arc<Inner<M>>);

struct Inner<M> {
    message: M,
    /// What the message encodes to. Equal messages have equal forms.
    form: OnceLock<Box<[u8]>>,
}

impl<M> Inner<M> {
    const fn new(message: M) -> Self {
        Self {
            message,
            form: OnceLock::new(),
        }
    }
}

/// Without the form: whoever copies is about to change.
impl<M: Clone> Clone for Inner<M> {
    fn clone(&self) -> Self {
        Self::new(self.message.clone())
    }
}

/// A [`Shared`] message that is not kept by this.
pub(super) struct WeakShared<M>(Weak<Inner<M>>);

impl<M> WeakShared<M> {
    pub(super) fn is_in_use(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(super) fn upgrade(&self) -> Option<Shared<M>> {
        self.0.upgrade().map(Shared)
    }
}

impl<M> Shared<M> {
    /// Returns the message, to be shared by cloning.
    #[must_use]
    pub fn new(message: M) -> Self {
        Self(Arc::new(Inner::new(message)))
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
        Arc::unwrap_or_clone(this.0).message
    }

    pub(super) fn downgrade(this: &Self) -> WeakShared<M> {
        WeakShared(Arc::downgrade(&this.0))
    }
}

impl<M: Message> Shared<M> {
    /// Returns what the message encodes to, and keeps it.
    pub(super) fn form(this: &Self) -> &[u8] {
        let encode = || this.0.message.encode_to_vec().into_boxed_slice();
        this.0.form.get_or_init(encode)
    }

    /// Returns what the message encodes to, if it is kept or others will ask for it, too.
    fn form_of_many(this: &Self) -> Option<&[u8]> {
        let is_shared = || Arc::strong_count(&this.0) > 1;
        (this.0.form.get().is_some() || is_shared()).then(|| Self::form(this))
    }
}

impl<M> Deref for Shared<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0.message
    }
}

/// Changes a copy, if the message is shared.
impl<M: Clone> DerefMut for Shared<M> {
    fn deref_mut(&mut self) -> &mut M {
        let inner = Arc::make_mut(&mut self.0);
        inner.form = OnceLock::new();
        &mut inner.message
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
        Self::is_same(self, other) || **self == **other
    }
}

impl<M: fmt::Debug> fmt::Debug for Shared<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.message.fmt(f)
    }
}

impl<M: Message + Clone> Message for Shared<M> {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        match Self::form_of_many(self) {
            Some(form) => buf.put_slice(form),
            None => self.0.message.encode_raw(buf),
        }
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
        Self::form_of_many(self).map_or_else(|| self.0.message.encoded_len(), <[u8]>::len)
    }

    fn clear(&mut self) {
        (**self).clear();
    }
}

impl<M: Serialize> Serialize for Shared<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.message.serialize(serializer)
    }
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for Shared<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        M::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Annotations;

    /// The description of a node, say, that was read from a saved state: nobody has an equal one.
    #[test]
    fn the_form_is_kept_of_what_others_have_too() {
        let name = "a".to_owned();
        let message = Annotations {
            name,
            ..Annotations::default()
        };
        let mut one = Shared::new(message.clone());
        let is_kept = |one: &Shared<_>| one.0.form.get().is_some();
        assert_eq!(one.encode_to_vec(), message.encode_to_vec());
        assert!(!is_kept(&one));

        let other = one.clone();
        assert_eq!(one.encoded_len(), message.encoded_len());
        assert!(is_kept(&one));
        drop(other);
        assert_eq!(one.encode_to_vec(), message.encode_to_vec());

        one.name.push('b');
        assert!(!is_kept(&one));
        assert_eq!(one.encoded_len(), message.encoded_len() + 1);
    }
}
