//! What may be sent to, and shared between, threads and tasks.

mod support;

use proposer::Loopback;
use store_core::*;
use support::{Job, LocalStore, Runner, job, store};

#[test]
fn everything_that_outlives_a_call_is_sent_and_shared() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Store<Runner, Loopback<Changes<Runner>>>>();
    check::<Table<Job>>();
    check::<Snapshot<Runner>>();
    check::<Query<Job>>();
    check::<Page<Job>>();
    check::<PageToken>();
    check::<Watch<Runner>>();
    check::<Subscription<Runner>>();
    check::<EventBatch<Runner>>();
    check::<Pending<u8, CreateError>>();
    check::<WaitFor>();
    check::<TransactionError<CreateError>>();
    check::<BatchError<UpdateError>>();
    check::<RestoreStateError>();
    check::<WatchEnd>();
}

/// A runtime with several threads takes no other.
#[test]
fn futures_move_between_threads() {
    fn check<T: Send>(_: &T) {}
    let store: LocalStore = store();
    check(&store.update_async(|tx| tx.create(job("a")).map(drop)));
    check(&store.wait_for(Version::new(1)));
}
