//! What the store must do, in terms of two maps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use store_core::{
    CreateError, DeleteError, KEY_BYTES_MAX, Meta, Query, Read, UpdateError, Version, WriteTx,
};

use super::input::{self, Input, Stale, Write};
use super::kinds::{BY_NAME, BY_OWNER, BY_TAG, Both, Counter, Name, Thing};

/// All objects, by primary key.
#[derive(Clone, Default)]
pub(super) struct Model {
    things: BTreeMap<Name, Thing>,
    counters: BTreeMap<u16, Counter>,
}

/// Does the same to a transaction and to a model, and checks that both say the same.
pub(super) fn perform(tx: &mut WriteTx<'_, Both>, model: &mut Model, writes: &[Write]) {
    for write in writes {
        match write {
            Write::CreateThing(given) => create_thing(tx, model, thing(given)),
            Write::UpdateThing(given, Stale(stale)) => {
                update_thing(tx, model, thing(given), *stale);
            }
            Write::DeleteThing(id) => match tx.delete::<Thing>(id) {
                Ok(deleted) => assert_eq!(model.things.remove(id).as_ref(), Some(&*deleted)),
                Err(DeleteError::NotFound { .. }) => assert!(!model.things.contains_key(id)),
                Err(error) => panic!("{error}"),
            },
            Write::CreateCounters(first, count, owner) => {
                for id in (*first..=u16::MAX).take(usize::from(*count)) {
                    create_counter(tx, model, &counter(id, owner));
                }
            }
            Write::UpdateCounter(id, owner) => update_counter(tx, model, counter(*id, owner)),
            Write::DeleteCounters(first, count) => {
                for id in (*first..=u16::MAX).take(usize::from(*count)) {
                    let deleted = tx.delete::<Counter>(&id).ok();
                    assert_eq!(deleted.as_deref(), model.counters.remove(&id).as_ref());
                }
            }
            Write::FailedStep(writes) => {
                let mut undone = model.clone();
                let failed = tx.step(|tx| {
                    perform(tx, &mut undone, writes);
                    undone.compare(tx);
                    Err::<(), ()>(())
                });
                assert!(failed.is_err(), "the step said no");
                model.compare(tx);
            }
        }
    }
}

fn thing(given: &input::Thing) -> Thing {
    Thing {
        id: given.id.clone(),
        meta: Meta::default(),
        name: given.name.clone(),
        tags: given.tags.clone(),
    }
}

fn counter(id: u16, owner: &Name) -> Counter {
    Counter {
        id,
        meta: Meta::default(),
        owner: owner.clone(),
    }
}

/// Whether a key of the thing is longer than the store takes.
fn too_long(thing: &Thing) -> bool {
    let mut keys = [&thing.id, &thing.name].into_iter().chain(&thing.tags);
    keys.any(|key| key.encoded_len() > KEY_BYTES_MAX)
}

fn create_thing(tx: &mut WriteTx<'_, Both>, model: &mut Model, new: Thing) {
    let holder = model.holder(&new.name, None);
    let long = too_long(&new);
    match tx.create(new.clone()) {
        Ok(stored) => {
            assert!(!long && holder.is_none());
            assert_eq!(stored.meta.version, tx.version());
            let before = model.things.insert(new.id, (*stored).clone());
            assert_eq!(before, None);
        }
        Err(CreateError::KeyTooLong { bytes, .. }) => assert!(long && bytes > KEY_BYTES_MAX),
        Err(CreateError::Conflict { holder: found, .. }) => assert_eq!(Some(found), holder),
        Err(CreateError::Exists { .. }) => {
            assert!(!long && holder.is_none() && model.things.contains_key(&new.id));
        }
        Err(error) => panic!("{error}"),
    }
}

fn update_thing(tx: &mut WriteTx<'_, Both>, model: &mut Model, mut new: Thing, stale: bool) {
    let stored = model.things.get(&new.id).map(|thing| thing.meta);
    new.meta = stored.unwrap_or_default();
    if stale {
        new.meta.version = Version::new(u64::MAX);
    }
    let holder = model.holder(&new.name, Some(&new.id));
    let long = too_long(&new);
    match tx.update(new.clone()) {
        Ok(updated) => {
            assert!(!long && !stale && holder.is_none());
            assert_eq!(updated.meta.version, tx.version());
            let before = model.things.insert(new.id, (*updated).clone());
            assert!(before.is_some());
        }
        Err(UpdateError::KeyTooLong { bytes, .. }) => assert!(long && bytes > KEY_BYTES_MAX),
        Err(UpdateError::Conflict { holder: found, .. }) => assert_eq!(Some(found), holder),
        Err(UpdateError::NotFound { .. }) => assert!(!long && holder.is_none() && stored.is_none()),
        Err(UpdateError::OutOfSequence { .. }) => {
            assert!(!long && holder.is_none() && stored.is_some() && stale);
        }
        Err(error) => panic!("{error}"),
    }
}

fn create_counter(tx: &mut WriteTx<'_, Both>, model: &mut Model, new: &Counter) {
    match tx.create(new.clone()) {
        Ok(stored) => {
            let before = model.counters.insert(new.id, (*stored).clone());
            assert_eq!(before, None);
        }
        Err(CreateError::Exists { .. }) => assert!(model.counters.contains_key(&new.id)),
        Err(error) => panic!("{error}"),
    }
}

fn update_counter(tx: &mut WriteTx<'_, Both>, model: &mut Model, mut new: Counter) {
    let stored = model.counters.get(&new.id).map(|counter| counter.meta);
    new.meta = stored.unwrap_or_default();
    match tx.update(new.clone()) {
        Ok(updated) => {
            assert!(stored.is_some());
            model.counters.insert(new.id, (*updated).clone());
        }
        Err(UpdateError::NotFound { .. }) => assert!(stored.is_none()),
        Err(error) => panic!("{error}"),
    }
}

impl Model {
    /// Which thing but `own` has the name, as an error names it.
    fn holder(&self, name: &Name, own: Option<&Name>) -> Option<String> {
        self.things
            .values()
            .find(|other| other.name == *name && Some(&other.id) != own)
            .map(|other| other.id.to_string())
    }

    /// Checks that a state holds the same, by every way to find it.
    pub(super) fn compare(&self, state: &impl Read<Schema = Both>) {
        assert_eq!(state.len::<Thing>(), self.things.len());
        assert_eq!(state.len::<Counter>(), self.counters.len());
        let found = state.find(Query::<Thing>::all());
        assert!(found.map(|thing| &**thing).eq(self.things.values()));
        let found = state.find(Query::<Thing>::all().rev());
        assert!(found.map(|thing| &**thing).eq(self.things.values().rev()));
        let found = state.find(Query::<Counter>::all());
        assert!(found.map(|counter| &**counter).eq(self.counters.values()));

        let mut tags: BTreeMap<&Name, BTreeSet<&Name>> = BTreeMap::new();
        for thing in self.things.values() {
            let got = state.get::<Thing>(&thing.id).map(|thing| &**thing);
            assert_eq!(got, Some(thing));
            let found = state.find(BY_NAME.eq(&thing.name));
            assert!(found.map(|thing| &thing.id).eq([&thing.id]));
            for tag in &thing.tags {
                tags.entry(tag).or_default().insert(&thing.id);
            }
        }
        for (tag, ids) in tags {
            assert!(state.find(BY_TAG.eq(tag)).map(|thing| &thing.id).eq(ids));
        }
        let mut owners: BTreeMap<&Name, Vec<u16>> = BTreeMap::new();
        for counter in self.counters.values() {
            owners.entry(&counter.owner).or_default().push(counter.id);
        }
        for (owner, ids) in owners {
            let found = state.find(BY_OWNER.eq(owner));
            assert!(found.map(|counter| counter.id).eq(ids));
        }
    }

    /// Asks for two keys that may be there or not, for what begins with the first, and for what lies between them.
    pub(super) fn look(&self, state: &impl Read<Schema = Both>, input: &mut Input<'_>) {
        let (first, second) = (input.name(), input.name());
        let prefix = first.as_bytes();
        let begins = |name: &Name| name.as_bytes().starts_with(prefix);
        for id in [&first, &second] {
            let got = state.get::<Thing>(id).map(|thing| &**thing);
            assert_eq!(got, self.things.get(id));
        }

        let expected: Vec<_> = self.things.keys().filter(|id| begins(id)).collect();
        let found = state.find(Query::<Thing>::key_prefix(prefix));
        assert!(found.map(|thing| &thing.id).eq(expected.iter().copied()));
        let found = state.find(Query::<Thing>::key_prefix(prefix).rev().limit(3));
        let last = expected.iter().rev().take(3).copied();
        assert!(found.map(|thing| &thing.id).eq(last));

        let tagged = self.things.values();
        let expected: BTreeSet<_> = tagged
            .filter(|thing| thing.tags.iter().any(begins))
            .map(|thing| &thing.id)
            .collect();
        let found = state.find(BY_TAG.prefix(prefix));
        assert_eq!(found.map(|t| &t.id).collect::<BTreeSet<_>>(), expected);

        let (from, to) = (first.clone().min(second.clone()), first.max(second));
        let expected = self.things.range(from.clone()..to.clone());
        let between = (Bound::Included(&from), Bound::Excluded(&to));
        let found = state.find(Query::<Thing>::key_range(between));
        assert!(found.map(|thing| &**thing).eq(expected.map(|(_, t)| t)));
    }
}
