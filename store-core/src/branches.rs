//! The parts of a query: each reads one range of one index, and checks the rest against each object.

use crate::engine::{Run, Table, TableDef};
use crate::key::KeyBuf;
use crate::object::Object;
use crate::query::{KeyRange, Plan};

/// The parts of a query; one, as a rule.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one of these a query, in place"
)]
pub(crate) enum Branches<O> {
    One(Branch<O>),
    Many(Vec<Branch<O>>),
}

/// A part of a query that reads one range of one index, and checks the rest against each object.
pub(crate) struct Branch<O> {
    /// The index; none for the primary keys.
    pub(crate) index: Option<usize>,
    pub(crate) range: KeyRange,
    pub(crate) residual: Vec<Plan<O>>,
}

impl<O> Branches<O> {
    /// Returns the parts, in order.
    pub(crate) fn as_slice(&self) -> &[Branch<O>] {
        match self {
            Self::One(branch) => std::slice::from_ref(branch),
            Self::Many(branches) => branches,
        }
    }

    fn into_vec(self) -> Vec<Branch<O>> {
        match self {
            Self::One(branch) => vec![branch],
            Self::Many(branches) => branches,
        }
    }
}

impl<O: Object> Branch<O> {
    const fn of(index: Option<usize>, range: KeyRange) -> Branches<O> {
        Branches::One(Self {
            index,
            range,
            residual: Vec::new(),
        })
    }

    /// Whether the object of an entry in range is one that the branch gives, at this entry.
    pub(crate) fn accepts(
        &self,
        table: &Table<O>,
        slot: u32,
        place: Option<(&Run<'_>, usize)>,
    ) -> bool {
        if let (Some(index), Some((run, at))) = (self.index, place)
            && !self.range.exact
            && !self.is_first(table, index, run, at, slot)
        {
            return false;
        }
        self.residual
            .iter()
            .all(|plan| matches(table.def(), plan, table.row(slot)))
    }

    /// Whether an entry is that of the object's smallest key in the range: an object with several is given once.
    fn is_first(
        &self,
        table: &Table<O>,
        index: usize,
        run: &Run<'_>,
        at: usize,
        slot: u32,
    ) -> bool {
        let object = table.row(slot);
        let (mut keys, mut first) = (0, None::<KeyBuf>);
        table.def().indexes()[index].keys(object, &mut |key| {
            if self.range.contains(key) {
                keys += 1;
                if first.as_ref().is_none_or(|first| key < first.as_slice()) {
                    first = Some(KeyBuf::from(key));
                }
            }
        });
        keys < 2
            || first.is_some_and(|first| {
                table
                    .entry_key(Some(index), run, at)
                    .starts_with(first.as_slice())
            })
    }

    /// Whether the branch gives an object.
    pub(crate) fn finds(&self, def: &TableDef<O>, object: &O) -> bool {
        let driven = match self.index {
            None => self.range.contains(KeyBuf::of(object.key()).as_slice()),
            Some(index) => has_key_in(def, index, &self.range, object),
        };
        driven && self.residual.iter().all(|plan| matches(def, plan, object))
    }
}

/// Splits a plan into parts that each read one range.
pub(crate) fn branches<O: Object>(def: &TableDef<O>, plan: Plan<O>) -> Branches<O> {
    match plan {
        Plan::All => Branch::of(None, KeyRange::all()),
        Plan::Primary(range) => Branch::of(None, range),
        Plan::Range { index, range } => Branch::of(Some(def.position(index)), range),
        Plan::Or(plans) => Branches::Many(
            plans
                .into_iter()
                .flat_map(|plan| branches(def, plan).into_vec())
                .collect(),
        ),
        Plan::And(mut plans) => {
            let first = plans.iter().position(names_ranges).unwrap_or(0);
            let mut parts = branches(def, plans.remove(first).unwrap_or(Plan::All));
            match &mut parts {
                Branches::One(part) => part.residual.extend(plans),
                Branches::Many(parts) => parts
                    .iter_mut()
                    .for_each(|part| part.residual.extend(plans.iter().cloned())),
            }
            parts
        }
        plan @ (Plan::Not(_) | Plan::Filter(_)) => Branches::One(Branch {
            index: None,
            range: KeyRange::all(),
            residual: vec![plan],
        }),
    }
}

/// Whether a plan can be read from ranges of indexes alone.
fn names_ranges<O>(plan: &Plan<O>) -> bool {
    match plan {
        Plan::All | Plan::Not(_) | Plan::Filter(_) => false,
        Plan::Primary(_) | Plan::Range { .. } => true,
        Plan::Or(plans) => plans.iter().all(names_ranges),
        Plan::And(plans) => plans.iter().any(names_ranges),
    }
}

/// Whether a plan finds an object.
pub(crate) fn matches<O: Object>(def: &TableDef<O>, plan: &Plan<O>, object: &O) -> bool {
    match plan {
        Plan::All => true,
        Plan::Primary(range) => range.contains(KeyBuf::of(object.key()).as_slice()),
        Plan::Range { index, range } => has_key_in(def, def.position(index), range, object),
        Plan::And(plans) => plans.iter().all(|plan| matches(def, plan, object)),
        Plan::Or(plans) => plans.iter().any(|plan| matches(def, plan, object)),
        Plan::Not(plan) => !matches(def, plan, object),
        Plan::Filter(accept) => accept(object),
    }
}

fn has_key_in<O: Object>(def: &TableDef<O>, index: usize, range: &KeyRange, object: &O) -> bool {
    let mut found = false;
    def.indexes()[index].keys(object, &mut |key| found |= range.contains(key));
    found
}
