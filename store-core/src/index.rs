//! Indexes: ways to find objects, declared as constants beside the object.
//!
//! An index makes its own queries, so that a key of the wrong type, or a query of another table, does not compile.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeBounds;
use std::sync::Arc;

use crate::engine::{KeySet, with_key_sets};
use crate::key::{Key, PrefixKey};
use crate::object::Object;
use crate::query::{KeyRange, Query};

/// One way to find objects of kind `O` by keys of type `K`.
///
/// The function names an object's keys: none (the object is absent from this index), one, or several.
///
/// ```
/// use store_core::Index;
/// # struct Job { worker: Option<String>, tags: Vec<String> }
/// const BY_WORKER: Index<Job, str> = Index::non_unique("worker", |job, keys| {
///     if let Some(worker) = &job.worker {
///         keys.push(worker);
///     }
/// });
/// const BY_TAG: Index<Job, str> =
///     Index::non_unique("tag", |job, keys| job.tags.iter().for_each(|tag| keys.push(tag)));
/// ```
///
/// # Correctness
/// - The keys of an object depend on the object alone, and naming them does not panic: a tree asks for them again later.
pub struct Index<O, K: ?Sized> {
    name: &'static str,
    unique: bool,
    extract: fn(&O, &mut Keys<'_, K>),
}

impl<O, K: Key + ?Sized> Index<O, K> {
    /// Declares an index in which at most one object has a key.
    #[must_use]
    pub const fn unique(name: &'static str, extract: fn(&O, &mut Keys<'_, K>)) -> Self {
        Self {
            name,
            unique: true,
            extract,
        }
    }

    /// Declares an index in which many objects may have the same key.
    #[must_use]
    pub const fn non_unique(name: &'static str, extract: fn(&O, &mut Keys<'_, K>)) -> Self {
        Self {
            name,
            unique: false,
            extract,
        }
    }

    /// Returns the index's name, unique within its table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the query for objects with exactly this key, in order of their primary key.
    #[must_use]
    pub fn eq(&self, key: &K) -> Query<O> {
        Query::range(self.name, KeyRange::exact(key))
    }

    /// Returns the query for objects with any of these keys: those of the first key, then those of the second not yet
    /// seen, and so on.
    #[must_use]
    pub fn any_of<'k>(&self, keys: impl IntoIterator<Item = &'k K>) -> Query<O>
    where
        K: 'k,
    {
        Query::any_of(keys.into_iter().map(|key| self.eq(key)))
    }

    /// Returns the query for objects whose key lies in the range, in order of the key.
    #[must_use]
    pub fn range<'k>(&self, range: impl RangeBounds<&'k K>) -> Query<O>
    where
        K: 'k,
    {
        KeyRange::between(range).map_or_else(Query::none, |range| Query::range(self.name, range))
    }

    /// Returns the query for objects whose key begins so, in order of the key.
    #[must_use]
    pub fn prefix(&self, prefix: &K::Prefix) -> Query<O>
    where
        K: PrefixKey,
    {
        Query::range(self.name, KeyRange::prefix::<K>(prefix))
    }

    /// Returns the query for every object that has a key in this index, in order of the key.
    #[must_use]
    pub fn all(&self) -> Query<O> {
        Query::range(self.name, KeyRange::all())
    }
}

impl<O, K: ?Sized> fmt::Debug for Index<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("name", &self.name)
            .field("unique", &self.unique)
            .finish_non_exhaustive()
    }
}

impl<O, K: ?Sized> Clone for Index<O, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, K: ?Sized> Copy for Index<O, K> {}

/// Where an index's function puts the keys of one object.
pub struct Keys<'a, K: ?Sized> {
    set: &'a mut KeySet,
    of: PhantomData<fn(&K)>,
}

impl<K: Key + ?Sized> Keys<'_, K> {
    /// Adds a key. The same key twice counts once.
    pub fn push(&mut self, key: &K) {
        self.set.push(key);
    }
}

impl<K: ?Sized> fmt::Debug for Keys<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// The indexes of a table, as [`Object::indexes`](crate::Object::indexes) lists them.
pub struct Indexes<O> {
    list: Vec<Arc<IndexDef<O>>>,
}

impl<O: 'static> Indexes<O> {
    pub(crate) fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds an index.
    ///
    /// # Panics
    /// When the table has an index of that name.
    pub fn add<K: Key + ?Sized + 'static>(&mut self, index: Index<O, K>) -> &mut Self {
        assert!(
            self.list.iter().all(|other| other.name != index.name),
            "a table has one index of a name; {} is there twice",
            index.name
        );
        self.list.push(Arc::new(IndexDef::of(index)));
        self
    }

    pub(crate) fn into_list(self) -> Vec<Arc<IndexDef<O>>> {
        self.list
    }
}

impl<O> fmt::Debug for Indexes<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.list.iter().map(|index| index.name))
            .finish()
    }
}

type Extract<O> = Box<dyn Fn(&O, &mut KeySet) + Send + Sync>;

/// An index without its key type: what the engine works with.
pub(crate) struct IndexDef<O> {
    pub(crate) name: &'static str,
    pub(crate) unique: bool,
    extract: Extract<O>,
}

impl<O: 'static> IndexDef<O> {
    pub(crate) fn of<K: Key + ?Sized + 'static>(index: Index<O, K>) -> Self {
        Self {
            name: index.name,
            unique: index.unique,
            extract: Box::new(move |object, set| {
                let of = PhantomData;
                (index.extract)(object, &mut Keys { set, of });
            }),
        }
    }
}

impl<O: Object> IndexDef<O> {
    /// Adds the object's keys to a set.
    pub(crate) fn add_keys(&self, object: &O, set: &mut KeySet) {
        (self.extract)(object, set);
    }

    /// Calls `visit` with each key of the object, in the order in which the index's function names them.
    pub(crate) fn keys(&self, object: &O, visit: &mut dyn FnMut(&[u8])) {
        with_key_sets(|keys, _| {
            keys.fill_with(self, object);
            keys.iter().for_each(|(_, key)| visit(key));
        });
    }
}

impl<O> fmt::Debug for IndexDef<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexDef")
            .field("name", &self.name)
            .field("unique", &self.unique)
            .finish_non_exhaustive()
    }
}
