//! A subscription, received by a task.
//!
//! The store is synchronous: its subscriptions are received by blocking. A thread for each watch does that, and hands
//! over one batch at a time, so that what a slow client has not received yet waits in the store's bounded buffer, and
//! nowhere else.

use std::thread;
use std::time::Duration;

use store_core::{EventBatch, NoBatch, Subscription, WatchEnd};
use store_objects::Orchestration;
use tokio::sync::mpsc;

type Received = Result<EventBatch<Orchestration>, WatchEnd>;

/// How soon the thread of a watch whose client has gone ends, when nothing happens.
const ABANDONED_CHECK: Duration = Duration::from_secs(1);

/// What a watch gives, to be awaited. Dropping it ends the watch.
#[derive(Debug)]
pub(super) struct Feed {
    received: mpsc::Receiver<Received>,
}

impl Feed {
    /// Begins to receive.
    ///
    /// # Errors
    /// When the operating system has no more threads.
    pub(super) fn new(mut subscription: Subscription<Orchestration>) -> std::io::Result<Self> {
        let (sender, received) = mpsc::channel(1);
        thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || {
                while !sender.is_closed() {
                    let next = match subscription.recv_timeout(ABANDONED_CHECK) {
                        Ok(batch) => Ok(batch),
                        Err(NoBatch::Yet) => continue,
                        Err(NoBatch::Ever(end)) => Err(end),
                    };
                    let over = next.is_err();
                    if sender.blocking_send(next).is_err() || over {
                        return;
                    }
                }
            })?;
        Ok(Self { received })
    }

    /// Returns the next batch.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(super) async fn next(&mut self) -> Received {
        self.received.recv().await.unwrap_or(Err(WatchEnd::Closed))
    }
}
