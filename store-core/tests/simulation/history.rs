//! What happened, by the log alone: the state of every version, to compare every store with.

use proposer::{Epoch, Version};
use store_core::{Event, Snapshot};

use crate::log::Log;
use crate::report::Report;
use crate::state::{Scope, State};
use crate::support::{AnyObject, Runner};

/// The accepted transactions, in order.
pub(crate) struct History {
    /// By version; the first is the empty store.
    pub(crate) versions: Vec<Past>,
    report: Report,
}

pub(crate) struct Past {
    pub(crate) state: State,
    pub(crate) digest: u64,
    pub(crate) epoch: Option<Epoch>,
    /// The operations of clients in it: one, or none in a restore.
    pub(crate) operations: Vec<String>,
    /// What the first store that got here made of it.
    stored: Option<String>,
}

/// Names the client's operation that a transaction is: each leaves its name with its client.
pub(crate) const CLIENT: &str = "client-";

impl History {
    pub(crate) fn new(report: Report) -> Self {
        let empty = Past {
            digest: State::default().digest(),
            state: State::default(),
            epoch: None,
            operations: Vec::new(),
            stored: None,
        };
        Self {
            versions: vec![empty],
            report,
        }
    }

    pub(crate) fn newest(&self) -> Version {
        Version::new(self.versions.len() as u64 - 1)
    }

    pub(crate) fn at(&self, version: Version) -> Option<&Past> {
        self.versions.get(place(version))
    }

    /// Returns the versions that an operation is in.
    pub(crate) fn places(&self, operation: &str) -> Vec<usize> {
        let versions = self.versions.iter().enumerate();
        let holds = |past: &Past| past.operations.iter().any(|name| name == operation);
        versions
            .filter(|(_, past)| holds(past))
            .map(|(version, _)| version)
            .collect()
    }

    /// Takes in what the log has accepted meanwhile.
    pub(crate) fn follow(&mut self, log: &Log) {
        let log = log.state();
        while let Some(entry) = log.accepted.get(self.versions.len() - 1) {
            let proposal = &log.entries[*entry].proposal;
            let newest = self.versions.last().expect("the empty store is there");
            let mut state = newest.state.clone();
            let restores = newest.epoch.is_some_and(|epoch| epoch != proposal.epoch);
            for event in proposal.payload.iter() {
                let unknown =
                    matches!(event, Event::Updated { .. }) && !state.holds(event.object());
                let followed = state.follow(event, Scope::Everything);
                if unknown || followed.is_err() {
                    self.report
                        .note(format!("{}: {event:?}: {followed:?}", proposal.id));
                }
            }
            let operations = proposal.payload.iter().filter_map(operation);
            let operations = operations.filter(|_| !restores).collect();
            self.versions.push(Past {
                digest: state.digest(),
                state,
                epoch: Some(proposal.epoch),
                operations,
                stored: None,
            });
        }
    }

    /// Compares what a store shows with what happened, and with what other stores showed at the same version.
    pub(crate) fn check(&mut self, who: &str, view: &Snapshot<Runner>) {
        let (version, report) = (view.version(), self.report.clone());
        let Some(past) = self.versions.get_mut(place(version)) else {
            return report.note(format!(
                "{who} shows {version}, which the log does not hold"
            ));
        };
        if past.epoch.is_some_and(|epoch| epoch != view.epoch()) {
            report.note(format!("{who} shows another epoch at {version}"));
        }
        if State::seen(view, Scope::Everything) != past.state {
            report.note(format!("{who} shows another state at {version}"));
        }
        let digest = view.digest().to_string();
        let stored = past.stored.get_or_insert_with(|| digest.clone());
        if *stored != digest {
            report.note(format!("{who} has another digest at {version}"));
        }
    }
}

fn operation(event: &Event<Runner>) -> Option<String> {
    match event {
        Event::Created(AnyObject::Worker(worker))
        | Event::Updated {
            new: AnyObject::Worker(worker),
            ..
        } if worker.id.starts_with(CLIENT) => Some(worker.host.clone()),
        _ => None,
    }
}

fn place(version: Version) -> usize {
    usize::try_from(version.get()).expect("a version of a test is small")
}
