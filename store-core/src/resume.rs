//! Beginning a watch: from now, from a state, or from a past version.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use proposer::{Epoch, HistoryError, Proposer, Version};

use crate::changes::Changes;
use crate::position::{Epochs, Position};
use crate::replay::{Part, Replay};
use crate::schema::Schema;
use crate::snapshot::Snapshot;
use crate::store::Store;
use crate::subscription::{Live, Source, Subscription, WatchEnd};
use crate::watch::Watch;

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Begins a watch of what is committed from now on.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn watch(&self, watch: Watch<S>) -> Subscription<S> {
        Subscription::new(VecDeque::new(), Source::Live(self.subscribe(watch)))
    }

    /// Returns the committed state, and a watch of exactly what is committed after it.
    ///
    /// No lock is taken: it begins to watch, then takes the state, then drops what the state holds already.
    #[must_use = "dropping the subscription ends the watch"]
    pub fn view_and_watch(&self, watch: Watch<S>) -> (Snapshot<S>, Subscription<S>) {
        let mut live = self.subscribe(watch);
        let view = self.view();
        live.skip_through(view.version());
        (view, Subscription::new(VecDeque::new(), Source::Live(live)))
    }

    /// Begins a watch of exactly what was, and will be, committed after a position.
    ///
    /// Of a bare version it is taken for granted that it is one of the current history.
    ///
    /// What was is given from memory as far as that reaches, before that from the log: a first part is read here, and each other
    /// one when those before it were received. The log holds of an update what the object became; what it was before is taken from
    /// where the log tells it, so only what was last written before everything that the log holds is missing, as `None`.
    ///
    /// Where the log is compacted, or the history ends, before a slow watcher has received what was, the watch ends with
    /// [`WatchEnd::Lagged`], and cannot be resumed from there.
    ///
    /// # Errors
    /// When neither reaches back that far, or the position is of another history ([`HistoryError::Compacted`]: read the state,
    /// and watch from there), or the version is not committed yet.
    ///
    /// # Panics
    /// When the watch's predicate does: it is asked about the first part of the past on this thread.
    ///
    /// # Blocking
    /// May read from disk; so may receiving, until all that was is received.
    pub fn watch_from(
        &self,
        position: impl Into<Position>,
        watch: Watch<S>,
    ) -> Result<Subscription<S>, HistoryError> {
        let mut replay = Replay::new(watch, position.into());
        let Part { batches, live } = replay.next(self)?;
        let source = live.map_or_else(|| self.read_on(replay), Source::Live);
        Ok(Subscription::new(batches, source))
    }

    /// Returns a source that reads on where a replay stands. It does not keep the store open.
    fn read_on(&self, mut replay: Replay<S>) -> Source<S> {
        let store = self.downgrade();
        Source::Past(Box::new(move || {
            let store = store().ok_or(WatchEnd::Closed)?;
            // What the predicate does to itself ends its own watch, as when a commit asks it.
            let next = catch_unwind(AssertUnwindSafe(|| replay.next(&store)));
            let part = next.map_err(|_| WatchEnd::Panicked {
                version: replay.asked_about(),
            })?;
            // Whoever resumes from there is told why that cannot be.
            part.map_err(|_| WatchEnd::Lagged {
                resume_from: replay.given(),
            })
        }))
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
        let epochs = Arc::clone(self.shared().history().epochs());
        let mut position = epochs.position(version);
        if position.epoch == Epoch::ZERO {
            // It was committed before the store was opened: the log tells to which history what follows it belongs.
            let next = self.proposer().changes_between(version, version.next());
            let next = next.ok().and_then(|next| next.into_iter().next());
            position.epoch = next.map_or(Epoch::ZERO, |next| next.epoch);
        }
        self.watch_from(position, watch)
            .map_err(|error| after_the_restore(error, position, &epochs))
    }

    pub(crate) fn subscribe(&self, watch: Watch<S>) -> Live<S> {
        let (topics, options) = watch.into_parts();
        Live {
            subscriber: self.shared().watchers.subscribe(topics, options),
            epochs: Arc::clone(self.shared().history().epochs()),
        }
    }
}

/// Returns the error with the oldest version that is not before the restore.
///
/// A position may be one just before it, a bare version may not: it was told to resume from where it came from.
fn after_the_restore(error: HistoryError, position: Position, epochs: &Epochs) -> HistoryError {
    match error {
        HistoryError::Compacted {
            asked,
            oldest,
            current,
            epoch,
        } if !position.is_of(epoch) => HistoryError::Compacted {
            asked,
            oldest: epochs
                .newest_first()
                .map_or(oldest, |first| first.max(oldest)),
            current,
            epoch,
        },
        error => error,
    }
}
