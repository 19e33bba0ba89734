//! Queries: what to find, as a value.
//!
//! An [`Index`](crate::Index) makes the simple ones; they combine by *and*, *or*, *not* and a residual predicate. What a
//! query does is decided by its shape alone, there is no planner: the first operand of an *and* that can name a range
//! of keys is read, and every other operand is checked against the objects that it gives.
//!
//! Invariant: what works on a plan goes down into its operands by calling itself, so a plan is no deeper than
//! [`NESTING_MAX`]. An *and* of *and*s is one, and an *or* of *or*s: only what alternates is nested.

use std::collections::VecDeque;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

use crate::key::{Key, KeyBuf, PrefixKey};
use crate::object::Object;

/// Which objects of kind `O` to find, and in which order.
///
/// # Order
/// That of the index that is read. An *or* gives the objects of its first operand, then those of the second that it
/// has not given yet, and so on: no object comes twice.
///
/// # Nesting
/// *And*, *or* and *not* may be nested in each other 64 deep; the methods that combine queries panic beyond that. How many
/// queries an *and* or an *or* joins, and in which order they were joined, does not matter.
pub struct Query<O> {
    pub(crate) plan: Plan<O>,
    /// How deep the plan is nested.
    depth: usize,
    pub(crate) reverse: bool,
    pub(crate) limit: usize,
}

/// How deep a plan may be nested: without optimisation, that takes less than a quarter of a thread's stack.
const NESTING_MAX: usize = 64;

type Predicate<O> = Arc<dyn Fn(&O) -> bool + Send + Sync>;

pub(crate) enum Plan<O> {
    All,
    Primary(KeyRange),
    Range {
        index: &'static str,
        range: KeyRange,
    },
    And(VecDeque<Plan<O>>),
    Or(VecDeque<Plan<O>>),
    Not(Box<Plan<O>>),
    Filter(Predicate<O>),
}

/// Encoded keys from `start` up to, not including, `end`; without an end, to the last.
#[derive(Clone)]
pub(crate) struct KeyRange {
    pub(crate) start: KeyBuf,
    pub(crate) end: Option<KeyBuf>,
    /// Whether all keys in it are equal, so that an object can be met once only.
    pub(crate) exact: bool,
}

impl KeyRange {
    /// Returns the range of one key: everything that begins with its form, since in a non-unique index the primary key
    /// follows it.
    pub(crate) fn exact<K: Key + ?Sized>(key: &K) -> Self {
        Self::exact_bytes(KeyBuf::of(key))
    }

    /// Returns the range of one key, by its form.
    pub(crate) fn exact_bytes(form: KeyBuf) -> Self {
        Self {
            exact: true,
            ..Self::beginning_with(form)
        }
    }

    /// Returns the range of the keys that begin so.
    pub(crate) fn prefix<K: PrefixKey + ?Sized>(prefix: &K::Prefix) -> Self {
        let mut buf = KeyBuf::new();
        K::encode_prefix(prefix, &mut buf);
        Self::beginning_with(buf)
    }

    /// Returns the range of the keys between two; `None` when no key can lie there.
    pub(crate) fn between<'k, K: Key + ?Sized + 'k>(
        range: impl RangeBounds<&'k K>,
    ) -> Option<Self> {
        let form = |key: &&K| KeyBuf::of(*key);
        let start = match range.start_bound() {
            Bound::Unbounded => KeyBuf::new(),
            Bound::Included(key) => form(key),
            Bound::Excluded(key) => form(key).after()?,
        };
        let end = match range.end_bound() {
            Bound::Unbounded => None,
            Bound::Included(key) => form(key).after(),
            Bound::Excluded(key) => Some(form(key)),
        };
        Some(Self {
            start,
            end,
            exact: false,
        })
    }

    /// Returns the range of every key.
    pub(crate) const fn all() -> Self {
        Self {
            start: KeyBuf::new(),
            end: None,
            exact: false,
        }
    }

    fn beginning_with(start: KeyBuf) -> Self {
        Self {
            end: start.after(),
            start,
            exact: false,
        }
    }

    /// Returns where the range begins, and before what it ends.
    pub(crate) fn bounds(&self) -> (&[u8], Option<&[u8]>) {
        (
            self.start.as_slice(),
            self.end.as_ref().map(KeyBuf::as_slice),
        )
    }

    pub(crate) fn contains(&self, key: &[u8]) -> bool {
        let (start, end) = self.bounds();
        key >= start && end.is_none_or(|end| key < end)
    }
}

impl<O> Query<O> {
    /// Returns the query for every object, in order of the primary key.
    #[must_use]
    pub const fn all() -> Self {
        Self::of(Plan::All)
    }

    /// Returns the query that finds nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self::of(Plan::Or(VecDeque::new()))
    }

    /// Returns the query for objects that any of these finds; their own orders and limits mean nothing.
    ///
    /// # Panics
    /// When it is nested too deep, see [`Query`].
    #[must_use]
    pub fn any_of(queries: impl IntoIterator<Item = Self>) -> Self {
        queries.into_iter().fold(Self::none(), Self::or)
    }

    /// Returns the query for objects that this finds and that `other` finds too.
    ///
    /// The order is that of the first operand that names keys of an index; of an operand on the right, order and limit
    /// mean nothing.
    ///
    /// # Panics
    /// When it is nested too deep, see [`Query`].
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined_with(other, Plan::and_operands, Plan::And)
    }

    /// Returns the query for objects that this or `other` finds; the order and limit of `other` mean nothing.
    ///
    /// # Panics
    /// When it is nested too deep, see [`Query`].
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined_with(other, Plan::or_operands, Plan::Or)
    }

    /// Returns the query for objects that this finds and `other` does not.
    ///
    /// # Panics
    /// When it is nested too deep, see [`Query`].
    #[must_use]
    pub fn and_not(self, other: Self) -> Self {
        self.and(Self {
            depth: other.depth + 1,
            ..Self::of(Plan::Not(Box::new(other.plan)))
        })
    }

    /// Returns the query for objects that this finds and the predicate accepts.
    ///
    /// # Panics
    /// When it is nested too deep, see [`Query`].
    #[must_use]
    pub fn filter(self, accept: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        self.and(Self::of(Plan::Filter(Arc::new(accept))))
    }

    /// Returns this query in the opposite order.
    #[must_use]
    pub fn rev(self) -> Self {
        Self {
            reverse: !self.reverse,
            ..self
        }
    }

    /// Returns this query, ending after `limit` objects.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self {
            limit: self.limit.min(limit),
            ..self
        }
    }

    pub(crate) fn range(index: &'static str, range: KeyRange) -> Self {
        Self::of(Plan::Range { index, range })
    }

    /// Joins two queries by an operator, whose own plans have operands.
    fn joined_with(
        mut self,
        mut other: Self,
        operands: fn(&mut Plan<O>) -> Option<&mut VecDeque<Plan<O>>>,
        operator: fn(VecDeque<Plan<O>>) -> Plan<O>,
    ) -> Self {
        let (left, right) = (operands(&mut self.plan), operands(&mut other.plan));
        let depth = usize::max(
            self.depth + usize::from(left.is_none()),
            other.depth + usize::from(right.is_none()),
        );
        assert!(
            depth <= NESTING_MAX,
            "a query is nested more than {NESTING_MAX} deep; join its operands on fewer levels, or test some in a filter"
        );
        match (left, right) {
            (None, None) => self.plan = operator([self.plan, other.plan].into()),
            (Some(left), None) => left.push_back(other.plan),
            (None, Some(right)) => {
                right.push_front(self.plan);
                self.plan = other.plan;
            }
            // The fewer are moved: of n operands each at most log n times, in whatever order they are joined.
            (Some(left), Some(right)) if left.len() < right.len() => {
                while let Some(last) = left.pop_back() {
                    right.push_front(last);
                }
                self.plan = other.plan;
            }
            (Some(left), Some(right)) => left.append(right),
        }
        Self { depth, ..self }
    }

    const fn of(plan: Plan<O>) -> Self {
        Self {
            plan,
            depth: 0,
            reverse: false,
            limit: usize::MAX,
        }
    }
}

impl<O: Object> Query<O> {
    /// Returns the query for the object with this primary key.
    #[must_use]
    pub fn key(key: &O::Key) -> Self {
        Self::of(Plan::Primary(KeyRange::exact(key)))
    }

    /// Returns the query for objects whose primary key begins so, in order of it.
    #[must_use]
    pub fn key_prefix(prefix: &<O::Key as PrefixKey>::Prefix) -> Self
    where
        O::Key: PrefixKey,
    {
        Self::of(Plan::Primary(KeyRange::prefix::<O::Key>(prefix)))
    }

    /// Returns the query for objects whose primary key lies in the range, in order of it.
    #[must_use]
    pub fn key_range<'k>(range: impl RangeBounds<&'k O::Key>) -> Self
    where
        O::Key: 'k,
    {
        KeyRange::between(range).map_or_else(Self::none, |range| Self::of(Plan::Primary(range)))
    }
}

impl<O> Clone for Query<O> {
    fn clone(&self) -> Self {
        Self {
            plan: self.plan.clone(),
            depth: self.depth,
            reverse: self.reverse,
            limit: self.limit,
        }
    }
}

impl<O> Plan<O> {
    const fn and_operands(&mut self) -> Option<&mut VecDeque<Self>> {
        match self {
            Self::And(plans) => Some(plans),
            _ => None,
        }
    }

    const fn or_operands(&mut self) -> Option<&mut VecDeque<Self>> {
        match self {
            Self::Or(plans) => Some(plans),
            _ => None,
        }
    }
}

impl<O> Clone for Plan<O> {
    fn clone(&self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Primary(range) => Self::Primary(range.clone()),
            Self::Range { index, range } => Self::Range {
                index,
                range: range.clone(),
            },
            Self::And(plans) => Self::And(plans.clone()),
            Self::Or(plans) => Self::Or(plans.clone()),
            Self::Not(plan) => Self::Not(plan.clone()),
            Self::Filter(accept) => Self::Filter(Arc::clone(accept)),
        }
    }
}

impl<O> fmt::Debug for Query<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            plan,
            depth: _,
            reverse,
            limit,
        } = self;
        let mut out = f.debug_struct("Query");
        out.field("plan", plan).field("reverse", reverse);
        if *limit < usize::MAX {
            out.field("limit", limit);
        }
        out.finish()
    }
}

impl<O> fmt::Debug for Plan<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Primary(range) => write!(f, "key {range:?}"),
            Self::Range { index, range } => write!(f, "{index} {range:?}"),
            Self::And(plans) => f.debug_tuple("and").field(plans).finish(),
            Self::Or(plans) => f.debug_tuple("or").field(plans).finish(),
            Self::Not(plan) => f.debug_tuple("not").field(plan).finish(),
            Self::Filter(_) => f.write_str("filter"),
        }
    }
}

impl fmt::Debug for KeyRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..", self.start)?;
        match &self.end {
            Some(end) => write!(f, "{end:?}"),
            None => Ok(()),
        }
    }
}
