//! The past of a watch that resumes: from memory as far as that reaches, before that from the log, part by part as it is taken.
//!
//! Invariant: everything up to `from` was given, and nothing after it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use proposer::{Change, HistoryError, Proposer, Version};

use crate::changes::Changes;
use crate::event::Event;
use crate::history::Past;
use crate::position::Position;
use crate::schema::{AnyObject as _, Schema, kind_of};
use crate::store::Store;
use crate::subscription::{EventBatch, Live, WatchEnd};
use crate::watch::Watch;

/// Bytes that are read from the log at once: an eighth of a file of a journal, which is read from its beginning for each part.
const PART_BYTES: usize = 4 << 20;

/// What a watch has still to be told of the past.
pub(crate) struct Replay<S: Schema> {
    watch: Watch<S>,
    from: Position,
    /// The last transaction whose events the watch's predicate was asked about.
    asked_about: Version,
    /// Absent until the log tells of an update without what that replaced.
    olds: Option<Olds<S>>,
}

/// A part of the past.
pub(crate) struct Part<S: Schema> {
    pub(crate) batches: VecDeque<EventBatch<S>>,
    /// What follows, when nothing of the past is left.
    pub(crate) live: Option<Live<S>>,
}

/// Reads the next part.
pub(crate) type ReadOn<S> = Box<dyn FnMut() -> Result<Part<S>, WatchEnd> + Send + Sync>;

impl<S: Schema> Replay<S> {
    pub(crate) const fn new(watch: Watch<S>, from: Position) -> Self {
        Self {
            watch,
            from,
            asked_about: from.version,
            olds: None,
        }
    }

    /// Returns the version up to which everything was given.
    pub(crate) const fn given(&self) -> Version {
        self.from.version
    }

    /// Returns the last transaction whose events the watch's predicate was asked about.
    pub(crate) const fn asked_about(&self) -> Version {
        self.asked_about
    }

    /// Returns the next part, from the log as much as is read at once.
    ///
    /// # Errors
    /// When neither memory nor the log reaches back that far, or the history is another by now.
    pub(crate) fn next<P: Proposer<Changes<S>>>(
        &mut self,
        store: &Store<S, P>,
    ) -> Result<Part<S>, HistoryError> {
        let live = store.subscribe(self.watch.clone());
        // Whatever is committed after this look is published after it, so it reaches `live`.
        let in_memory = store.shared().history().after(self.from);
        let (past, mut live) = match in_memory {
            Err(HistoryError::Compacted { oldest, epoch, .. }) if self.from.is_of(epoch) => {
                drop(live);
                (self.read(store.proposer(), oldest)?, None)
            }
            in_memory => (in_memory?, Some(live)),
        };
        let newest = past.last().map(|(at, _)| *at);
        let mut batches = VecDeque::new();
        for (at, events) in past {
            self.asked_about = at.version;
            let chosen = self.watch.select(&events);
            batches.extend(chosen.map(|events| EventBatch::new(at, events)));
        }
        if let Some(newest) = newest {
            if self.watch.has_bookmarks()
                && batches.back().map(EventBatch::position) != Some(newest)
            {
                batches.push_back(EventBatch::new(newest, Arc::default()));
            }
            // Of the same history: one that is restored meanwhile is another.
            self.from.version = newest.version;
        }
        if let Some(live) = &mut live {
            live.skip_through(self.from.version);
        }
        Ok(Part { batches, live })
    }

    /// Reads the next part from the log, with old objects as far as the log tells them.
    fn read(
        &mut self,
        log: &impl Proposer<Changes<S>>,
        through: Version,
    ) -> Result<Vec<Past<S>>, HistoryError> {
        let after = self.from.version;
        let changes = log.first_changes_between(after, through, PART_BYTES)?;
        if changes.is_empty() {
            let what = format!("it holds nothing between versions {after} and {through}");
            return Err(HistoryError::Failed(what));
        }
        let mut events = changes.iter().flat_map(|change| change.payload.iter());
        if self.olds.is_none()
            && events.any(|event| matches!(event, Event::Updated { old: None, .. }))
        {
            self.olds = Some(Olds::at(after, log));
        }
        let past = |change: Change<Changes<S>>| {
            let at = Position {
                epoch: change.epoch,
                version: change.version,
            };
            let events = match &mut self.olds {
                None => change.payload.shared(),
                Some(olds) => change
                    .payload
                    .iter()
                    .map(|event| olds.complete(event))
                    .collect(),
            };
            (at, events)
        };
        Ok(changes.into_iter().map(past).collect())
    }
}

/// An object's name among all kinds.
type Name = (usize, Vec<u8>);

/// Objects as the log has told of them up to a version. It has no more of them than there were.
struct Olds<S: Schema>(HashMap<Name, S::Any>);

impl<S: Schema> Olds<S> {
    /// Returns what the log tells, however far it reaches back: what it does not tell stays unknown.
    fn at(version: Version, log: &impl Proposer<Changes<S>>) -> Self {
        let mut olds = Self(HashMap::new());
        let mut reached = Version::ZERO;
        while reached < version {
            match log.first_changes_between(reached, version, PART_BYTES) {
                Ok(changes) if !changes.is_empty() => {
                    for change in changes {
                        for event in change.payload.iter() {
                            olds.note(event);
                        }
                        reached = change.version;
                    }
                }
                gone => {
                    // What was noted may have changed in what is missing.
                    olds.0.clear();
                    match gone {
                        Err(HistoryError::Compacted { oldest, .. }) if oldest > reached => {
                            reached = oldest;
                        }
                        _ => break,
                    }
                }
            }
        }
        olds
    }

    /// Returns an event with its old object, where that is known, and takes note of it.
    fn complete(&mut self, event: &Event<S>) -> Event<S> {
        let old = self.note(event);
        match event {
            Event::Updated { old: None, new } => Event::Updated {
                old,
                new: new.clone(),
            },
            other => other.clone(),
        }
    }

    /// Takes note of an event, and returns what its object was before, where that is known.
    fn note(&mut self, event: &Event<S>) -> Option<S::Any> {
        let object = event.object();
        let name: Name = (object.ordinal(), (kind_of::<S>(object).key)(object));
        match event {
            Event::Created(_) | Event::Updated { .. } => self.0.insert(name, object.clone()),
            Event::Deleted(_) => self.0.remove(&name),
        }
    }
}
