//! What can be set about a store.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What can be set about a store; the defaults suit a cluster of thousands of nodes.
#[derive(Clone)]
#[non_exhaustive]
pub struct StoreOptions {
    /// Transactions on their way through the log at once; the next one waits. 1 024 by default: a flush of a
    /// millisecond then carries a million transactions a second.
    pub in_flight_max: usize,
    /// Bytes of those transactions together. 32 MiB by default: twenty of the largest.
    pub in_flight_bytes_max: usize,
    /// Changes that one transaction may make. 1 048 576 by default.
    pub transaction_changes_max: usize,
    /// Changes after which a batch commits what it has: 200 by default, as in SwarmKit.
    pub batch_changes_max: usize,
    /// Bytes after which a batch commits what it has: three quarters of 1.5 MiB by default, as in SwarmKit.
    pub batch_bytes_max: usize,
    /// Committed changes that are kept in memory for watches that resume. 65 536 by default.
    pub history_changes_max: usize,
    /// Bytes that those changes take in the log; what they replaced is kept with them, and takes about as much again. 64 MiB
    /// by default: a kilobyte for each of as many as are kept.
    pub history_bytes_max: usize,
    /// How often [`Store::update`](crate::Store::update) and [`Store::update_async`](crate::Store::update_async) run a closure whose transaction was dropped through no fault of
    /// its own. 8 by default.
    pub attempts_max: u32,
    /// How long the writer slot may be held before the store counts as wedged. 30 s by default, as in SwarmKit.
    pub wedge_timeout: Duration,
    /// Where times come from.
    pub clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            in_flight_max: 1_024,
            in_flight_bytes_max: 32 << 20,
            transaction_changes_max: 1 << 20,
            batch_changes_max: 200,
            batch_bytes_max: (3 << 19) / 4 * 3,
            history_changes_max: 1 << 16,
            history_bytes_max: 64 << 20,
            attempts_max: 8,
            wedge_timeout: Duration::from_secs(30),
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("in_flight_max", &self.in_flight_max)
            .field("in_flight_bytes_max", &self.in_flight_bytes_max)
            .field("transaction_changes_max", &self.transaction_changes_max)
            .field("batch_changes_max", &self.batch_changes_max)
            .field("batch_bytes_max", &self.batch_bytes_max)
            .field("history_changes_max", &self.history_changes_max)
            .field("history_bytes_max", &self.history_bytes_max)
            .field("attempts_max", &self.attempts_max)
            .field("wedge_timeout", &self.wedge_timeout)
            .finish_non_exhaustive()
    }
}
