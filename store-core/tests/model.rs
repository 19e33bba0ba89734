//! The store against a plain map: random transactions, with snapshots held and compared long after.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use store_core::{
    CreateError, DeleteError, Index, Query, Read, Snapshot, UpdateError, Version, WriteTx,
};
use support::*;

type Model = BTreeMap<String, Job>;

/// An index that comes and goes.
const BY_TAGS: Index<Job, u64> =
    Index::non_unique("tags", |job, keys| keys.push(&(job.tags.len() as u64)));

/// One operation of a transaction.
#[derive(Clone, Debug)]
enum Write {
    Create {
        id: u8,
        name: u8,
        tags: Vec<u8>,
        worker: Option<u8>,
    },
    Update {
        id: u8,
        name: u8,
        tags: Vec<u8>,
        worker: Option<u8>,
        stale: bool,
    },
    Delete {
        id: u8,
    },
    /// Several, which are undone.
    FailedStep(Vec<Write>),
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Write>),
    Abort(Vec<Write>),
    Hold,
    Release(u8),
    /// Some writes a step, which may be spread over several transactions.
    Batch(Vec<Vec<Write>>),
    Save,
    /// Makes another store of what was saved last, and goes back to it.
    Restore,
    /// Drops an index, or adds it where it is not there.
    Reindex,
    Collect,
}

fn write() -> impl Strategy<Value = Write> {
    let id = || 0_u8..40;
    let tags = || prop::collection::vec(0_u8..4, 0..3);
    let worker = || prop::option::of(0_u8..5);
    let leaf = prop_oneof![
        4 => (id(), 0_u8..50, tags(), worker())
            .prop_map(|(id, name, tags, worker)| Write::Create { id, name, tags, worker }),
        4 => (id(), 0_u8..50, tags(), worker(), prop::bool::weighted(0.1))
            .prop_map(|(id, name, tags, worker, stale)| Write::Update { id, name, tags, worker, stale }),
        3 => id().prop_map(|id| Write::Delete { id }),
    ];
    leaf.prop_recursive(1, 6, 5, |inner| {
        prop::collection::vec(inner, 1..5).prop_map(Write::FailedStep)
    })
}

fn step() -> impl Strategy<Value = Step> {
    let writes = || prop::collection::vec(write(), 0..12);
    prop_oneof![
        10 => writes().prop_map(Step::Commit),
        3 => writes().prop_map(Step::Abort),
        2 => Just(Step::Hold),
        2 => any::<u8>().prop_map(Step::Release),
        2 => prop::collection::vec(writes(), 0..4).prop_map(Step::Batch),
        1 => Just(Step::Save),
        1 => Just(Step::Restore),
        1 => Just(Step::Reindex),
        1 => Just(Step::Collect),
    ]
}

fn object(id: u8, name: u8, tags: &[u8], worker: Option<u8>) -> Job {
    Job {
        name: format!("n{name}"),
        tags: tags.iter().map(|tag| format!("t{tag}")).collect(),
        worker: worker.map(|worker| format!("w{worker}")),
        ..job(&format!("{id:02}"))
    }
}

/// Does one operation on the transaction and on the model, and checks that both say the same.
fn perform(tx: &mut WriteTx<'_, Runner>, model: &mut Model, write: &Write) {
    let holder = |model: &Model, job: &Job| {
        model
            .values()
            .find(|other| other.name == job.name && other.id != job.id)
            .map(|other| other.id.clone())
    };
    match write {
        Write::Create {
            id,
            name,
            tags,
            worker,
        } => {
            let new = object(*id, *name, tags, *worker);
            let taken = model
                .values()
                .find(|other| other.name == new.name)
                .map(|other| other.id.clone());
            match tx.create(new.clone()) {
                Ok(stored) => {
                    assert!(taken.is_none() && !model.contains_key(&new.id));
                    model.insert(new.id, (*stored).clone());
                }
                Err(CreateError::Conflict { holder, .. }) => assert_eq!(Some(holder), taken),
                Err(CreateError::Exists { .. }) => {
                    assert!(taken.is_none() && model.contains_key(&new.id));
                }
                Err(error) => panic!("{error}"),
            }
        }
        Write::Update {
            id,
            name,
            tags,
            worker,
            stale,
        } => {
            let mut new = object(*id, *name, tags, *worker);
            let stored = model.get(&new.id).cloned();
            new.meta = stored
                .as_ref()
                .map(|stored| stored.meta)
                .unwrap_or_default();
            if *stale {
                new.meta.version = Version::new(u64::MAX);
            }
            let taken = holder(model, &new);
            match tx.update(new.clone()) {
                Ok(updated) => {
                    let stored = stored.expect("only what exists is updated");
                    assert!(taken.is_none() && !stale);
                    assert_eq!(updated.meta.created, stored.meta.created);
                    model.insert(new.id, (*updated).clone());
                }
                Err(UpdateError::Conflict { holder, .. }) => assert_eq!(Some(holder), taken),
                Err(UpdateError::NotFound { .. }) => assert!(taken.is_none() && stored.is_none()),
                Err(UpdateError::OutOfSequence { .. }) => {
                    assert!(taken.is_none() && stored.is_some() && *stale);
                }
                Err(error) => panic!("{error}"),
            }
        }
        Write::Delete { id } => {
            let id = format!("{id:02}");
            match tx.delete::<Job>(&id) {
                Ok(deleted) => assert_eq!(model.remove(&id), Some((*deleted).clone())),
                Err(DeleteError::NotFound { .. }) => assert!(!model.contains_key(&id)),
                Err(error) => panic!("{error}"),
            }
        }
        Write::FailedStep(writes) => {
            let mut undone = model.clone();
            let failed = tx.step(|tx| {
                for write in writes {
                    perform(tx, &mut undone, write);
                }
                compare(tx, &undone);
                Err::<(), ()>(())
            });
            assert!(failed.is_err());
        }
    }
}

/// Checks that a state and a model hold the same, by every way to find it.
fn compare(state: &impl Read<Schema = Runner>, model: &Model) {
    let expected: Vec<&Job> = model.values().collect();
    let found: Vec<&Job> = state.find(Query::<Job>::all()).map(|job| &**job).collect();
    assert_eq!(found, expected);
    assert_eq!(state.len::<Job>(), model.len());
    for tag in 0..4 {
        let tag = format!("t{tag}");
        let expected: Vec<&str> = model
            .values()
            .filter(|job| job.tags.contains(&tag))
            .map(|job| job.id.as_str())
            .collect();
        assert_eq!(ids(state.find(BY_TAG.eq(&tag))), expected);
    }
    for worker in 0..5 {
        let worker = format!("w{worker}");
        let expected: Vec<&str> = model
            .values()
            .filter(|job| job.worker.as_ref() == Some(&worker))
            .map(|job| job.id.as_str())
            .collect();
        assert_eq!(ids(state.find(BY_WORKER.eq(&worker))), expected);
    }
    for job in model.values() {
        assert_eq!(ids(state.find(BY_NAME.eq(&job.name))), [&job.id]);
        assert_eq!(state.get::<Job>(&job.id).map(|job| &**job), Some(job));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(60), ..ProptestConfig::default() })]

    #[test]
    fn behaves_as_a_map(steps in prop::collection::vec(step(), 1..60)) {
        let store = store();
        let mut model = Model::new();
        let mut held: Vec<(Snapshot<Runner>, Model)> = Vec::new();
        let mut saved = None;
        let mut indexed = false;
        for step in &steps {
            let before = store.view().version();
            match step {
                Step::Commit(writes) => {
                    let mut changed = false;
                    store.update(|tx| {
                        for write in writes {
 perform(tx, &mut model, write);
}
                        compare(tx, &model);
                        changed = !tx.changes().is_empty();
                        Ok::<_, ()>(())
                    }).expect("the closure gives no error");
                    let expected = if changed { before.next() } else { before };
                    prop_assert_eq!(store.view().version(), expected);
                }
                Step::Abort(writes) => {
                    let mut dropped = model.clone();
                    let aborted = store.update(|tx| {
                        for write in writes {
 perform(tx, &mut dropped, write);
}
                        Err::<(), ()>(())
                    });
                    prop_assert!(aborted.is_err());
                    prop_assert_eq!(store.view().version(), before);
                }
                Step::Hold => held.push((store.view(), model.clone())),
                Step::Release(which) if !held.is_empty() => {
                    let (snapshot, model) = held.swap_remove(usize::from(*which) % held.len());
                    compare(&snapshot, &model);
                    snapshot.check_invariants();
                }
                Step::Release(_) => {}
                Step::Batch(steps) => {
                    let done = store.batch(|batch| {
                        steps.iter().try_for_each(|writes| {
                            batch.step(|tx| {
                                for write in writes {
                                    perform(tx, &mut model, write);
                                }
                                compare(tx, &model);
                                Ok::<_, ()>(())
                            })
                        })
                    });
                    prop_assert_eq!(done.expect("no step gives an error").steps, steps.len());
                }
                Step::Save => {
                    let mut bytes = Vec::new();
                    store.save(&mut bytes).expect("a vector takes everything");
                    saved = Some((bytes, model.clone(), store.view().digest()));
                }
                Step::Restore => if let Some((bytes, kept, digest)) = &saved {
                    let other = support::store();
                    for store in [&other, &store] {
                        store.restore(bytes.as_slice()).expect("it was just saved");
                        compare(&store.view(), kept);
                        prop_assert_eq!(store.view().digest(), *digest);
                    }
                    model.clone_from(kept);
                }
                Step::Reindex => {
                    indexed = !indexed;
                    if indexed {
                        store.add_index(BY_TAGS).expect("it is not unique");
                    } else {
                        prop_assert!(store.drop_index::<Job>(BY_TAGS.name()));
                    }
                }
                Step::Collect => store.collect(),
            }
            if indexed {
                let view = store.view();
                for tags in 0..3 {
                    let expected: Vec<&str> = model
                        .values()
                        .filter(|job| job.tags.len() == tags)
                        .map(|job| job.id.as_str())
                        .collect();
                    prop_assert_eq!(ids(view.find(BY_TAGS.eq(&(tags as u64)))), expected);
                }
            }
            store.check_invariants();
            compare(&store.view(), &model);
        }
        for (snapshot, model) in held {
            compare(&snapshot, &model);
            snapshot.check_invariants();
        }
    }
}
