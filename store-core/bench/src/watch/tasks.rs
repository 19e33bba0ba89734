//! Watchers that are tasks, on two threads: a publication is delivered when every task has been woken and has taken it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Runtime};

use super::peer::{Id, Peer};

/// As many as the Go harness lets run at once.
const THREADS: usize = 2;

pub(super) struct Tasks {
    count: usize,
    missing: Arc<Missing>,
    _runtime: Runtime,
}

/// How many tasks have not taken the event yet, and who waits for them.
struct Missing {
    tasks: AtomicUsize,
    publisher: Thread,
}

impl Tasks {
    /// Begins so many watches of an id, to be published to by this thread.
    pub(super) fn spawn<P: Peer>(peer: &P, id: Id, count: usize) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .build()
            .expect("a runtime without timers and sockets needs nothing but threads");
        let missing = Arc::new(Missing {
            tasks: AtomicUsize::new(0),
            publisher: thread::current(),
        });
        for _ in 0..count {
            let missing = Arc::clone(&missing);
            let took = move || {
                if missing.tasks.fetch_sub(1, Ordering::AcqRel) == 1 {
                    missing.publisher.unpark();
                }
            };
            drop(runtime.spawn(P::task(peer.watch(id), took)));
        }
        Self {
            count,
            missing,
            _runtime: runtime,
        }
    }

    /// Publishes, and returns when every task has taken it.
    pub(super) fn deliver(&self, publish: impl FnOnce()) {
        self.missing.tasks.store(self.count, Ordering::Release);
        publish();
        while self.missing.tasks.load(Ordering::Acquire) > 0 {
            thread::park();
        }
    }
}
