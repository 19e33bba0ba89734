//! The handle of a submitted transaction.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use proposer::{AbortReason, Version};

use crate::error::TransactionError;
use crate::ticket::{Ticket, Verdict};

/// What a committed transaction returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed<T> {
    /// What the closure returned.
    pub value: T,
    /// The version of the transaction; without changes, the version that it read.
    pub version: Version,
}

/// A transaction on its way: wait for it by [`Pending::wait`], or by `.await`.
///
/// Dropping it does not undo anything: the transaction goes its way unwatched. Of one that only read, nothing is kept then,
/// or as much as is kept of those that are waited for.
///
/// Polling it may wake other tasks: those whose transactions ended together with this one.
#[must_use = "without waiting, nobody learns whether the transaction was committed"]
pub struct Pending<T, E> {
    /// Until it is handed out.
    result: Option<Result<T, E>>,
    version: Version,
    state: State,
}

enum State {
    /// Everything that was read is committed, and nothing was changed.
    Settled,
    /// It was dropped before it was on its way.
    Aborted(AbortReason),
    OnItsWay(Arc<Ticket>),
}

impl<T, E> Pending<T, E> {
    pub(crate) const fn settled(result: Result<T, E>, version: Version) -> Self {
        Self {
            result: Some(result),
            version,
            state: State::Settled,
        }
    }

    pub(crate) const fn aborted(reason: AbortReason) -> Self {
        Self {
            result: None,
            version: Version::ZERO,
            state: State::Aborted(reason),
        }
    }

    pub(crate) const fn on_its_way(
        result: Result<T, E>,
        version: Version,
        ticket: Arc<Ticket>,
    ) -> Self {
        Self {
            result: Some(result),
            version,
            state: State::OnItsWay(ticket),
        }
    }

    /// Whether it was dropped before it was on its way.
    pub(crate) const fn is_aborted(&self) -> bool {
        matches!(self.state, State::Aborted(_))
    }

    /// Waits until the transaction has ended.
    ///
    /// # Errors
    /// See [`TransactionError`].
    ///
    /// # Blocking
    /// Until the log has taken the transaction, or dropped it.
    pub fn wait(mut self) -> Result<Committed<T>, TransactionError<E>> {
        let verdict = match &self.state {
            State::Settled => Verdict::Committed,
            State::Aborted(reason) => Verdict::Aborted(reason.clone()),
            State::OnItsWay(ticket) => ticket.wait(),
        };
        self.deliver(verdict)
    }

    fn deliver(&mut self, verdict: Verdict) -> Result<Committed<T>, TransactionError<E>> {
        let version = self.version;
        match verdict {
            Verdict::Aborted(reason) => Err(TransactionError::Aborted(reason)),
            Verdict::Unknown(reason) => Err(TransactionError::Unknown { version, reason }),
            Verdict::Committed => match self.result.take().expect("a result is delivered once") {
                Ok(value) => Ok(Committed { value, version }),
                Err(error) => Err(TransactionError::Rejected(error)),
            },
        }
    }
}

/// Nothing in it refers to itself, whatever it is to deliver.
impl<T, E> Unpin for Pending<T, E> {}

/// # Cancel safety
/// Dropping the future loses the answer, not the transaction.
impl<T, E> Future for Pending<T, E> {
    type Output = Result<Committed<T>, TransactionError<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let verdict = match &self.state {
            State::Settled => Verdict::Committed,
            State::Aborted(reason) => Verdict::Aborted(reason.clone()),
            State::OnItsWay(ticket) => ready!(ticket.poll(context)),
        };
        Poll::Ready(self.deliver(verdict))
    }
}

impl<T, E> fmt::Debug for Pending<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("version", &self.version.get())
            .finish_non_exhaustive()
    }
}
