//! A watch that outlives its connection: it is taken up again after the last version that was seen.
//!
//! How often that is tried is bounded, and counted anew once a watch has brought something or has held for a while. So a
//! server that is restarted ends no watch, a server that is gone does.

use std::time::Duration;

use store_objects::wire::{Version, WatchMessage, WatchRequest};
use tokio::time::{Instant, sleep};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::cli::connect::Client;
use crate::cli::error::{Error, Said};

/// How often a watch is taken up again with nothing to show for it: for half a minute.
const ATTEMPTS_MAX: u32 = 8;

/// How long to wait before the first attempt; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(100);

/// A watch that held for this long counts as success, even if nothing happened meanwhile.
const STEADY: Duration = Duration::from_secs(10);

/// What a watch brings.
pub(super) enum News<'a> {
    /// Whatever is committed from here on will come.
    Watching,
    /// Something changed.
    Message(&'a WatchMessage),
    /// The watch broke off and is taken up again; in words.
    Broken(String),
}

/// Watches until there is an error that cannot be healed by trying again.
pub(super) async fn follow(
    client: &mut Client,
    mut request: WatchRequest,
    mut tell: impl FnMut(News<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut watching = false;
    let mut attempts = 0;
    loop {
        let started = Instant::now();
        let end = match client.watch.watch(request.clone()).await {
            Ok(answer) => {
                let mut stream = answer.into_inner();
                loop {
                    let message = match stream.message().await {
                        Ok(Some(message)) => message,
                        Ok(None) => break Status::unavailable("the server ended it"),
                        Err(status) => break status,
                    };
                    if !message.events.is_empty() {
                        tell(News::Message(&message))?;
                        attempts = 0;
                    } else if !watching {
                        watching = true;
                        tell(News::Watching)?;
                    }
                    request.resume_from = message.version.or(request.resume_from);
                }
            }
            Err(status) => status,
        };
        if !watching || !is_passing(end.code()) {
            return Err(end.into());
        }
        request.resume_from = resume_from(&end).or(request.resume_from);
        attempts = if started.elapsed() > STEADY {
            1
        } else {
            attempts + 1
        };
        if attempts > ATTEMPTS_MAX {
            return Err(Error::WatchLost {
                attempts: ATTEMPTS_MAX,
                last: Box::new(end),
            });
        }
        let place = match request.resume_from {
            Some(version) => format!("resuming after version {}", version.index),
            None => {
                "starting again; changes in between are missed, since no version was seen before"
                    .into()
            }
        };
        let said = Said(&end);
        tell(News::Broken(format!(
            "the watch broke off: {said}; {place} (attempt {attempts} of {ATTEMPTS_MAX})"
        )))?;
        sleep(PAUSE * 2_u32.pow(attempts - 1)).await;
    }
}

/// Returns the version up to which everything was sent, if the server said so when it ended the watch.
fn resume_from(end: &Status) -> Option<Version> {
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
