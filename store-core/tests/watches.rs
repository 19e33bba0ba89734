//! Watches: exactly what happened, once, in order; and never a state that cannot be read.

mod support;

use std::fmt::Write as _;
use std::thread;

use proposer::{HistoryError, Loopback, LoopbackOptions};
use store_core::{
    Event, EventBatch, NoBatch, Query, Read, Store, Subscription, Version, Watch, WatchEnd,
};
use support::*;

fn update(store: &LocalStore, id: &str, change: impl Fn(&mut Job)) -> Version {
    let done = store.update(|tx| {
        let mut job = (**tx.get::<Job>(&id.into()).expect("the job exists")).clone();
        change(&mut job);
        tx.update(job).map(drop)
    });
    done.expect("the update is allowed").version
}

/// A batch in short: its version, then `+` created, `~` updated, `-` deleted.
fn short(batch: &EventBatch<Runner>) -> String {
    let mut text = format!("{}:", batch.version());
    for event in batch {
        let sign = match event {
            Event::Created(_) => '+',
            Event::Updated { .. } => '~',
            Event::Deleted(_) => '-',
        };
        let id = match event.object() {
            AnyObject::Job(job) => &job.id,
            AnyObject::Worker(worker) => &worker.id,
        };
        write!(text, " {sign}{id}").unwrap();
    }
    text
}

fn drain(events: &mut Subscription<Runner>) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        match events.try_recv() {
            Ok(batch) => found.push(short(&batch)),
            Err(NoBatch::Yet) => return found,
            Err(NoBatch::Ever(end)) => {
                found.push(end.to_string());
                return found;
            }
        }
    }
}

#[test]
fn a_watch_is_told_of_what_it_is_about() {
    let store = store();
    let mut everything = store.watch(Watch::everything());
    let mut workers = store.watch(Watch::table::<Worker>());
    let mut one = store.watch(Watch::object::<Job>(&"b".into()));
    let mut red = store.watch(Watch::query(BY_TAG.eq("red")));
    let mut either = store.watch(Watch::any_of([
        Watch::table::<Worker>(),
        Watch::query(BY_NAME.eq("name-a")),
    ]));
    let mut deletions =
        store.watch(Watch::everything().filter(|event| matches!(event, Event::Deleted(_))));
    let mut marks = store.watch(Watch::table::<Worker>().with_bookmarks_every(1));

    create(&store, ["a", "b"].map(job));
    store.update(|tx| tx.create(worker("w"))).unwrap();
    update(&store, "a", |job| job.tags = vec!["red".into()]);
    update(&store, "b", |job| job.priority = 1);
    update(&store, "a", |job| job.tags = vec!["blue".into()]);
    store.update(|tx| tx.delete::<Job>(&"a".into())).unwrap();

    assert_eq!(
        drain(&mut everything),
        ["1: +a +b", "2: +w", "3: ~a", "4: ~b", "5: ~a", "6: -a"]
    );
    assert_eq!(drain(&mut workers), ["2: +w"]);
    assert_eq!(drain(&mut one), ["1: +b", "4: ~b"]);
    assert_eq!(
        drain(&mut red),
        ["3: ~a", "5: ~a"],
        "also that it is red no more"
    );
    assert_eq!(
        drain(&mut either),
        ["1: +a", "2: +w", "3: ~a", "5: ~a", "6: -a"]
    );
    assert_eq!(drain(&mut deletions), ["6: -a"]);
    assert_eq!(
        drain(&mut marks),
        ["2: +w", "6:"],
        "one mark for what was not received yet"
    );
}

#[test]
fn queries_of_every_shape_are_watched() {
    let store = store();
    let shapes = [
        Query::all(),
        BY_PRIORITY.range(&1..),
        BY_TAG.prefix("r"),
        BY_TAG.eq("red").and(BY_PRIORITY.eq(&1)),
        BY_TAG.eq("red").or(BY_TAG.eq("blue")),
        Query::all().and_not(BY_TAG.eq("blue")),
        Query::all().filter(|job: &Job| job.id == "a"),
        Query::none(),
    ];
    let mut watches = shapes.map(|query| store.watch(Watch::query(query)));
    create(
        &store,
        [
            Job {
                tags: vec!["red".into()],
                priority: 1,
                ..job("a")
            },
            Job {
                tags: vec!["blue".into()],
                priority: 2,
                ..job("b")
            },
            job("c"),
        ],
    );
    let found: Vec<_> = watches
        .iter_mut()
        .map(|events| drain(events).concat())
        .collect();
    assert_eq!(
        found,
        [
            "1: +a +b +c",
            "1: +a +b",
            "1: +a",
            "1: +a",
            "1: +a +b",
            "1: +a +c",
            "1: +a",
            ""
        ]
    );
}

#[test]
fn old_objects_are_there() {
    let store = store();
    create(&store, [job("a")]);
    let mut events = store.watch(Watch::everything());
    update(&store, "a", |job| job.priority = 5);
    let batch = events.recv().unwrap();
    let change = batch.events()[0].of::<Job>().unwrap();
    let store_core::Change::Updated {
        old: Some(old),
        new,
    } = change
    else {
        panic!("{change:?}")
    };
    assert_eq!((old.priority, new.priority), (0, 5));
    assert!(batch.events()[0].of::<Worker>().is_none());
}

#[test]
fn a_state_and_what_follows_it() {
    let store = store();
    create(&store, [job("a")]);
    let (view, mut events) = store.view_and_watch(Watch::everything());
    create(&store, [job("b")]);
    assert_eq!(view.len::<Job>(), 1);
    assert_eq!(drain(&mut events), ["2: +b"]);
}

/// However the beginning of a watch falls into a stream of commits: state and events, put together, have no gap and no
/// overlap.
#[test]
fn a_state_and_its_events_meet_exactly() {
    const COMMITS: u64 = 3_000;
    let store = store();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut watches = 0;
                while store.view().version() < Version::new(COMMITS) {
                    let (view, mut events) = store.view_and_watch(Watch::table::<Job>());
                    watches += 1;
                    let mut version = view.version();
                    let mut jobs = view.len::<Job>();
                    while version.get() < (view.version().get() + 20).min(COMMITS) {
                        let batch = events.recv().unwrap();
                        version = version.next();
                        jobs += 1;
                        assert_eq!(batch.version(), version, "without a gap or an overlap");
                        assert!(
                            store.view().version() >= version,
                            "what was told can be read"
                        );
                    }
                    assert_eq!(jobs as u64, version.get());
                }
                assert!(watches > 0);
            });
        }
        for number in 0..COMMITS {
            create(&store, [job(&format!("{number:05}"))]);
        }
    });
}

#[test]
fn a_watch_resumes_where_it_was() {
    let store = store();
    for id in ["a", "b", "c", "d"] {
        create(&store, [job(id)]);
    }
    let mut events = store
        .watch_from(Version::new(2), Watch::table::<Job>())
        .unwrap();
    let mut none = store
        .watch_from(Version::new(4), Watch::table::<Job>())
        .unwrap();
    let mut other = store
        .watch_from(
            Version::new(1),
            Watch::table::<Worker>().with_bookmarks_every(1),
        )
        .unwrap();
    create(&store, [job("e")]);
    assert_eq!(drain(&mut events), ["3: +c", "4: +d", "5: +e"]);
    assert_eq!(drain(&mut none), ["5: +e"]);
    assert_eq!(drain(&mut other), ["4:", "5:"]);
    let ahead = store
        .watch_from(Version::new(6), Watch::everything())
        .unwrap_err();
    assert!(matches!(ahead, HistoryError::OutOfOrder { .. }), "{ahead}");
}

#[test]
fn history_beyond_memory_comes_from_the_log_until_that_ends() {
    let mut log = LoopbackOptions::default();
    log.history_entries_max = 6;
    let mut options = options();
    options.history_changes_max = 2;
    let store: LocalStore = Store::open_with(Loopback::with(log), options).unwrap();
    for id in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        create(&store, [job(id)]);
    }
    let mut events = store
        .watch_from(Version::new(3), Watch::everything())
        .unwrap();
    assert_eq!(
        drain(&mut events),
        ["4: +d", "5: +e", "6: +f", "7: +g", "8: +h"]
    );
    let gone = store
        .watch_from(Version::new(1), Watch::everything())
        .unwrap_err();
    let HistoryError::Compacted {
        asked,
        oldest,
        current,
        ..
    } = gone
    else {
        panic!("{gone:?}")
    };
    assert_eq!((asked.get(), oldest.get(), current.get()), (1, 2, 8));
}

#[test]
fn a_watcher_that_falls_behind_is_told_from_where_to_resume() {
    let store = store();
    let mut events = store.watch(Watch::everything().with_capacity(2));
    for id in ["a", "b", "c", "d"] {
        create(&store, [job(id)]);
    }
    assert_eq!(
        [(); 2].map(|()| short(&events.recv().unwrap())),
        ["1: +a", "2: +b"]
    );
    let end = events.recv().unwrap_err();
    assert_eq!(
        end,
        WatchEnd::Lagged {
            resume_from: Version::new(2)
        }
    );
    let WatchEnd::Lagged { resume_from } = end else {
        unreachable!()
    };
    let mut again = store.watch_from(resume_from, Watch::everything()).unwrap();
    assert_eq!(drain(&mut again), ["3: +c", "4: +d"]);
}

#[test]
fn closing_the_store_ends_watches_after_what_was_buffered() {
    let store = store();
    let mut events = store.watch(Watch::everything());
    create(&store, [job("a")]);
    store.close();
    assert_eq!(drain(&mut events), ["1: +a", "the store was closed"]);
    assert_eq!(
        drain(&mut store.watch(Watch::everything())),
        ["the store was closed"]
    );
}
