//! What a transaction does, and what it leaves behind when it fails.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use proposer::Loopback;
use store_core::{
    AbortReason, CreateError, DeleteError, Event, Query, Read, RuleError, Schema as _, Store,
    TransactionError, UpdateError, Version,
};
use support::*;

#[test]
fn a_created_object_has_version_and_times() {
    let store = store();
    let done = store.update(|tx| tx.create(job("a"))).unwrap();
    assert_eq!(done.version, Version::new(1));
    let meta = done.value.meta;
    assert_eq!(
        (meta.version, meta.created, meta.created.is_some()),
        (Version::new(1), meta.updated, true)
    );
    assert_eq!(store.view().get::<Job>(&"a".into()), Some(&done.value));
}

#[test]
fn an_update_keeps_the_time_of_creation() {
    let store = store();
    create(&store, [job("a")]);
    let before = store.view().get::<Job>(&"a".into()).unwrap().clone();
    let fresh = Job {
        meta: store_core::Meta {
            version: before.meta.version,
            ..Default::default()
        },
        ..job("a")
    };
    let after = store.update(|tx| tx.update(fresh.clone())).unwrap().value;
    assert_eq!(after.meta.created, before.meta.created);
    assert!(after.meta.updated > before.meta.updated);
    assert_eq!(after.meta.version, Version::new(2));
}

#[test]
fn create_checks_unique_indexes_before_the_primary_key() {
    let store = store();
    create(&store, [job("a")]);
    let same_id_and_name = store.update(|tx| tx.create(job("a"))).unwrap_err();
    let TransactionError::Rejected(error @ CreateError::Conflict { .. }) = same_id_and_name else {
        panic!("expected a conflict, got {same_id_and_name:?}")
    };
    assert_eq!(
        error.to_string(),
        "name conflicts with an existing object; job a holds it"
    );
    let same_id = store
        .update(|tx| {
            tx.create(Job {
                name: "free".into(),
                ..job("a")
            })
        })
        .unwrap_err();
    assert_eq!(same_id.to_string(), "object already exists; job a");
}

#[test]
fn update_checks_unique_indexes_then_existence_then_version() {
    let store = store();
    create(&store, [job("a"), job("b")]);
    let update = |job: Job| {
        store
            .update(|tx| tx.update(job.clone()).map(drop))
            .unwrap_err()
    };
    let taken = Job {
        name: "name-b".into(),
        ..job("absent")
    };
    assert!(matches!(
        update(taken),
        TransactionError::Rejected(UpdateError::Conflict { index: "name", .. })
    ));
    assert_eq!(
        update(job("absent")).to_string(),
        "object does not exist; job absent"
    );
    let stale = update(job("a"));
    assert!(matches!(
        stale,
        TransactionError::Rejected(UpdateError::OutOfSequence { stored, given, .. })
            if (stored, given) == (Version::new(1), Version::ZERO)
    ));
    assert!(
        stale
            .to_string()
            .starts_with("update out of sequence; job a has version 1"),
        "{stale}"
    );
}

#[test]
fn delete_of_an_unknown_object() {
    let error = store()
        .update(|tx| tx.delete::<Job>(&"a".into()))
        .unwrap_err();
    assert!(matches!(
        error,
        TransactionError::Rejected(DeleteError::NotFound { table: "job", .. })
    ));
    assert_eq!(error.to_string(), "object does not exist; job a");
}

#[test]
fn a_name_is_free_as_soon_as_its_owner_is_gone_or_renamed() {
    let store = store();
    create(&store, [job("a"), job("b")]);
    store
        .update(|tx| {
            tx.delete::<Job>(&"a".into()).unwrap();
            tx.create(Job {
                name: "name-a".into(),
                ..job("c")
            })
            .unwrap();
            let b = (**tx.get::<Job>(&"b".into()).unwrap()).clone();
            tx.update(Job {
                name: "other".into(),
                ..b
            })
            .unwrap();
            tx.create(Job {
                name: "name-b".into(),
                ..job("d")
            })
            .map(drop)
        })
        .unwrap();
    let view = store.view();
    assert_eq!(ids(view.find(BY_NAME.eq("name-a"))), ["c"]);
    assert_eq!(ids(view.find(BY_NAME.eq("name-b"))), ["d"]);
    assert_eq!(ids(view.find(BY_NAME.eq("other"))), ["b"]);
    store.check_invariants();
}

#[test]
fn a_transaction_reads_its_own_writes() {
    store()
        .update(|tx| {
            tx.create(Job {
                tags: vec!["x".into()],
                ..job("a")
            })?;
            assert_eq!(ids(tx.find(BY_TAG.eq("x"))), ["a"]);
            assert_eq!((tx.len::<Job>(), tx.len::<Worker>()), (1, 0));
            tx.delete::<Job>(&"a".into()).unwrap();
            assert_eq!(tx.count(Query::<Job>::all()), 0);
            Ok::<_, CreateError>(())
        })
        .unwrap();
}

#[test]
fn what_was_found_stays_what_it_was_while_writing() {
    let store = store();
    create(&store, ["a", "b", "c"].map(job));
    store
        .update(|tx| {
            let found: Vec<_> = tx.find(Query::<Job>::all()).cloned().collect();
            for job in &found {
                tx.delete::<Job>(&job.id)?;
            }
            assert_eq!(ids(found.iter()), ["a", "b", "c"]);
            Ok::<_, DeleteError>(())
        })
        .unwrap();
    assert!(store.view().get::<Job>(&"a".into()).is_none());
}

#[test]
fn an_error_leaves_no_trace() {
    let store = store();
    create(&store, [job("a")]);
    let before = store.view().digest();
    let mut events = store.watch(store_core::Watch::everything());
    let error = store.update(|tx| {
        tx.create(job("b")).unwrap();
        tx.delete::<Job>(&"a".into()).unwrap();
        Err::<(), _>("no")
    });
    assert!(matches!(error, Err(TransactionError::Rejected("no"))));
    assert_eq!(
        (store.view().digest(), store.view().version()),
        (before, Version::new(1))
    );
    assert!(events.try_recv().is_err());
    store.check_invariants();
}

#[test]
fn a_panic_leaves_no_trace_and_frees_the_slot() {
    let store = store();
    let before = store.view().digest();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _ = store.update(|tx| {
            tx.create(job("a")).unwrap();
            panic!("on purpose");
            #[allow(unreachable_code)]
            Ok::<_, CreateError>(())
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(store.view().digest(), before);
    assert_eq!(create(&store, [job("a")]), Version::new(1));
}

#[test]
#[should_panic(expected = "inside a transaction of the same store")]
fn a_transaction_inside_a_transaction_is_refused() {
    let store = store();
    let _ = store.update(|_| {
        create(&store, [job("a")]);
        Ok::<_, CreateError>(())
    });
}

#[test]
fn a_slot_that_is_held_too_long_is_told() {
    let mut options = options();
    options.wedge_timeout = Duration::ZERO;
    let store: LocalStore = Store::open_with(Loopback::new(), options).unwrap();
    assert_eq!(
        (store.is_wedged(), store.writer_held_for()),
        (false, Duration::ZERO)
    );
    let held = store.update(|_| {
        while store.writer_held_for().is_zero() {
            std::hint::spin_loop();
        }
        Ok::<_, CreateError>(store.is_wedged())
    });
    assert!(held.unwrap().value, "longer than no time at all");
    assert_eq!(
        (store.is_wedged(), store.writer_held_for()),
        (false, Duration::ZERO)
    );

    let patient = support::store();
    let held = patient.update(|_| Ok::<_, CreateError>(patient.is_wedged()));
    assert!(!held.unwrap().value, "half a minute is the default");
}

#[test]
fn a_view_inside_a_transaction_sees_the_state_before() {
    let store = store();
    store
        .update(|tx| {
            tx.create(job("a"))?;
            assert_eq!(store.view().len::<Job>(), 0);
            Ok::<_, CreateError>(())
        })
        .unwrap();
    assert_eq!(store.view().len::<Job>(), 1);
}

#[test]
fn a_transaction_without_changes_has_no_version_of_its_own() {
    let store = store();
    create(&store, [job("a")]);
    let read = store
        .update(|tx| Ok::<_, CreateError>(tx.len::<Job>()))
        .unwrap();
    assert_eq!((read.value, read.version), (1, Version::new(1)));
    assert_eq!(store.view().version(), Version::new(1));
}

#[test]
fn a_failed_step_leaves_nothing_behind() {
    let store = store();
    store
        .update(|tx| {
            tx.create(job("a"))?;
            let step = tx.step(|tx| {
                tx.create(job("b")).unwrap();
                tx.delete::<Job>(&"a".into()).unwrap();
                Err::<(), _>("no")
            });
            assert_eq!((step, tx.changes().len()), (Err("no"), 1));
            tx.create(Job {
                name: "name-b".into(),
                ..job("c")
            })
            .map(drop)
        })
        .unwrap();
    assert_eq!(ids(store.view().find(Query::all())), ["a", "c"]);
    store.check_invariants();
}

#[test]
fn every_write_is_an_event_in_order() {
    let store = store();
    let mut events = store.watch(store_core::Watch::everything());
    store
        .update(|tx| {
            let a = tx.create(job("a")).unwrap();
            tx.update(Job {
                priority: 1,
                ..(*a).clone()
            })
            .unwrap();
            tx.delete::<Job>(&"a".into()).map(drop)
        })
        .unwrap();
    let batch = events.recv().unwrap();
    let kinds: Vec<_> = batch
        .iter()
        .map(|event| match event {
            Event::Created(_) => "created",
            Event::Updated { old: Some(_), .. } => "updated",
            Event::Updated { old: None, .. } => "updated without old",
            Event::Deleted(_) => "deleted",
        })
        .collect();
    assert_eq!(
        (batch.version(), kinds),
        (Version::new(1), vec!["created", "updated", "deleted"])
    );
}

#[test]
fn a_rule_refuses_before_everything_else() {
    let store = store();
    create(&store, [job("a")]);
    let error = store
        .update(|tx| {
            tx.create(Job {
                worker: Some("!w".into()),
                ..job("a")
            })
        })
        .unwrap_err();
    let TransactionError::Rejected(CreateError::Rule(rule)) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(rule.downcast_ref::<NoSuchWorker>().unwrap().1, "!w");
    assert_eq!(
        error.to_string(),
        "job a names worker !w, which does not exist"
    );
    let _: &RuleError = rule;
}

#[test]
fn keys_have_a_longest_length() {
    let store = store();
    let fits = Job {
        name: "n".repeat(65_000),
        ..job("fits")
    };
    create(&store, [fits]);
    let error = store
        .update(|tx| {
            tx.create(Job {
                name: "n".repeat(65_536),
                ..job("long")
            })
        })
        .unwrap_err();
    assert!(matches!(
        error,
        TransactionError::Rejected(CreateError::KeyTooLong {
            index: "name",
            bytes: 65_538,
            ..
        })
    ));
    store.check_invariants();
}

#[test]
fn a_transaction_with_too_many_changes_is_refused() {
    let mut options = options();
    options.transaction_changes_max = 2;
    let store: LocalStore =
        store_core::Store::open_with(proposer::Loopback::new(), options).unwrap();
    let error = store
        .update(|tx| {
            ["a", "b", "c"]
                .iter()
                .try_for_each(|id| tx.create(job(id)).map(drop))
        })
        .unwrap_err();
    let expected = AbortReason::TooManyChanges { changes: 3, max: 2 };
    assert!(
        matches!(&error, TransactionError::Aborted(reason) if *reason == expected),
        "{error}"
    );
    assert_eq!(store.view().len::<Job>(), 0);
}

#[test]
fn a_snapshot_stays_what_it_was() {
    let store = store();
    create(&store, (0..500).map(|number| job(&format!("{number:03}"))));
    let held = store.view();
    let digest = held.digest();
    for number in 0..500 {
        let id = format!("{number:03}");
        let stored = (**store.view().get::<Job>(&id).unwrap()).clone();
        if number % 3 == 0 {
            store.update(|tx| tx.delete::<Job>(&id)).unwrap();
        } else {
            store
                .update(|tx| {
                    tx.update(Job {
                        priority: number,
                        ..stored.clone()
                    })
                })
                .unwrap();
        }
    }
    assert_eq!((held.digest(), held.len::<Job>()), (digest, 500));
    assert_ne!(store.view().digest(), digest);
    held.check_invariants();
    store.check_invariants();
}

#[test]
fn a_transaction_knows_the_length_of_its_form() {
    let store = store();
    create(&store, [job("a"), job("b")]);
    store
        .update(|tx| {
            let long = "x".repeat(20_000);
            tx.create(Job {
                name: long,
                ..job("c")
            })?;
            let stored = (**tx.get::<Job>(&"a".to_owned()).unwrap()).clone();
            tx.update(stored).unwrap();
            tx.delete::<Job>(&"b".to_owned()).unwrap();
            let failed = tx.step(|tx| {
                tx.create(job("d"))?;
                tx.create(job("d"))
            });
            assert!(failed.is_err());
            let mut form = Vec::new();
            Runner::encode_changes(tx.changes(), &mut form);
            assert_eq!(tx.bytes(), form.len());
            Ok::<_, CreateError>(())
        })
        .unwrap();
}

/// What is read is found again without a search: neither what was deleted since, nor what stands in its place, nor what was
/// given up, nor an object of another kind is taken for it.
#[test]
fn what_was_read_last_is_not_taken_for_another() {
    let store = store();
    create(&store, [job("a"), job("b")]);
    store
        .update(|tx| {
            let [a, b] = ["a", "b"].map(|id| Job::clone(tx.get(&id.to_owned()).unwrap()));
            assert_eq!(tx.update(a.clone()).unwrap().id, "a");
            tx.get::<Job>(&a.id);
            tx.delete::<Job>(&a.id).unwrap();
            assert!(tx.delete::<Job>(&a.id).is_err());
            assert!(tx.update(a.clone()).is_err());
            tx.create(job("in its place"))?;
            assert!(tx.update(a.clone()).is_err());
            let given_up = tx.step(|tx| {
                tx.create(job("c"))?;
                tx.get::<Job>(&"c".to_owned());
                Err::<(), _>(tx.create(job("b")).unwrap_err())
            });
            assert!(given_up.is_err());
            assert!(tx.delete::<Job>(&"c".to_owned()).is_err());
            tx.get::<Job>(&b.id);
            assert!(tx.delete::<Worker>(&b.id).is_err());
            assert_eq!(tx.update(b.clone()).unwrap().id, "b");
            Ok::<_, CreateError>(())
        })
        .unwrap();
    let view = store.view();
    let ids: Vec<_> = view.find::<Job>(Query::all()).map(|job| &*job.id).collect();
    assert_eq!(ids, ["b", "in its place"]);
    store.check_invariants();
}
