//! Beginning a watch: from now, from a state, or from a past version.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use proposer::{Change, HistoryError, Proposer, Version};

use crate::changes::Changes;
use crate::event::Event;
use crate::history::Past;
use crate::position::Position;
use crate::schema::{AnyObject as _, Schema, kind_of};
use crate::snapshot::Snapshot;
use crate::store::Store;
use crate::subscription::{EventBatch, Live, Subscription};
use crate::watch::Watch;

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Begins a watch of what is committed from now on.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn watch(&self, watch: Watch<S>) -> Subscription<S> {
        Subscription::new(VecDeque::new(), self.subscribe(watch))
    }

    /// Returns the committed state, and a watch of exactly what is committed after it.
    ///
    /// No lock is taken: it begins to watch, then takes the state, then drops what the state holds already.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn view_and_watch(&self, watch: Watch<S>) -> (Snapshot<S>, Subscription<S>) {
        let mut live = self.subscribe(watch);
        let view = self.view();
        live.skip_through(view.version());
        (view, Subscription::new(VecDeque::new(), live))
    }

    /// Begins a watch of exactly what was, and will be, committed after a position.
    ///
    /// Of a bare version it is taken for granted that it is one of the current history.
    ///
    /// What was is given from memory as far as that reaches, before that from the log. The log holds of an update what the
    /// object became; what it was before is taken from where the log tells it, so only what was last written before
    /// everything that the log holds is missing, as `None`.
    ///
    /// # Errors
    /// When neither reaches back that far, or the position is of another history ([`HistoryError::Compacted`]: read the state,
    /// and watch from there), or the version is not committed yet.
    ///
    /// # Panics
    /// When the watch's predicate does: it is asked about the past on this thread.
    ///
    /// # Blocking
    /// May read from disk.
    pub fn watch_from(
        &self,
        position: impl Into<Position>,
        watch: Watch<S>,
    ) -> Result<Subscription<S>, HistoryError> {
        let (past, live) = self.past_and_live(position.into(), &watch)?;
        Ok(Subscription::new(watch.replay(past), live))
    }

    /// As [`Store::watch_from`], for a version from one who cannot tell of which history it is.
    ///
    /// One of a history before a restore is refused as a position of it is, instead of being taken on through the restore:
    /// whoever watched another store, the one whose state was restored, may have the same version of another state.
    ///
    /// # Errors
    /// As [`Store::watch_from`].
    ///
    /// # Panics
    /// As [`Store::watch_from`].
    ///
    /// # Blocking
    /// As [`Store::watch_from`].
    pub fn watch_within_history(
        &self,
        version: Version,
        watch: Watch<S>,
    ) -> Result<Subscription<S>, HistoryError> {
        let position = self.shared().history().epochs().position(version);
        let (past, live) = self.past_and_live(position, &watch)?;
        of_one_history(version, &past)?;
        Ok(Subscription::new(watch.replay(past), live))
    }

    /// Returns what was committed after a position, and a watch of what follows that.
    fn past_and_live(
        &self,
        position: Position,
        watch: &Watch<S>,
    ) -> Result<(Vec<Past<S>>, Live<S>), HistoryError> {
        let mut live = self.subscribe(watch.clone());
        let mut past: Vec<Past<S>> = Vec::new();
        let mut from = position;
        loop {
            // Whatever is committed after this look is published after it, so it reaches `live`.
            let in_memory = self.shared().history().after(from);
            let oldest = match in_memory {
                Err(HistoryError::Compacted { oldest, epoch, .. }) if from.is_of(epoch) => oldest,
                in_memory => {
                    past.extend(in_memory?);
                    break;
                }
            };
            past.extend(self.past_from_log(from.version, oldest)?);
            // Of the same history: one that is restored meanwhile is another.
            from.version = oldest;
        }
        let newest = past.last().map_or(position.version, |(at, _)| at.version);
        live.skip_through(newest);
        Ok((past, live))
    }

    fn subscribe(&self, watch: Watch<S>) -> Live<S> {
        let (topics, options) = watch.into_parts();
        Live {
            subscriber: self.shared().watchers.subscribe(topics, options),
            epochs: Arc::clone(self.shared().history().epochs()),
        }
    }

    /// Returns what the log holds of a stretch, with old objects as far as the log tells them.
    fn past_from_log(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Past<S>>, HistoryError> {
        let changes = self.proposer().changes_between(after, through)?;
        let mut olds = Olds::wanted_by(&changes);
        if !olds.wanted.is_empty() {
            // However far the log reaches back: what it does not tell stays unknown.
            let earlier = match self.proposer().changes_between(Version::ZERO, after) {
                Err(HistoryError::Compacted { oldest, .. }) if oldest < after => {
                    self.proposer().changes_between(oldest, after)
                }
                earlier => earlier,
            };
            for change in earlier.unwrap_or_default() {
                change.payload.iter().for_each(|event| olds.learn(event));
            }
        }
        let past = |change: Change<Changes<S>>| {
            let at = Position {
                epoch: change.epoch,
                version: change.version,
            };
            let events = change.payload.iter().map(|event| olds.complete(event));
            (at, events.collect())
        };
        Ok(changes.into_iter().map(past).collect())
    }
}

/// Refuses a stretch in which one history ends and another one begins.
///
/// # Errors
/// That everything before the newest history is gone.
fn of_one_history<S: Schema>(asked: Version, past: &[Past<S>]) -> Result<(), HistoryError> {
    let Some((newest, _)) = past.last() else {
        return Ok(());
    };
    let before = past.partition_point(|(at, _)| at.epoch != newest.epoch);
    if before == 0 {
        return Ok(());
    }
    Err(HistoryError::Compacted {
        asked,
        oldest: past[before].0.version,
        current: newest.version,
        epoch: newest.epoch,
    })
}

impl<S: Schema> Watch<S> {
    /// Returns what it is about in the past, and where the past ends if it wants bookmarks.
    fn replay(self, past: Vec<Past<S>>) -> VecDeque<EventBatch<S>> {
        let newest = past.last().map(|(at, _)| *at);
        let mut replay: VecDeque<_> = past
            .into_iter()
            .filter_map(|(at, events)| Some(EventBatch::new(at, self.select(&events)?)))
            .collect();
        let told = replay.back().map(EventBatch::position);
        if self.has_bookmarks() && told != newest {
            replay.extend(newest.map(|at| EventBatch::new(at, Arc::default())));
        }
        replay
    }
}

/// An object's name among all kinds.
type Name = (usize, Vec<u8>);

/// Objects before they were updated, gathered from the log in its order.
struct Olds<S: Schema> {
    /// Those that are updated before the stretch itself tells what they are.
    wanted: HashSet<Name>,
    known: HashMap<Name, S::Any>,
}

impl<S: Schema> Olds<S> {
    /// Returns what a stretch of the log does not tell by itself.
    fn wanted_by(changes: &[Change<Changes<S>>]) -> Self {
        let mut met = HashSet::new();
        let mut wanted = HashSet::new();
        for event in changes.iter().flat_map(|change| change.payload.iter()) {
            let name = name::<S>(event.object());
            let unknown = matches!(event, Event::Updated { old: None, .. });
            if met.insert(name.clone()) && unknown {
                wanted.insert(name);
            }
        }
        Self {
            wanted,
            known: HashMap::new(),
        }
    }

    /// Takes note of an event before the stretch.
    fn learn(&mut self, event: &Event<S>) {
        let name = name::<S>(event.object());
        if self.wanted.contains(&name) {
            self.note(name, event);
        }
    }

    /// Returns an event of the stretch with its old object, where that is known, and takes note of it.
    fn complete(&mut self, event: &Event<S>) -> Event<S> {
        let name = name::<S>(event.object());
        let event = match event {
            Event::Updated { old: None, new } => Event::Updated {
                old: self.known.get(&name).cloned(),
                new: new.clone(),
            },
            other => other.clone(),
        };
        self.note(name, &event);
        event
    }

    fn note(&mut self, name: Name, event: &Event<S>) {
        match event {
            Event::Created(object) | Event::Updated { new: object, .. } => {
                self.known.insert(name, object.clone());
            }
            Event::Deleted(_) => {
                self.known.remove(&name);
            }
        }
    }
}

fn name<S: Schema>(object: &S::Any) -> Name {
    (object.ordinal(), (kind_of::<S>(object).key)(object))
}
