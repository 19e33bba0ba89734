//! `tokio::sync::broadcast`: one ring that everybody reads all of.

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender};

use super::peer::{Changed, Id, Peer, Taken};

/// As many events as our watchers buffer unless they say otherwise.
const CAPACITY: usize = 1_024;

pub(super) struct Broadcast(Sender<Changed>);

pub(super) struct Watcher {
    receiver: Receiver<Changed>,
    id: Id,
}

impl Peer for Broadcast {
    type Watcher = Watcher;
    const SKIMS: bool = true;

    fn new() -> Self {
        Self(Sender::new(CAPACITY))
    }

    fn publish(&self, event: Changed) {
        // An error says that there are no watchers.
        let _ = self.0.send(event);
    }

    fn watch(&self, id: Id) -> Watcher {
        Watcher {
            receiver: self.0.subscribe(),
            id,
        }
    }

    fn take(watcher: &mut Watcher) -> Option<Taken> {
        loop {
            match watcher.receiver.try_recv() {
                Ok(event) if event.id == watcher.id => return Some(event.read()),
                Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }

    async fn task(mut watcher: Watcher, took: impl Fn() + Send + 'static) {
        loop {
            match watcher.receiver.recv().await {
                Ok(event) if event.id == watcher.id => took(),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}
