//! A schema: the kinds of object that a store holds, listed in one place.

use std::fmt;
use std::sync::Arc;

use proposer::DecodeError;

use crate::codec;
use crate::engine::{SharedTable, Table, Tables, share};
use crate::event::Event;
use crate::key::KeyBuf;
use crate::object::Kind;
use crate::query::Query;
use crate::topic::{self, Topic};

/// The kinds of object that a store holds.
///
/// The [`schema!`](crate::schema!) macro makes [`Schema::Any`] from the list of kinds. The other methods say how changes
/// and objects are written to the log and to a saved state; what they do unless they are overridden suits every schema.
pub trait Schema: fmt::Debug + Send + Sync + Sized + 'static {
    /// One object of any of the kinds.
    type Any: AnyObject<Self>;

    /// Returns the kinds, in the order in which their tables are saved and restored.
    #[must_use]
    fn kinds() -> &'static [KindDef<Self>] {
        Self::Any::kinds()
    }

    /// Appends the form of a transaction's changes that travels through the log.
    fn encode_changes(changes: &[Event<Self>], out: &mut Vec<u8>) {
        codec::encode_changes(changes, out);
    }

    /// Returns the number of bytes that [`Schema::encode_changes`] appends for each change.
    #[must_use]
    fn encoded_change_len(change: &Event<Self>) -> usize {
        codec::change_len(change)
    }

    /// Returns the changes that the bytes encode. Updates come without the old object.
    ///
    /// # Errors
    /// When they encode none.
    fn decode_changes(bytes: &[u8]) -> Result<Vec<Event<Self>>, DecodeError> {
        codec::decode_changes(bytes)
    }

    /// Appends one object's record to the body of a saved state.
    fn write_record(object: &Self::Any, out: &mut Vec<u8>) {
        codec::write_record::<Self>(object, out);
    }

    /// Reads one record from the body of a saved state and moves past it.
    ///
    /// # Errors
    /// When there is none.
    fn read_record(body: &mut &[u8]) -> Result<Self::Any, DecodeError> {
        codec::read_record::<Self>(body)
    }
}

/// One object of any kind of a schema: an enum with a variant for each.
pub trait AnyObject<S: Schema>: Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the place of the object's kind among [`AnyObject::kinds`].
    fn ordinal(&self) -> usize;

    /// Returns the kinds.
    fn kinds() -> &'static [KindDef<S>];
}

type Apply<S> = fn(&mut Tables<S>, &Event<S>) -> Result<Event<S>, String>;
type Scan<S> = fn(&Tables<S>, &mut dyn FnMut(<S as Schema>::Any));

/// What the store does with one kind, without its type.
pub struct KindDef<S: Schema> {
    table: &'static str,
    pub(crate) new_table: fn() -> SharedTable,
    pub(crate) fill_table: fn(&[S::Any]) -> Result<SharedTable, String>,
    pub(crate) apply: Apply<S>,
    pub(crate) scan: Scan<S>,
    pub(crate) difference: fn(&Tables<S>, &Tables<S>, &mut Vec<Event<S>>),
    pub(crate) len: fn(&Tables<S>) -> usize,
    pub(crate) check: fn(&Tables<S>),
    pub(crate) collect: fn(&Tables<S>),
    pub(crate) adopt_indexes: fn(&mut Tables<S>, &Tables<S>) -> Result<(), String>,
    pub(crate) topics: fn(&Event<S>, &mut dyn FnMut(Topic)),
    pub(crate) key: fn(&S::Any) -> Vec<u8>,
    pub(crate) encode: fn(&S::Any, &mut Vec<u8>),
    pub(crate) encoded_len: fn(&S::Any) -> usize,
    pub(crate) decode: fn(&[u8]) -> Result<S::Any, DecodeError>,
}

impl<S: Schema> KindDef<S> {
    /// Returns what the store does with kind `O`.
    #[must_use]
    pub const fn of<O: Kind<S>>() -> Self {
        Self {
            table: O::TABLE,
            new_table: || share(Table::with(O::table().clone())),
            fill_table: fill_table::<S, O>,
            apply: apply::<S, O>,
            scan: scan::<S, O>,
            difference: difference::<S, O>,
            len: |tables| tables.get::<O>().len(),
            collect: |tables| tables.get::<O>().collect(),
            adopt_indexes: |tables, from| {
                let from = from.get::<O>();
                if tables.get::<O>().has_indexes_of(from) {
                    return Ok(());
                }
                let adopted = tables.get_mut::<O>().adopt_indexes(from);
                adopted.map_err(|error| error.to_string())
            },
            check: |tables| tables.get::<O>().check_invariants(),
            topics: topic::visit::<S, O>,
            key: |object| KeyBuf::of(typed::<S, O>(object).key()).as_slice().to_vec(),
            encode: |object, out| typed::<S, O>(object).encode(out),
            encoded_len: |object| typed::<S, O>(object).encoded_len(),
            decode: |bytes| Ok(O::wrap(Arc::new(O::decode(bytes)?))),
        }
    }

    /// Returns the table's name.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.table
    }
}

impl<S: Schema> fmt::Debug for KindDef<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KindDef").field(&self.table).finish()
    }
}

/// Returns the definition of an object's kind.
pub(crate) fn kind_of<S: Schema>(object: &S::Any) -> &'static KindDef<S> {
    &S::kinds()[object.ordinal()]
}

fn typed<S: Schema, O: Kind<S>>(object: &S::Any) -> &Arc<O> {
    O::unwrap(object).expect("a kind's functions are called with objects of that kind")
}

/// Repeats a committed change, and returns it with the object that it replaced.
fn apply<S: Schema, O: Kind<S>>(
    tables: &mut Tables<S>,
    change: &Event<S>,
) -> Result<Event<S>, String> {
    let table = tables.get_mut::<O>();
    match change {
        Event::Created(any) => {
            let object = typed::<S, O>(any);
            table
                .insert(object)
                .map_err(|refusal| refusal.on_create(object).to_string())?;
            Ok(Event::Created(any.clone()))
        }
        Event::Updated { new, .. } => {
            let object = typed::<S, O>(new);
            let old = table
                .replace(object, None)
                .map_err(|refusal| refusal.on_update(object).to_string())?;
            Ok(Event::Updated {
                old: Some(O::wrap(old)),
                new: new.clone(),
            })
        }
        Event::Deleted(any) => {
            let key = typed::<S, O>(any).key();
            let old = table.delete(key).map_err(|error| error.to_string())?;
            Ok(Event::Deleted(O::wrap(old)))
        }
    }
}

fn fill_table<S: Schema, O: Kind<S>>(objects: &[S::Any]) -> Result<SharedTable, String> {
    let objects = objects.iter().map(|any| typed::<S, O>(any));
    let table = Table::fill(O::table().clone(), objects);
    Ok(share(table.map_err(|error| error.to_string())?))
}

fn scan<S: Schema, O: Kind<S>>(tables: &Tables<S>, visit: &mut dyn FnMut(S::Any)) {
    for object in tables.get::<O>().find(Query::all()) {
        visit(O::wrap(Arc::clone(object)));
    }
}

/// Appends the events that lead from one state of a table to another, in an order in which each can be applied: deletions,
/// then updates, then creations. An object that takes a unique key from one that stays is deleted and created anew, so
/// that the key is free when it is needed, also when two swap theirs.
fn difference<S: Schema, O: Kind<S>>(
    before: &Tables<S>,
    after: &Tables<S>,
    events: &mut Vec<Event<S>>,
) {
    let (before, after) = (before.get::<O>(), after.get::<O>());
    if before.is_empty() {
        let all = after.find(Query::all());
        events.extend(all.map(|new| Event::Created(O::wrap(Arc::clone(new)))));
        return;
    }
    for old in before.find(Query::all()) {
        match after.get(old.key()) {
            Some(new) if !before.holds_unique_key_of(new) => {}
            _ => events.push(Event::Deleted(O::wrap(Arc::clone(old)))),
        }
    }
    let mut created = Vec::new();
    for new in after.find(Query::all()) {
        match before.get(new.key()) {
            Some(old) if !before.holds_unique_key_of(new) => {
                if !Arc::ptr_eq(old, new) && encoded(&**old) != encoded(&**new) {
                    events.push(Event::Updated {
                        old: Some(O::wrap(Arc::clone(old))),
                        new: O::wrap(Arc::clone(new)),
                    });
                }
            }
            _ => created.push(Event::Created(O::wrap(Arc::clone(new)))),
        }
    }
    events.append(&mut created);
}

fn encoded<O: crate::Object>(object: &O) -> Vec<u8> {
    let mut out = Vec::new();
    object.encode(&mut out);
    out
}

/// Lists the kinds of a schema, and makes the type that holds one object of any of them.
///
/// ```text
/// schema! {
///     /// One object of any kind.
///     pub enum AnyObject for Cluster { Job, Worker with rules }
/// }
/// impl Schema for Cluster { type Any = AnyObject; }
/// ```
///
/// makes `enum AnyObject { Job(Arc<Job>), Worker(Arc<Worker>) }` and implements [`Kind<Cluster>`](crate::Kind) for `Job`
/// and `Worker`. A kind that is listed `with rules` implements [`Rules<Cluster>`](crate::Rules) by hand; the others have
/// none.
///
/// Logs and saved states name a kind by its place, unless the schema has forms of its own: a new kind is added at the end,
/// and none that was ever stored is taken out or moved.
#[macro_export]
macro_rules! schema {
    ($(#[$doc:meta])* $vis:vis enum $any:ident for $schema:ident { $($kind:ident $(with $rules:ident)?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        $vis enum $any {
            $(#[doc = concat!("An object of kind [`", stringify!($kind), "`].")] $kind(::std::sync::Arc<$kind>),)+
        }

        const _: () = {
            #[repr(usize)]
            enum Ordinal { $($kind),+ }

            impl $crate::AnyObject<$schema> for $any {
                fn ordinal(&self) -> usize {
                    match self { $(Self::$kind(_) => Ordinal::$kind as usize,)+ }
                }

                fn kinds() -> &'static [$crate::KindDef<$schema>] {
                    const KINDS: &[$crate::KindDef<$schema>] = &[$($crate::KindDef::of::<$kind>()),+];
                    KINDS
                }
            }

            $(
                $crate::schema!(@rules $schema $kind $($rules)?);

                impl $crate::Kind<$schema> for $kind {
                    const ORDINAL: usize = Ordinal::$kind as usize;

                    fn wrap(object: ::std::sync::Arc<Self>) -> $any {
                        $any::$kind(object)
                    }

                    #[allow(irrefutable_let_patterns)]
                    fn unwrap(object: &$any) -> Option<&::std::sync::Arc<Self>> {
                        if let $any::$kind(object) = object { Some(object) } else { None }
                    }

                    fn table() -> &'static $crate::TableDef<Self> {
                        static TABLE: ::std::sync::OnceLock<$crate::TableDef<$kind>> = ::std::sync::OnceLock::new();
                        TABLE.get_or_init($crate::TableDef::new)
                    }
                }
            )+
        };
    };
    (@rules $schema:ident $kind:ident) => { impl $crate::Rules<$schema> for $kind {} };
    (@rules $schema:ident $kind:ident rules) => {};
}
