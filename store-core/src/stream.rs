//! A subscription as an async stream. Needs no executor: whoever commits wakes the task.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use watch_queue::SubscriberStream;

use crate::event::Event;
use crate::position::Epochs;
use crate::schema::Schema;
use crate::subscription::{EventBatch, Live, Subscription, WatchEnd};

/// The batches of a subscription: see [`Subscription::into_stream`].
#[must_use = "streams do nothing unless polled, and dropping this one ends the watch"]
pub struct SubscriptionStream<S: Schema> {
    replay: VecDeque<EventBatch<S>>,
    live: SubscriberStream<Event<S>>,
    epochs: Arc<Epochs>,
}

impl<S: Schema> Subscription<S> {
    /// Returns the subscription as a stream, which ends with an error that tells why, or plainly when the store is closed.
    ///
    /// # Cancel safety
    /// A batch is either returned or still buffered, whenever the stream is not polled any more.
    pub fn into_stream(self) -> SubscriptionStream<S> {
        let (replay, live) = self.into_parts();
        SubscriptionStream {
            replay,
            live: live.subscriber.into_stream(),
            epochs: live.epochs,
        }
    }
}

impl<S: Schema> Stream for SubscriptionStream<S> {
    type Item = Result<EventBatch<S>, WatchEnd>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(batch) = self.replay.pop_front() {
            return Poll::Ready(Some(Ok(batch)));
        }
        let next = ready!(Pin::new(&mut self.live).poll_next(context));
        Poll::Ready(next.map(|batch| Ok(Live::batch(&self.epochs, batch?))))
    }
}

impl<S: Schema> fmt::Debug for SubscriptionStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscriptionStream")
            .field("replay", &self.replay.len())
            .finish_non_exhaustive()
    }
}
