//! Why nothing was published, and why nothing was received.

use crate::Position;

/// Why a publication was refused. No subscriber received any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The queue was closed.
    #[error("the queue is closed")]
    Closed,
    /// The position does not come after the one before it.
    #[error("position {at} does not come after {last}, the last that was published")]
    OutOfOrder {
        /// The position that was asked for.
        at: Position,
        /// The last position that was published.
        last: Position,
    },
}

/// Why a subscription ended. Everything that was buffered has been received, and nothing will follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecvError {
    /// The subscriber fell behind: its buffer was full when the next publication came.
    #[error("fell behind: everything through position {resume_from} was received, resume after it")]
    Lagged {
        /// The last position that the subscriber can rely on: it has received all that it wants up to here, and nothing
        /// from beyond.
        resume_from: Position,
    },
    /// The subscription's predicate panicked.
    #[error("the predicate panicked on the publication at position {at}")]
    Panicked {
        /// The publication whose events it was asked about.
        at: Position,
    },
    /// The queue was closed.
    #[error("the queue is closed")]
    Closed,
}

/// Why [`try_recv`](crate::Subscriber::try_recv) has nothing to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TryRecvError {
    /// Nothing is buffered at the moment.
    #[error("nothing is buffered")]
    Empty,
    /// The subscription ended.
    #[error(transparent)]
    Ended(#[from] RecvError),
}

/// Why [`recv_timeout`](crate::Subscriber::recv_timeout) has nothing to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecvTimeoutError {
    /// Nothing arrived in time.
    #[error("nothing arrived in time")]
    Timeout,
    /// The subscription ended.
    #[error(transparent)]
    Ended(#[from] RecvError),
}
