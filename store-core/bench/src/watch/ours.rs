//! Ours: a topic for each id.

use std::future::poll_fn;
use std::pin::pin;

use futures_core::Stream as _;
use watch_queue::{Options, Queue, Subscriber, Topics};

use super::peer::{Changed, Id, Peer, Taken};

pub(super) struct Ours(Queue<Changed>);

impl Topics for Changed {
    type Topic = Id;

    fn topics(&self, visit: &mut dyn FnMut(Id)) {
        visit(self.id);
    }
}

impl Peer for Ours {
    type Watcher = Subscriber<Changed>;
    const SKIMS: bool = false;

    fn new() -> Self {
        Self(Queue::new())
    }

    fn publish(&self, event: Changed) {
        self.0.append([event]).expect("the queue is open");
    }

    fn watch(&self, id: Id) -> Self::Watcher {
        self.0.subscribe([id], Options::new())
    }

    fn take(watcher: &mut Self::Watcher) -> Option<Taken> {
        let batch = watcher.try_recv().ok()?;
        Some(batch[0].read())
    }

    async fn task(watcher: Self::Watcher, took: impl Fn() + Send + 'static) {
        let mut stream = pin!(watcher.into_stream());
        while let Some(Ok(_batch)) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            took();
        }
    }
}
