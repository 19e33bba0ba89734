//! A replicated log without threads, disks or a network: what its members hear, and when, is chance that can be replayed.
//!
//! One sequence of entries is what a majority agreed on; each member applies it in its own time. One member at a time can
//! append, and learns late that it no longer can: what it takes until then is lost, unless the election found it on the
//! others. All that the contract of [`Proposer`] leaves to a proposer is done here in every way that it allows, and some that
//! the acceptance rule is there for: entries come twice, too late, in another order, or behind one that was refused.

use std::collections::VecDeque;
use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use proposer::{Applied, Payload as _, Proposal, ProposalId, Replica, Standing, Term, Version};
use store_core::Changes;

use crate::random::Random;
use crate::report::Report;
use crate::support::Runner;

pub(crate) type Payload = Changes<Runner>;
type Driven = Arc<dyn Replica<Payload>>;

pub(crate) struct Log {
    pub(crate) now: Arc<AtomicU64>,
    report: Report,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) random: Random,
    /// What a majority agreed on, in order.
    pub(crate) entries: Vec<Entry>,
    /// The place of each version in `entries`: those that continue the accepted sequence.
    pub(crate) accepted: Vec<usize>,
    standing: Standing,
    /// Entries before this one are gone; the saved state stands there.
    pub(crate) floor: usize,
    pub(crate) saved: Option<Saved>,
    term: Term,
    /// The member whose entries the others take.
    pub(crate) leader: Option<usize>,
    pub(crate) members: Vec<Member>,
    /// Entries that will come a second time.
    strays: Vec<Proposal<Payload>>,
    /// Every proposal that was taken, in order.
    pub(crate) taken: Vec<ProposalId>,
    /// The member that commits what it takes before it returns.
    pub(crate) at_once: Option<usize>,
}

pub(crate) struct Entry {
    pub(crate) proposal: Proposal<Payload>,
    pub(crate) accepted: bool,
}

#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) bytes: Vec<u8>,
    /// How many entries it holds.
    pub(crate) through: usize,
}

#[derive(Default)]
pub(crate) struct Member {
    replica: Option<Driven>,
    pub(crate) role: Role,
    /// How many entries its replica has applied.
    pub(crate) applied: usize,
    /// Taken, and not in the log yet.
    pub(crate) pending: VecDeque<Proposal<Payload>>,
    /// Taken, and not given back yet.
    pub(crate) own: VecDeque<ProposalId>,
    /// Refused after they were taken; the replica has not been told yet.
    refused: VecDeque<ProposalId>,
    /// Another was elected; the replica has not been told yet.
    pub(crate) deposed: bool,
    /// How many entries to apply until what is left of its own is certainly gone.
    gone_after: Option<usize>,
    next: u64,
    pub(crate) slowness: u64,
    pub(crate) saved: Option<Saved>,
    /// Versions that its replicas got to by a saved state.
    pub(crate) installed: Vec<Version>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Following,
    /// It leads when it has applied so many entries.
    Elected(Term, usize),
    Leading(Term),
}

impl Log {
    pub(crate) fn new(seed: u64, members: usize, report: Report) -> Arc<Self> {
        let member = |_| Member {
            slowness: 1,
            ..Member::default()
        };
        Arc::new(Self {
            now: Arc::new(AtomicU64::new(1)),
            report,
            state: Mutex::new(State {
                random: Random::new(seed),
                entries: Vec::new(),
                accepted: Vec::new(),
                standing: Standing::default(),
                floor: 0,
                saved: None,
                term: Term::ZERO,
                leader: None,
                members: (0..members).map(member).collect(),
                strays: Vec::new(),
                taken: Vec::new(),
                at_once: None,
            }),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while it is locked")
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, ticks: u64) {
        let end = self.now.load(Ordering::Relaxed) + ticks;
        loop {
            let next = {
                let mut state = self.state();
                let running = state.members.iter().enumerate();
                let running = running.filter(|(_, member)| member.replica.is_some());
                let due = running.min_by_key(|(_, member)| member.next);
                let due = due.map(|(at, member)| (at, member.next));
                due.filter(|(_, next)| *next <= end).map(|(at, next)| {
                    let wait = 1 + state.random.below(20) as u64;
                    let now = next.max(self.now.load(Ordering::Relaxed));
                    let member = &mut state.members[at];
                    member.next = now + wait * member.slowness;
                    (at, now)
                })
            };
            let Some((at, now)) = next else { break };
            self.now.store(now + 1, Ordering::Relaxed);
            self.turn(at);
        }
        self.now.fetch_max(end, Ordering::Relaxed);
    }

    /// Lets a member do what is due.
    fn turn(&self, at: usize) {
        if self.state().random.one_in(2) {
            self.tell_refused(at);
        }
        if self.state().random.one_in(3) {
            self.step_down(at);
        }
        self.state().append(at);
        let entries = self.state().random.below(4);
        self.apply(at, entries);
        self.take_over(at);
    }

    /// Tells a replica of what was refused after it was taken.
    fn tell_refused(&self, at: usize) {
        loop {
            let (replica, from) = {
                let mut state = self.state();
                let member = &mut state.members[at];
                let Some(from) = member.refused.pop_front() else {
                    return;
                };
                member.end(from);
                (member.driven(), from)
            };
            replica.settle(settled(from, true));
        }
    }

    /// Tells a replica that it no longer leads.
    fn step_down(&self, at: usize) {
        if !self.state().members[at].deposed {
            return;
        }
        self.tell_refused(at);
        let (replica, now_unknown) = {
            let mut state = self.state();
            // It may wait for what the log holds, or give up at once.
            let waits = state.random.one_in(3);
            let through = state.entries.len();
            let member = &mut state.members[at];
            (member.deposed, member.role) = (false, Role::Following);
            member.pending.clear();
            member.gone_after = waits.then_some(through);
            (member.driven(), !waits)
        };
        if now_unknown {
            self.give_up(at, false);
        }
        replica.follow(None);
    }

    /// Ends everything that a member has taken and not given back.
    fn give_up(&self, at: usize, aborted: bool) {
        let (replica, own) = {
            let mut state = self.state();
            let member = &mut state.members[at];
            (member.driven(), std::mem::take(&mut member.own))
        };
        let mut told = None;
        for id in own {
            if told != Some((id.term, id.incarnation)) {
                told = Some((id.term, id.incarnation));
                replica.settle(settled(id, aborted));
            }
        }
    }

    /// Applies so many entries to a member's replica, or all that there are: in groups, each up to the next that is skipped.
    pub(crate) fn apply(&self, at: usize, entries: usize) {
        let mut left = entries;
        loop {
            self.catch_up_by_saved_state(at);
            let replica = self.state().members[at].driven();
            let mut last = None;
            let mut group = iter::from_fn(|| {
                if let Some((id, false)) = last {
                    self.report
                        .note(format!("member {at}: {id} is not skipped"));
                }
                left = left.checked_sub(1)?;
                let (proposal, accepted) = self.next_of(at)?;
                last = Some((proposal.id, accepted));
                Some(proposal)
            });
            let answer = replica.apply_group(&mut group);
            let Some((id, accepted)) = last else { break };
            let expected = if accepted {
                Applied::Accepted
            } else {
                Applied::Skipped
            };
            if answer != expected {
                self.report
                    .note(format!("member {at}: {id}: {answer:?}, not {expected:?}"));
            }
            if accepted {
                break;
            }
        }
        let gone = {
            let mut state = self.state();
            let member = &mut state.members[at];
            let gone = member.gone_after.is_some_and(|end| member.applied >= end);
            gone && member.gone_after.take().is_some()
        };
        if gone {
            self.give_up(at, true);
        }
    }

    /// Takes the next entry that a member is to apply, and whether it is to accept it.
    fn next_of(&self, at: usize) -> Option<(Proposal<Payload>, bool)> {
        let mut state = self.state();
        let place = state.members[at].applied;
        let entry = state.entries.get(place)?;
        let next = (entry.proposal.clone(), entry.accepted);
        let member = &mut state.members[at];
        member.applied += 1;
        member.own.retain(|id| *id != next.0.id);
        Some(next)
    }

    /// Gives a member that the log no longer reaches back for the saved state.
    fn catch_up_by_saved_state(&self, at: usize) {
        let state = self.state();
        if state.members[at].applied >= state.floor {
            return;
        }
        let replica = state.members[at].driven();
        let saved = state.saved.clone().expect("a floor has its saved state");
        drop(state);
        // Which of its own the saved state holds, nobody can tell.
        self.give_up(at, false);
        match replica.restore(&mut saved.bytes.as_slice()) {
            Ok(standing) => {
                let mut state = self.state();
                let member = &mut state.members[at];
                member.installed.push(standing.version);
                member.applied = saved.through;
            }
            Err(error) => self.report.note(format!("member {at}: {error}")),
        }
    }

    /// Lets a member lead that was elected, when it has applied everything from before.
    fn take_over(&self, at: usize) {
        let led = {
            let mut state = self.state();
            let member = &mut state.members[at];
            match member.role {
                Role::Elected(term, after) if member.applied >= after => {
                    member.role = Role::Leading(term);
                    Some((member.driven(), term))
                }
                _ => None,
            }
        };
        if let Some((replica, term)) = led {
            replica.lead(term);
        }
    }

    /// Has the others elect a member that runs.
    pub(crate) fn elect(&self, at: usize) {
        {
            let mut state = self.state();
            state.dissolve();
            for member in &mut state.members {
                member.deposed |= member.role != Role::Following;
            }
        }
        while self.state().members[at].deposed {
            self.step_down(at);
        }
        let mut state = self.state();
        state.term = state.term.next();
        state.leader = Some(at);
        state.members[at].role = Role::Elected(state.term, state.entries.len());
    }

    /// Begins, or begins again, with a replica that holds nothing.
    pub(crate) fn start(&self, at: usize, replica: &Driven) -> Result<(), proposer::StartError> {
        let (saved, through) = {
            let mut state = self.state();
            let floor = state.floor;
            let own = state.members[at].saved.clone();
            let saved = own.filter(|saved| saved.through >= floor);
            let saved = saved.or_else(|| state.saved.clone());
            let from = saved.as_ref().map_or(0, |saved| saved.through);
            let more = state.entries.len() - from;
            let through = from + state.random.below(more + 1);
            let member = &mut state.members[at];
            member.replica = Some(Arc::clone(replica));
            member.next = self.now.load(Ordering::Relaxed);
            member.applied = from;
            (saved, through)
        };
        if let Some(saved) = saved {
            let restored = replica.restore(&mut saved.bytes.as_slice());
            let standing = restored.map_err(|source| proposer::StartError::Restore {
                path: String::new(),
                source,
            })?;
            self.state().members[at].installed.push(standing.version);
        }
        let more = through - self.state().members[at].applied;
        self.apply(at, more);
        Ok(())
    }

    /// Takes a member's replica away; what it was about to append may yet be found on the others.
    pub(crate) fn stop(&self, at: usize) {
        let mut state = self.state();
        if state.leader == Some(at) {
            state.dissolve();
        }
        let member = std::mem::take(&mut state.members[at]);
        state.members[at] = Member {
            saved: member.saved,
            installed: member.installed,
            slowness: 1,
            ..Member::default()
        };
    }
}

impl State {
    /// Ends a leadership: some of what the leader was about to append was on its way already, the rest is lost.
    fn dissolve(&mut self) {
        let Some(leader) = self.leader.take() else {
            return;
        };
        let found = self.random.below(self.members[leader].pending.len() + 1);
        let pending = std::mem::take(&mut self.members[leader].pending);
        for proposal in pending.into_iter().take(found) {
            self.push(proposal);
        }
    }

    /// Lets a member append some of what it has taken, if the others take its entries.
    fn append(&mut self, at: usize) {
        let Role::Leading(_) = self.members[at].role else {
            return;
        };
        if self.leader != Some(at) {
            return;
        }
        for _ in 0..self.random.below(4) {
            if self.random.one_in(20) && !self.strays.is_empty() {
                let stray = self.random.below(self.strays.len());
                let stray = self.strays.swap_remove(stray);
                self.push(stray);
            }
            let pending = &mut self.members[at].pending;
            if pending.len() > 1 && self.random.one_in(40) {
                pending.swap(0, 1);
            }
            let Some(proposal) = pending.pop_front() else {
                return;
            };
            if self.random.one_in(40) {
                // As when a lease has run out for a moment: this one is refused, those after it are not.
                self.members[at].refused.push_back(proposal.id);
                continue;
            }
            if self.random.one_in(30) {
                self.strays.push(proposal.clone());
            }
            self.push(proposal);
        }
    }

    /// Appends an entry, as the others receive it.
    pub(crate) fn push(&mut self, mut proposal: Proposal<Payload>) {
        let mut bytes = Vec::new();
        proposal.payload.encode(&mut bytes);
        proposal.payload = Payload::decode(&bytes).expect("what was encoded can be decoded");
        let accepted = self.standing.is_continued_by(proposal.id);
        if accepted {
            self.standing = Standing::of(&proposal);
            self.accepted.push(self.entries.len());
        } else {
            self.standing = self.standing.having_skipped(proposal.id);
        }
        self.entries.push(Entry { proposal, accepted });
    }
}

impl Member {
    fn driven(&self) -> Driven {
        Arc::clone(
            self.replica
                .as_ref()
                .expect("only a member that runs is driven"),
        )
    }

    /// Forgets what an outcome speaks of.
    fn end(&mut self, from: ProposalId) {
        self.own.retain(|id| {
            (id.term, id.incarnation) != (from.term, from.incarnation) || id.version < from.version
        });
    }
}

fn settled(from: ProposalId, aborted: bool) -> proposer::Outcome {
    let reason = proposer::AbortReason::NotLeader { leader: None };
    if aborted {
        proposer::Outcome::Aborted { from, reason }
    } else {
        proposer::Outcome::Unknown { from, reason }
    }
}
