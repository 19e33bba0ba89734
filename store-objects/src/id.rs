//! Ids: what objects are named by, each kind with a type of its own.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use ref_cast::RefCast;
use store_core::{Key, KeyBuf, PrefixKey};

/// The id of an object of kind `O`: text that is compared byte by byte and means nothing else.
///
/// It is borrowed from wherever the text is, so that a message's field serves as one without a copy; an owner keeps the
/// `String`. New ones come from an [`IdSource`](crate::IdSource), but any text is an id.
///
/// ```
/// use store_objects::Id;
/// use store_objects::wire::{Node, Task};
/// let task = Task { node_id: "aeth2xu".into(), ..Task::default() };
/// let node: &Id<Node> = Id::new(&task.node_id);
/// assert_eq!(node.to_string(), "aeth2xu");
/// ```
#[derive(RefCast)]
#[repr(transparent)]
pub struct Id<O> {
    #[trivial]
    of: PhantomData<fn() -> O>,
    text: str,
}

impl<O> Id<O> {
    /// Returns the text as an id.
    #[must_use]
    pub fn new(text: &str) -> &Self {
        Self::ref_cast(text)
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<O> Key for Id<O> {
    fn encode(&self, out: &mut KeyBuf) {
        self.text.encode(out);
    }
}

impl<O> PrefixKey for Id<O> {
    type Prefix = str;

    fn encode_prefix(prefix: &str, out: &mut KeyBuf) {
        str::encode_prefix(prefix, out);
    }
}

impl<O> fmt::Display for Id<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<O> fmt::Debug for Id<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<O> PartialEq for Id<O> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<O> Eq for Id<O> {}

impl<O> PartialOrd for Id<O> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<O> Ord for Id<O> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<O> Hash for Id<O> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
