//! A log in memory that commits at once.
//!
//! [`Proposer::propose`] applies the proposal on the caller's thread before it returns. Nothing survives the process, and
//! no thread is started.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::caller::Caller;
use crate::sync::lock;
use crate::tail::Tail;
use crate::{
    AbortReason, Applied, Change, HistoryError, Payload, Proposal, Proposer, Refused, Replica,
    Standing, StartError, Term, Version,
};

/// Committed transactions that are kept: as many as SwarmKit logs between two of its saved states.
const HISTORY_ENTRIES_MAX: usize = 10_000;
/// Their bytes: forty transactions of SwarmKit's largest size, or all of the usual ones.
const HISTORY_BYTES_MAX: usize = 64 << 20;

/// What can be set about a [`Loopback`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoopbackOptions {
    /// Committed transactions that are kept for [`Proposer::changes_between`]: 10 000 by default.
    pub history_entries_max: usize,
    /// Their encoded bytes: 64 MiB by default.
    pub history_bytes_max: usize,
    /// The smallest term to lead under: 1 by default. Another shows what relies on terms that begin at one.
    pub first_term: Term,
}

impl Default for LoopbackOptions {
    fn default() -> Self {
        Self {
            history_entries_max: HISTORY_ENTRIES_MAX,
            history_bytes_max: HISTORY_BYTES_MAX,
            first_term: Term::new(1),
        }
    }
}

/// A log in memory that commits at once, on the thread that proposes.
///
/// It leads from its start on, under a term greater than the replica has seen.
///
/// Whoever is told of a commit may stop it there, on the thread that commits: the log then ends when the replica returns.
pub struct Loopback<T> {
    options: LoopbackOptions,
    /// Held while the replica is called, so that calls do not overlap. Comes before `history`.
    role: Mutex<Role<T>>,
    /// Who holds `role` meanwhile, so that it does not wait for itself.
    caller: Caller,
    /// Set by the caller of the replica when it may not have `role`, which follows when the replica returns.
    is_stopped: AtomicBool,
    /// Not held while the replica is called: whoever hears of a transaction can read it back at once.
    history: Mutex<Tail<T>>,
}

enum Role<T> {
    New,
    Leading {
        replica: Arc<dyn Replica<T>>,
        term: Term,
        accepted: Standing,
    },
    Ended(AbortReason),
}

impl<T: Payload> Loopback<T> {
    /// Returns a log that has not been started.
    #[must_use]
    pub fn new() -> Self {
        Self::with(LoopbackOptions::default())
    }

    /// Returns a log that has not been started, with options.
    #[must_use]
    pub fn with(options: LoopbackOptions) -> Self {
        let LoopbackOptions {
            history_entries_max,
            history_bytes_max,
            ..
        } = options;
        let history = Tail::new(Standing::default(), history_entries_max, history_bytes_max);
        Self {
            options,
            role: Mutex::new(Role::New),
            caller: Caller::default(),
            is_stopped: AtomicBool::new(false),
            history: Mutex::new(history),
        }
    }

    /// Takes no proposal any more, and lets go of the replica, under no lock: it may be the last to know it.
    fn end(mut role: MutexGuard<'_, Role<T>>, reason: AbortReason) {
        let before = std::mem::replace(&mut *role, Role::Ended(reason));
        drop(role);
        drop(before);
    }
}

impl<T: Payload> Default for Loopback<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Payload> Proposer<T> for Loopback<T> {
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError> {
        let mut role = lock(&self.role);
        let Role::New = &*role else {
            return Err(StartError::Started);
        };
        let LoopbackOptions {
            history_entries_max,
            history_bytes_max,
            first_term,
        } = self.options;
        let accepted = replica.standing();
        *lock(&self.history) = Tail::new(accepted, history_entries_max, history_bytes_max);
        let term = accepted.term.next().max(first_term);
        let call = self.caller.call();
        replica.lead(term);
        drop(call);
        *role = Role::Leading {
            replica,
            term,
            accepted,
        };
        if self.is_stopped.load(Ordering::Relaxed) {
            Self::end(role, AbortReason::Stopped);
        }
        Ok(())
    }

    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        let refused = |proposal, reason| Err(Refused { proposal, reason });
        // Dropped last, under no lock.
        let _forgotten;
        let mut role = lock(&self.role);
        let (replica, accepted) = match &mut *role {
            Role::New => return refused(proposal, AbortReason::NotLeader { leader: None }),
            Role::Ended(reason) => return refused(proposal, reason.clone()),
            Role::Leading { term, .. } if *term != proposal.id.term => {
                return refused(proposal, AbortReason::NotLeader { leader: None });
            }
            Role::Leading { accepted, .. } if !accepted.is_continued_by(proposal.id) => {
                return refused(proposal, AbortReason::Superseded);
            }
            Role::Leading {
                replica, accepted, ..
            } => (replica, accepted),
        };
        *accepted = Standing::of(&proposal);
        let Proposal {
            id,
            epoch,
            ref payload,
        } = proposal;
        let change = Change {
            version: id.version,
            epoch,
            payload: payload.clone(),
        };
        let size = payload.encoded_len();
        _forgotten = lock(&self.history).push(change, size);
        let call = self.caller.call();
        let applied = catch_unwind(AssertUnwindSafe(|| replica.apply(proposal)));
        drop(call);
        let failed = match &applied {
            Ok(Applied::Accepted) => {
                if self.is_stopped.load(Ordering::Relaxed) {
                    Self::end(role, AbortReason::Stopped);
                }
                return Ok(());
            }
            Ok(Applied::Skipped) => format!("the replica skipped transaction {id}"),
            Ok(Applied::Diverged(what)) => {
                format!("the replica refused transaction {id}: {what}")
            }
            // Whether it has applied it is not known, so neither is what comes next.
            Err(_) => format!("the replica panicked on transaction {id}"),
        };
        Self::end(role, AbortReason::Failed(failed));
        applied.map_or_else(|panic| resume_unwind(panic), |_| Ok(()))
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        lock(&self.history).between(after, through)
    }

    fn stop(&self) {
        if self.caller.is_this_thread() {
            self.is_stopped.store(true, Ordering::Relaxed);
            return;
        }
        let role = lock(&self.role);
        if let Role::New | Role::Leading { .. } = *role {
            Self::end(role, AbortReason::Stopped);
        }
    }
}

impl<T: Clone> fmt::Debug for Loopback<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let history = lock(&self.history);
        f.debug_struct("Loopback")
            .field("current", &history.current())
            .field("history", &history.len())
            .finish_non_exhaustive()
    }
}
