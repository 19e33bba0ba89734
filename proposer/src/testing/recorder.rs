//! A replica that knows what a proposer owes it.
//!
//! It behaves as a store does: hands proposals over in version order, begins a new incarnation when some were dropped, and
//! accepts by the rule of all replicas. It keeps every payload, and notes every call that breaks the contract, since a
//! panic on a proposer's thread would reach no test.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crate::sync::lock;
use crate::testing::Blob;
use crate::{
    AbortReason, Applied, Epoch, Incarnation, Outcome, Peer, Proposal, ProposalId, Proposer,
    Replica, RestoreError, Standing, Term, Version,
};

/// Longer than anything here takes on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_mins(1);
const MAGIC: [u8; 8] = *b"RECORDER";

/// A replica that keeps every payload, and notes every breach of the contract.
#[derive(Debug, Default)]
pub struct Recorder {
    /// Held while a proposal is handed over, as a store holds its writer slot.
    slot: Mutex<()>,
    state: Mutex<State>,
    changed: Condvar,
    /// Set while the proposer is in a call.
    busy: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    leading: Option<Term>,
    greatest_term: Term,
    incarnation: Incarnation,
    committed: Standing,
    payloads: Vec<Blob>,
    in_flight: VecDeque<Proposal<Blob>>,
    ends: Vec<(ProposalId, End)>,
    proposing: Option<(ThreadId, ProposalId)>,
    breaches: Vec<String>,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// It is part of the history.
    Applied,
    /// It came back, but did not continue the sequence.
    Skipped,
    /// It was not taken.
    Refused(AbortReason),
    /// It was dropped.
    Aborted(AbortReason),
    /// It is perhaps in the log.
    Unknown(AbortReason),
    /// It was perhaps in the log, and came back.
    AppliedLate,
}

impl Recorder {
    /// Returns an empty replica of the first epoch.
    #[must_use]
    pub fn new() -> Self {
        let recorder = Self::default();
        lock(&recorder.state).committed.epoch = Epoch::new(1);
        recorder
    }

    /// Hands the next proposal over; in the epoch of the state.
    ///
    /// # Errors
    /// When this replica does not lead, or the proposer does not take it.
    pub fn submit(
        &self,
        proposer: &impl Proposer<Blob>,
        payload: Blob,
    ) -> Result<ProposalId, AbortReason> {
        self.submit_in(proposer, None, payload)
    }

    /// Hands the next proposal over; with an epoch, it begins a new history.
    ///
    /// # Errors
    /// When this replica does not lead, or the proposer does not take it.
    pub fn submit_in(
        &self,
        proposer: &impl Proposer<Blob>,
        epoch: Option<Epoch>,
        payload: Blob,
    ) -> Result<ProposalId, AbortReason> {
        let _slot = lock(&self.slot);
        let proposal = {
            let mut state = lock(&self.state);
            let Some(term) = state.leading else {
                return Err(AbortReason::NotLeader { leader: None });
            };
            let tip = state.tip();
            let id = ProposalId {
                term,
                incarnation: state.next_incarnation(term, tip),
                version: tip.version.next(),
            };
            let epoch = epoch.unwrap_or(tip.epoch);
            let proposal = Proposal { id, epoch, payload };
            state.in_flight.push_back(proposal.clone());
            state.proposing = Some((thread::current().id(), id));
            proposal
        };
        let id = proposal.id;
        let result = proposer.propose(proposal.clone());
        let mut state = lock(&self.state);
        state.proposing = None;
        let Err(refused) = result else {
            return Ok(id);
        };
        if refused.proposal != proposal {
            state.breach(format!(
                "refused: {id} is not handed back as it was handed over"
            ));
        }
        let reason = refused.reason;
        // A suffix that was dropped meanwhile may have named it as well.
        if state.drop_suffix(id, &End::Refused(reason.clone())) == 0
            && matches!(state.end(id), Some(End::Applied | End::AppliedLate))
        {
            state.breach(format!("ends once: {id} was applied, and is refused"));
        }
        self.changed.notify_all();
        Err(reason)
    }

    /// Returns every committed payload, in order.
    #[must_use]
    pub fn payloads(&self) -> Vec<Blob> {
        lock(&self.state).payloads.clone()
    }

    /// Returns the term under which this replica leads.
    #[must_use]
    pub fn leading(&self) -> Option<Term> {
        lock(&self.state).leading
    }

    /// Returns what became of each proposal that has ended, in the order in which they did.
    #[must_use]
    pub fn ends(&self) -> Vec<(ProposalId, End)> {
        lock(&self.state).ends.clone()
    }

    /// Returns how many proposals have not ended.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        lock(&self.state).in_flight.len()
    }

    /// Waits until a proposal has ended, and returns how.
    ///
    /// # Panics
    /// When it has not after a minute.
    pub fn wait(&self, id: ProposalId) -> End {
        let state = self.wait_until(&format!("the end of {id}"), |state| state.end(id).is_some());
        state
            .end(id)
            .cloned()
            .expect("an end because it was waited for")
    }

    /// Waits until this replica leads no longer.
    ///
    /// # Panics
    /// When it does after a minute.
    pub fn wait_for_follow(&self) {
        drop(self.wait_until("the loss of leadership", |state| state.leading.is_none()));
    }

    /// Ensures that the proposer kept the contract so far.
    ///
    /// # Panics
    /// When it did not; the message names each breach.
    pub fn assert_kept(&self) {
        let breaches = lock(&self.state).breaches.clone();
        assert!(
            breaches.is_empty(),
            "the proposer broke its contract: {breaches:#?}"
        );
    }

    fn wait_until(&self, what: &str, reached: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let (state, timeout) = self
            .changed
            .wait_timeout_while(lock(&self.state), PATIENCE, |state| !reached(state))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(
            !timeout.timed_out(),
            "waited for {what} in vain: {state:#?}"
        );
        state
    }

    /// Notes a call; calls that overlap, or that may not come from inside `propose`, are breaches.
    fn enter(&self, name: &str, proposal: Option<ProposalId>) -> Entered<'_> {
        let overlaps = self.busy.swap(true, Ordering::SeqCst);
        let mut state = lock(&self.state);
        if overlaps {
            state.breach(format!("calls never overlap: {name} beside another call"));
        }
        if let Some((thread, proposing)) = state.proposing
            && thread == thread::current().id()
        {
            let own = proposal.is_some_and(|id| {
                id == proposing || state.in_flight.iter().any(|own| own.id == id)
            });
            if !own {
                state.breach(format!(
                    "inside propose: {name} does not concern a proposal handed over here"
                ));
            }
        }
        Entered {
            recorder: self,
            state: Some(state),
        }
    }
}

impl Replica<Blob> for Recorder {
    fn apply(&self, proposal: Proposal<Blob>) -> Applied {
        let id = proposal.id;
        let mut entered = self.enter("apply", Some(id));
        let state = entered.state();
        let continues = state.committed.is_continued_by(id);
        let end = if continues {
            End::Applied
        } else {
            End::Skipped
        };
        match state.in_flight.iter().position(|own| own.id == id) {
            Some(0) => {
                if state.in_flight.pop_front().as_ref() != Some(&proposal) {
                    state.breach(format!("applied: {id} is not what was handed over"));
                }
                state.ends.push((id, end));
            }
            Some(_) => state.breach(format!(
                "order: {id} is applied before an earlier one ended"
            )),
            None => state.apply_ended(id, continues),
        }
        if !continues {
            state.committed = state.committed.having_skipped(id);
            return Applied::Skipped;
        }
        state.committed = Standing::of(&proposal);
        state.payloads.push(proposal.payload);
        Applied::Accepted
    }

    fn settle(&self, outcome: Outcome) {
        let from = outcome.from();
        let mut entered = self.enter("settle", Some(from));
        let end = match outcome {
            Outcome::Aborted { reason, .. } => End::Aborted(reason),
            Outcome::Unknown { reason, .. } => End::Unknown(reason),
        };
        let state = entered.state();
        if state.drop_suffix(from, &end) == 0 {
            state.breach(format!(
                "ends once: {from} is settled, but is not in flight"
            ));
        }
    }

    fn lead(&self, term: Term) {
        let mut entered = self.enter("lead", None);
        let state = entered.state();
        if term <= state.greatest_term.max(state.committed.term) {
            state.breach(format!("lead: term {term} is not greater than any before"));
        }
        state.expect_none_in_flight("lead");
        state.greatest_term = term;
        state.leading = Some(term);
        state.incarnation = Incarnation::ZERO;
    }

    fn follow(&self, _leader: Option<Peer>) {
        let mut entered = self.enter("follow", None);
        let state = entered.state();
        state.expect_none_in_flight("follow");
        state.leading = None;
    }

    fn standing(&self) -> Standing {
        lock(&self.state).committed
    }

    fn save(&self, out: &mut dyn Write) -> io::Result<Standing> {
        let (standing, payloads) = {
            let state = lock(&self.state);
            (state.committed, state.payloads.clone())
        };
        let mut bytes = MAGIC.to_vec();
        let Standing {
            version,
            epoch,
            term,
            incarnation,
        } = standing;
        let count = payloads.len() as u64;
        for number in [
            version.get(),
            epoch.get(),
            term.get(),
            incarnation.get(),
            count,
        ] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for payload in &payloads {
            bytes.extend_from_slice(&(payload.as_ref().len() as u64).to_le_bytes());
            bytes.extend_from_slice(payload.as_ref());
        }
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        out.write_all(&bytes)?;
        Ok(standing)
    }

    fn restore(&self, from: &mut dyn Read) -> Result<Standing, RestoreError> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        let (standing, payloads) = parse(&bytes).ok_or(RestoreError::Damaged {
            offset: 0,
            what: "the checksum is wrong".to_owned(),
        })?;
        let mut entered = self.enter("restore", None);
        let state = entered.state();
        state.expect_none_in_flight("restore");
        state.committed = standing;
        state.payloads = payloads;
        Ok(standing)
    }
}

fn parse(bytes: &[u8]) -> Option<(Standing, Vec<Blob>)> {
    let (body, checksum) = bytes.split_last_chunk()?;
    if crc32fast::hash(body).to_le_bytes() != *checksum {
        return None;
    }
    let mut rest = body.strip_prefix(&MAGIC)?;
    let number = |rest: &mut &[u8]| {
        let (number, behind) = rest.split_first_chunk()?;
        *rest = behind;
        Some(u64::from_le_bytes(*number))
    };
    let standing = Standing {
        version: Version::new(number(&mut rest)?),
        epoch: Epoch::new(number(&mut rest)?),
        term: Term::new(number(&mut rest)?),
        incarnation: Incarnation::new(number(&mut rest)?),
    };
    let mut payloads = Vec::new();
    for _ in 0..number(&mut rest)? {
        let len = usize::try_from(number(&mut rest)?).ok()?;
        let (payload, behind) = rest.split_at_checked(len)?;
        payloads.push(payload.into());
        rest = behind;
    }
    Some((standing, payloads))
}

impl State {
    /// Returns where the next proposal begins.
    fn tip(&self) -> Standing {
        self.in_flight.back().map_or(self.committed, Standing::of)
    }

    /// Returns the attempt of the next proposal: one that is not barred.
    fn next_incarnation(&self, term: Term, tip: Standing) -> Incarnation {
        let barred = (tip.term == term).then_some(tip.incarnation);
        self.incarnation.max(barred.unwrap_or_default())
    }

    fn end(&self, id: ProposalId) -> Option<&End> {
        self.ends
            .iter()
            .rev()
            .find(|(ended, _)| *ended == id)
            .map(|(_, end)| end)
    }

    /// Notes that something came back that is not in flight: from before a restart, or when its outcome was unknown.
    fn apply_ended(&mut self, id: ProposalId, continues: bool) {
        match self.end(id) {
            Some(End::Unknown(_)) if continues => self.ends.push((id, End::AppliedLate)),
            None | Some(End::Skipped | End::Unknown(_)) => {}
            Some(end) => {
                let breach = format!("ends once: {id} is applied, but had ended: {end:?}");
                self.breach(breach);
            }
        }
    }

    /// Drops a proposal and every later one of its term and incarnation; returns how many.
    fn drop_suffix(&mut self, from: ProposalId, end: &End) -> usize {
        let Some(first) = self.in_flight.iter().position(|own| own.id == from) else {
            return 0;
        };
        let later = self.in_flight.split_off(first);
        let (dropped, kept): (Vec<_>, Vec<_>) = later
            .into_iter()
            .partition(|own| (own.id.term, own.id.incarnation) == (from.term, from.incarnation));
        self.in_flight.extend(kept);
        self.incarnation = self.incarnation.next();
        let count = dropped.len();
        self.ends
            .extend(dropped.into_iter().map(|own| (own.id, end.clone())));
        count
    }

    /// One that is just being handed over has not been taken: it is still refused.
    fn expect_none_in_flight(&mut self, name: &str) {
        let proposing = self.proposing.map(|(_, id)| id);
        let mut ids = self.in_flight.iter().map(|own| own.id);
        if let Some(id) = ids.find(|id| Some(*id) != proposing) {
            self.breach(format!("{name}: {id} has not been settled before"));
        }
    }

    fn breach(&mut self, what: String) {
        self.breaches.push(what);
    }
}

/// A call of the proposer, until it is dropped.
struct Entered<'a> {
    recorder: &'a Recorder,
    state: Option<MutexGuard<'a, State>>,
}

impl Entered<'_> {
    fn state(&mut self) -> &mut State {
        self.state
            .as_mut()
            .expect("the lock because it is only given up on drop")
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.state = None;
        self.recorder.busy.store(false, Ordering::SeqCst);
        self.recorder.changed.notify_all();
    }
}
