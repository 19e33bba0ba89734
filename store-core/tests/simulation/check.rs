//! What must be true of everything that happened, looked at from its end.

use std::collections::{HashMap, HashSet};

use proposer::Version;

use crate::history::History;
use crate::log::Log;
use crate::operation::{End, Operation, Seen};
use crate::report::Report;

/// How much of everything there was, to see that a simulation is not idle.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) committed: usize,
    pub(crate) rejected: usize,
    pub(crate) aborted: usize,
    pub(crate) unknown: usize,
    pub(crate) skipped: usize,
    pub(crate) restores: usize,
    pub(crate) versions: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.committed += other.committed;
        self.rejected += other.rejected;
        self.aborted += other.aborted;
        self.unknown += other.unknown;
        self.skipped += other.skipped;
        self.restores += other.restores;
        self.versions += other.versions;
    }
}

pub(crate) fn everything(
    history: &History,
    log: &Log,
    operations: &[Operation],
    restores: &[(Version, u64)],
    report: &Report,
) -> Tally {
    outcomes(history, operations, report);
    reads(history, operations, report);
    real_time(operations, report);
    suffixes(log, report);
    for (version, digest) in restores {
        if history
            .at(*version)
            .is_none_or(|past| past.digest != *digest)
        {
            report.note(format!("a restore left another state at {version}"));
        }
    }
    let mut tally = Tally {
        restores: restores.len(),
        versions: history.newest().get(),
        skipped: log
            .state()
            .entries
            .iter()
            .filter(|entry| !entry.accepted)
            .count(),
        ..Tally::default()
    };
    for operation in operations {
        match operation.ended {
            Some((_, End::Committed(..))) => tally.committed += 1,
            Some((_, End::Rejected(_))) => tally.rejected += 1,
            Some((_, End::Aborted)) => tally.aborted += 1,
            Some((_, End::Unknown)) => tally.unknown += 1,
            None => {}
        }
    }
    tally
}

/// What is acknowledged is in the log exactly once, at the version that was told; what was aborted is not, nor is what
/// changed nothing; what is unknown is there once at most.
fn outcomes(history: &History, operations: &[Operation], report: &Report) {
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    for (version, past) in history.versions.iter().enumerate() {
        for operation in &past.operations {
            found.entry(operation).or_default().push(version);
        }
    }
    for operation in operations {
        let found = found
            .get(operation.name.as_str())
            .map_or(&[][..], Vec::as_slice);
        let as_told = match operation.ended {
            Some((_, End::Committed(version, _))) if operation.writes => {
                found == [usize::try_from(version.get()).expect("it is small")]
            }
            Some((_, End::Unknown)) => found.len() <= usize::from(operation.writes),
            _ => found.is_empty(),
        };
        if !as_told {
            let (name, ended) = (&operation.name, operation.ended);
            report.note(format!(
                "{name} ended as {ended:?}, and is in the log at {found:?}"
            ));
        }
    }
}

/// What a transaction read is what was committed, at the version before its own.
fn reads(history: &History, operations: &[Operation], report: &Report) {
    for operation in operations {
        let Some((_, End::Committed(_, seen) | End::Rejected(seen))) = operation.ended else {
            continue;
        };
        let Seen { version, digest } = seen;
        if history.at(version).is_none_or(|past| past.digest != digest) {
            report.note(format!(
                "{} read what never was, at {version}",
                operation.name
            ));
        }
        if let Some((_, End::Committed(own, _))) = operation.ended
            && own
                != if operation.writes {
                    version.next()
                } else {
                    version
                }
        {
            report.note(format!(
                "{} read {version} and became {own}",
                operation.name
            ));
        }
    }
}

/// Versions agree with time. Commits are ordered by their versions, so a history of them is linearizable exactly when none has
/// a smaller version than one that had ended when it was called. The same holds of what is read at one store, among what
/// that store has told.
fn real_time(operations: &[Operation], report: &Report) {
    let ended = |operation: &Operation| match operation.ended {
        Some((at, End::Committed(version, seen))) => Some((at, version, seen)),
        Some((at, End::Rejected(seen))) => Some((at, seen.version, seen)),
        _ => None,
    };
    for later in operations {
        let Some((_, version, seen)) = ended(later) else {
            continue;
        };
        for earlier in operations {
            let Some((at, before, _)) = ended(earlier) else {
                continue;
            };
            if at >= later.called {
                continue;
            }
            let wrong = match (earlier.writes, later.writes) {
                (true, true) => before >= version,
                _ => earlier.life == later.life && seen.version < before,
            };
            if wrong {
                let (earlier, later) = (&earlier.name, &later.name);
                report.note(format!(
                    "{later} is at {version}, after {earlier} had ended at {before}"
                ));
            }
        }
    }
}

/// When a proposal is dropped, so is every later one of its term and incarnation.
fn suffixes(log: &Log, report: &Report) {
    let log = log.state();
    let accepted: HashSet<_> = log
        .accepted
        .iter()
        .map(|entry| log.entries[*entry].proposal.id)
        .collect();
    let mut dropped = HashMap::new();
    for id in &log.taken {
        let attempt = (id.term, id.incarnation);
        if !accepted.contains(id) {
            dropped.entry(attempt).or_insert(*id);
        } else if let Some(first) = dropped.get(&attempt) {
            report.note(format!("{first} was dropped, and {id} was not"));
        }
    }
}
