//! The `docker.swarmkit.v1.Watch` service: changes as they are committed.
//!
//! # What a client receives
//! - First an empty message: from then on nothing is missed. With `resume_from`, everything after that version follows.
//! - Then one message for each transaction that made a change that the client asked for: those changes, in order, with
//!   the transaction's version. Whoever has received a message can read at least that version.
//! - A version of before a restore cannot be resumed from: it is told that the history is gone.
//! - An end that the client did not ask for comes with a status that says from which version to resume.
//!
//! # Slow clients
//! What a client has not received yet is kept for it up to a bound, in the store. Past that its watch ends, and it
//! resumes: no client slows down the others or makes the server grow.

mod entry;
mod message;
mod messages;

use std::fmt;
use std::pin::Pin;

use proposer::Proposer;
use store_core::{Changes, Store, Subscription, Version, Watch as StoreWatch};
use store_objects::Orchestration;
use store_objects::wire::{WatchMessage, WatchRequest};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use self::messages::Messages;
use crate::ending::Ending;
use crate::refusal::Refusal;
use crate::rpc::watch_server::Watch;

/// Transactions that are kept for a client that has not received them yet; then its watch ends. Some seconds of a busy
/// cluster; they are shared with the store's history, so that a watch keeps little of its own.
pub const TRANSACTIONS_BEHIND_MAX: usize = 1_024;

/// Serves `docker.swarmkit.v1.Watch` from a store.
pub struct WatchService<P: Proposer<Changes<Orchestration>>> {
    store: Store<Orchestration, P>,
    ending: Ending,
}

impl<P: Proposer<Changes<Orchestration>>> WatchService<P> {
    /// Returns the service of a store; its watches end when `ending` begins.
    #[must_use]
    pub const fn new(store: Store<Orchestration, P>, ending: Ending) -> Self {
        Self { store, ending }
    }

    /// Begins to watch, and returns the version that the watch follows.
    async fn subscribe(
        &self,
        watch: StoreWatch<Orchestration>,
        resume_from: Option<Version>,
    ) -> Result<(Version, Subscription<Orchestration>), Refusal> {
        let Some(version) = resume_from else {
            let (view, subscription) = self.store.view_and_watch(watch);
            return Ok((view.version(), subscription));
        };
        // Of what is no longer in memory, a first part is read from disk.
        let store = self.store.clone();
        let resume = move || store.watch_within_history(version, watch);
        let resumed = tokio::task::spawn_blocking(resume).await;
        let subscription = resumed.map_err(|panic| Refusal::Unforeseen(panic.to_string()))??;
        Ok((version, subscription))
    }
}

#[tonic::async_trait]
impl<P: Proposer<Changes<Orchestration>>> Watch for WatchService<P> {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<WatchMessage, Status>> + Send>>;

    async fn watch(
        &self,
        request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let request = request.into_inner();
        let watch = entry::watch(request.entries)?.with_capacity(TRANSACTIONS_BEHIND_MAX);
        let resume_from = request
            .resume_from
            .map(|version| Version::new(version.index));
        let (version, subscription) = self.subscribe(watch, resume_from).await?;
        let include_old = request.include_old_object;
        let messages = Messages::new(subscription, version, include_old, self.ending.clone());
        Ok(Response::new(Box::pin(messages)))
    }
}

impl<P: Proposer<Changes<Orchestration>>> fmt::Debug for WatchService<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchService")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
