//! A proposer that goes wrong on command, as a replicated log may.
//!
//! It keeps the contract throughout, so that what breaks above it is not its fault. There is no clock and no thread in it:
//! faults come from a [`Plan`], proposal by proposal, or from its methods, which call the replica on the thread that calls
//! them.

mod link;
mod plan;

use std::fmt;
use std::sync::{Arc, Mutex};

use crate::faulty::link::{Link, Role};
use crate::sync::lock;
use crate::{
    AbortReason, Change, HistoryError, Outcome, Payload, Peer, Proposal, Proposer, Refused,
    Replica, StartError, Version,
};

pub use plan::{Fault, Plan};

/// What becomes of proposals that are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are certainly not in the log.
    Aborted,
    /// They are perhaps in the log; [`Faulty::deliver`] puts them there.
    Unknown,
}

/// A proposer that refuses, holds back, drops, loses its leadership and wins it again, as it is told.
///
/// What was handed on to the proposer below comes back before anything later is dropped: dropping waits for it.
///
/// The replica may stop it when it is called. It takes nothing from then on, and ends when the proposal or command returns that
/// the call was part of; when it was called by a thread of the proposer below, with the next proposal or command.
pub struct Faulty<P, T> {
    inner: P,
    link: Arc<Link<T>>,
    /// One proposal or command at a time.
    turn: Mutex<()>,
}

impl<P: Proposer<T>, T: Payload> Faulty<P, T> {
    /// Returns a proposer above another, that goes wrong by a plan.
    #[must_use]
    pub fn new(inner: P, plan: Plan) -> Self {
        Self {
            inner,
            link: Arc::new(Link::new(plan)),
            turn: Mutex::new(()),
        }
    }

    /// Returns how many proposals are held back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.link.state().held.len()
    }

    /// Lets the first of the proposals that are held back go its way; false when there is none.
    pub fn step(&self) -> bool {
        self.in_turn(|| self.step_in_turn())
    }

    /// Lets every proposal that is held back go its way.
    pub fn release(&self) {
        self.in_turn(|| while self.step_in_turn() {});
    }

    /// Drops every proposal that is held back.
    pub fn drop_held(&self, fate: Fate) {
        self.in_turn(|| self.drop_in_turn(fate, &AbortReason::Superseded));
    }

    /// Drops every proposal that is held back, then follows; does nothing when it follows already.
    pub fn lose(&self, fate: Fate, leader: Option<Peer>) {
        self.in_turn(|| {
            if !matches!(self.link.state().role, Role::Leading(_)) {
                return;
            }
            let reason = AbortReason::NotLeader {
                leader: leader.clone(),
            };
            self.drop_in_turn(fate, &reason);
            drop(self.link.settled());
            self.link.follow(leader);
        });
    }

    /// Leads again, under the next term; does nothing when it leads already. What was perhaps in the log, and has not been
    /// delivered by now, is not in it.
    pub fn regain(&self) {
        self.in_turn(|| {
            if !matches!(self.link.state().role, Role::Following(..)) {
                return;
            }
            self.link.settled().limbo.clear();
            self.link.lead_again();
        });
    }

    /// Commits the first proposal whose outcome is unknown; false when there is none.
    ///
    /// One that no longer continues the sequence is skipped, as every replica would, and the later ones with it.
    pub fn deliver(&self) -> bool {
        self.in_turn(|| {
            let Some(proposal) = self.link.state().limbo.pop_front() else {
                return false;
            };
            if self.hand_on(proposal).is_err() {
                self.link.state().limbo.clear();
            }
            true
        })
    }

    /// Returns the proposer below.
    #[must_use]
    pub const fn inner(&self) -> &P {
        &self.inner
    }

    /// Does one thing at a time, then ends if it was stopped meanwhile.
    fn in_turn<R>(&self, act: impl FnOnce() -> R) -> R {
        let _turn = lock(&self.turn);
        let result = act();
        if self.link.state().is_stopping {
            while self.step_in_turn() {}
            self.inner.stop();
            self.link.stopped();
        }
        result
    }

    fn step_in_turn(&self) -> bool {
        let Some(proposal) = self.link.state().held.pop_front() else {
            return false;
        };
        if let Err(Refused { proposal, reason }) = self.hand_on(proposal) {
            // It was taken before, so that it ends by being dropped, and with it all that was built on it.
            self.link.state().held.push_front(proposal);
            self.drop_in_turn(Fate::Aborted, &reason);
        }
        true
    }

    /// Hands a proposal on, if it continues what was handed on before.
    fn hand_on(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        let Proposal { id, epoch, payload } = proposal;
        let mut state = self.link.state();
        if !state.is_continued_by(id) {
            let reason = AbortReason::Superseded;
            let proposal = Proposal { id, epoch, payload };
            return Err(Refused { proposal, reason });
        }
        let below = state.name_below(id);
        state.sent.push_back((id, below));
        drop(state);
        let proposal = Proposal {
            id: below,
            epoch,
            payload,
        };
        self.inner.propose(proposal).map_err(|mut refused| {
            self.link.state().sent.retain(|(_, sent)| *sent != below);
            refused.proposal.id = id;
            refused
        })
    }

    fn drop_in_turn(&self, fate: Fate, reason: &AbortReason) {
        let dropped = {
            let mut state = self.link.settled();
            let dropped = std::mem::take(&mut state.held);
            let Some(last) = dropped.back() else { return };
            let attempt = Some((last.id.term, last.id.incarnation));
            state.dropped = state.dropped.max(attempt);
            dropped
        };
        self.link.drop_all(&dropped, |from| {
            let reason = reason.clone();
            match fate {
                Fate::Aborted => Outcome::Aborted { from, reason },
                Fate::Unknown => Outcome::Unknown { from, reason },
            }
        });
        if fate == Fate::Unknown {
            self.link.state().limbo.extend(dropped);
        }
    }
}

impl<P: Proposer<T>, T: Payload> Proposer<T> for Faulty<P, T> {
    fn start(&self, replica: Arc<dyn Replica<T>>) -> Result<(), StartError> {
        self.in_turn(|| {
            if !matches!(self.link.state().role, Role::New) {
                return Err(StartError::Started);
            }
            self.link.connect(Some(replica));
            self.inner
                .start(Arc::clone(&self.link) as Arc<dyn Replica<T>>)
                .inspect_err(|_| self.link.connect(None))
        })
    }

    fn propose(&self, proposal: Proposal<T>) -> Result<(), Refused<T>> {
        self.in_turn(|| {
            let refused = |proposal, reason| Err(Refused { proposal, reason });
            let id = proposal.id;
            let fate = {
                let mut state = self.link.state();
                if let Some(reason) = state.refusal(id.term) {
                    return refused(proposal, reason);
                }
                if state.dropped >= Some((id.term, id.incarnation)) {
                    return refused(proposal, AbortReason::Superseded);
                }
                let fate = match state.plan.next() {
                    Fault::Refuse(reason) => return refused(proposal, reason),
                    Fault::None if state.held.is_empty() => {
                        drop(state);
                        return self.hand_on(proposal);
                    }
                    Fault::None | Fault::Hold => None,
                    Fault::Abort => Some(Fate::Aborted),
                    Fault::Unknown => Some(Fate::Unknown),
                };
                state.held.push_back(proposal);
                fate
            };
            if let Some(fate) = fate {
                self.drop_in_turn(fate, &AbortReason::Superseded);
            }
            Ok(())
        })
    }

    fn changes_between(
        &self,
        after: Version,
        through: Version,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        self.inner.changes_between(after, through)
    }

    fn first_changes_between(
        &self,
        after: Version,
        through: Version,
        bytes: usize,
    ) -> Result<Vec<Change<T>>, HistoryError> {
        self.inner.first_changes_between(after, through, bytes)
    }

    fn stop(&self) {
        let stop = || self.link.state().is_stopping = true;
        if self.link.is_calling_here() {
            stop();
        } else {
            self.in_turn(stop);
        }
    }
}

impl<P: fmt::Debug, T> fmt::Debug for Faulty<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.link.state();
        f.debug_struct("Faulty")
            .field("inner", &self.inner)
            .field("held", &state.held.len())
            .field("limbo", &state.limbo.len())
            .finish_non_exhaustive()
    }
}
