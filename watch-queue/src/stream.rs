//! A subscription as an async stream. Needs no executor: the publisher wakes the task.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::{Batch, Position, RecvError, Subscriber, Topics, TryRecvError};

/// The publications of a subscription: see [`Subscriber::into_stream`].
#[derive(Debug)]
#[must_use = "streams do nothing unless polled, and dropping this one unsubscribes"]
pub struct SubscriberStream<E: Topics> {
    /// Absent after the end.
    subscriber: Option<Subscriber<E>>,
}

impl<E: Topics> Subscriber<E> {
    /// Returns the subscription as a stream, which ends with an error that tells why, or plainly when the queue is closed.
    ///
    /// # Cancel safety
    /// A publication is either returned or still buffered, whenever the stream is not polled any more.
    pub fn into_stream(self) -> SubscriberStream<E> {
        SubscriberStream {
            subscriber: Some(self),
        }
    }
}

impl<E: Topics> SubscriberStream<E> {
    /// Returns [`Subscriber::progress`]; `None` also once the stream has ended.
    #[must_use]
    pub fn progress(&self) -> Option<Position> {
        self.subscriber.as_ref()?.progress()
    }

    /// Returns the subscription, unless the stream has ended.
    #[must_use]
    pub fn into_inner(self) -> Option<Subscriber<E>> {
        self.subscriber
    }
}

impl<E: Topics> Unpin for SubscriberStream<E> {}

impl<E: Topics> Stream for SubscriberStream<E> {
    type Item = Result<Batch<E>, RecvError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let stream = self.get_mut();
        let Some(subscriber) = &stream.subscriber else {
            return Poll::Ready(None);
        };
        let mut received = subscriber.try_recv();
        if matches!(received, Err(TryRecvError::Empty)) {
            // Looks again after asking to be woken: a delivery in between has woken nobody.
            subscriber.wake_next(context.waker());
            received = subscriber.try_recv();
        }
        match received {
            Ok(batch) => Poll::Ready(Some(Ok(batch))),
            Err(TryRecvError::Empty) => Poll::Pending,
            Err(TryRecvError::Ended(reason)) => {
                stream.subscriber = None;
                Poll::Ready((reason != RecvError::Closed).then_some(Err(reason)))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.subscriber.as_ref().map_or(0, Subscriber::len), None)
    }
}

impl<E: Topics> FusedStream for SubscriberStream<E> {
    fn is_terminated(&self) -> bool {
        self.subscriber.is_none()
    }
}
