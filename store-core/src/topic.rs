//! Topics: what connects an event to the watches that it concerns, without asking each of them.
//!
//! A topic is a hash of a table, or of one key in one index of it. Two that collide wake a watch in vain, no more: what a
//! watch delivers is decided by its own predicate.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::event::Event;
use crate::key::KeyBuf;
use crate::object::Kind;
use crate::schema::Schema;

/// A table, or one key in one of its indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Topic(u64);

impl Topic {
    pub(crate) fn table(ordinal: usize) -> Self {
        Self::hash(&(0_u8, ordinal))
    }

    pub(crate) fn primary(ordinal: usize, key: &[u8]) -> Self {
        Self::hash(&(1_u8, ordinal, key))
    }

    pub(crate) fn key(ordinal: usize, index: usize, key: &[u8]) -> Self {
        Self::hash(&(2_u8, ordinal, index, key))
    }

    fn hash(value: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self(hasher.finish())
    }
}

impl<S: Schema> watch_queue::Topics for Event<S> {
    type Topic = Topic;

    fn topics(&self, visit: &mut dyn FnMut(Topic)) {
        (S::kinds()[self.ordinal()].topics)(self, visit);
    }
}

/// Visits the topics of an event about an object of kind `O`: its table, its primary key, and every key that it has or
/// had in an index.
pub(crate) fn visit<S: Schema, O: Kind<S>>(event: &Event<S>, visit: &mut dyn FnMut(Topic)) {
    visit(Topic::table(O::ORDINAL));
    let mut first = true;
    for object in std::iter::once(event.object())
        .chain(event.old())
        .filter_map(O::unwrap)
    {
        if std::mem::take(&mut first) {
            visit(Topic::primary(
                O::ORDINAL,
                KeyBuf::of(object.key()).as_slice(),
            ));
        }
        for (index, def) in O::table().indexes().iter().enumerate() {
            def.keys(object, &mut |key| {
                visit(Topic::key(O::ORDINAL, index, key));
            });
        }
    }
}
