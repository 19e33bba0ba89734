//! What one client of the watch service receives, as a stream.
//!
//! It pulls: the transport asks for a message when it has room for one, and until then everything waits in the store's
//! bounded buffer. Dropping it, as the transport does when the client has gone, ends the watch.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use store_core::{EventBatch, Subscription, SubscriptionStream, Version, WatchEnd};
use store_objects::Orchestration;
use store_objects::wire::WatchMessage;
use tokio_stream::Stream;
use tonic::Status;

use super::message::message;
use crate::ending::Ending;
use crate::refusal::{Refusal, WatchEnded};

/// The messages of one watch: an empty one, then one for each transaction, then, perhaps, a status.
pub(super) struct Messages {
    state: State,
    events: SubscriptionStream<Orchestration>,
    ending: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Everything up to here was sent.
    version: Version,
    include_old: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Running,
    Over,
}

impl Messages {
    /// Returns the messages of a subscription that follows `version`.
    pub(super) fn new(
        subscription: Subscription<Orchestration>,
        version: Version,
        include_old: bool,
        ending: Ending,
    ) -> Self {
        Self {
            state: State::New,
            events: subscription.into_stream(),
            ending: Box::pin(async move { ending.begun().await }),
            version,
            include_old,
        }
    }

    /// Returns the next batch, or why there is none.
    fn poll_batch(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<EventBatch<Orchestration>, Refusal>> {
        let ended = |why, resume_from| Err(Refusal::WatchEnded { why, resume_from });
        if self.ending.as_mut().poll(context).is_ready() {
            // Also what was committed since and is not for this client: a quiet watch need not list again for that.
            let progress = self.events.progress();
            let version = progress.map_or(self.version, |position| position.version);
            return Poll::Ready(ended(WatchEnded::ShuttingDown, version));
        }
        Poll::Ready(
            match ready!(Pin::new(&mut self.events).poll_next(context)) {
                Some(Ok(batch)) => Ok(batch),
                Some(Err(WatchEnd::Lagged { resume_from })) => {
                    ended(WatchEnded::Lagged, resume_from)
                }
                Some(Err(WatchEnd::Closed)) | None => ended(WatchEnded::ShuttingDown, self.version),
                Some(Err(other)) => Err(Refusal::Unforeseen(other.to_string())),
            },
        )
    }
}

impl Stream for Messages {
    type Item = Result<WatchMessage, Status>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<WatchMessage, Status>>> {
        match self.state {
            State::New => {
                self.state = State::Running;
                Poll::Ready(Some(Ok(WatchMessage::default())))
            }
            State::Running => Poll::Ready(Some(match ready!(self.poll_batch(context)) {
                Ok(batch) => {
                    self.version = batch.version();
                    Ok(message(&batch, self.include_old))
                }
                Err(refusal) => {
                    self.state = State::Over;
                    Err(refusal.into())
                }
            })),
            State::Over => Poll::Ready(None),
        }
    }
}
