//! Admission: where a write waits for its turn while the log is behind.
//!
//! The store takes a bounded number of transactions, and of bytes, on their way at once, and blocks the thread of the
//! next writer. A thread of the server must not block: reads and watches run on it too. So a write first takes its share
//! of a budget that is within the store's, and waits for it as a task. Waiting is fair: first come, first served.
//!
//! What is left on the thread is the making of the transaction itself, a few microseconds under the writer slot, which
//! are shorter than a hand-over to another thread would be; the log runs on a thread of its own, so that it goes on even
//! while every thread of the server waits for the slot.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use store_core::StoreOptions;

/// What one permit stands for, in bytes.
const PERMIT_BYTES: usize = 4 << 10;

/// The shares of a budget of bytes that is half of what the store takes: what a transaction takes in the log is known only
/// roughly before it is made.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    budget: Arc<Semaphore>,
    /// What a transaction takes at least, so that their number is bounded as well.
    permits_min: usize,
    permits: usize,
}

impl Admission {
    /// Returns the budget of a store with these options.
    pub(super) fn new(options: &StoreOptions) -> Self {
        let permits = (options.in_flight_bytes_max / 2 / PERMIT_BYTES).max(1);
        let permits_min = permits.div_ceil(options.in_flight_max).max(1);
        Self {
            budget: Arc::new(Semaphore::new(permits)),
            permits_min,
            permits,
        }
    }

    /// Waits for a share that suits a transaction of about this many bytes; dropping it gives it back.
    pub(super) async fn share(&self, bytes: usize) -> SemaphorePermit<'_> {
        let permits = (bytes / PERMIT_BYTES + 1).clamp(self.permits_min, self.permits);
        let permits = u32::try_from(permits).unwrap_or(u32::MAX);
        self.budget
            .acquire_many(permits)
            .await
            .expect("a permit because the budget is never closed")
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn options(transactions: usize, bytes: usize) -> StoreOptions {
        let mut options = StoreOptions::default();
        options.in_flight_max = transactions;
        options.in_flight_bytes_max = bytes;
        options
    }

    /// Takes shares until one has to wait, and returns how many there were.
    fn shares(admission: &Admission, bytes: usize) -> usize {
        let mut held = Vec::new();
        loop {
            let share = pin!(admission.share(bytes));
            match share.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(share) => held.push(share),
                Poll::Pending => return held.len(),
            }
        }
    }

    #[test]
    fn number_and_bytes_stay_within_what_the_store_takes() {
        let admission = Admission::new(&options(100, 8 << 20));
        assert!(
            (50..=100).contains(&shares(&admission, 10)),
            "small ones are bounded by number"
        );
        assert_eq!(
            shares(&admission, 1 << 20),
            3,
            "large ones by bytes, each a little rounded up"
        );
        assert_eq!(
            shares(&admission, 100 << 20),
            1,
            "one that is larger than the budget runs alone"
        );
        assert!(
            (50..=100).contains(&shares(&admission, 10)),
            "what was held has been given back"
        );
    }
}
