//! Tickets: what a caller holds while its transaction is on its way.
//!
//! A ticket is completed once, by whoever learns how it ended, and can be waited for by a thread or by a task.
//!
//! Where many end together, the tasks are woken by whoever comes first: the one who completes the tickets, or a task that has
//! been woken already. A task that is woken from another thread mostly takes the processor at once, does its work and
//! waits again, before the next is woken: so each would cost two switches between threads. The first of them finds the
//! others still to be woken, and does that from within their executor, which needs no switch.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use proposer::AbortReason;

use crate::each::contain;
use crate::sync::{Condvar, Mutex, lock, thread_local, wait};

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
    /// Those who wait for what ended together with it.
    others: Option<Arc<Asleep>>,
    /// Whether a thread waits: telling nobody would cost a system call.
    awaited: bool,
}

/// Tasks that are still to be woken.
#[derive(Debug, Default)]
struct Asleep(Mutex<VecDeque<Waker>>);

thread_local! {
    /// Whether this thread is waking tasks.
    #[expect(
        clippy::missing_const_for_thread_local,
        reason = "loom's macro knows no other form"
    )]
    static WAKES: Cell<bool> = Cell::new(false);
}

impl Asleep {
    /// Wakes those that nobody else wakes.
    fn wake(&self) {
        let before = WAKES.with(|wakes| wakes.replace(true));
        let next = || lock(&self.0).pop_front();
        while let Some(waker) = next() {
            contain(|| waker.wake());
        }
        WAKES.with(|wakes| wakes.set(before));
    }

    /// Helps to wake them, unless this thread does so already: a task that runs within its wake-up would begin inside the
    /// one before it, and so on.
    fn help(&self) {
        if !WAKES.with(Cell::get) {
            self.wake();
        }
    }
}

/// Ends many tickets, in order. A panic of a task that is woken stays with it.
pub(crate) fn complete_all(ended: impl IntoIterator<Item = (Arc<Ticket>, Verdict)>) {
    let mut ended = ended.into_iter();
    let Some((first, verdict)) = ended.next() else {
        return;
    };
    let Some(second) = ended.next() else {
        return contain(|| first.complete(verdict));
    };
    let asleep = Arc::default();
    for (ticket, verdict) in [(first, verdict), second].into_iter().chain(ended) {
        if let Some(waker) = ticket.end(verdict, Some(&asleep)) {
            lock(&asleep.0).push_back(waker);
        }
    }
    asleep.wake();
}

impl Ticket {
    /// Ends it; a second verdict is ignored.
    pub(crate) fn complete(&self, verdict: Verdict) {
        if let Some(waker) = self.end(verdict, None) {
            waker.wake();
        }
    }

    /// Ends it, tells the threads that wait, and returns the task that is to be woken.
    fn end(&self, verdict: Verdict, others: Option<&Arc<Asleep>>) -> Option<Waker> {
        let mut state = lock(&self.state);
        state.verdict.get_or_insert(verdict);
        let (waker, awaited) = (state.waker.take(), state.awaited);
        if waker.is_some() {
            state.others = others.cloned();
        }
        drop(state);
        if awaited {
            self.done.notify_all();
        }
        waker
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
        if let Some(verdict) = state.verdict.clone() {
            let others = state.others.take();
            drop(state);
            if let Some(others) = others {
                others.help();
            }
            return Poll::Ready(verdict);
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}
