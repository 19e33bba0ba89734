//! A subscription as an async stream. Needs no executor: whoever commits wakes the task.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use proposer::Version;
use watch_queue::SubscriberStream;

use crate::event::Event;
use crate::position::{Epochs, Position};
use crate::replay::{Part, ReadOn};
use crate::schema::Schema;
use crate::subscription::{EventBatch, Live, Source, Subscription, WatchEnd};

/// The batches of a subscription: see [`Subscription::into_stream`].
#[must_use = "streams do nothing unless polled, and dropping this one ends the watch"]
pub struct SubscriptionStream<S: Schema> {
    replay: VecDeque<EventBatch<S>>,
    stage: Stage<S>,
}

/// Where batches come from when those at hand were given.
enum Stage<S: Schema> {
    Past(ReadOn<S>),
    Live(SubscriberStream<Event<S>>, Arc<Epochs>),
    Ended(Option<WatchEnd>),
}

impl<S: Schema> Subscription<S> {
    /// Returns the subscription as a stream, which ends with an error that tells why, or plainly when the store is closed.
    ///
    /// # Cancel safety
    /// A batch is either returned or still buffered, whenever the stream is not polled any more.
    ///
    /// # Blocking
    /// When a watch that resumes from the log is polled, it may read a part of that from disk; other tasks run before the next.
    pub fn into_stream(self) -> SubscriptionStream<S> {
        let (replay, source) = self.into_parts();
        let stage = match source {
            Source::Past(read_on) => Stage::Past(read_on),
            Source::Live(live) => Stage::of(live),
            Source::Ended(end) => Stage::Ended(Some(end)),
        };
        SubscriptionStream { replay, stage }
    }
}

impl<S: Schema> Stage<S> {
    fn of(live: Live<S>) -> Self {
        Self::Live(live.subscriber.into_stream(), live.epochs)
    }
}

impl<S: Schema> SubscriptionStream<S> {
    /// Returns [`Subscription::progress`]; `None` also once the stream has ended.
    #[must_use]
    pub fn progress(&self) -> Option<Position> {
        let Stage::Live(live, epochs) = &self.stage else {
            return None;
        };
        if !self.replay.is_empty() {
            return None;
        }
        let at = live.progress()?;
        Some(epochs.position(Version::new(at.get())))
    }
}

impl<S: Schema> Stream for SubscriptionStream<S> {
    type Item = Result<EventBatch<S>, WatchEnd>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(batch) = self.replay.pop_front() {
            return Poll::Ready(Some(Ok(batch)));
        }
        match &mut self.stage {
            Stage::Past(read_on) => {
                match read_on() {
                    Ok(Part { batches, live }) => {
                        self.replay = batches;
                        if let Some(live) = live {
                            self.stage = Stage::of(live);
                        }
                    }
                    Err(end) => self.stage = Stage::Ended(Some(end)),
                }
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Stage::Live(live, epochs) => {
                let next = ready!(Pin::new(live).poll_next(context));
                Poll::Ready(next.map(|batch| Ok(Live::batch(epochs, batch?))))
            }
            Stage::Ended(end) => {
                let end = end.take().filter(|end| *end != WatchEnd::Closed);
                Poll::Ready(end.map(Err))
            }
        }
    }
}

impl<S: Schema> fmt::Debug for SubscriptionStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscriptionStream")
            .field("replay", &self.replay.len())
            .finish_non_exhaustive()
    }
}
