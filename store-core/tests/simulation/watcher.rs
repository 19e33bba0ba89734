//! One who watches: follows what happened, falls behind, comes back elsewhere.

use proposer::{HistoryError, Version};
use store_core::{EventBatch, NoBatch, Subscription, Watch, WatchEnd};

use crate::history::History;
use crate::log::Log;
use crate::place::Place;
use crate::random::Random;
use crate::report::Report;
use crate::state::{Scope, State};
use crate::support::{BY_WORKER, Job, Runner};

pub(crate) struct Watcher {
    pub(crate) member: usize,
    scope: Scope,
    /// Hears of one commit in 256 at least, also when nothing of it is in its scope.
    bookmarks: bool,
    capacity: usize,
    subscription: Option<Subscription<Runner>>,
    state: State,
    pub(crate) version: Version,
    report: Report,
}

impl Watcher {
    pub(crate) fn new(random: &mut Random, report: &Report) -> Self {
        let scopes = [Scope::Everything, Scope::Jobs, Scope::JobsOf("w1")];
        Self {
            member: 0,
            scope: random.pick(&scopes).expect("there are some"),
            bookmarks: random.one_in(2),
            capacity: 1 + random.below(8),
            subscription: None,
            state: State::default(),
            version: Version::ZERO,
            report: report.clone(),
        }
    }

    fn watch(&self, place: &Place) -> Watch<Runner> {
        let watch = match self.scope {
            Scope::Everything => Watch::everything(),
            Scope::Jobs => Watch::table::<Job>(),
            Scope::JobsOf(worker) => Watch::query(BY_WORKER.eq(worker)),
        };
        let watch = watch.with_capacity(self.capacity);
        let watch = watch.filter(place.readable(self.report.clone()));
        if self.bookmarks {
            watch.with_bookmarks()
        } else {
            watch
        }
    }

    /// Begins anew, from what a store shows.
    pub(crate) fn begin(&mut self, member: usize, place: &Place) {
        let Some(store) = place.store() else { return };
        let (view, subscription) = store.view_and_watch(self.watch(place));
        self.member = member;
        self.state = State::seen(&view, self.scope);
        self.version = view.version();
        self.subscription = Some(subscription);
    }

    /// Goes on where it was, at any store; begins anew where that is too far back.
    pub(crate) fn resume(&mut self, member: usize, place: &Place) {
        let Some(store) = place.store() else { return };
        match store.watch_from(self.version, self.watch(place)) {
            Ok(subscription) => {
                self.member = member;
                self.subscription = Some(subscription);
            }
            Err(HistoryError::Compacted { .. }) => self.begin(member, place),
            // This store does not know the version yet: later, or elsewhere.
            Err(HistoryError::OutOfOrder { current, .. }) if current < self.version => {}
            Err(error) => self
                .report
                .note(format!("watcher of member {member}: {error}")),
        }
    }

    pub(crate) fn watches(&self) -> bool {
        self.subscription.is_some()
    }

    /// Takes what has come, at most so many transactions.
    pub(crate) fn receive(&mut self, batches: usize, history: &History, log: &Log) {
        for _ in 0..batches {
            let Some(subscription) = &mut self.subscription else {
                return;
            };
            match subscription.try_recv() {
                Ok(batch) => self.follow(&batch, history, log),
                Err(NoBatch::Yet) => return,
                Err(NoBatch::Ever(end)) => {
                    self.subscription = None;
                    match end {
                        WatchEnd::Lagged { resume_from } => {
                            if resume_from < self.version {
                                self.note(&format!("is to resume from {resume_from}"));
                            }
                            self.version = resume_from;
                            self.compare(history);
                        }
                        WatchEnd::Closed => {}
                        other => self.note(&other.to_string()),
                    }
                }
            }
        }
    }

    fn follow(&mut self, batch: &EventBatch<Runner>, history: &History, log: &Log) {
        let version = batch.version();
        if version <= self.version {
            self.note(&format!("hears of {version} again, or late"));
        }
        // A saved state that was installed is no commit: nothing tells of the versions that it jumped over.
        let installed = &log.state().members[self.member].installed;
        let jumped = installed.contains(&version)
            || version
                .previous()
                .is_some_and(|before| installed.contains(&before));
        if self.scope == Scope::Everything && version != self.version.next() && !jumped {
            self.note(&format!("hears of {version} without what is before"));
        }
        for event in batch {
            if let Err(what) = self.state.follow(event, self.scope) {
                self.note(&format!("at {version}: {what}"));
            }
        }
        self.version = version;
        self.compare(history);
    }

    /// Compares what it made of the events with what happened.
    fn compare(&self, history: &History) {
        let Some(past) = history.at(self.version) else {
            return self.note("has heard of what the log does not hold");
        };
        if self.state != past.state.within(self.scope) {
            self.note("has another state than the log");
        }
    }

    /// Whether it knows everything there is; for the end, when nothing more happens.
    pub(crate) fn is_current(&self, history: &History) -> bool {
        let newest = history.at(history.newest());
        newest.is_some_and(|past| past.state.within(self.scope) == self.state)
    }

    fn note(&self, what: &str) {
        self.report.note(format!(
            "the watcher of {:?} at member {}, at {}: {what}",
            self.scope, self.member, self.version
        ));
    }
}
