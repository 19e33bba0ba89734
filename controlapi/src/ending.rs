//! The end of the server, as those who must not outlive it hear of it.

use tokio::sync::watch;

/// Tells everybody who holds an [`Ending`] that the server ends. Dropping it tells them, too.
#[derive(Debug)]
pub struct EndingSender {
    sender: watch::Sender<bool>,
}

/// Hears that the server ends.
#[derive(Clone, Debug)]
pub struct Ending {
    receiver: watch::Receiver<bool>,
}

/// Returns both sides.
#[must_use]
pub fn channel() -> (EndingSender, Ending) {
    let (sender, receiver) = watch::channel(false);
    (EndingSender { sender }, Ending { receiver })
}

impl EndingSender {
    /// Tells everybody.
    pub fn begin(&self) {
        self.sender.send_replace(true);
    }
}

impl Ending {
    /// Waits for the end to begin.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn begun(&self) {
        // An error says that the sender is gone: that is an end as well.
        let _ = self.receiver.clone().wait_for(|begun| *begun).await;
    }
}
