//! Batches: cut by the limits, whole steps, and an honest report.

mod support;

use proposer::AbortReason;
use store_core::{
    BatchReport, Changes, CreateError, Object, Query, Read, Store, TransactionError, Version,
};
use support::manual::Manual;
use support::*;

#[test]
fn a_batch_is_cut_by_the_number_of_changes() {
    let store = store();
    let mut events = store.watch(store_core::Watch::everything());
    let report = store
        .batch(|batch| {
            (0..405).try_for_each(|number| {
                batch.step(|tx| tx.create(job(&format!("{number:03}"))).map(drop))
            })
        })
        .unwrap();
    let versions = Some((Version::new(1), Version::new(3)));
    assert_eq!(
        report,
        BatchReport {
            steps: 405,
            transactions: 3,
            versions
        }
    );
    assert_eq!(
        [(); 3].map(|()| events.recv().unwrap().iter().count()),
        [200, 200, 5]
    );
    let version_of = |id: &str| store.view().get::<Job>(&id.into()).unwrap().meta.version;
    assert_eq!(
        (version_of("199"), version_of("200")),
        (Version::new(1), Version::new(2))
    );
}

#[test]
fn a_batch_is_cut_by_bytes_and_a_step_is_never_split() {
    let mut options = options();
    let sample = store();
    create(&sample, [job("a")]);
    options.batch_bytes_max =
        3 * Object::encoded_len(&**sample.view().get::<Job>(&"a".into()).unwrap());
    let store: LocalStore = Store::open_with(proposer::Loopback::new(), options).unwrap();
    let step = |ids: &'static [&'static str]| {
        move |tx: &mut store_core::WriteTx<'_, Runner>| {
            ids.iter().try_for_each(|id| tx.create(job(id)).map(drop))
        }
    };
    let report = store
        .batch(|batch| {
            batch.step(step(&["a", "b"]))?;
            batch.step(step(&["c", "d", "e", "f", "g", "h"]))?;
            batch.step(step(&["i"]))
        })
        .unwrap();
    assert_eq!((report.steps, report.transactions), (3, 2));
}

/// The reference commits half of such a step with the next one.
#[test]
fn a_failed_step_leaves_nothing_behind_and_the_batch_goes_on() {
    let store = store();
    let report = store
        .batch(|batch| {
            batch.step(|tx| tx.create(job("a")).map(drop))?;
            let failed = batch.step(|tx| {
                tx.create(job("b"))?;
                tx.create(job("a")).map(drop)
            });
            assert!(failed.is_err());
            batch.step(|tx| tx.create(job("c")).map(drop))
        })
        .unwrap();
    assert_eq!((report.steps, report.transactions), (2, 1));
    assert_eq!(ids(store.view().find(Query::all())), ["a", "c"]);
}

#[test]
fn an_error_of_the_closure_drops_the_open_transaction_only() {
    let store = store();
    let error = store
        .batch(|batch| {
            for number in 0..208 {
                batch
                    .step(|tx| tx.create(job(&format!("{number:03}"))).map(drop))
                    .map_err(|error| error.to_string())?;
            }
            Err("enough".to_owned())
        })
        .unwrap_err();
    assert_eq!(
        (error.committed.steps, error.committed.transactions),
        (200, 1)
    );
    assert!(matches!(error.cause, TransactionError::Rejected(ref text) if text == "enough"));
    assert_eq!(store.view().len::<Job>(), 200);
    create(&store, [job("after")]);
}

#[test]
fn a_dropped_transaction_is_reported_with_what_was_committed_before() {
    let log = Manual::new();
    let mut options = options();
    options.batch_changes_max = 1;
    let store: Store<Runner, Manual<Changes<Runner>>> =
        Store::open_with(log.clone(), options).unwrap();
    let error = store
        .batch(|batch| {
            for id in ["a", "b", "c"] {
                batch.step(|tx| tx.create(job(id)).map(drop))?;
            }
            log.commit(1);
            log.drop_after(0, false);
            Ok::<_, CreateError>(())
        })
        .unwrap_err();
    assert_eq!(
        error.committed,
        BatchReport {
            steps: 1,
            transactions: 1,
            versions: Some((Version::new(1), Version::new(1)))
        }
    );
    assert!(
        matches!(
            error.cause,
            TransactionError::Aborted(AbortReason::NotLeader { .. })
        ),
        "{error}"
    );
    assert_eq!(store.view().len::<Job>(), 1);
}

/// A transaction that the store itself refused left a hole, and what was committed behind it was in no report.
#[test]
fn a_refused_transaction_ends_the_batch() {
    let mut options = options();
    options.batch_changes_max = 1;
    options.transaction_changes_max = 2;
    let store: LocalStore = Store::open_with(proposer::Loopback::new(), options).unwrap();
    let error = store
        .batch(|batch| {
            batch.step(|tx| tx.create(job("a")).map(drop))?;
            batch.step(|tx| {
                ["b", "c", "d"]
                    .iter()
                    .try_for_each(|id| tx.create(job(id)).map(drop))
            })?;
            batch.step(|tx| tx.create(job("e")).map(drop))?;
            Ok::<_, CreateError>(())
        })
        .unwrap_err();
    assert_eq!(error.committed.steps, 1);
    assert_eq!(ids(store.view().find(Query::all())), ["a"]);
    assert!(
        matches!(
            error.cause,
            TransactionError::Aborted(AbortReason::TooManyChanges { changes: 3, max: 2 })
        ),
        "{error}"
    );
}

#[test]
fn an_empty_batch_commits_nothing() {
    let store = store();
    assert_eq!(
        store.batch(|_| Ok::<_, CreateError>(())).unwrap(),
        BatchReport::default()
    );
    assert_eq!(store.view().version(), Version::ZERO);
}
