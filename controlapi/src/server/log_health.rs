//! How the log fares while the server runs. The log itself tells only those who ask.

use std::time::Duration;

use proposer::{Journal, JournalStats, Payload};
use tokio::time::sleep;

/// How often to ask: a server that can no longer write is of no use for longer than this.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Waits until nothing can be written any more, and returns why.
///
/// Tells meanwhile, in what the server logs, when the state cannot be saved.
pub(super) async fn failure<T: Payload>(journal: &Journal<T>) -> String {
    let mut told = None;
    loop {
        let JournalStats {
            failure,
            save_error,
            ..
        } = journal.stats();
        if let Some(why) = failure {
            return why;
        }
        if save_error != told {
            if let Some(why) = &save_error {
                tracing::warn!(
                    "the state could not be saved, so the log grows; trying again: {why}"
                );
            }
            told = save_error;
        }
        sleep(ASK_EVERY).await;
    }
}
