//! Objects: the values that tables hold.

use std::fmt;
use std::sync::Arc;

use proposer::DecodeError;

use crate::engine::TableDef;
use crate::error::RuleError;
use crate::index::Indexes;
use crate::key::Key;
use crate::meta::Meta;
use crate::schema::Schema;
use crate::write::WriteTx;

/// A value that can live in a table.
///
/// # Correctness
/// - `key` is constant for the lifetime of a stored value.
/// - No interior mutability is observable through `key` or an index.
/// - `decode` of what `encode` appended gives an equal value, [`meta`](Object::meta) included; equal values encode to equal
///   bytes.
pub trait Object: fmt::Debug + Send + Sync + Sized + 'static {
    /// What names an object within its table; two are equal exactly when their encoded forms are.
    type Key: Key + Eq + fmt::Display + ?Sized;

    /// The table's name, unique within a schema.
    const TABLE: &'static str;

    /// Returns the primary key.
    fn key(&self) -> &Self::Key;

    /// Returns version and times.
    fn meta(&self) -> Meta;

    /// Sets version and times; the store calls it before it stores the object.
    fn set_meta(&mut self, meta: Meta);

    /// Lists the table's indexes besides the primary one.
    fn indexes(list: &mut Indexes<Self>);

    /// Appends the encoded form, for the log and the saved state. [`Meta::encode`] is a part of it, or another form of it.
    fn encode(&self, out: &mut Vec<u8>);

    /// Returns the object that the bytes encode.
    ///
    /// # Errors
    /// When they encode none.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;

    /// Returns how many bytes [`Object::encode`] appends: transactions are bounded and batches are cut by it.
    fn encoded_len(&self) -> usize {
        let mut out = Vec::new();
        self.encode(&mut out);
        out.len()
    }
}

/// An object that is one of the kinds of a schema; the [`schema!`](crate::schema!) macro implements it.
///
/// A kind with rules of its own implements [`Rules`] by hand.
pub trait Kind<S: Schema>: Object + Rules<S> {
    /// The place of the kind among its schema's.
    const ORDINAL: usize;

    /// Wraps an object of this kind.
    fn wrap(object: Arc<Self>) -> S::Any;

    /// Returns the object, if it is of this kind.
    fn unwrap(object: &S::Any) -> Option<&Arc<Self>>;

    /// Returns what is fixed about the table.
    fn table() -> &'static TableDef<Self>;
}

/// The rules of a kind beyond unique keys: what else must hold for a change to be accepted.
///
/// They see the transaction as it is before the change. They are checked where a transaction is made, before every
/// other check (of a deletion: after the object was found), and not again where it is replicated.
pub trait Rules<S: Schema>: Object {
    /// Checks a change.
    ///
    /// # Errors
    /// When the change must not be made.
    fn check(change: &Checked<'_, Self>, state: &WriteTx<'_, S>) -> Result<(), RuleError> {
        let _ = (change, state);
        Ok(())
    }
}

/// A change that [`Rules`] check.
#[derive(Debug)]
pub enum Checked<'a, O> {
    /// The object is to be created.
    Create(&'a O),
    /// The object is to replace the one with its key, if there is one.
    Update(&'a O),
    /// The stored object is to be deleted.
    Delete(&'a O),
}
