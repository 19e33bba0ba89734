//! A watch that outlives its connection: it is taken up again after the last version that was seen.
//!
//! How often that is tried is bounded, and counted anew once a watch has brought something or has held for a while. So a
//! server that is restarted ends no watch, a server that is gone does.

#[cfg(test)]
mod tests;

use std::time::Duration;

use store_objects::wire::{Version, WatchMessage, WatchRequest};
use tokio::time::{Instant, sleep};
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use crate::cli::connect::Client;
use crate::cli::error::{Error, Said};

/// How long to try.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How often a watch is taken up again with nothing to show for it.
    pub(super) attempts_max: u32,
    /// How long to wait before the first attempt; twice as long before each further one.
    pub(super) pause: Duration,
    /// A watch that held for this long counts as success, even if nothing happened meanwhile.
    pub(super) steady: Duration,
}

/// Half a minute, which a server needs to be restarted with a large state.
pub(super) const PATIENCE: Patience = Patience {
    attempts_max: 8,
    pause: Duration::from_millis(100),
    steady: Duration::from_secs(10),
};

/// What a watch brings.
pub(super) enum News<'a> {
    /// Whatever is committed from here on will come.
    Watching,
    /// Something changed.
    Message(&'a WatchMessage),
    /// The watch broke off and will be taken up again; in words.
    Broken(String),
    /// It has been taken up again.
    Resumed,
}

/// Watches until there is an error that cannot be healed by trying again.
pub(super) async fn follow(
    client: &mut Client,
    mut request: WatchRequest,
    patience: Patience,
    mut tell: impl FnMut(News<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut end = watch(client, &mut request, News::Watching, &mut tell).await?;
    if !end.began {
        return Err(end.status.into());
    }
    let mut attempts = 0;
    loop {
        if !is_passing(end.status.code()) {
            return Err(end.status.into());
        }
        attempts = if end.brought_something || end.held_for > patience.steady {
            1
        } else {
            attempts + 1
        };
        if attempts > patience.attempts_max {
            return Err(Error::WatchLost {
                attempts: patience.attempts_max,
                last: Box::new(end.status),
            });
        }
        let place = match request.resume_from {
            Some(version) => format!("resuming after version {}", version.index),
            None => {
                "starting again; what changes in between is missed, since no version was seen yet"
                    .into()
            }
        };
        let count = format!("attempt {attempts} of {}", patience.attempts_max);
        tell(News::Broken(format!(
            "the watch broke off: {}; {place} ({count})",
            Said(&end.status)
        )))?;
        sleep(patience.pause * 2_u32.pow(attempts - 1)).await;
        end = watch(client, &mut request, News::Resumed, &mut tell).await?;
    }
}

/// How one watch ended.
struct End {
    status: Status,
    /// Whether it was granted.
    began: bool,
    /// For how long it was granted.
    held_for: Duration,
    /// Whether it had anything to tell.
    brought_something: bool,
}

/// Watches until the watch ends. Keeps in the request where to resume from.
async fn watch(
    client: &mut Client,
    request: &mut WatchRequest,
    begun: News<'_>,
    tell: &mut impl FnMut(News<'_>) -> Result<(), Error>,
) -> Result<End, Error> {
    let refused = |status| End {
        status,
        began: false,
        held_for: Duration::ZERO,
        brought_something: false,
    };
    let mut stream = match client.watch.watch(request.clone()).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(refused(status)),
    };
    // The first message says that the watch is granted.
    if let Err(status) = next(&mut stream).await {
        return Ok(refused(status));
    }
    tell(begun)?;
    let since = Instant::now();
    let mut brought_something = false;
    loop {
        match next(&mut stream).await {
            Ok(message) => {
                tell(News::Message(&message))?;
                request.resume_from = message.version.or(request.resume_from);
                brought_something = true;
            }
            Err(status) => {
                request.resume_from = sent_until(&status).or(request.resume_from);
                return Ok(End {
                    status,
                    began: true,
                    held_for: since.elapsed(),
                    brought_something,
                });
            }
        }
    }
}

/// Returns the next message; how the watch ended if there is none.
async fn next(stream: &mut Streaming<WatchMessage>) -> Result<WatchMessage, Status> {
    stream
        .message()
        .await?
        .ok_or_else(|| Status::unavailable("the server ended it"))
}

/// Returns the version up to which everything was sent, if the server said so when it ended the watch.
fn sent_until(end: &Status) -> Option<Version> {
    let info = end.get_error_details().error_info()?.clone();
    let index = info.metadata.get("resume_from")?.parse().ok()?;
    Some(Version { index })
}

/// Returns whether an error may be gone the next time.
fn is_passing(code: Code) -> bool {
    match code {
        // A server that stops, a leader that changes, a subscriber that fell behind, a connection that broke.
        Code::Unavailable
        | Code::Aborted
        | Code::ResourceExhausted
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Internal
        | Code::Unknown => true,
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss
        | Code::Unauthenticated => false,
    }
}
