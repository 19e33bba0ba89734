//! The part of a store that the log drives: what is committed, what is in flight, who watches.
//!
//! # Order of a commit
//! 1. The new root is published: readers see it. Then it leaves the flow.
//! 2. It enters the history, then its events reach the watchers: whoever has seen an event can read at least that version.
//! 3. Whoever waits for the version, or made it, is told; of a group of commits, all at once.
//!
//! Tasks are woken when no lock is held, so that they may close the store; what is replaced, forgotten or given up is dropped
//! then, too. What a waker or a drop panics with there stays with it, so that the log goes on and everybody else hears what
//! became of the transaction.
//!
//! # Order of locks
//! The writer slot, then `committing`, then `flow`; `turn`, then `flow`, under no slot; `history` and the queue's own lock are only held by themselves or
//! under `committing`. The proposer is called under the writer slot alone.

use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use proposer::{
    AbortReason, Applied, Epoch, Outcome, Payload as _, Peer, Proposal, ProposalId, Replica,
    RestoreError, Standing, Term, Version,
};
use watch_queue::{Delivery, Position, PublishError, Queue};

use crate::changes::Changes;
use crate::each::{contain, each};
use crate::engine::Tables;
use crate::event::Event;
use crate::flow::Flow;
use crate::history::History;
use crate::options::StoreOptions;
use crate::retired::Replaced;
use crate::saved;
use crate::schema::{Schema, kind_of};
use crate::slot::{Held, Slot};
use crate::snapshot::{Root, Snapshot};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Condvar, Mutex, MutexGuard, lock, wait};
use crate::ticket::{Verdict, complete_all};
use crate::told::Told;
use crate::versions::Versions;

/// So many transactions of a group are applied before those who wait for them are told, all at once: it costs less, and 64
/// take less time than the flush that came before.
const TOLD_AT_ONCE: usize = 64;

pub(crate) struct Shared<S: Schema> {
    pub(crate) options: StoreOptions,
    /// The writer slot.
    pub(crate) slot: Slot,
    /// What readers see. Written under `committing` only.
    committed: ArcSwap<Root<S>>,
    flow: Mutex<Flow<S>>,
    /// Told when transactions leave the flow.
    room: Condvar,
    /// Held by the one of the writers who waits for room.
    turn: Mutex<()>,
    /// Serialises everything that changes what is committed.
    committing: Mutex<()>,
    history: Mutex<History<S>>,
    pub(crate) versions: Arc<Versions>,
    pub(crate) watchers: Queue<Event<S>>,
    transactions: AtomicU64,
}

impl<S: Schema> Shared<S> {
    pub(crate) fn new(options: StoreOptions) -> Self {
        let root = Arc::new(Root {
            standing: Standing::default(),
            tables: Tables::new(),
        });
        Self {
            slot: Slot::new(options.wedge_timeout),
            flow: Mutex::new(Flow::new(Arc::clone(&root), fresh_epoch(&options))),
            committed: ArcSwap::new(root),
            room: Condvar::new(),
            turn: Mutex::new(()),
            committing: Mutex::new(()),
            history: Mutex::new(History::new(
                options.history_changes_max,
                options.history_bytes_max,
            )),
            versions: Arc::default(),
            watchers: Queue::new(),
            transactions: AtomicU64::new(0),
            options,
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot<S> {
        Snapshot::new(self.committed.load_full())
    }

    pub(crate) fn flow(&self) -> MutexGuard<'_, Flow<S>> {
        lock(&self.flow)
    }

    pub(crate) fn history(&self) -> MutexGuard<'_, History<S>> {
        lock(&self.history)
    }

    /// Returns how many transactions were committed here since the store was opened.
    pub(crate) fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    /// Takes the writer slot and the flow, when that has room for another transaction.
    ///
    /// Nobody waits for room under the slot: how long that is held tells how long transactions take to make.
    pub(crate) fn take_slot(&self) -> (Held<'_>, MutexGuard<'_, Flow<S>>) {
        loop {
            let slot = self.slot.take();
            let mut flow = self.flow();
            if self.has_room(&flow) {
                return (slot, flow);
            }
            flow.awaiting_room += 1;
            drop(flow);
            drop(slot);
            // One after the other: of many who wait, each commit wakes one.
            let _turn = lock(&self.turn);
            let mut flow = self.flow();
            while !self.has_room(&flow) {
                flow = wait(&self.room, flow);
            }
            flow.awaiting_room -= 1;
        }
    }

    /// Whether another transaction may be on its way; one may always be, whatever the bounds are.
    fn has_room(&self, flow: &Flow<S>) -> bool {
        flow.depth() == 0
            || flow.depth() < self.options.in_flight_max
                && flow.bytes() < self.options.in_flight_bytes_max
    }

    /// Changes what the tables are made of, but not what they hold, when nothing is in flight.
    pub(crate) fn reshape<E>(
        &self,
        reshape: impl FnOnce(&mut Tables<S>) -> Result<(), E>,
    ) -> Result<(), E> {
        let _slot = self.slot.take();
        loop {
            // Who holds the slot can only wait until nothing is in flight: nothing more is sequenced meanwhile.
            let mut flow = self.flow();
            while flow.depth() > 0 {
                flow.awaiting_room += 1;
                flow = wait(&self.room, flow);
                flow.awaiting_room -= 1;
            }
            drop(flow);
            let _serial = lock(&self.committing);
            if self.flow().depth() > 0 {
                continue;
            }
            let committed = self.committed.load_full();
            let mut tables = committed.tables.clone();
            reshape(&mut tables)?;
            let standing = committed.standing;
            let root = Arc::new(Root { standing, tables });
            self.flow().tip = Arc::clone(&root);
            self.committed.store(root);
            return Ok(());
        }
    }

    /// Changes the flow in a way that may make room, and wakes who waits for it.
    fn make_room<T>(&self, change: impl FnOnce(&mut Flow<S>) -> T) -> T {
        let mut flow = self.flow();
        let result = change(&mut flow);
        let awaited = flow.awaiting_room > 0;
        drop(flow);
        if awaited {
            self.room.notify_all();
        }
        result
    }

    /// Drops what an outcome speaks of, and tells whoever waits for it.
    pub(crate) fn drop_suffix(&self, outcome: &Outcome) {
        let (dropped, retired) = {
            let _serial = lock(&self.committing);
            self.make_room(|flow| flow.settle(outcome, &self.committed.load()))
        };
        let verdict = match outcome {
            Outcome::Unknown { reason, .. } => Verdict::Unknown(reason.clone()),
            Outcome::Aborted { reason, .. } => Verdict::Aborted(reason.clone()),
            other => unreachable!("{other:?} is a form of outcome that this release does not know"),
        };
        let dropped = dropped.into_iter().enumerate();
        complete_all(dropped.flat_map(|(place, waiters)| {
            // The reason is that of the first; the later ones only stood behind it.
            waiters.with(match &verdict {
                Verdict::Aborted(_) if place > 0 => Verdict::Aborted(AbortReason::Superseded),
                verdict => verdict.clone(),
            })
        }));
        contain(|| drop(retired));
    }

    /// Ends the flow: nothing is sequenced or committed any more.
    pub(crate) fn stop(&self) {
        let (mut waiting, mut retired) = {
            let _serial = lock(&self.committing);
            self.make_room(|flow| flow.stop(&self.committed.load()))
        };
        let verdict = Verdict::Unknown(AbortReason::Stopped);
        let steps: [&mut dyn FnMut(); 4] = [
            &mut || {
                let waiting = waiting.drain(..);
                complete_all(waiting.flat_map(|waiters| waiters.with(verdict.clone())));
            },
            &mut || self.watchers.close(),
            &mut || self.versions.close(),
            &mut || drop(retired.take()),
        ];
        each(steps, |step| step());
    }

    /// Makes the state after a transaction the committed one, in the order that the module's documentation promises.
    ///
    /// `leave` brings the flow up to date, finds whoever waits for the transaction, and sees to what that replaced. It runs when
    /// readers see the state: whoever finds a transaction in flight no more can read it.
    fn publish(
        &self,
        root: Arc<Root<S>>,
        changes: &Changes<S>,
        told: &mut Told<'_, S>,
        leave: impl FnOnce(&mut Flow<S>, Replaced<S>, &mut Told<'_, S>),
    ) {
        let Standing { version, epoch, .. } = root.standing;
        // Under one lock, so that whoever has seen the version finds it in the history.
        let mut history = self.history();
        let before = self.committed.swap(root);
        let forgotten = history.push(version, epoch, changes.clone());
        drop(history);
        let replaced = Replaced {
            root: before,
            forgotten,
        };
        told.reached = Some(version);
        self.make_room(|flow| leave(flow, replaced, told));
        told.delivery = self.tell_watchers(version, changes.shared());
        self.transactions.fetch_add(1, Ordering::Relaxed);
    }

    /// Applies a proposal; whoever is to hear of it is added to `told`.
    fn apply_to(&self, proposal: &Proposal<Changes<S>>, told: &mut Told<'_, S>) -> Applied {
        let mut made: Option<Made<S>> = None;
        loop {
            let serial = lock(&self.committing);
            let committed = self.committed.load_full();
            let continues = committed.standing.is_continued_by(proposal.id);
            let own = self.flow().first(proposal.id);
            let applied = match own {
                // Own ones too: what all others skip must be skipped here.
                _ if !continues => {
                    self.skip(&committed, proposal.id, told);
                    Applied::Skipped
                }
                Some((root, ref changes)) => {
                    self.publish(root, changes, told, |flow, replaced, told| {
                        told.waiters
                            .extend(flow.pop(replaced).with(Verdict::Committed));
                    });
                    Applied::Accepted
                }
                None => match made.take() {
                    Some(made) if Arc::ptr_eq(&made.base, &committed) => {
                        self.apply_foreign(made, proposal, told);
                        Applied::Accepted
                    }
                    // Once more, if the state was given other indexes meanwhile.
                    _ => {
                        drop(serial);
                        match Made::of(committed, proposal) {
                            Ok(of_this) => made = Some(of_this),
                            Err(what) => return Applied::Diverged(what),
                        }
                        continue;
                    }
                },
            };
            // What is left is dropped without it: the states that were looked at, then `told`.
            drop(serial);
            return applied;
        }
    }

    fn tell_watchers(
        &self,
        version: Version,
        changes: Arc<[Event<S>]>,
    ) -> Option<Delivery<Event<S>>> {
        match self.watchers.deliver(Position::new(version.get()), changes) {
            Ok(delivery) => Some(delivery),
            // A closed store has no watchers.
            Err(PublishError::Closed) => None,
            Err(error) => unreachable!("versions ascend: {error}"),
        }
    }

    /// Skips a proposal, and sees to it that nothing that was built on it is accepted: where the state stands says so, so
    /// that every replica does, also after it was restored.
    fn skip(&self, committed: &Arc<Root<S>>, skipped: ProposalId, told: &mut Told<'_, S>) {
        let standing = committed.standing.having_skipped(skipped);
        if standing != committed.standing {
            let tables = committed.tables.clone();
            let root = Arc::new(Root { standing, tables });
            told.retired
                .extend(self.make_room(|flow| flow.barred(&root)));
            self.committed.store(root);
        }
        // Skipped here, skipped everywhere: it was not done.
        let verdict = Verdict::Aborted(AbortReason::Superseded);
        let waiters = self.flow().take_from_limbo(skipped);
        told.waiters
            .extend(waiters.unwrap_or_default().with(verdict));
    }

    /// Publishes what was made of a proposal that is not the first in flight here.
    fn apply_foreign(
        &self,
        made: Made<S>,
        proposal: &Proposal<Changes<S>>,
        told: &mut Told<'_, S>,
    ) {
        let Made { root, changes, .. } = made;
        self.publish(Arc::clone(&root), &changes, told, |flow, replaced, told| {
            told.retired.extend(flow.supersede(&root));
            told.retired.add(replaced);
            let waiters = flow.take_from_limbo(proposal.id).unwrap_or_default();
            told.waiters.extend(waiters.with(Verdict::Committed));
        });
    }
}

/// The state that another replica's proposal makes of a committed one.
struct Made<S: Schema> {
    base: Arc<Root<S>>,
    root: Arc<Root<S>>,
    changes: Changes<S>,
}

impl<S: Schema> Made<S> {
    /// Repeats the changes of a proposal, under no lock: tables drop objects that they have given up when they are changed.
    ///
    /// # Errors
    /// When a table refuses one.
    fn of(base: Arc<Root<S>>, proposal: &Proposal<Changes<S>>) -> Result<Self, String> {
        let mut tables = base.tables.clone();
        let mut changes = Vec::with_capacity(proposal.payload.len());
        for change in proposal.payload.iter() {
            changes.push((kind_of::<S>(change.object()).apply)(&mut tables, change)?);
        }
        let root = Arc::new(Root {
            standing: Standing::of(proposal),
            tables,
        });
        Ok(Self {
            base,
            root,
            changes: Changes::with_len(changes, proposal.payload.encoded_len()),
        })
    }
}

impl<S: Schema> Replica<Changes<S>> for Shared<S> {
    fn apply(&self, proposal: Proposal<Changes<S>>) -> Applied {
        self.apply_to(&proposal, &mut Told::by(self))
    }

    fn apply_group(&self, group: &mut dyn Iterator<Item = Proposal<Changes<S>>>) -> Applied {
        let mut told = Told::by(self);
        for (place, proposal) in (1..).zip(group) {
            let applied = self.apply_to(&proposal, &mut told);
            // A reader who is waited for must have been woken.
            told.deliver();
            told.free();
            if applied != Applied::Accepted {
                return applied;
            }
            if place % TOLD_AT_ONCE == 0 {
                told = Told::by(self);
            }
        }
        Applied::Accepted
    }

    fn settle(&self, outcome: Outcome) {
        self.drop_suffix(&outcome);
    }

    fn lead(&self, term: Term) {
        let serial = lock(&self.committing);
        let retired = self.make_room(|flow| flow.lead(term, &self.committed.load()));
        drop(serial);
        contain(|| drop(retired));
    }

    fn follow(&self, leader: Option<Peer>) {
        let serial = lock(&self.committing);
        let retired = self.make_room(|flow| flow.follow(leader, &self.committed.load()));
        drop(serial);
        contain(|| drop(retired));
    }

    fn standing(&self) -> Standing {
        self.committed.load().standing
    }

    fn save(&self, out: &mut dyn std::io::Write) -> std::io::Result<Standing> {
        saved::save(&self.snapshot(), out, &mut |_| {})
    }

    fn restore(&self, from: &mut dyn std::io::Read) -> Result<Standing, RestoreError> {
        let (standing, mut tables) = saved::load::<S>(from, &mut |_| {})?;
        let mut told = Told::by(self);
        let serial = lock(&self.committing);
        let committed = self.committed.load_full();
        for kind in S::kinds() {
            (kind.adopt_indexes)(&mut tables, &committed.tables).map_err(RestoreError::Object)?;
        }
        let mut changes = Vec::new();
        for kind in S::kinds() {
            (kind.difference)(&committed.tables, &tables, &mut changes);
        }
        let older = standing.version < committed.standing.version;
        if older || (standing.version == committed.standing.version && !changes.is_empty()) {
            return Err(RestoreError::Older {
                saved: standing.version,
                committed: committed.standing.version,
            });
        }
        let root = Arc::new(Root { standing, tables });
        // The difference is no transaction: a watch cannot be resumed from before it.
        let mut history = self.history();
        let before = self.committed.swap(Arc::clone(&root));
        let forgotten = history.begin(standing.version, standing.epoch);
        drop(history);
        told.reached = Some(standing.version);
        told.retired
            .extend(self.make_room(|flow| flow.supersede(&root)));
        told.retired.add(Replaced {
            root: before,
            forgotten,
        });
        // Also where nothing differs: then it tells how far the store is.
        if standing.version > committed.standing.version {
            told.delivery = self.tell_watchers(standing.version, changes.into());
        }
        drop(serial);
        Ok(standing)
    }
}

/// The last epoch that a clock names. A saved state may have one of up to 2^63, and restores go on counting from here.
const EPOCH_BY_CLOCK_MAX: u64 = (1 << 63) - (1 << 32);

/// Returns the name of a history that begins now.
pub(crate) fn fresh_epoch(options: &StoreOptions) -> Epoch {
    let since = (options.clock)()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let nanos = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
    Epoch::new(nanos.clamp(1, EPOCH_BY_CLOCK_MAX))
}

/// Waits for versions to be committed.
impl<S: Schema> Shared<S> {
    pub(crate) fn committed_version(&self) -> Version {
        self.committed.load().standing.version
    }

    /// Checks the invariants of the flow against what is committed.
    pub(crate) fn check_invariants(&self) {
        let _serial = lock(&self.committing);
        self.flow().check(&self.committed.load_full());
    }
}
