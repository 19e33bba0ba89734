//! The flow of transactions: sequenced on the tip, replicated by the log, committed in order of version.
//!
//! *Tip*: the newest sequenced state, which the next transaction builds on. *Committed*: the newest replicated state,
//! which readers see. Between them stand the transactions in flight, each with the state that it makes.
//!
//! Invariants:
//! 1. The transactions in flight have consecutive versions; the first follows the committed one.
//! 2. The tip is the state of the last transaction in flight, or the committed state when none is.
//! 3. A state that was dropped never becomes the tip again, so that whoever holds one learns of it by comparing.

use std::collections::VecDeque;
use std::iter;
use std::sync::Arc;

use proposer::{
    AbortReason, Epoch, Incarnation, Outcome, Peer, ProposalId, Standing, Term, Version,
};

use crate::changes::Changes;
use crate::retired::{Backlog, Few, Replaced, Retired};
use crate::schema::Schema;
use crate::snapshot::Root;
use crate::ticket::{Ticket, Verdict};

pub(crate) struct Flow<S: Schema> {
    pub(crate) role: Role,
    incarnation: Incarnation,
    /// The history that begins if the first transaction of all is made here.
    first_epoch: Epoch,
    in_flight: VecDeque<InFlight<S>>,
    bytes: usize,
    /// Writers that wait for room: telling nobody would cost a system call.
    pub(crate) awaiting_room: usize,
    pub(crate) tip: Arc<Root<S>>,
    /// What the next writers free.
    pub(crate) retired: Backlog<S>,
    /// Transactions whose state was dropped because the log gave something else, until the log says what became of them.
    limbo: Vec<(ProposalId, Waiters)>,
}

/// A leadership, and an attempt within it.
pub(crate) type Attempt = (Role, Incarnation);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Leader(Term),
    Follower(Option<Peer>),
    Stopped,
}

/// A sequenced transaction that is not committed yet.
pub(crate) struct InFlight<S: Schema> {
    pub(crate) id: ProposalId,
    pub(crate) root: Arc<Root<S>>,
    pub(crate) changes: Changes<S>,
    pub(crate) bytes: usize,
    pub(crate) waiters: Waiters,
}

impl<S: Schema> InFlight<S> {
    /// Leaves its state and its changes to be freed when no lock is held.
    fn leave(self, dropped: &mut Retired<S>) -> (ProposalId, Waiters) {
        dropped.add(Replaced {
            root: self.root,
            forgotten: Few::one(self.changes),
        });
        (self.id, self.waiters)
    }
}

/// Whoever waits for a transaction: the one who made it, and those who only read what it made.
#[derive(Default)]
pub(crate) struct Waiters {
    pub(crate) author: Option<Arc<Ticket>>,
    readers: Vec<Arc<Ticket>>,
}

impl Waiters {
    pub(crate) fn of(author: &Arc<Ticket>) -> Self {
        Self {
            author: Some(Arc::clone(author)),
            readers: Vec::new(),
        }
    }

    /// Adds one who read it. Before it takes more memory, it forgets those who have given up: however long the log stands
    /// still, it keeps twice as many as waited at once, no more.
    fn add_reader(&mut self, reader: &Arc<Ticket>, gone: &mut Vec<Arc<Ticket>>) {
        let readers = &mut self.readers;
        if readers.len() == readers.capacity() {
            gone.extend(readers.extract_if(.., |reader| Arc::strong_count(reader) == 1));
            // As much room again as is taken, so that each look is paid for by as many who came.
            readers.reserve(readers.len() + 1);
        }
        readers.push(Arc::clone(reader));
    }

    /// Returns everybody, with what to tell them.
    pub(crate) fn with(self, verdict: Verdict) -> impl Iterator<Item = (Arc<Ticket>, Verdict)> {
        // Who only read has put nothing into the log, whatever became of what it read.
        let of_readers = match &verdict {
            Verdict::Committed => Verdict::Committed,
            Verdict::Aborted(AbortReason::Stopped) | Verdict::Unknown(AbortReason::Stopped) => {
                Verdict::Aborted(AbortReason::Stopped)
            }
            Verdict::Aborted(_) | Verdict::Unknown(_) => Verdict::Aborted(AbortReason::Superseded),
        };
        let author = self.author.zip(Some(verdict));
        let readers = iter::zip(self.readers, iter::repeat(of_readers));
        author.into_iter().chain(readers)
    }
}

impl<S: Schema> Flow<S> {
    pub(crate) fn new(root: Arc<Root<S>>, first_epoch: Epoch) -> Self {
        Self {
            first_epoch,
            role: Role::Follower(None),
            incarnation: Incarnation::ZERO,
            in_flight: VecDeque::new(),
            bytes: 0,
            awaiting_room: 0,
            tip: root,
            retired: Backlog::new(),
            limbo: Vec::new(),
        }
    }

    pub(crate) fn depth(&self) -> usize {
        self.in_flight.len()
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the attempt that proposals are made under; after any of them was dropped, it is another.
    pub(crate) fn attempt(&self) -> Attempt {
        (self.role.clone(), self.incarnation)
    }

    /// Returns the name of the next proposal; the reason why there is none, when this replica does not lead.
    pub(crate) fn next_id(&self) -> Result<ProposalId, AbortReason> {
        match &self.role {
            Role::Leader(term) => {
                let version = self.tip.standing.version.next();
                Ok(ProposalId {
                    term: *term,
                    incarnation: self.incarnation,
                    version,
                })
            }
            Role::Follower(leader) => Err(AbortReason::NotLeader {
                leader: leader.clone(),
            }),
            Role::Stopped => Err(AbortReason::Stopped),
        }
    }

    /// Adds a transaction that was built on the tip.
    pub(crate) fn push(&mut self, transaction: InFlight<S>) {
        assert_eq!(
            transaction.id.version,
            self.tip.standing.version.next(),
            "a transaction has the version after that of the state it was built on"
        );
        self.bytes += transaction.bytes;
        self.tip = Arc::clone(&transaction.root);
        self.in_flight.push_back(transaction);
    }

    /// Adds somebody who read the tip; false when the tip is committed, so that there is nothing to wait for.
    ///
    /// Those who wait no more are moved to `gone`, to be dropped when no lock is held.
    pub(crate) fn wait_for_tip(
        &mut self,
        ticket: &Arc<Ticket>,
        gone: &mut Vec<Arc<Ticket>>,
    ) -> bool {
        let Some(last) = self.in_flight.back_mut() else {
            return false;
        };
        last.waiters.add_reader(ticket, gone);
        true
    }

    /// Returns the first transaction in flight, if this is its name: the state that it makes, and its changes.
    pub(crate) fn first(&self, id: ProposalId) -> Option<(Arc<Root<S>>, Changes<S>)> {
        let first = self.in_flight.front().filter(|first| first.id == id)?;
        Some((Arc::clone(&first.root), first.changes.clone()))
    }

    /// Takes out the first transaction in flight, which replaced something, and returns who waits for it.
    pub(crate) fn pop(&mut self, replaced: Replaced<S>) -> Waiters {
        let first = self
            .in_flight
            .pop_front()
            .expect("nobody else takes out what was found in flight");
        self.bytes -= first.bytes;
        self.retired.add(replaced);
        first.waiters
    }

    /// Drops every transaction in flight, since the log gave something else; they wait in limbo for their outcome. Returns what
    /// is to be freed.
    pub(crate) fn supersede(&mut self, committed: &Arc<Root<S>>) -> Retired<S> {
        let mut dropped = self.retired.take_all();
        if !self.in_flight.is_empty() {
            self.incarnation = self.incarnation.next();
        }
        for transaction in self.in_flight.drain(..) {
            let (id, waiters) = transaction.leave(&mut dropped);
            self.limbo.push((id, waiters));
        }
        self.bytes = 0;
        self.tip = Arc::clone(committed);
        dropped
    }

    /// Hears that the committed state now bars earlier attempts: what is in flight of those is skipped when it comes.
    pub(crate) fn barred(&mut self, committed: &Arc<Root<S>>) -> Retired<S> {
        let Standing {
            term, incarnation, ..
        } = committed.standing;
        let is_barred =
            |first: &InFlight<S>| (first.id.term, first.id.incarnation) < (term, incarnation);
        if self.in_flight.front().is_none_or(is_barred) {
            return self.supersede(committed);
        }
        Retired::new()
    }

    /// Takes whoever waits for this transaction out of limbo.
    pub(crate) fn take_from_limbo(&mut self, id: ProposalId) -> Option<Waiters> {
        let at = self.limbo.iter().position(|(limbo, _)| *limbo == id)?;
        Some(self.limbo.remove(at).1)
    }

    /// Drops what an outcome speaks of, and returns who must hear of it, in order, and what is to be freed.
    pub(crate) fn settle(
        &mut self,
        outcome: &Outcome,
        committed: &Arc<Root<S>>,
    ) -> (Vec<Waiters>, Retired<S>) {
        let mut dropped = Retired::new();
        let from = outcome.from();
        let speaks_of = |id: ProposalId| {
            (id.term, id.incarnation) == (from.term, from.incarnation) && id.version >= from.version
        };
        let mut waiters = Vec::new();
        let mut index = 0;
        while index < self.limbo.len() {
            if speaks_of(self.limbo[index].0) {
                waiters.push(self.limbo.remove(index).1);
            } else {
                index += 1;
            }
        }
        if let Some(first) = self
            .in_flight
            .iter()
            .position(|transaction| speaks_of(transaction.id))
        {
            for transaction in self.in_flight.drain(first..) {
                self.bytes -= transaction.bytes;
                waiters.push(transaction.leave(&mut dropped).1);
            }
            self.incarnation = self.incarnation.next();
            self.tip = Arc::clone(self.in_flight.back().map_or(committed, |last| &last.root));
        }
        (waiters, dropped)
    }

    /// Returns what is to be freed.
    pub(crate) fn lead(&mut self, term: Term, committed: &Arc<Root<S>>) -> Retired<S> {
        self.role = Role::Leader(term);
        let dropped = self.supersede(committed);
        self.incarnation = Incarnation::ZERO;
        dropped
    }

    /// Returns what is to be freed.
    pub(crate) fn follow(&mut self, leader: Option<Peer>, committed: &Arc<Root<S>>) -> Retired<S> {
        self.role = Role::Follower(leader);
        self.supersede(committed)
    }

    /// Ends the flow, and returns who still waits, and what is to be freed.
    pub(crate) fn stop(&mut self, committed: &Arc<Root<S>>) -> (Vec<Waiters>, Retired<S>) {
        self.role = Role::Stopped;
        let dropped = self.supersede(committed);
        let waiters = self.limbo.drain(..).map(|(_, waiters)| waiters);
        (waiters.collect(), dropped)
    }

    /// Returns the history that the next transaction belongs to.
    pub(crate) fn epoch(&self) -> Epoch {
        match self.tip.standing {
            Standing {
                version: Version::ZERO,
                ..
            } => self.first_epoch,
            Standing { epoch, .. } => epoch,
        }
    }

    /// Checks the invariants above.
    ///
    /// # Panics
    /// When one does not hold.
    pub(crate) fn check(&self, committed: &Arc<Root<S>>) {
        let mut version: Version = committed.standing.version;
        for transaction in &self.in_flight {
            assert_eq!(
                transaction.id.version,
                version.next(),
                "versions in flight follow the committed one"
            );
            version = version.next();
        }
        let newest = self.in_flight.back().map_or(committed, |last| &last.root);
        assert!(
            Arc::ptr_eq(&self.tip, newest),
            "the tip is the newest state"
        );
    }
}
