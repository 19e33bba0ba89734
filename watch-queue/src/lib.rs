#![doc = include_str!("../README.md")]

mod position;

mod topics;

mod batch;

mod error;

mod options;

mod queue;

mod subscriber;

#[cfg(feature = "stream")]
mod stream;

mod encoded;

mod order;

mod publication;

mod delivery;

mod aftermath;

mod registry;

mod members;

mod outlet;

mod buffer;

mod latest;

mod sync;

pub use batch::Batch;
pub use delivery::Delivery;
pub use encoded::Encoded;
pub use error::{PublishError, RecvError, RecvTimeoutError, TryRecvError};
pub use options::{Lag, Options};
pub use position::Position;
pub use queue::Queue;
#[cfg(feature = "stream")]
pub use stream::SubscriberStream;
pub use subscriber::{Iter, Subscriber, TryIter};
pub use topics::{TopicSet, Topics};
