//! What the reference's tests pin down of watches in the store, as tests of this one.
//!
//! | there | here |
//! |---|---|
//! | `ViewAndWatch`: a copy that follows another store by its events is equal after each | the same |
//! | one object event, then one commit event | one batch, whose end is the commit, with its version |
//! | a batch of 405 creations comes as 200, 200, 5 | the same, each with its version |
//! | a batch that fails at its 209th step has told of 200 | the same |
//! | a restore comes as 1 update, 2 creations, 1 deletion a table | the same; what did not change is not told of |
//! | `WatchFrom` a version beyond the newest is an error | the same |
//! | `WatchFrom` gives what matches of the past, then what happens, and a commit event for each transaction | the same, without a mark for what does not match, unless bookmarks are asked for |
//! | versions rise by 3, those of the mock log | by 1, whatever the log |

mod support;

use proposer::HistoryError;
use store_core::{
    Change, CreateError, DeleteError, Event, Meta, Query, Read, Snapshot, Subscription,
    UpdateError, Version, Watch, WriteTx,
};
use support::*;

/// Creations of one kind of object.
fn created<O: store_core::Kind<Runner>>() -> Watch<Runner> {
    Watch::table::<O>().filter(|event| matches!(event, Event::Created(_)))
}

/// What is there by now: the version of each batch, and the ids in it.
fn drain(events: &mut Subscription<Runner>) -> Vec<(u64, Vec<String>)> {
    std::iter::from_fn(|| events.try_recv().ok())
        .map(|batch| {
            let ids = batch.iter().map(|event| match event.object() {
                AnyObject::Job(job) => job.id.clone(),
                AnyObject::Worker(worker) => worker.id.clone(),
            });
            (batch.version().get(), ids.collect())
        })
        .collect()
}

fn counts(events: &mut Subscription<Runner>) -> Vec<(u64, usize)> {
    let batches = drain(events).into_iter();
    batches.map(|(version, ids)| (version, ids.len())).collect()
}

fn jobs(view: &Snapshot<Runner>) -> Vec<Job> {
    view.find(Query::<Job>::all())
        .map(|job| (**job).clone())
        .collect()
}

#[test]
fn a_copy_that_follows_by_events_is_equal_after_each() {
    type Step = fn(&mut WriteTx<'_, Runner>) -> Result<(), String>;
    let steps: [Step; 3] = [
        |tx| {
            tx.create(job("c"))
                .map(drop)
                .map_err(|e: CreateError| e.to_string())
        },
        |tx| {
            let mut changed = (**tx.get::<Job>(&"a".into()).expect("it is there")).clone();
            changed.priority = 7;
            let done = tx.update(changed).map(drop);
            done.map_err(|e: UpdateError| e.to_string())
        },
        |tx| {
            let done = tx.delete::<Job>(&"b".into()).map(drop);
            done.map_err(|e: DeleteError| e.to_string())
        },
    ];
    let (leader, copy) = (store(), store());
    create(&leader, [job("a"), job("b")]);
    let (view, mut events) = leader.view_and_watch(Watch::everything());
    create(&copy, jobs(&view));
    for step in steps {
        leader.update(step).unwrap();
        let batch = events.recv().unwrap();
        assert_eq!(batch.events().len(), 1, "one event, one batch");
        assert_eq!(batch.version(), leader.view().version());
        let done = copy.update(|tx| {
            match batch.events()[0].of::<Job>().expect("a job") {
                Change::Created(new) => tx.create(Job::clone(new)).map(drop).unwrap(),
                Change::Updated { new, .. } => {
                    let stored = tx.get::<Job>(&new.id).expect("it is there").meta;
                    let meta = stored;
                    tx.update(Job {
                        meta,
                        ..Job::clone(new)
                    })
                    .map(drop)
                    .unwrap();
                }
                Change::Deleted(old) => tx.delete::<Job>(&old.id).map(drop).unwrap(),
            }
            Ok::<_, ()>(())
        });
        done.unwrap();
        let without_meta = |view: &Snapshot<Runner>| {
            let bare = |job: Job| Job {
                meta: Meta::default(),
                ..job
            };
            jobs(view).into_iter().map(bare).collect::<Vec<_>>()
        };
        assert_eq!(without_meta(&leader.view()), without_meta(&copy.view()));
    }
    assert!(events.try_recv().is_err());
}

#[test]
fn a_batch_of_405_comes_in_three_commits() {
    let store = store();
    let mut events = store.watch(Watch::everything());
    let report = store.batch(|batch| {
        (0..405).try_for_each(|number| {
            batch.step(|tx| tx.create(job(&format!("{number:03}"))).map(drop))
        })
    });
    report.unwrap();
    assert_eq!(counts(&mut events), [(1, 200), (2, 200), (3, 5)]);
}

#[test]
fn a_batch_that_fails_has_told_of_what_it_committed() {
    let store = store();
    let mut events = store.watch(Watch::everything());
    let failed = store.batch(|batch| {
        (0..405).try_for_each(|number| {
            if number == 208 {
                return Err("no more".to_owned());
            }
            let step =
                |tx: &mut WriteTx<'_, Runner>| tx.create(job(&format!("{number:03}"))).map(drop);
            batch.step(step).map_err(|error| error.to_string())
        })
    });
    failed.unwrap_err();
    assert_eq!(counts(&mut events), [(1, 200)]);
    assert_eq!(store.view().len::<Job>(), 200);
}

#[test]
fn a_restore_tells_the_difference() {
    let source = store();
    create(&source, [job("shared"), job("one"), job("two")]);
    let mut saved = Vec::new();
    source.save(&mut saved).unwrap();

    let target = store();
    create(
        &target,
        [
            Job {
                priority: 9,
                ..job("shared")
            },
            job("foreign"),
        ],
    );
    let mut events = target.watch(Watch::table::<Job>());
    target.restore(&saved[..]).unwrap();
    let batch = events.recv().unwrap();
    let count =
        |wanted: fn(&Event<Runner>) -> bool| batch.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::Updated { .. })), 1);
    assert_eq!(count(|event| matches!(event, Event::Created(_))), 2);
    assert_eq!(count(|event| matches!(event, Event::Deleted(_))), 1);
    assert_eq!(
        jobs(&target.view()),
        jobs(&source.view()),
        "versions included"
    );
    assert!(events.try_recv().is_err());
}

#[test]
fn a_watch_from_a_version_gives_the_past_then_the_present() {
    let store = store();
    let transaction = |number: u64| {
        let done = store.update(|tx| {
            tx.create(job(&format!("id{number}"))).map(drop)?;
            tx.create(worker(&format!("id{number}"))).map(drop)
        });
        done.unwrap();
    };
    (0..5).for_each(transaction);

    let beyond = store.watch_from(Version::new(5_000), Watch::everything());
    assert!(matches!(
        beyond.unwrap_err(),
        HistoryError::OutOfOrder { .. }
    ));
    let mut of_jobs = store.watch_from(Version::new(3), created::<Job>()).unwrap();
    let mut of_workers = store
        .watch_from(Version::new(4), created::<Worker>().with_bookmarks_every(1))
        .unwrap();
    let one = |version, id: &str| (version, vec![id.to_owned()]);
    assert_eq!(drain(&mut of_jobs), [one(4, "id3"), one(5, "id4")]);
    assert_eq!(drain(&mut of_workers), [one(5, "id4")]);

    transaction(5);
    assert_eq!(drain(&mut of_jobs), [one(6, "id5")]);
    assert_eq!(drain(&mut of_workers), [one(6, "id5")]);
    create(&store, [job("alone")]);
    assert_eq!(drain(&mut of_jobs), [one(7, "alone")]);
    assert_eq!(drain(&mut of_workers), [(7, vec![])], "only the commit");
}
