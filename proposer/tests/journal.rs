//! What a journal promises beyond the contract of every proposer.

mod common;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;

use common::{Halted, Hooked, PAYLOAD, commit, copy, log_files, payloads, saved_states, start};
use proposer::testing::{Blob, End, Recorder};
use proposer::{
    AbortReason, Applied, Epoch, HistoryError, Journal, JournalOptions, Proposer, Replica,
    StartError, Version,
};

fn options() -> JournalOptions {
    JournalOptions::default()
}

/// A journal behind three transactions that writes nothing until it goes on.
fn halted(dir: &Path, options: JournalOptions) -> Halted {
    Halted::behind(dir, options, &payloads(0..Halted::BEHIND as u64))
}

fn blob(seed: u64) -> Blob {
    Blob::new(seed, common::PAYLOAD)
}

#[test]
fn what_queues_up_shares_a_flush() {
    let dir = tempfile::tempdir().unwrap();
    let halted = halted(dir.path(), options());
    let submitted = (3..103).map(|seed| halted.submit(&blob(seed)).unwrap());
    let last = submitted.last().unwrap();
    halted.go_on();
    assert_eq!(halted.recorder.wait(last), End::Applied);
    let stats = halted.journal.stats();
    assert_eq!((stats.entries, stats.flushes), (103, 3 + 1));
    halted.recorder.assert_kept();
}

#[test]
fn a_group_has_a_limit() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.group_entries_max = 10;
    let halted = halted(dir.path(), options);
    let submitted = (3..38).map(|seed| halted.submit(&blob(seed)).unwrap());
    let last = submitted.last().unwrap();
    halted.go_on();
    halted.recorder.wait(last);
    assert_eq!(halted.journal.stats().flushes, 3 + 4);
}

#[test]
fn a_full_queue_refuses_and_does_not_wait() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.queue_entries_max = 4;
    let halted = halted(dir.path(), options);
    for seed in 3..7 {
        halted.submit(&blob(seed)).unwrap();
    }
    let refused = Err(AbortReason::Overloaded { queued: 4 });
    assert_eq!(halted.submit(&blob(7)), refused);
    halted.go_on();
    halted.journal.stop();
    assert_eq!(halted.recorder.payloads(), payloads(0..7));
    halted.recorder.assert_kept();
}

#[test]
fn a_payload_has_a_limit_that_itself_passes() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, recorder) = start(dir.path(), &options()).unwrap();
    let max = 1_572_864;
    let id = recorder.submit(&journal, Blob::new(1, max)).unwrap();
    assert_eq!(recorder.wait(id), End::Applied);
    let refused = recorder.submit(&journal, Blob::new(2, max + 1));
    let size = max + 1;
    assert_eq!(refused, Err(AbortReason::TooLarge { size, max }));
    commit(&journal, &recorder, 3..4);

    // What begins a new epoch carries a whole state.
    let state = Blob::new(4, max + 1);
    let restored = recorder.submit_in(&journal, Some(Epoch::new(2)), state.clone());
    assert_eq!(recorder.wait(restored.unwrap()), End::Applied);
    journal.stop();
    drop(journal);
    let (_journal, recorder) = start(dir.path(), &options()).unwrap();
    assert_eq!(recorder.payloads().last(), Some(&state));
    assert_eq!(recorder.standing().epoch, Epoch::new(2));
}

#[test]
fn what_was_acknowledged_is_in_a_copy_made_at_any_moment() {
    let base = tempfile::tempdir().unwrap();
    let mut options = options();
    options.file_entries_max = 50;
    let (journal, recorder) = start(&base.path().join("dir"), &options).unwrap();
    for round in 0..10_u64 {
        // Acknowledged, then some that are on their way while the copy is made.
        commit(&journal, &recorder, round * 20..round * 20 + 10);
        for seed in round * 20 + 10..round * 20 + 20 {
            recorder
                .submit(&journal, Blob::new(seed, common::PAYLOAD))
                .unwrap();
        }
        let acknowledged = recorder.payloads();
        let image = base.path().join("image");
        // Pages are copied one after the other: a copy is not quite what a crash leaves, and may, rarely, be refused.
        let started = (0..5).find_map(|_| {
            copy(&base.path().join("dir"), &image);
            start(&image, &options).ok()
        });
        let (_journal, copied) = started.expect("one of five copies is as a crash leaves it");
        let found = copied.payloads();
        assert!(found.len() >= acknowledged.len());
        assert_eq!(found, payloads(0..found.len() as u64));
    }
}

#[test]
fn a_saved_state_takes_the_place_of_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, recorder) = start(dir.path(), &options()).unwrap();
    let mut before = Vec::new();
    for numbers in [0..3, 3..5] {
        commit(&journal, &recorder, numbers);
        journal.compact_now().unwrap();
        let states = saved_states(dir.path());
        assert_eq!(states.len(), 1, "{states:?}");
        assert_ne!(states, before);
        before = states;
    }
}

#[test]
fn the_state_is_saved_and_the_log_compacted_while_writers_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.compact_after_entries = 100;
    options.history_entries_kept = 50;
    options.memory_entries_max = 10;
    options.file_entries_max = 30;
    let recorder = Arc::new(Recorder::new());
    let (save, saving) = channel();
    let (gate, opened) = channel::<()>();
    let opened = std::sync::Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    replica.on_save = Box::new(move || {
        save.send(()).unwrap();
        opened.lock().unwrap().recv().map_err(io::Error::other)
    });
    let journal = Journal::open(dir.path(), options.clone()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..100);
    saving.recv().unwrap();
    // The state is being saved, and stays so until the gate is opened.
    commit(&journal, &recorder, 100..180);
    assert_eq!(journal.stats().saved, Version::ZERO);
    let all = journal
        .changes_between(Version::ZERO, Version::new(180))
        .unwrap();
    assert_eq!(
        all.len(),
        180,
        "nothing is dropped before the state is saved"
    );

    gate.send(()).unwrap();
    gate.send(()).unwrap();
    let saved = journal.compact_now().unwrap();
    assert_eq!(saved.version, Version::new(180));
    assert_eq!(journal.stats().saved, saved.version);
    assert_eq!(saved_states(dir.path()).len(), 1);

    let error = journal
        .changes_between(Version::ZERO, saved.version)
        .expect_err("compacted");
    let HistoryError::Compacted {
        oldest, current, ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(current, saved.version);
    assert!((100..=130).contains(&oldest.get()), "{oldest}");
    for after in [oldest.get(), 140, 175] {
        let changes = journal
            .changes_between(Version::new(after), current)
            .unwrap();
        let read: Vec<_> = changes.into_iter().map(|change| change.payload).collect();
        assert_eq!(read, payloads(after..180), "after {after}");
    }
    assert!(
        journal
            .changes_between(oldest.previous().unwrap(), current)
            .is_err()
    );

    commit(&journal, &recorder, 180..190);
    drop(gate);
    journal.stop();
    recorder.assert_kept();
    drop(journal);
    let (journal, recorder) = start(dir.path(), &options).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..190));
    assert_eq!(
        journal.stats().replayed,
        10,
        "the rest is in the saved state"
    );
    let changes = journal.changes_between(oldest, Version::new(190)).unwrap();
    assert_eq!(
        changes.len() as u64,
        190 - oldest.get(),
        "history outlives a restart"
    );
}

/// Whatever had been asked for was read into memory at once.
#[test]
fn what_is_on_disk_can_be_read_in_parts() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = JournalOptions::default();
    (options.file_entries_max, options.memory_entries_max) = (10, 5);
    let (journal, recorder) = start(dir.path(), &options).unwrap();
    commit(&journal, &recorder, 0..40);
    let read = |after, bytes| {
        let (after, through) = (Version::new(after), Version::new(38));
        let first = journal.first_changes_between(after, through, bytes);
        first.unwrap().into_iter().map(|change| change.payload)
    };
    for (bytes, entries) in [
        (1, 1),
        (3 * PAYLOAD, 3),
        (3 * PAYLOAD + 1, 4),
        (20 * PAYLOAD, 20),
    ] {
        let expected = payloads(7..7 + entries);
        assert!(read(7, bytes).eq(expected), "{bytes} bytes");
    }
    assert!(read(30, usize::MAX).eq(payloads(30..38)));
    assert!(read(36, 1).eq(payloads(36..38)), "it is in memory");
    assert_eq!(read(38, 1).len(), 0);
}

#[test]
fn a_journal_that_is_stopped_ends_the_save_that_is_under_way() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let (save, saving) = channel();
    let (gate, opened) = channel::<()>();
    let opened = std::sync::Mutex::new(opened);
    let mut replica = Hooked::new(&recorder);
    replica.on_save = Box::new(move || {
        save.send(()).unwrap();
        opened.lock().unwrap().recv().map_err(io::Error::other)
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..3);
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| journal.compact_now());
        saving.recv().unwrap();
        let stopped = scope.spawn(|| journal.stop());
        // It is shut before it waits for the save.
        while recorder.submit(&journal, blob(3)).is_ok() {}
        gate.send(()).unwrap();
        stopped.join().unwrap();
        let saved = asked.join().unwrap().expect("it was saved").version;
        assert!(saved >= Version::new(3));
        assert_eq!(journal.stats().saved, saved);
    });
}

#[test]
fn a_state_that_cannot_be_saved_is_told_and_the_log_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let mut replica = Hooked::new(&recorder);
    replica.on_save = Box::new(|| Err(io::Error::other("the disk is full of something else")));
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..10);
    let error = journal.compact_now().unwrap_err();
    assert_eq!(error.to_string(), "the disk is full of something else");
    assert_eq!(journal.stats().save_error, Some(error.to_string()));
    commit(&journal, &recorder, 10..20);
    drop(journal);
    let (_journal, recorder) = start(dir.path(), &options()).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..20));
}

#[test]
fn each_start_leads_under_a_greater_term_even_when_nothing_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.file_entries_max = 2;
    let mut last = None;
    for _ in 0..10 {
        let (journal, recorder) = start(dir.path(), &options).unwrap();
        assert!(recorder.leading() > last);
        last = recorder.leading();
        journal.compact_now().unwrap();
    }
}

#[test]
fn a_directory_serves_one_journal_until_it_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _recorder) = start(dir.path(), &options()).unwrap();
    let error = start(dir.path(), &options()).unwrap_err();
    assert!(
        matches!(error, StartError::Locked { holder: Some(id), .. } if id == std::process::id()),
        "{error}"
    );
    drop(journal);
    start(dir.path(), &options()).unwrap();
}

#[test]
fn files_are_for_the_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("journal");
    let mut options = options();
    options.file_entries_max = 3;
    let (journal, recorder) = start(&dir, &options).unwrap();
    commit(&journal, &recorder, 0..10);
    journal.compact_now().unwrap();
    commit(&journal, &recorder, 10..20);
    journal.stop();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(&dir.join("log"))), (0o700, 0o700));
    let files = [dir.join("lock")];
    for file in files
        .iter()
        .chain(&log_files(&dir))
        .chain(&saved_states(&dir))
    {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_replica_that_diverges_ends_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::new());
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(|id| {
        (id.version == Version::new(5)).then(|| Applied::Diverged("no such name".to_owned()))
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    journal.start(Arc::new(replica)).unwrap();
    commit(&journal, &recorder, 0..4);
    let fifth = recorder.submit(&journal, Blob::new(4, 10)).unwrap();
    recorder.wait_for_follow();
    assert_eq!(recorder.payloads(), payloads(0..4));
    let proposal = proposer::Proposal {
        id: fifth,
        epoch: Epoch::new(1),
        payload: Blob::new(5, 10),
    };
    let reason = journal.propose(proposal).unwrap_err().reason;
    let what = "the replica refused transaction 5 (term 1.0): no such name";
    assert_eq!(reason, AbortReason::Failed(what.to_owned()));
    drop(journal);

    let recorder = Arc::new(Recorder::new());
    let mut replica = Hooked::new(&recorder);
    replica.on_apply = Box::new(|id| {
        (id.version == Version::new(5)).then(|| Applied::Diverged("no such name".to_owned()))
    });
    let journal = Journal::open(dir.path(), options()).unwrap();
    let error = journal.start(Arc::new(replica)).unwrap_err();
    assert!(matches!(error, StartError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains(what), "{error}");
    assert_eq!(recorder.leading(), None);
}

const CHILD: &str = "JOURNAL_OF_A_CHILD";

/// The part of the next test that runs in a process of its own, which may not write large files.
#[test]
fn child_that_may_not_write_large_files() {
    let Ok(dir) = std::env::var(CHILD) else {
        return;
    };
    let recorder = Arc::new(Recorder::new());
    let journal = Journal::open(dir, options()).unwrap();
    journal
        .start(Arc::clone(&recorder) as Arc<dyn Replica<Blob>>)
        .unwrap();
    let mut last = None;
    for seed in 0..20 {
        let id = recorder.submit(&journal, Blob::new(seed, 1_000)).unwrap();
        assert_eq!(recorder.wait(id), End::Applied);
    }
    let mut seed = 20;
    while let Ok(id) = recorder.submit(&journal, Blob::new(seed, 1_000)) {
        last = Some(id);
        seed += 1;
        assert!(seed < 100_000, "the limit is not reached");
    }
    recorder.wait_for_follow();
    let End::Unknown(AbortReason::Failed(what)) = recorder.wait(last.unwrap()) else {
        panic!("{:?}", recorder.ends().last())
    };
    assert!(what.contains("File too large"), "{what}");
    assert_eq!(journal.stats().failure, Some(what));
    journal.stop();
    assert_eq!(recorder.in_flight(), 0);
    recorder.assert_kept();
    println!("applied={}", recorder.payloads().len());
}

#[test]
fn a_write_that_fails_leaves_its_group_unknown_and_ends_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; ulimit -f 200; exec "$@""#, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "child_that_may_not_write_large_files",
            "--nocapture",
        ])
        .env(CHILD, dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let applied: usize = text
        .split("applied=")
        .nth(1)
        .and_then(|text| text.split_whitespace().next())
        .unwrap()
        .parse()
        .unwrap();
    assert!(applied >= 20, "some were applied before the limit");

    let (journal, recorder) = start(dir.path(), &options()).unwrap();
    let found = recorder.payloads();
    assert!(found.len() >= applied, "{} of {applied}", found.len());
    for (seed, payload) in (0..).zip(&found) {
        assert_eq!(*payload, Blob::new(seed, 1_000));
    }
    commit(&journal, &recorder, 0..3);
}
