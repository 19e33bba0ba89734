//! A reconcile loop, driven by a watch: whatever waits is given to a worker, also what waited before the loop began.
//!
//! The watch says *that* something happened; the loop looks at the state and does what is left to do. So it may run late,
//! twice, or after it fell behind, and comes to the same end.
//!
//! `cargo run -p store-core --example reconcile`

mod support;

use std::error::Error;
use std::thread;

use proposer::Loopback;
use store_core::{Changes, Read, Store, UpdateError, Watch, WatchEnd};
use support::{BY_WORKER, Job, Jobs};

type JobStore = Store<Jobs, Loopback<Changes<Jobs>>>;

/// Runs until the store is closed.
fn assign(store: &JobStore) -> Result<(), Box<dyn Error + Send + Sync>> {
    let waiting = || BY_WORKER.eq("");
    let mut watch = store.watch(Watch::query(waiting()));
    loop {
        store.update(|tx| {
            let jobs: Vec<Job> = tx.find(waiting()).map(|job| Job::clone(job)).collect();
            for job in jobs {
                let worker = format!("worker-{}", job.id.len() % 2);
                tx.update(Job { worker, ..job })?;
            }
            Ok::<_, UpdateError>(())
        })?;
        match watch.recv() {
            Ok(_) => {}
            // The state says all that was missed.
            Err(WatchEnd::Lagged { .. }) => watch = store.watch(Watch::query(waiting())),
            Err(_) => return Ok(()),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = JobStore::open(Loopback::new())?;
    store.update(|tx| tx.create(Job::waiting("build")))?;

    thread::scope(|scope| {
        let reconciler = scope.spawn(|| assign(&store));
        let mut done = store.watch(Watch::table::<Job>());
        store.update(|tx| tx.create(Job::waiting("test")))?;
        store.update(|tx| tx.create(Job::waiting("ship")))?;
        while store.view().count(BY_WORKER.eq("")) > 0 {
            done.recv()?;
        }
        for worker in ["worker-0", "worker-1"] {
            let view = store.view();
            let jobs: Vec<_> = view
                .find(BY_WORKER.eq(worker))
                .map(|job| &*job.id)
                .collect();
            println!("{worker}: {}", jobs.join(", "));
        }
        store.close();
        let ended = reconciler.join().expect("the loop does not panic");
        ended.map_err(|error| error.to_string().into())
    })
}
