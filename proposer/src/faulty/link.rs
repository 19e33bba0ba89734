//! The replica that the proposer below sees: gives proposals their names back, and passes every call on.
//!
//! The proposer below knows one leadership of its own. Each attempt up here, a pair of term and incarnation, is an
//! incarnation down there.
//!
//! # Order of locks
//! `calls`, then `state`. `calls` is held while the replica is called, `state` never.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::caller::{Call, Caller};
use crate::faulty::Plan;
use crate::sync::lock;
use crate::{
    AbortReason, Applied, Incarnation, Outcome, Peer, Proposal, ProposalId, Replica, RestoreError,
    Standing, Term,
};

pub(super) struct Link<T> {
    replica: Mutex<Option<Arc<dyn Replica<T>>>>,
    calls: Mutex<()>,
    /// Who holds `calls`, so that it does not wait for itself.
    caller: Caller,
    state: Mutex<State<T>>,
    /// Told when proposals come back from below.
    back: Condvar,
}

pub(super) struct State<T> {
    pub(super) plan: Plan,
    pub(super) role: Role,
    /// Nothing more is taken, and all ends with the turn.
    pub(super) is_stopping: bool,
    /// Held back, in order.
    pub(super) held: VecDeque<Proposal<T>>,
    /// Dropped as perhaps in the log, in order.
    pub(super) limbo: VecDeque<Proposal<T>>,
    /// Handed on and not back yet, in order: the name up here, and the one below.
    pub(super) sent: VecDeque<(ProposalId, ProposalId)>,
    /// Nothing more is taken of this attempt, or an earlier one.
    pub(super) dropped: Option<Attempt>,
    /// What the replica accepted last.
    accepted: Standing,
    newest: Option<Attempt>,
    below: Attempt,
}

pub(super) type Attempt = (Term, Incarnation);

pub(super) enum Role {
    New,
    Leading(Term),
    Following(Term, Option<Peer>),
    Stopped,
}

impl<T> Link<T> {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            replica: Mutex::new(None),
            calls: Mutex::new(()),
            caller: Caller::default(),
            state: Mutex::new(State {
                plan,
                role: Role::New,
                is_stopping: false,
                held: VecDeque::new(),
                limbo: VecDeque::new(),
                sent: VecDeque::new(),
                dropped: None,
                accepted: Standing::default(),
                newest: None,
                below: Attempt::default(),
            }),
            back: Condvar::new(),
        }
    }

    /// Passes calls on to a replica from now on, or to none any more.
    pub(super) fn connect(&self, replica: Option<Arc<dyn Replica<T>>>) {
        if let Some(replica) = &replica {
            self.state().accepted = replica.standing();
        }
        *lock(&self.replica) = replica;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }

    /// Waits until everything that was handed on has come back.
    pub(super) fn settled(&self) -> MutexGuard<'_, State<T>> {
        self.back
            .wait_while(self.state(), |state| !state.sent.is_empty())
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this thread is calling the replica.
    pub(super) fn is_calling_here(&self) -> bool {
        self.caller.is_this_thread()
    }

    /// Lets go of the replica when everything that was taken has ended.
    pub(super) fn stopped(&self) {
        let mut state = self.state();
        state.role = Role::Stopped;
        state.is_stopping = false;
        drop(state);
        self.connect(None);
    }

    /// Begins a call of the replica.
    fn call(&self) -> (Call<'_>, MutexGuard<'_, ()>) {
        let calls = lock(&self.calls);
        (self.caller.call(), calls)
    }

    fn replica(&self) -> Arc<dyn Replica<T>> {
        let replica = lock(&self.replica).clone();
        replica.expect(
            "a replica because the proposer below was started with one, and has not been stopped",
        )
    }
}

impl<T> State<T> {
    /// Returns where the log stands when everything handed on is in it.
    pub(super) fn is_continued_by(&self, id: ProposalId) -> bool {
        let tail = self.sent.back().map_or(self.accepted, |(id, _)| Standing {
            version: id.version,
            term: id.term,
            incarnation: id.incarnation,
            ..self.accepted
        });
        tail.is_continued_by(id)
    }

    /// Returns the name that the proposer below gets to see.
    pub(super) fn name_below(&mut self, id: ProposalId) -> ProposalId {
        let attempt = Some((id.term, id.incarnation));
        if self.newest != attempt {
            self.newest = attempt;
            self.below.1 = self.below.1.next();
        }
        let (term, incarnation) = self.below;
        ProposalId {
            term,
            incarnation,
            ..id
        }
    }

    /// Returns why no proposal of a term is taken, if none is.
    pub(super) fn refusal(&self, term: Term) -> Option<AbortReason> {
        match &self.role {
            Role::Stopped => Some(AbortReason::Stopped),
            _ if self.is_stopping => Some(AbortReason::Stopped),
            Role::Leading(leading) if *leading == term => None,
            Role::New | Role::Leading(_) => Some(AbortReason::NotLeader { leader: None }),
            Role::Following(_, leader) => Some(AbortReason::NotLeader {
                leader: leader.clone(),
            }),
        }
    }

    /// Returns the greatest term that the replica has led under.
    pub(super) const fn term(&self) -> Term {
        match self.role {
            Role::Leading(term) | Role::Following(term, _) => term,
            Role::New | Role::Stopped => Term::ZERO,
        }
    }
}

impl<T: Send + Sync> Replica<T> for Link<T> {
    fn apply(&self, mut proposal: Proposal<T>) -> Applied {
        let _call = self.call();
        {
            let mut state = self.state();
            if state
                .sent
                .front()
                .is_some_and(|(_, below)| *below == proposal.id)
                && let Some((id, _)) = state.sent.pop_front()
            {
                proposal.id = id;
            }
            state.accepted = if state.accepted.is_continued_by(proposal.id) {
                Standing::of(&proposal)
            } else {
                state.accepted.having_skipped(proposal.id)
            };
        }
        let applied = self.replica().apply(proposal);
        self.back.notify_all();
        applied
    }

    fn settle(&self, outcome: Outcome) {
        let _call = self.call();
        let from = outcome.from();
        let first = {
            let mut state = self.state();
            let first = state.sent.iter().find(|(_, below)| *below == from).copied();
            state.sent.retain(|(_, below)| {
                (below.term, below.incarnation) != (from.term, from.incarnation)
                    || below.version < from.version
            });
            first
        };
        if let Some((from, _)) = first {
            self.replica().settle(match outcome {
                Outcome::Aborted { reason, .. } => Outcome::Aborted { from, reason },
                Outcome::Unknown { reason, .. } => Outcome::Unknown { from, reason },
            });
        }
        self.back.notify_all();
    }

    fn lead(&self, term: Term) {
        let _call = self.call();
        let term_above = {
            let mut state = self.state();
            state.below = (term, Incarnation::ZERO);
            let term = term.max(state.term().next());
            state.role = Role::Leading(term);
            term
        };
        self.replica().lead(term_above);
    }

    fn follow(&self, leader: Option<Peer>) {
        let _call = self.call();
        {
            let mut state = self.state();
            state.role = Role::Following(state.term(), leader.clone());
        }
        self.replica().follow(leader);
    }

    fn standing(&self) -> Standing {
        self.replica().standing()
    }

    fn save(&self, out: &mut dyn Write) -> io::Result<Standing> {
        self.replica().save(out)
    }

    fn restore(&self, from: &mut dyn Read) -> Result<Standing, RestoreError> {
        let _call = self.call();
        let standing = self.replica().restore(from)?;
        self.state().accepted = standing;
        Ok(standing)
    }
}

/// The commands of a [`Faulty`](crate::Faulty) that call the replica.
impl<T> Link<T> {
    /// Tells the replica that these were dropped: once for each attempt, in order.
    pub(super) fn drop_all(
        &self,
        dropped: &VecDeque<Proposal<T>>,
        outcome: impl Fn(ProposalId) -> Outcome,
    ) {
        let _call = self.call();
        let mut told = None;
        for Proposal { id, .. } in dropped {
            let attempt = Some((id.term, id.incarnation));
            if told != attempt {
                told = attempt;
                self.replica().settle(outcome(*id));
            }
        }
    }

    pub(super) fn lead_again(&self) {
        let _call = self.call();
        let term = {
            let mut state = self.state();
            let term = state.term().next();
            state.role = Role::Leading(term);
            term
        };
        self.replica().lead(term);
    }
}
