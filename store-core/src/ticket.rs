//! Tickets: what a caller holds while its transaction is on its way.
//!
//! A ticket is completed once, by whoever learns how it ended, and can be waited for by a thread or by a task.

use std::task::{Context, Poll, Waker};

use proposer::AbortReason;

use crate::sync::{Condvar, Mutex, lock, wait};

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Committed,
    Aborted(AbortReason),
    Unknown(AbortReason),
}

#[derive(Debug, Default)]
pub(crate) struct Ticket {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    verdict: Option<Verdict>,
    waker: Option<Waker>,
    /// Whether a thread waits: telling nobody would cost a system call.
    awaited: bool,
}

impl Ticket {
    /// Ends it; a second verdict is ignored.
    pub(crate) fn complete(&self, verdict: Verdict) {
        let mut state = lock(&self.state);
        state.verdict.get_or_insert(verdict);
        let (waker, awaited) = (state.waker.take(), state.awaited);
        drop(state);
        if awaited {
            self.done.notify_all();
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&self) -> Verdict {
        let mut state = lock(&self.state);
        loop {
            if let Some(verdict) = &state.verdict {
                return verdict.clone();
            }
            state.awaited = true;
            state = wait(&self.done, state);
        }
    }

    /// Returns how it ended, or arranges for the task to be woken when it has.
    pub(crate) fn poll(&self, context: &Context<'_>) -> Poll<Verdict> {
        let mut state = lock(&self.state);
        if let Some(verdict) = &state.verdict {
            return Poll::Ready(verdict.clone());
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}
