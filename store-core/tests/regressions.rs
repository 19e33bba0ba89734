//! Defects that were found and mended, each with its story.

mod support;

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use proposer::{Applied, Loopback};
use store_core::{
    AbortReason, BatchReport, Changes, CreateError, EventBatch, NoBatch, Query, Read, Store,
    TransactionError, Version, Watch,
};
use support::manual::Manual;
use support::*;

type ManualStore = Store<Runner, Manual<Changes<Runner>>>;

fn manual() -> (ManualStore, Manual<Changes<Runner>>) {
    let log = Manual::new();
    (Store::open_with(log.clone(), options()).unwrap(), log)
}

fn manual_with(batch_changes_max: usize) -> (ManualStore, Manual<Changes<Runner>>) {
    let log = Manual::new();
    let mut options = options();
    options.batch_changes_max = batch_changes_max;
    (Store::open_with(log.clone(), options).unwrap(), log)
}

/// `a` is dropped as unknown; `b` takes its version under the next incarnation, `c` reads `b`. The log holds all three, in
/// this order. So `a` is applied, `b` skipped, and `c`, which was made because `b` was there, must be skipped too.
#[test]
fn what_was_built_on_a_skipped_entry_is_skipped() {
    let (store, log) = manual();
    let _a = store.submit(|tx| tx.create(job("a")).map(drop));
    let a = log.drop_after(0, true);
    let _b = store.submit(|tx| tx.create(job("b")).map(drop));
    let c = store.submit(|tx| {
        assert!(tx.get::<Job>(&"b".to_owned()).is_some());
        tx.create(job("child-of-b")).map(drop)
    });
    let later = log.proposals();
    let replica = log.replica();
    assert_eq!(replica.apply(a[0].clone()), Applied::Accepted);
    assert_eq!(replica.apply(later[0].clone()), Applied::Skipped);
    let applied = replica.apply(later[1].clone());
    let view = store.view();
    assert!(view.get::<Job>(&"b".to_owned()).is_none());
    assert!(
        view.get::<Job>(&"child-of-b".to_owned()).is_none(),
        "{applied:?}; committed although what it read never was; told {:?}",
        c.wait()
    );
}

/// The events of a restore swap two unique names. Every replica that applies them one by one refuses the first.
#[test]
fn a_restore_that_swaps_names_applies_on_a_follower() {
    let named = |id: &str, name: &str| Job {
        name: name.into(),
        ..job(id)
    };
    let source = store();
    create(&source, [named("1", "q"), named("2", "p")]);
    let mut bytes = Vec::new();
    source.save(&mut bytes).unwrap();

    let (leader, log) = manual();
    let pending = leader.submit(|tx| {
        tx.create(named("1", "p"))?;
        tx.create(named("2", "q")).map(drop)
    });
    let first = log.proposals();
    log.commit(1);
    pending.wait().unwrap();
    let (follower, follower_log) = manual();
    assert_eq!(
        follower_log.replica().apply(first[0].clone()),
        Applied::Accepted
    );

    let restored = std::thread::scope(|scope| {
        let restore = scope.spawn(|| leader.restore(bytes.as_slice()));
        while log.taken().is_empty() {
            std::thread::yield_now();
        }
        let proposals = log.proposals();
        log.commit(1);
        restore.join().unwrap().unwrap();
        proposals
    });
    assert_eq!(
        follower_log.replica().apply(restored[0].clone()),
        Applied::Accepted
    );
    assert_eq!(follower.view().digest(), leader.view().digest());
}

/// A batch gives a rejection out although what its step read is not committed.
#[test]
fn no_dirty_rejection_leaves_a_batch() {
    let (store, log) = manual();
    let _first = store.submit(|tx| tx.create(job("a")).map(drop));
    let (told, hears) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            told.send(store.batch(|batch| batch.step(|tx| tx.create(job("a")).map(drop))))
        });
        let early = hears.recv_timeout(Duration::from_millis(300));
        log.drop_after(0, false);
        assert!(
            early.is_err(),
            "rejected because of what was then dropped: {early:?}"
        );
    });
}

/// After a transaction of a batch was dropped the batch goes on, and the report leaves out what it commits then.
#[test]
fn a_batch_does_not_go_on_behind_a_hole() {
    let (store, log) = manual_with(1);
    let error = store
        .batch(|batch| {
            batch.step(|tx| tx.create(job("a")).map(drop))?;
            log.drop_after(0, false);
            batch.step(|tx| tx.create(job("b")).map(drop))?;
            if !log.taken().is_empty() {
                log.commit(1);
            }
            Ok::<_, CreateError>(())
        })
        .unwrap_err();
    assert_eq!(
        error.committed.steps,
        store.view().len::<Job>(),
        "every committed step is reported: {error}"
    );
}

/// A batch whose only step failed, or changed nothing, reports a transaction that never was.
#[test]
fn a_batch_without_a_change_reports_no_transaction() {
    let store = store();
    create(&store, [job("a")]);
    let report = store
        .batch(|batch| {
            let _ = batch.step(|tx| tx.create(job("a")).map(drop));
            Ok::<_, Infallible>(())
        })
        .unwrap();
    assert_eq!(report, BatchReport::default());
}

/// Who only read is told that it may yet be committed, or is given the reason of another.
#[test]
fn a_reader_of_a_dropped_transaction_may_try_again() {
    for unknown in [true, false] {
        let (store, log) = manual();
        let _author = store.submit(|tx| tx.create(job("a")).map(drop));
        let reader = store.submit(|tx| Ok::<_, Infallible>(tx.len::<Job>()));
        log.drop_after(0, unknown);
        let error = reader.wait().unwrap_err();
        assert!(
            matches!(error, TransactionError::Aborted(AbortReason::Superseded)),
            "{error}"
        );
    }
}

/// On a follower, a transaction that only reads fails whenever an entry is applied while it runs.
#[test]
fn a_reader_of_the_committed_state_is_answered() {
    let (leader, log) = manual();
    let _pending = leader.submit(|tx| tx.create(job("a")).map(drop));
    let entry = log.proposals().remove(0);

    let (follower, follower_log) = manual();
    follower_log.replica().follow(None);
    let read = follower.submit(|tx| {
        assert_eq!(
            follower_log.replica().apply(entry.clone()),
            Applied::Accepted
        );
        Ok::<_, Infallible>(tx.len::<Job>())
    });
    assert_eq!(read.wait().unwrap().value, 0);
}

/// Read from the log, an update has no old object, so a watch of a query is not told that an object left it.
#[test]
fn a_resumed_watch_is_told_that_an_object_left() {
    let mut options = options();
    options.history_changes_max = 1;
    let store = Store::<Runner, _>::open_with(Recoding(Loopback::new()), options).unwrap();
    let mut one = job("a");
    one.worker = Some("ant".into());
    let from = create(&store, [one]);
    store
        .update(|tx| {
            let mut moved = Job::clone(tx.get::<Job>(&"a".to_owned()).unwrap());
            moved.worker = Some("bee".into());
            tx.update(moved).map(drop)
        })
        .unwrap();
    create(&store, [job("z"), job("y")]);
    let mut events = store
        .watch_from(from, Watch::query(BY_WORKER.eq("ant")))
        .unwrap();
    let first: Result<EventBatch<Runner>, NoBatch> = events.try_recv();
    assert!(
        first.is_ok(),
        "the job left the query in version 2: {first:?}"
    );
}

/// A loopback whose history is read back from bytes, as that of a durable log is.
struct Recoding(Loopback<Changes<Runner>>);

impl proposer::Proposer<Changes<Runner>> for Recoding {
    fn start(
        &self,
        replica: Arc<dyn proposer::Replica<Changes<Runner>>>,
    ) -> Result<(), proposer::StartError> {
        self.0.start(replica)
    }
    fn propose(
        &self,
        proposal: proposer::Proposal<Changes<Runner>>,
    ) -> Result<(), proposer::Refused<Changes<Runner>>> {
        self.0.propose(proposal)
    }
    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<proposer::Change<Changes<Runner>>>, proposer::HistoryError> {
        use proposer::Payload as _;
        let mut changes = self.0.changes_between(after, through)?;
        for change in &mut changes {
            let mut bytes = Vec::new();
            change.payload.encode(&mut bytes);
            change.payload = Changes::decode(&bytes).unwrap();
        }
        Ok(changes)
    }
    fn stop(&self) {
        self.0.stop();
    }
}

/// So a durable store that was restored once does not open again.
#[test]
fn a_journal_opens_again_after_a_restore_that_swaps_names() {
    let named = |id: &str, name: &str| Job {
        name: name.into(),
        ..job(id)
    };
    let source = store();
    create(&source, [named("1", "q"), named("2", "p")]);
    let mut bytes = Vec::new();
    source.save(&mut bytes).unwrap();
    let dir = std::env::temp_dir().join(format!("store-core-review-{}", std::process::id()));
    let open = || {
        let journal = proposer::Journal::open(&dir, proposer::JournalOptions::default()).unwrap();
        Store::<Runner, _>::open_with(journal, options())
    };
    let store = open().unwrap();
    create(&store, [named("1", "p"), named("2", "q")]);
    store.restore(bytes.as_slice()).unwrap();
    drop(store);
    let again = open().map(|store| store.view().version());
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(again.is_ok(), "{again:?}");
}

/// What a view shows is committed, so a watch can begin there.
#[test]
fn a_watch_begins_at_the_version_of_a_view() {
    let store = store();
    let done = AtomicBool::new(false);
    let failed = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..10_000 {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let mut one = job("a");
                one.priority = number;
                store
                    .update(|tx| {
                        if tx.get::<Job>(&"a".to_owned()).is_some() {
                            tx.delete::<Job>(&"a".to_owned()).unwrap();
                        }
                        tx.create(one.clone()).map(drop)
                    })
                    .unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut failed = None;
        while !done.load(Ordering::Relaxed) {
            let version = store.view().version();
            if let Err(error) = store.watch_from(version, Watch::everything()) {
                failed = Some(error);
                done.store(true, Ordering::Relaxed);
            }
        }
        failed
    });
    assert!(failed.is_none(), "{failed:?}");
}

/// Two stores' batches in one thread: the first store then refuses every transaction of this thread.
#[test]
fn the_slots_of_two_stores_are_freed_in_any_order() {
    let mut few = options();
    few.batch_changes_max = 2;
    let from: LocalStore = Store::open_with(Loopback::new(), few).unwrap();
    let to = store();
    from.batch(|a| {
        a.step(|tx| tx.create(job("1")).map(drop))?;
        to.batch(|b| {
            b.step(|tx| tx.create(job("1")).map(drop))?;
            a.step(|tx| tx.create(job("2")).map(drop))
        })
        .map(drop)
        .unwrap();
        Ok::<_, CreateError>(())
    })
    .unwrap();
    create(&from, [job("3")]);
}

/// The other way: a transaction inside one of the same store, with one of another store between, waits for itself.
#[test]
fn a_nested_transaction_is_refused_through_another_store() {
    let (told, hears) = mpsc::channel();
    std::thread::spawn(move || {
        let (a, b) = (store(), store());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _pending = a.submit(|_| {
                let _pending = b.submit(|_| {
                    let _pending = a.submit(|_| Ok::<_, Infallible>(()));
                    Ok::<_, Infallible>(())
                });
                Ok::<_, Infallible>(())
            });
        }));
        told.send(outcome.is_err()).unwrap();
    });
    assert_eq!(
        hears.recv_timeout(Duration::from_secs(3)),
        Ok(true),
        "it must panic, not hang"
    );
}

/// Pages of a query with a limit go on for ever beyond it.
#[test]
fn a_limit_holds_over_all_pages() {
    let store = store();
    create(&store, ["a", "b", "c", "d", "e", "f", "g"].map(job));
    let view = store.view();
    let (mut token, mut all) = (None, Vec::new());
    loop {
        let page = view
            .page(Query::<Job>::all().limit(4), 3, token.as_ref())
            .unwrap();
        all.extend(page.objects.iter().map(|job| job.id.clone()));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(all, ["a", "b", "c", "d"]);
}

/// A page of no objects claimed to be the last one.
#[test]
fn pages_of_no_size_lead_to_the_end() {
    let store = store();
    create(&store, ["a", "b", "c"].map(job));
    let view = store.view();
    let (mut token, mut all) = (None, Vec::new());
    loop {
        let page = view.page(Query::<Job>::all(), 0, token.as_ref()).unwrap();
        all.extend(page.objects.iter().map(|job| job.id.clone()));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(all, ["a", "b", "c"]);
}
