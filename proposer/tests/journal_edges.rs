//! Defects at the edges of the journal that were found and mended: panics on its thread, whoever stops it there, options.

mod common;

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::{Hooked, commit, start};
use proposer::testing::{Blob, End, Recorder};
use proposer::{
    AbortReason, Applied, Journal, JournalOptions, Proposer, Replica, StartError, Version,
};

fn options() -> JournalOptions {
    JournalOptions::default()
}

/// After a panic on the journal's thread, what it had taken never ended: whoever waited for it waited for ever.
#[test]
fn a_replica_that_panics_ends_the_log_and_leaves_nobody_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(move |id| {
        if id.version == Version::new(2) {
            opened.lock().unwrap().recv().unwrap();
            panic!("a test of what a panic does");
        }
        None
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    let ids: Vec<_> = (0..9)
        .map(|seed| recorder.submit(&journal, Blob::new(seed, 10)).unwrap())
        .collect();
    gate.send(()).unwrap();
    assert_eq!(recorder.wait(ids[0]), End::Applied);
    let what = "the thread panicked: a test of what a panic does";
    let reason = AbortReason::Failed(what.to_owned());
    for id in &ids[1..] {
        assert_eq!(recorder.wait(*id), End::Unknown(reason.clone()));
    }
    recorder.wait_for_follow();
    recorder.assert_kept();
    drop(journal);
    let (_journal, recorder) = start(dir.path(), &options()).unwrap();
    assert!(!recorder.payloads().is_empty(), "what was applied is there");
}

/// A replica that says of a group that it was applied, and has not taken all of it, is not what the log says it is.
#[test]
fn a_replica_that_leaves_a_part_of_a_group_ends_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    replica.group_max = 1;
    replica.on_apply = Box::new(move |id| {
        if id.version == Version::new(1) {
            opened.lock().unwrap().recv().unwrap();
        }
        None
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    let submit = |seed| recorder.submit(&journal, Blob::new(seed, 10)).unwrap();
    let first = submit(0);
    while journal.stats().flushes == 0 {
        thread::yield_now();
    }
    // While the first is applied, one group waits to be handed on, and all that comes later is in the next.
    let ids: Vec<_> = (1..40).map(submit).collect();
    gate.send(()).unwrap();
    assert_eq!(recorder.wait(first), End::Applied);
    let failure = "the replica left a part of a group".to_owned();
    let begin = Instant::now();
    while journal.stats().failure.as_ref() != Some(&failure) {
        assert!(begin.elapsed() < Duration::from_secs(10), "it goes on");
        thread::yield_now();
    }
    let unknown = End::Unknown(AbortReason::Failed(failure));
    let ends: Vec<_> = ids.iter().map(|id| recorder.wait(*id)).collect();
    let applied = ends.iter().take_while(|end| **end == End::Applied).count();
    assert!(applied < ends.len(), "{ends:?}");
    assert!(
        ends[applied..].iter().all(|end| *end == unknown),
        "{ends:?}"
    );
    assert_eq!(recorder.payloads().len(), 1 + applied);
}

/// What has queued up when a replica refuses a transaction is not written behind it: at most what was on its way then is.
#[test]
fn nothing_more_is_written_when_a_transaction_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(move |_| {
        opened.lock().unwrap().recv().unwrap();
        Some(Applied::Diverged(
            "a test of what a refusal does".to_owned(),
        ))
    });
    let mut options = options();
    options.group_entries_max = 1;
    let journal = Journal::open(dir.path(), options).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    let ids: Vec<_> = (0..9)
        .map(|seed| recorder.submit(&journal, Blob::new(seed, 10)).unwrap())
        .collect();
    // One is applied, one waits for that, one waits to be handed on.
    while journal.stats().entries < 3 {
        thread::yield_now();
    }
    gate.send(()).unwrap();
    for id in &ids[1..] {
        let End::Unknown(AbortReason::Failed(why)) = recorder.wait(*id) else {
            panic!("{id} came to an end that nobody can know")
        };
        assert!(why.ends_with("a test of what a refusal does"), "{why}");
    }
    recorder.wait_for_follow();
    assert_eq!(journal.stats().entries, 3);
}

/// After a panic while the state was saved, it was never saved again, and who asked for it waited for ever.
#[test]
fn a_save_that_panics_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let panics = AtomicBool::new(true);
    let mut replica = Hooked::new(&recorder);
    replica.on_save = Box::new(move || {
        assert!(!panics.swap(false, Ordering::Relaxed));
        Ok(())
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..3);
    let error = journal.compact_now().unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    assert_eq!(journal.compact_now().unwrap().version, Version::new(3));
}

/// A journal that is stopped on its own thread, as by whoever drops the last handle there, waited for room in its queue,
/// which nobody made.
#[test]
fn a_journal_with_a_full_queue_is_stopped_on_its_own_thread() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.queue_entries_max = 2;
    let journal = Arc::new(Journal::open(dir.path(), options).unwrap());
    let recorder = Arc::new(Recorder::new());
    let (enter, entered) = channel();
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    let stopped = Arc::downgrade(&journal);
    replica.on_apply = Box::new(move |id| {
        if id.version == Version::new(1) {
            enter.send(()).unwrap();
            opened.lock().unwrap().recv().unwrap();
            stopped.upgrade().unwrap().stop();
        }
        None
    });
    journal.start(Arc::new(replica)).unwrap();
    let mut taken = vec![recorder.submit(&*journal, Blob::new(0, 10)).unwrap()];
    entered.recv().unwrap();
    let refused = loop {
        match recorder.submit(&*journal, Blob::new(0, 10)) {
            Ok(id) => taken.push(id),
            Err(reason) => break reason,
        }
    };
    assert_eq!(refused, AbortReason::Overloaded { queued: 2 });
    gate.send(()).unwrap();
    for id in taken {
        assert_eq!(recorder.wait(id), End::Applied);
    }
    recorder.assert_kept();
}

/// "As much as there is" was a panic, where room is made for it or one is added to it.
#[test]
fn options_may_have_the_least_and_the_greatest_values() {
    for least in [false, true] {
        let (few, many) = if least {
            (0, 0)
        } else {
            (usize::MAX, u64::MAX)
        };
        let mut options = options();
        if !least {
            options.payload_bytes_max = few;
        }
        options.queue_entries_max = few;
        options.group_entries_max = few;
        options.group_bytes_max = few;
        options.compact_after_entries = u64::MAX;
        options.compact_after_bytes = u64::MAX;
        options.history_entries_kept = many;
        options.memory_entries_max = few;
        options.memory_bytes_max = few;
        options.file_entries_max = few;
        options.file_bytes_max = few;
        let dir = tempfile::tempdir().unwrap();
        for opened in 1..=3 {
            let (journal, recorder) = start(dir.path(), &options).unwrap();
            commit(&journal, &recorder, 0..5);
            assert_eq!(recorder.payloads().len(), opened * 5);
            journal.compact_now().unwrap();
            recorder.assert_kept();
        }
    }
}

/// With "after nothing" a journal saved again and again what had not changed.
#[test]
fn a_state_is_saved_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.compact_after_entries = 0;
    options.compact_after_bytes = 0;
    let recorder = Arc::new(Recorder::new());
    let saves = Arc::new(AtomicUsize::new(0));
    let mut replica = Hooked::new(&recorder);
    let counted = Arc::clone(&saves);
    replica.on_save = Box::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let journal = Journal::open(dir.path(), options).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..2);
    for _ in 0..10 {
        journal.compact_now().unwrap();
    }
    journal.stop();
    let saves = saves.load(Ordering::Relaxed);
    assert!((10..=12).contains(&saves), "{saves} saves");
}

/// A journal whose last handle was dropped on its own thread let go of its directory while a group was on its way to the disk:
/// the write went on, and the file was cut, where another journal had begun.
#[test]
fn a_directory_is_free_only_when_nothing_is_written_there_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.group_entries_max = 1;
    options.payload_bytes_max = 16 << 20;
    let recorder = Arc::new(Recorder::new());
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let last_handle = Arc::new(Mutex::new(None::<Journal<Blob>>));
    let held = Arc::clone(&last_handle);
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(move |id| {
        match id.version.get() {
            1 => opened.lock().unwrap().recv().unwrap(),
            // The third is on its way to the disk.
            2 => {
                drop(held.lock().unwrap().take());
                return Some(Applied::Diverged("a test".to_owned()));
            }
            _ => {}
        }
        None
    });
    let journal = Journal::open(dir.path(), options.clone()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    let third = Blob::from(&vec![7; 16 << 20][..]);
    for payload in [Blob::new(1, 10), Blob::new(2, 10), third.clone()] {
        recorder.submit(&journal, payload).unwrap();
    }
    *last_handle.lock().unwrap() = Some(journal);
    gate.send(()).unwrap();

    let journal = loop {
        match Journal::open(dir.path(), options.clone()) {
            Ok(journal) => break journal,
            Err(StartError::Locked { .. }) => thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    };
    let open: Vec<_> = fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter(|file| file.starts_with(dir.path().join("log")))
        .collect();
    assert!(open.is_empty(), "{open:?}");
    let recorder = Arc::new(Recorder::new());
    journal
        .start(Arc::clone(&recorder) as Arc<dyn Replica<Blob>>)
        .unwrap();
    assert_eq!(
        recorder.payloads(),
        [Blob::new(1, 10), Blob::new(2, 10), third]
    );
    commit(&journal, &recorder, 3..6);
    drop(journal);
    let (_journal, again) = start(dir.path(), &options).unwrap();
    assert_eq!(again.payloads(), recorder.payloads());
}

/// A replica that stopped the journal when it heard that it leads waited for the start, which waited for it.
#[test]
fn a_journal_is_stopped_by_whoever_hears_that_it_leads() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(dir.path(), options()).unwrap());
    let recorder = Arc::new(Recorder::new());
    let mut replica = Hooked::new(&recorder);
    let stopped = Arc::downgrade(&journal);
    replica.on_lead = Box::new(move || stopped.upgrade().unwrap().stop());
    let (tell, started) = channel();
    let starting = Arc::clone(&journal);
    thread::spawn(move || tell.send(starting.start(Arc::new(replica))));
    let started = started.recv_timeout(Duration::from_secs(20));
    started.expect("the start ends").unwrap();
    let refused = recorder.submit(&*journal, Blob::new(0, 10));
    assert_eq!(refused, Err(AbortReason::Stopped));
}
