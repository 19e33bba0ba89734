//! The store: transactions over typed tables, committed through a log.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use proposer::{
    AbortReason, Epoch, Outcome, Proposal, ProposalId, Proposer, Standing, StartError, Version,
};

use crate::changes::Changes;
use crate::error::{CreateError, TransactionError};
use crate::flow::{InFlight, Waiters};
use crate::index::Index;
use crate::key::Key;
use crate::object::Kind;
use crate::options::StoreOptions;
use crate::pending::{Committed, Pending};
use crate::retired::Retired;
use crate::schema::Schema;
use crate::shared::Shared;
use crate::slot::Held;
use crate::snapshot::{Read as _, Root, Snapshot};
use crate::ticket::Ticket;
use crate::versions::{Versions, WaitFor};
use crate::write::WriteTx;

/// A store of the objects of a schema, whose transactions go through a proposer.
///
/// Cloning gives another handle of the same store. The log is stopped when the last handle is dropped, or by
/// [`Store::close`].
pub struct Store<S: Schema, P: Proposer<Changes<S>>> {
    inner: Arc<Inner<S, P>>,
}

struct Inner<S: Schema, P: Proposer<Changes<S>>> {
    shared: Arc<Shared<S>>,
    proposer: P,
}

impl<S: Schema, P: Proposer<Changes<S>>> Store<S, P> {
    /// Opens a store over a proposer: everything that the proposer holds is there when this returns.
    ///
    /// # Errors
    /// When the proposer cannot begin.
    pub fn open(proposer: P) -> Result<Self, StartError> {
        Self::open_with(proposer, StoreOptions::default())
    }

    /// Opens a store over a proposer, with options.
    ///
    /// # Errors
    /// When the proposer cannot begin.
    pub fn open_with(proposer: P, options: StoreOptions) -> Result<Self, StartError> {
        let shared = Arc::new(Shared::new(options));
        proposer.start(Arc::clone(&shared) as Arc<dyn proposer::Replica<Changes<S>>>)?;
        Ok(Self {
            inner: Arc::new(Inner { shared, proposer }),
        })
    }

    /// Returns the committed state.
    ///
    /// # Complexity
    /// O(1), without a lock: neither writers nor other readers are waited for.
    #[must_use]
    pub fn view(&self) -> Snapshot<S> {
        self.inner.shared.snapshot()
    }

    /// Runs a closure as a transaction, and returns when it is committed.
    ///
    /// A transaction that was dropped because an earlier one was, is run again, up to
    /// [`attempts_max`](StoreOptions::attempts_max) times: so the closure may run several times, and must not keep what it
    /// saw in a run that did not count.
    ///
    /// # Errors
    /// When the closure gives one, or the transaction is not, or perhaps not, committed.
    ///
    /// # Panics
    /// When it is called inside a transaction of the same store. A panic of the closure leaves no trace.
    ///
    /// # Blocking
    /// Until the log has taken the transaction.
    pub fn update<T, E>(
        &self,
        mut transaction: impl FnMut(&mut WriteTx<'_, S>) -> Result<T, E>,
    ) -> Result<Committed<T>, TransactionError<E>> {
        for _ in 1..self.inner.shared.options.attempts_max {
            let end = self.submit(&mut transaction).wait();
            if !is_transient(&end) {
                return end;
            }
        }
        self.submit(&mut transaction).wait()
    }

    /// Runs a closure as a transaction as [`Store::update`] does, and gives its end to a task that waits for it.
    ///
    /// No executor is needed: whoever commits wakes the task. The closure runs on the task's thread, which waits as
    /// [`Store::submit`] says.
    ///
    /// # Errors
    /// When the closure gives one, or the transaction is not, or perhaps not, committed.
    ///
    /// # Panics
    /// When it is polled inside a transaction of the same store. A panic of the closure leaves no trace.
    ///
    /// # Cancel safety
    /// Once the closure has run, dropping the future loses the answer, not the transaction.
    ///
    /// # The rest of the store, from a task
    /// Whatever else is worth waiting for can be awaited too: [`Store::submit`]'s handle, [`Store::wait_for`], and, with the
    /// feature `stream`, a subscription. [`Store::batch`], [`Store::save`] and [`Store::restore`] are work as long as they
    /// take, more than they wait: they have no form for tasks, but belong on a thread that may be kept, such as tokio's
    /// `spawn_blocking` gives.
    ///
    /// ```
    /// # use proposer::Proposer;
    /// # use store_core::{Changes, RestoreStateError, Schema, Store, Version};
    /// # async fn spawn_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> std::io::Result<T> {
    /// #     Ok(work())
    /// # }
    /// async fn restore<S, P>(store: &Store<S, P>, saved: Vec<u8>) -> std::io::Result<Result<Version, RestoreStateError>>
    /// where
    ///     S: Schema,
    ///     P: Proposer<Changes<S>>,
    /// {
    ///     let store = store.clone();
    ///     spawn_blocking(move || store.restore(saved.as_slice())).await
    /// }
    /// ```
    pub async fn update_async<T, E>(
        &self,
        mut transaction: impl FnMut(&mut WriteTx<'_, S>) -> Result<T, E>,
    ) -> Result<Committed<T>, TransactionError<E>> {
        for _ in 1..self.inner.shared.options.attempts_max {
            let end = self.submit(&mut transaction).await;
            if !is_transient(&end) {
                return end;
            }
        }
        self.submit(&mut transaction).await
    }

    /// Runs a closure as a transaction, and returns at once with a handle to wait for its commit.
    ///
    /// # Panics
    /// When it is called inside a transaction of the same store. A panic of the closure leaves no trace.
    ///
    /// # Blocking
    /// While another transaction is made, and while as many are in flight as
    /// [`in_flight_max`](StoreOptions::in_flight_max) allows.
    pub fn submit<T, E>(
        &self,
        transaction: impl FnOnce(&mut WriteTx<'_, S>) -> Result<T, E>,
    ) -> Pending<T, E> {
        self.sequence(None, transaction)
    }

    /// Returns a handle to wait until a version is committed here.
    pub fn wait_for(&self, version: Version) -> WaitFor {
        let shared = &self.inner.shared;
        Versions::wait_for(&shared.versions, version, || shared.committed_version())
    }

    /// Adds an index to a table that is in use, and fills it.
    ///
    /// It is this store's alone: neither the log nor a saved state knows of it, so that a replica that wants it adds it
    /// too. Snapshots that were taken before do not have it, and it cannot be watched by.
    ///
    /// # Errors
    /// When two objects have the same key and the index is a unique one, or when a key is too long.
    ///
    /// # Panics
    /// When the table has an index of that name, or inside a transaction of the same store.
    ///
    /// # Blocking
    /// Until the transactions in flight have ended; then, nothing is committed while it is filled, in O(n log n).
    pub fn add_index<O: Kind<S>, K: Key + ?Sized + 'static>(
        &self,
        index: Index<O, K>,
    ) -> Result<(), CreateError> {
        self.inner
            .shared
            .reshape(|tables| tables.get_mut::<O>().add_index(index))
    }

    /// Removes an index from a table that is in use; false when the table has none of that name.
    ///
    /// Snapshots that were taken before keep it. Afterwards, queries by it panic. It is dropped from this store alone, too: one
    /// that the kind declares is back, and its uniqueness with it, where a saved state is restored or the log is opened
    /// again.
    ///
    /// # Panics
    /// Inside a transaction of the same store.
    ///
    /// # Blocking
    /// As [`Store::add_index`].
    #[must_use = "it may be that there was no such index"]
    pub fn drop_index<O: Kind<S>>(&self, name: &str) -> bool {
        let dropped: Result<(), ()> = self.inner.shared.reshape(|tables| {
            let dropped = tables.get_mut::<O>().drop_index(name);
            if dropped { Ok(()) } else { Err(()) }
        });
        dropped.is_ok()
    }

    /// Frees the memory of what no snapshot sees any more. Each transaction frees a part of it; this is for a store that
    /// is going to be idle.
    pub fn collect(&self) {
        let retired = self.inner.shared.flow().retired.take_all();
        drop(retired);
        let view = self.view();
        for kind in S::kinds() {
            (kind.collect)(view.tables().0);
        }
    }

    /// Returns how long the current transaction has been in the making; zero when none is.
    #[must_use]
    pub fn writer_held_for(&self) -> Duration {
        self.inner.shared.slot.held_for()
    }

    /// Whether a transaction has been in the making for longer than [`wedge_timeout`](StoreOptions::wedge_timeout).
    #[must_use]
    pub fn is_wedged(&self) -> bool {
        self.inner.shared.slot.is_wedged()
    }

    /// Returns counters of what the store does and holds.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let shared = &self.inner.shared;
        let (in_flight, in_flight_bytes, awaiting_room) = {
            let flow = shared.flow();
            (flow.depth(), flow.bytes(), flow.awaiting_room)
        };
        let (history_changes, history_bytes) = {
            let history = shared.history();
            (history.changes(), history.bytes())
        };
        Stats {
            version: shared.committed_version(),
            transactions: shared.transactions(),
            in_flight,
            in_flight_bytes,
            awaiting_room,
            history_changes,
            history_bytes,
        }
    }

    /// Checks the store's invariants, at the cost of reading everything.
    ///
    /// # Panics
    /// When one does not hold; the message names it.
    pub fn check_invariants(&self) {
        self.inner.shared.check_invariants();
        self.view().check_invariants();
    }

    /// Stops the log and ends every watch; what is committed stays readable through snapshots.
    ///
    /// # Blocking
    /// Until the transactions in flight have ended.
    pub fn close(&self) {
        self.inner.close();
    }

    /// Returns a way to this store that does not keep it open.
    pub(crate) fn downgrade(&self) -> impl Fn() -> Option<Self> + Send + Sync + use<S, P> {
        let inner = Arc::downgrade(&self.inner);
        move || inner.upgrade().map(|inner| Self { inner })
    }

    pub(crate) fn shared(&self) -> &Arc<Shared<S>> {
        &self.inner.shared
    }

    /// Runs a closure on the tip and sends its changes on their way; with `epoch`, they begin a new history.
    pub(crate) fn sequence<T, E>(
        &self,
        epoch: Option<Epoch>,
        transaction: impl FnOnce(&mut WriteTx<'_, S>) -> Result<T, E>,
    ) -> Pending<T, E> {
        let mut open = self.begin();
        let result = transaction(&mut open.tx);
        self.finish(open, epoch, result)
    }

    pub(crate) fn proposer(&self) -> &P {
        &self.inner.proposer
    }

    /// Takes the writer slot and begins a transaction on the tip.
    pub(crate) fn begin(&self) -> Open<'_, S> {
        let shared = &self.inner.shared;
        let (slot, mut flow) = shared.take_slot();
        let (base, base_committed) = (Arc::clone(&flow.tip), flow.depth() == 0);
        let retired = flow.retired.take_next();
        drop(flow);
        let tx = WriteTx::new(
            base.tables.clone(),
            base.standing.version.next(),
            (shared.options.clock)(),
        );
        Open {
            _slot: slot,
            base,
            base_committed,
            tx,
            retired,
        }
    }

    /// Sends a transaction's changes on their way and frees the writer slot.
    pub(crate) fn finish<T, E>(
        &self,
        open: Open<'_, S>,
        epoch: Option<Epoch>,
        result: Result<T, E>,
    ) -> Pending<T, E> {
        let shared = &self.inner.shared;
        // Dropped last, without a lock: it holds the wakers of tasks.
        let mut gone = Vec::new();
        // The slot is held to the end: proposals are handed over in order of version.
        // What earlier commits replaced is freed after that: what is declared first is dropped last.
        let Open {
            retired: _retired,
            _slot,
            base,
            base_committed,
            tx,
        } = open;
        let (tables, changes, bytes) = tx.into_parts();
        let leaves_no_change = result.is_err() || changes.is_empty();
        if leaves_no_change && base_committed {
            return Pending::settled(result, base.standing.version);
        }

        let mut flow = shared.flow();
        if !Arc::ptr_eq(&flow.tip, &base) {
            // What the closure read was dropped while it ran.
            return Pending::aborted(AbortReason::Superseded);
        }
        let ticket = Arc::new(Ticket::default());
        if leaves_no_change {
            // Nothing leaves before what it read is committed.
            return if flow.wait_for_tip(&ticket, &mut gone) {
                Pending::on_its_way(result, base.standing.version, ticket)
            } else {
                Pending::settled(result, base.standing.version)
            };
        }
        let max = shared.options.transaction_changes_max;
        if changes.len() > max && epoch.is_none() {
            return Pending::aborted(AbortReason::TooManyChanges {
                changes: changes.len(),
                max,
            });
        }
        let id = match flow.next_id() {
            Ok(id) => id,
            Err(reason) => return Pending::aborted(reason),
        };
        let changes = Changes::with_len(changes, bytes);
        let proposal = Proposal {
            id,
            epoch: epoch.unwrap_or_else(|| flow.epoch()),
            payload: changes.clone(),
        };
        let root = Arc::new(Root {
            standing: Standing::of(&proposal),
            tables,
        });
        flow.push(InFlight {
            id,
            root,
            changes,
            bytes,
            waiters: Waiters::of(&ticket),
        });
        drop(flow);
        let unwinding = Unwinding { shared, id };
        let taken = self.inner.proposer.propose(proposal);
        std::mem::forget(unwinding);
        if let Err(refused) = taken {
            shared.drop_suffix(&Outcome::Aborted {
                from: id,
                reason: refused.reason,
            });
        }
        Pending::on_its_way(result, id.version, ticket)
    }
}

/// Whether a transaction was dropped through no fault of its own, and is certainly not in the log.
const fn is_transient<T, E>(end: &Result<Committed<T>, TransactionError<E>>) -> bool {
    matches!(end, Err(TransactionError::Aborted(reason)) if reason.is_transient())
}

/// Drops a proposal from the flow when the proposer panics while it is handed over: whether it was taken is not known.
struct Unwinding<'a, S: Schema> {
    shared: &'a Shared<S>,
    id: ProposalId,
}

impl<S: Schema> Drop for Unwinding<'_, S> {
    fn drop(&mut self) {
        self.shared.drop_suffix(&Outcome::Unknown {
            from: self.id,
            reason: AbortReason::Failed("the log panicked".to_owned()),
        });
    }
}

/// A transaction that is being made, with the writer slot.
pub(crate) struct Open<'a, S: Schema> {
    _slot: Held<'a>,
    base: Arc<Root<S>>,
    /// Whether the base was committed when the transaction began; then what it reads needs no waiting for.
    base_committed: bool,
    pub(crate) tx: WriteTx<'a, S>,
    retired: Retired<S>,
}

impl<S: Schema, P: Proposer<Changes<S>>> Inner<S, P> {
    fn close(&self) {
        // Whatever the log does, nobody waits for ever.
        let stopped = catch_unwind(AssertUnwindSafe(|| self.proposer.stop()));
        self.shared.stop();
        stopped.unwrap_or_else(|panic| resume_unwind(panic));
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> Drop for Inner<S, P> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> Clone for Store<S, P> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<S: Schema, P: Proposer<Changes<S>>> fmt::Debug for Store<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("state", &self.view())
            .field("stats", &self.stats())
            .finish()
    }
}

/// Counters of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The committed version.
    pub version: Version,
    /// Transactions committed here since the store was opened.
    pub transactions: u64,
    /// Transactions on their way through the log.
    pub in_flight: usize,
    /// Their bytes, about.
    pub in_flight_bytes: usize,
    /// Writers that wait until fewer are on their way.
    pub awaiting_room: usize,
    /// Committed changes held in memory for watches that resume.
    pub history_changes: usize,
    /// The bytes that they take in the log.
    pub history_bytes: usize,
}
