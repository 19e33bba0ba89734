//! Every implementation of this crate keeps the contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proposer::testing::{conformance, durability};
use proposer::{Journal, JournalOptions, Loopback, LoopbackOptions, Term};

#[test]
fn loopback_conforms() {
    conformance(Loopback::new);
}

#[test]
fn a_shared_loopback_conforms() {
    conformance(|| Arc::new(Loopback::new()));
}

#[test]
fn loopback_with_little_history_and_a_late_term_conforms() {
    let mut options = LoopbackOptions::default();
    options.history_entries_max = 7;
    options.first_term = Term::new(40);
    conformance(|| Loopback::with(options.clone()));
}

/// Limits so small that every check meets full groups, new files, saved states and compaction.
fn small() -> JournalOptions {
    let mut options = JournalOptions::default();
    options.group_entries_max = 16;
    options.compact_after_entries = 60;
    options.history_entries_kept = 20;
    options.memory_entries_max = 10;
    options.file_entries_max = 25;
    options
}

#[test]
fn journal_conforms() {
    let base = tempfile::tempdir().unwrap();
    let count = AtomicU64::new(0);
    for options in [JournalOptions::default(), small()] {
        conformance(|| {
            let name = count.fetch_add(1, Ordering::Relaxed).to_string();
            Journal::open(base.path().join(name), options.clone()).unwrap()
        });
    }
}

#[test]
fn journal_is_durable() {
    for options in [JournalOptions::default(), small()] {
        let dir = tempfile::tempdir().unwrap();
        durability(|| Journal::open(dir.path(), options.clone()).unwrap());
    }
}
