//! A transaction while it is made.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use proposer::Version;

use crate::engine::Tables;
use crate::error::{CreateError, DeleteError, RuleError, UpdateError};
use crate::event::Event;
use crate::meta::Meta;
use crate::object::{Checked, Kind};
use crate::schema::Schema;
use crate::snapshot::{Read, sealed};

/// A transaction while it is made: a private state on top of the newest one.
///
/// It reads its own writes; what [`Read::find`] gives stays what it was when it was called, since the borrow checker lets
/// nobody write meanwhile. A failed operation leaves it exactly as it was.
pub struct WriteTx<'a, S: Schema> {
    tables: Tables<S>,
    version: Version,
    now: SystemTime,
    changes: Vec<Event<S>>,
    bytes: usize,
    /// The slot of the object that was read last: as a rule, it is the one that is written next. A guess, no more.
    last_read: AtomicU32,
    /// Ties the transaction to the closure that it was handed to.
    scope: std::marker::PhantomData<&'a ()>,
}

impl<S: Schema> WriteTx<'_, S> {
    pub(crate) const fn new(tables: Tables<S>, version: Version, now: SystemTime) -> Self {
        Self {
            tables,
            version,
            now,
            changes: Vec::new(),
            bytes: 0,
            last_read: AtomicU32::new(0),
            scope: std::marker::PhantomData,
        }
    }

    /// Returns the version that this transaction will have.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the changes made so far, in order.
    #[must_use]
    pub fn changes(&self) -> &[Event<S>] {
        &self.changes
    }

    /// Returns how many bytes the changes take in the log.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds an object, and returns it as it is stored: with its version and times set.
    ///
    /// # Errors
    /// The first in the order of [`CreateError`]'s variants.
    pub fn create<O: Kind<S>>(&mut self, mut object: O) -> Result<Arc<O>, CreateError> {
        let created = object.meta().created.or(Some(self.now));
        object.set_meta(Meta {
            version: self.version,
            created,
            updated: Some(self.now),
        });
        self.check(&Checked::Create(&object))?;
        let object = Arc::new(object);
        self.tables
            .get_mut::<O>()
            .insert(&object)
            .map_err(|refusal| refusal.on_create(&object))?;
        self.record(Event::Created(O::wrap(Arc::clone(&object))));
        Ok(object)
    }

    /// Replaces the object with the same primary key, and returns the new one as it is stored.
    ///
    /// The object's version must be the one that is stored: that of the object that the change was made from. The time of
    /// creation is kept.
    ///
    /// # Errors
    /// The first in the order of [`UpdateError`]'s variants.
    pub fn update<O: Kind<S>>(&mut self, mut object: O) -> Result<Arc<O>, UpdateError> {
        let given = object.meta();
        let table = self.tables.get::<O>();
        let slot = self.slot_of::<O>(object.key());
        let created = slot.map_or(given.created, |slot| table.row(slot).meta().created);
        object.set_meta(Meta {
            version: self.version,
            created,
            updated: Some(self.now),
        });
        self.check(&Checked::Update(&object))?;
        let object = Arc::new(object);
        let old = self
            .tables
            .get_mut::<O>()
            .replace_in(slot, &object, Some(given.version))
            .map_err(|refusal| refusal.on_update(&object))?;
        self.record(Event::Updated {
            old: Some(O::wrap(old)),
            new: O::wrap(Arc::clone(&object)),
        });
        Ok(object)
    }

    /// Removes the object with this primary key, and returns it as it was.
    ///
    /// # Errors
    /// The first in the order of [`DeleteError`]'s variants.
    pub fn delete<O: Kind<S>>(&mut self, key: &O::Key) -> Result<Arc<O>, DeleteError> {
        let slot = self.slot_of::<O>(key);
        let slot = slot.ok_or_else(|| DeleteError::not_found::<O>(key))?;
        let object = self.tables.get::<O>().row(slot);
        self.check(&Checked::Delete(&**object))?;
        let object = self.tables.get_mut::<O>().remove_from(slot);
        self.record(Event::Deleted(O::wrap(Arc::clone(&object))));
        Ok(object)
    }

    /// Runs a step that is done whole or leaves nothing behind. Steps may be made of steps.
    ///
    /// # Errors
    /// Those of the step.
    ///
    /// # Panics
    /// When the step does; it has left nothing behind then, too.
    ///
    /// # Complexity
    /// O(kinds), however much was changed before.
    pub fn step<T, E>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let (tables, changes, bytes) = (self.tables.clone(), self.changes.len(), self.bytes);
        let result = catch_unwind(AssertUnwindSafe(|| step(self)));
        if !matches!(result, Ok(Ok(_))) {
            self.tables = tables;
            self.changes.truncate(changes);
            self.bytes = bytes;
        }
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Makes the state that of a saved one, version and times of its objects included; no rule is checked.
    ///
    /// # Errors
    /// When an index that was added later cannot be added to it.
    pub(crate) fn replace_all(&mut self, saved: &Tables<S>) -> Result<(), String> {
        let before = self.tables.clone();
        let mut saved = saved.clone();
        for kind in S::kinds() {
            (kind.adopt_indexes)(&mut saved, &before)?;
        }
        self.tables = saved.clone();
        for kind in S::kinds() {
            let mut changes = Vec::new();
            (kind.difference)(&before, &saved, &mut changes);
            for change in changes {
                self.record(change);
            }
        }
        Ok(())
    }

    /// Forgets every change; what is left has read, no more.
    pub(crate) fn discard(&mut self) {
        self.changes.clear();
        self.bytes = 0;
    }

    pub(crate) fn into_parts(self) -> (Tables<S>, Vec<Event<S>>, usize) {
        (self.tables, self.changes, self.bytes)
    }

    /// Returns the slot of the object with this primary key.
    fn slot_of<O: Kind<S>>(&self, key: &O::Key) -> Option<u32> {
        let table = self.tables.get::<O>();
        let last = self.last_read.load(Ordering::Relaxed);
        if table.is_in(last, key) {
            return Some(last);
        }
        table.slot_of(key)
    }

    fn check<O: Kind<S>>(&self, change: &Checked<'_, O>) -> Result<(), RuleError> {
        O::check(change, self)
    }

    fn record(&mut self, change: Event<S>) {
        self.bytes += S::encoded_change_len(&change);
        self.changes.push(change);
    }
}

impl<S: Schema> Read for WriteTx<'_, S> {
    type Schema = S;

    fn tables(&self) -> sealed::Hidden<'_, S> {
        sealed::Hidden(&self.tables)
    }

    fn get<O: Kind<S>>(&self, key: &O::Key) -> Option<&Arc<O>> {
        let table = self.tables.get::<O>();
        let slot = table.slot_of(key)?;
        self.last_read.store(slot, Ordering::Relaxed);
        Some(table.row(slot))
    }
}

impl<S: Schema> sealed::Sealed for WriteTx<'_, S> {}

impl<S: Schema> fmt::Debug for WriteTx<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteTx")
            .field("version", &self.version.get())
            .field("changes", &self.changes.len())
            .finish_non_exhaustive()
    }
}
