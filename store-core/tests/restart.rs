//! A store over a journal that was closed and opened again: watches go on from where they were, as far as the log reaches.

mod support;

use std::path::Path;
use std::sync::Arc;

use proposer::{HistoryError, Journal, JournalOptions};
use store_core::{
    Changes, Event, NoBatch, Position, Read as _, Store, Subscription, Version, Watch,
};
use support::*;

type Log = Arc<Journal<Changes<Runner>>>;
type DurableStore = Store<Runner, Log>;

/// Opens a store that remembers one transaction itself, over a journal that remembers one: older ones are read from disk.
fn open(dir: &Path) -> (DurableStore, Log) {
    let mut of_log = JournalOptions::default();
    of_log.memory_entries_max = 1;
    of_log.history_entries_kept = 0;
    of_log.file_entries_max = 2;
    let log = Arc::new(Journal::open(dir, of_log).unwrap());
    let mut of_store = options();
    of_store.history_changes_max = 1;
    let store = Store::open_with(Arc::clone(&log), of_store).unwrap();
    (store, log)
}

fn create(store: &DurableStore, id: &str) {
    store.update(|tx| tx.create(job(id)).map(drop)).unwrap();
}

/// Changes `a`, deletes `b`, creates `c`.
fn go_on(store: &DurableStore) {
    store
        .update(|tx| {
            let mut a = (**tx.get::<Job>(&"a".into()).expect("it was created")).clone();
            a.priority = 7;
            tx.update(a).map(drop)
        })
        .unwrap();
    store
        .update(|tx| tx.delete::<Job>(&"b".into()).map(drop))
        .unwrap();
    create(store, "c");
}

fn priority(object: &AnyObject) -> (&str, i64) {
    match object {
        AnyObject::Job(job) => (&job.id, job.priority),
        AnyObject::Worker(_) => unreachable!("there are none"),
    }
}

/// Everything that is there by now, in words.
fn drain(events: &mut Subscription<Runner>) -> Vec<String> {
    let mut told = Vec::new();
    let end = loop {
        match events.try_recv() {
            Err(end) => break end,
            Ok(batch) => told.extend(batch.iter().map(|event| {
                let what = match event {
                    Event::Created(new) => format!("+{}", priority(new).0),
                    Event::Deleted(old) => format!("-{}", priority(old).0),
                    Event::Updated { old, new } => {
                        let old = old.as_ref().map(|old| priority(old).1);
                        format!("{} from {old:?} to {}", priority(new).0, priority(new).1)
                    }
                };
                format!("{}: {what}", batch.version())
            })),
        }
    };
    assert_eq!(end, NoBatch::Yet);
    told
}

/// Lets a watcher see two transactions, and remember where it was; three more follow, and the store is closed.
fn watched_and_closed(dir: &Path) -> Position {
    let (store, _log) = open(dir);
    let (_, mut events) = store.view_and_watch(Watch::everything());
    create(&store, "a");
    create(&store, "b");
    let _first = events.recv().unwrap();
    let position = events.recv().unwrap().position();
    go_on(&store);
    position
}

#[test]
fn a_watch_goes_on_after_a_restart_with_exactly_what_it_has_not_seen() {
    let dir = tempfile::tempdir().unwrap();
    let position = watched_and_closed(dir.path());
    let (store, log) = open(dir.path());
    assert_eq!(log.stats().replayed, 5, "all comes from the log");
    let mut events = store.watch_from(position, Watch::everything()).unwrap();
    assert_eq!(
        drain(&mut events),
        ["3: a from Some(0) to 7", "4: -b", "5: +c"]
    );
    create(&store, "d");
    assert_eq!(drain(&mut events), ["6: +d"]);
    let epoch = store.view().epoch();
    assert_eq!(position.epoch, epoch, "a restart begins no history");
}

#[test]
fn a_watch_from_before_what_was_compacted_is_told_so_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let position = watched_and_closed(dir.path());
    let (store, log) = open(dir.path());
    assert_eq!(log.compact_now().unwrap().version, Version::new(5));
    create(&store, "d");
    drop((store, log));

    let (store, _log) = open(dir.path());
    let gone = store
        .watch_from(position, Watch::everything())
        .expect_err("what follows is not in the log any more");
    let HistoryError::Compacted {
        asked,
        oldest,
        current,
        epoch,
    } = gone
    else {
        panic!("{gone}")
    };
    assert_eq!((asked, current.get()), (position.version, 6));
    assert_eq!(epoch, position.epoch);
    assert!(
        asked < oldest && oldest <= Version::new(5),
        "it can go on from {oldest}"
    );
    let all = ["3: a from None to 7", "4: -b", "5: +c", "6: +d"];
    let version = oldest;
    let mut events = store
        .watch_from(Position { epoch, version }, Watch::everything())
        .unwrap();
    let after = usize::try_from(oldest.get() - 2).unwrap();
    assert_eq!(drain(&mut events), all[after..]);
}

/// Where the store was opened from a saved state, only the log tells of which history an earlier version is.
#[test]
fn a_version_from_before_a_restore_is_refused_after_a_restart_too() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let mut of_log = JournalOptions::default();
        of_log.memory_entries_max = 1;
        let log = Arc::new(Journal::open(dir.path(), of_log).unwrap());
        let store = Store::open_with(Arc::clone(&log), options()).unwrap();
        (store, log)
    };
    let (store, log) = open();
    let mut saved = Vec::new();
    create(&store, "a");
    store.save(&mut saved).unwrap();
    create(&store, "b");
    store.restore(&saved[..]).unwrap();
    create(&store, "c");
    log.compact_now().unwrap();
    drop((store, log));

    let (store, log) = open();
    assert_eq!(log.stats().replayed, 0, "it is opened from the saved state");
    let within = |version| store.watch_within_history(Version::new(version), Watch::everything());
    let gone = within(1).expect_err("it is of the history before");
    assert!(
        matches!(gone, HistoryError::Compacted { asked, epoch, .. }
            if (asked.get(), epoch) == (1, store.view().epoch())),
        "{gone}"
    );
    assert_eq!(drain(&mut within(2).unwrap()), ["3: -b", "4: +c"]);
    let mut through_it = store
        .watch_from(Version::new(1), Watch::everything())
        .unwrap();
    assert_eq!(drain(&mut through_it), ["2: +b", "3: -b", "4: +c"]);
}
