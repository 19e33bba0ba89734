//! Snapshots: immutable views of every table at one version.

use std::fmt;
use std::sync::Arc;

use proposer::{Epoch, Standing, Version};

use crate::engine::{TableMemory, Tables};
use crate::index::Index;
use crate::key::PrefixKey;
use crate::object::Kind;
use crate::page::{Page, PageError, PageToken};
use crate::position::Position;
use crate::query::Query;
use crate::rows::Rows;
use crate::schema::Schema;

/// Reading, as a snapshot and a transaction both do it.
pub trait Read: sealed::Sealed {
    /// The schema of the store.
    type Schema: Schema;

    #[doc(hidden)]
    fn tables(&self) -> sealed::Hidden<'_, Self::Schema>;

    /// Returns the object with this primary key.
    ///
    /// # Complexity
    /// O(log n); nothing is copied.
    fn get<O: Kind<Self::Schema>>(&self, key: &O::Key) -> Option<&Arc<O>> {
        self.tables().0.get::<O>().get(key)
    }

    /// Returns the objects that a query finds.
    ///
    /// # Panics
    /// When the query was made from an index that [`Object::indexes`](crate::Object::indexes) does not list.
    fn find<O: Kind<Self::Schema>>(&self, query: Query<O>) -> Rows<'_, O> {
        self.tables().0.get::<O>().find(query)
    }

    /// Returns the objects whose key of an index is the longest of those that `text` begins with: of the routes `/a` and
    /// `/a/b`, for `/a/b/c` that of `/a/b`.
    ///
    /// # Panics
    /// When the table does not have the index.
    fn find_longest_prefix<O: Kind<Self::Schema>, K: PrefixKey<Prefix = K> + ?Sized>(
        &self,
        index: &Index<O, K>,
        text: &K,
    ) -> Rows<'_, O> {
        let table = self.tables().0.get::<O>();
        table.find_longest_prefix(index, text)
    }

    /// Returns how much memory a table takes, besides its objects.
    fn memory<O: Kind<Self::Schema>>(&self) -> TableMemory {
        self.tables().0.get::<O>().memory()
    }

    /// Returns how many objects a query finds.
    ///
    /// # Complexity
    /// As [`Table::count`](crate::Table::count): O(log n) where the query is one key of an index.
    fn count<O: Kind<Self::Schema>>(&self, query: Query<O>) -> usize {
        self.tables().0.get::<O>().count(query)
    }

    /// Returns how many objects a table holds, without reading them.
    fn len<O: Kind<Self::Schema>>(&self) -> usize {
        self.tables().0.get::<O>().len()
    }

    /// Whether a table holds no object.
    fn is_empty<O: Kind<Self::Schema>>(&self) -> bool {
        self.len::<O>() == 0
    }
}

pub(crate) mod sealed {
    //! Keeps the set of readers closed, and the engine's types out of sight.

    #[expect(
        missing_debug_implementations,
        reason = "it is hidden, and only ever taken apart"
    )]
    pub struct Hidden<'a, S: crate::Schema>(pub(crate) &'a crate::engine::Tables<S>);

    pub trait Sealed {}
}

/// The state at one version.
pub(crate) struct Root<S: Schema> {
    pub(crate) standing: Standing,
    pub(crate) tables: Tables<S>,
}

/// An immutable view of every table at one version.
///
/// Taking and cloning one is O(1); it may be kept and sent anywhere. It keeps alive what it sees.
pub struct Snapshot<S: Schema> {
    root: Arc<Root<S>>,
}

impl<S: Schema> Snapshot<S> {
    pub(crate) const fn new(root: Arc<Root<S>>) -> Self {
        Self { root }
    }

    pub(crate) fn standing(&self) -> Standing {
        self.root.standing
    }

    /// Returns the version that this is the state at.
    #[must_use]
    pub fn version(&self) -> Version {
        self.root.standing.version
    }

    /// Returns the history that the version belongs to.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.root.standing.epoch
    }

    /// Returns where a watch stands that has seen all of this: what to resume it from.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            epoch: self.epoch(),
            version: self.version(),
        }
    }

    /// Returns at most `size` of the objects that a query finds, or one if `size` is 0: the first ones, or those after a
    /// token.
    ///
    /// # Errors
    /// When the token is of another version: all pages of one result are read from one version.
    ///
    /// # Complexity
    /// O(log n) to begin; with a query that is an *or*, the pages before are read again.
    pub fn page<O: Kind<S>>(
        &self,
        query: Query<O>,
        size: usize,
        after: Option<&PageToken>,
    ) -> Result<Page<O>, PageError> {
        // An empty page would have no place to go on from.
        let size = size.max(1);
        let mut rows = self.find(query);
        if let Some(token) = after {
            if (token.epoch, token.version) != (self.epoch(), self.version()) {
                return Err(PageError::OtherVersion {
                    token: token.version,
                    snapshot: self.version(),
                });
            }
            rows.resume(token.given, token.branch, &token.key);
        }
        let objects: Vec<_> = rows.by_ref().take(size).cloned().collect();
        let (branch, key) = (rows.branch(), rows.last_key());
        let next = if objects.len() == size && rows.next().is_some() {
            Some(PageToken {
                epoch: self.epoch(),
                version: self.version(),
                given: after.map_or(0, |token| token.given) + size,
                branch,
                key,
            })
        } else {
            None
        };
        Ok(Page { objects, next })
    }

    /// Calls `visit` with every object, table by table in the order of the schema, in order of the primary key.
    pub fn for_each(&self, mut visit: impl FnMut(S::Any)) {
        for kind in S::kinds() {
            (kind.scan)(&self.root.tables, &mut visit);
        }
    }

    /// Returns how many objects all tables hold.
    pub(crate) fn objects(&self) -> u64 {
        let lens = S::kinds().iter();
        lens.map(|kind| (kind.len)(&self.root.tables) as u64).sum()
    }

    /// Checks the invariants of every table, at the cost of reading everything.
    ///
    /// # Panics
    /// When one does not hold; the message names it.
    pub fn check_invariants(&self) {
        for kind in S::kinds() {
            (kind.check)(&self.root.tables);
        }
    }
}

impl<S: Schema> Read for Snapshot<S> {
    type Schema = S;

    fn tables(&self) -> sealed::Hidden<'_, S> {
        sealed::Hidden(&self.root.tables)
    }
}

impl<S: Schema> sealed::Sealed for Snapshot<S> {}

impl<S: Schema> Clone for Snapshot<S> {
    fn clone(&self) -> Self {
        Self {
            root: Arc::clone(&self.root),
        }
    }
}

impl<S: Schema> fmt::Debug for Snapshot<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Snapshot");
        out.field("version", &self.version().get());
        for kind in S::kinds() {
            out.field(kind.table(), &(kind.len)(&self.root.tables));
        }
        out.finish()
    }
}
