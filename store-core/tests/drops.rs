//! Objects whose drop looks at the store: nothing that a commit replaces, forgets or gives up is dropped under a lock that this
//! needs.

mod support;

use std::iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use proposer::{AbortReason, Applied, Incarnation, Outcome, Proposal, ProposalId, Replica, Term};
use store_core::{
    Changes, DecodeError, Event, Index, Indexes, Meta, Object, Read, Schema, Store, Version, schema,
};
use support::manual::Manual;

/// An object that asks its store for its figures when it is dropped.
#[derive(Clone, Debug, Default)]
struct Curious {
    id: String,
    meta: Meta,
    eye: Eye,
}

/// What it looks by, while there is a store.
#[derive(Clone, Debug, Default)]
struct Eye {
    store: Arc<Mutex<Option<ManualStore>>>,
    dropped: Arc<AtomicUsize>,
    /// What the first does besides.
    act: Arc<Mutex<Option<Act>>>,
}

type ManualStore = Store<Zoo, Manual<Changes<Zoo>>>;
/// What an object does to its store.
type Act = fn(&ManualStore);

impl Curious {
    fn named(id: &str) -> Self {
        let mut curious = Self::default();
        id.clone_into(&mut curious.id);
        curious
    }
}

impl Drop for Curious {
    fn drop(&mut self) {
        let store = self.eye.store.lock().unwrap().clone();
        if let Some(store) = store {
            assert!(store.stats().version.get() > 0);
            store.check_invariants();
            self.eye.dropped.fetch_add(1, Ordering::Relaxed);
            let act = self.eye.act.lock().unwrap().take();
            if let Some(act) = act {
                act(&store);
            }
        }
    }
}

impl Object for Curious {
    type Key = String;
    const TABLE: &'static str = "curious";

    fn key(&self) -> &String {
        &self.id
    }
    fn meta(&self) -> Meta {
        self.meta
    }
    fn set_meta(&mut self, meta: Meta) {
        self.meta = meta;
    }
    fn indexes(_: &mut Indexes<Self>) {}
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.id.as_bytes());
    }
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self::named(std::str::from_utf8(bytes)?))
    }
}

#[derive(Debug)]
struct Zoo;

schema! {
    /// One object of any kind.
    enum Animal for Zoo { Curious }
}

impl Schema for Zoo {
    type Any = Animal;
}

/// A store whose history has room for three changes.
struct Stage {
    store: ManualStore,
    log: Manual<Changes<Zoo>>,
    eye: Eye,
}

impl Stage {
    /// Creates, or deletes, objects by transactions of its own.
    fn commit(&self, ids: &[&str], lives: bool) {
        let pending = self.store.submit(|tx| {
            for id in ids {
                if lives {
                    tx.create(self.curious(id)).unwrap();
                } else {
                    tx.delete::<Curious>(&(*id).to_owned()).unwrap();
                }
            }
            Ok::<_, std::convert::Infallible>(())
        });
        self.log.commit(1);
        pending.wait().unwrap();
    }

    /// Hands an object over that stays in flight.
    fn submit(&self, id: &str) -> ProposalId {
        let _pending = self
            .store
            .submit(|tx| tx.create(self.curious(id)).map(drop));
        self.log.proposals().last().unwrap().id
    }

    fn curious(&self, id: &str) -> Curious {
        let mut curious = Curious::named(id);
        curious.eye = self.eye.clone();
        curious
    }

    fn dropped(&self) -> usize {
        self.eye.dropped.load(Ordering::Relaxed)
    }
}

fn open() -> (ManualStore, Manual<Changes<Zoo>>) {
    let (log, mut options) = (Manual::new(), support::options());
    options.history_changes_max = 3;
    (Store::open_with(log.clone(), options).unwrap(), log)
}

/// Runs what may wait for itself for ever.
fn on_stage(play: impl FnOnce(&Stage) + Send + 'static) {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (store, log) = open();
        let eye = Eye::default();
        *eye.store.lock().unwrap() = Some(store.clone());
        let stage = Stage { store, log, eye };
        play(&stage);
        stage.store.check_invariants();
        // It is its own objects' store: nothing would be dropped ever.
        let store = stage.eye.store.lock().unwrap().take();
        drop(store);
        tell.send(()).unwrap();
    });
    let ends = told.recv_timeout(Duration::from_secs(10));
    assert!(ends.is_ok(), "it waits for itself, or fails: {ends:?}");
}

/// All but the last of the transactions that the history forgot at once were dropped under its lock.
#[test]
fn many_that_the_history_forgets_at_once() {
    on_stage(|stage| {
        stage.commit(&["a"], true);
        stage.commit(&["a"], false);
        stage.commit(&["b"], true);
        stage.store.collect();
        assert_eq!(stage.dropped(), 0, "the history tells of it");
        stage.commit(&["c", "d", "e"], true);
        stage.store.collect();
        assert_eq!(stage.dropped(), 1);
    });
}

/// What the history held before an installed state was dropped under its lock.
#[test]
fn a_history_that_ends_with_an_installed_state() {
    let (other, log) = open();
    for version in 1..=5 {
        let pending = other.submit(|tx| tx.create(Curious::named(&version.to_string())).map(drop));
        log.commit(1);
        pending.wait().unwrap();
    }
    let mut saved = Vec::new();
    other.save(&mut saved).unwrap();
    on_stage(move |stage| {
        stage.commit(&["a"], true);
        stage.commit(&["a"], false);
        stage.store.collect();
        assert_eq!(stage.dropped(), 0);
        stage.log.replica().restore(&mut saved.as_slice()).unwrap();
        assert_eq!(stage.dropped(), 1);
    });
}

/// How the log gives up what is in flight from a proposal on.
type Way = fn(&dyn Replica<Changes<Zoo>>, ProposalId);

/// What was in flight was dropped under the lock of the flow, however it ended.
#[test]
fn what_is_in_flight_and_given_up() {
    let ways: [Way; 5] = [
        |replica, from| {
            let reason = AbortReason::Superseded;
            replica.settle(Outcome::Aborted { from, reason });
        },
        |replica, _| replica.lead(Term::new(2)),
        |replica, _| replica.follow(None),
        |replica, from| {
            let foreign = foreign(replica, from.version.get());
            assert_eq!(replica.apply(foreign), Applied::Accepted);
        },
        // The second comes without the first.
        |replica, from| {
            let late = Proposal {
                id: ProposalId {
                    version: from.version.next(),
                    ..from
                },
                epoch: replica.standing().epoch,
                payload: Vec::new().into(),
            };
            assert_eq!(replica.apply(late), Applied::Skipped);
        },
    ];
    for way in ways {
        on_stage(move |stage| {
            stage.commit(&["a"], true);
            let [from, _] = ["b", "c"].map(|id| stage.submit(id));
            // The log holds them no more, nor does the transaction before the next.
            stage.log.forget();
            way(&*stage.log.replica(), from);
            stage.store.collect();
            assert_eq!(stage.dropped(), 2);
        });
    }
}

/// What the last transactions of a leader had replaced was kept for ever when it led no more: no transaction of its own came to
/// free it.
#[test]
fn what_a_leader_replaced_is_freed_when_it_follows() {
    on_stage(|stage| {
        stage.commit(&["a"], true);
        stage.commit(&["a"], false);
        stage.commit(&["b", "c", "d"], true);
        let replica = stage.log.replica();
        replica.follow(None);
        for number in 4..8 {
            assert_eq!(replica.apply(foreign(&*replica, number)), Applied::Accepted);
        }
        assert_eq!(stage.dropped(), 1);
    });
}

/// What a table had given up was dropped under the lock that serialises commits when the log gave another's transaction.
#[test]
fn what_a_follower_frees_may_change_its_store() {
    const BY_LENGTH: Index<Curious, u64> = Index::non_unique("length", |curious, keys| {
        keys.push(&(curious.id.len() as u64));
    });
    let acts: [Act; 2] = [
        |store| store.close(),
        |store| {
            store.add_index(BY_LENGTH).unwrap();
        },
    ];
    for (act, adds_an_index) in iter::zip(acts, [false, true]) {
        on_stage(move |stage| {
            stage.commit(&["a"], true);
            stage.commit(&["a"], false);
            stage.commit(&["b", "c", "d"], true);
            *stage.eye.act.lock().unwrap() = Some(act);
            let replica = stage.log.replica();
            replica.follow(None);
            for number in 4..8 {
                assert_eq!(replica.apply(foreign(&*replica, number)), Applied::Accepted);
            }
            assert!(stage.eye.act.lock().unwrap().is_none());
            let view = stage.store.view();
            assert_eq!(view.len::<Curious>(), 7);
            if adds_an_index {
                assert_eq!(view.count(BY_LENGTH.eq(&1)), 7);
            }
        });
    }
}

/// What another leader has made: an object.
fn foreign(replica: &dyn Replica<Changes<Zoo>>, number: u64) -> Proposal<Changes<Zoo>> {
    let version = Version::new(number);
    let mut curious = Curious::named(&number.to_string());
    curious.meta.version = version;
    Proposal {
        id: ProposalId {
            term: Term::new(2),
            incarnation: Incarnation::ZERO,
            version,
        },
        epoch: replica.standing().epoch,
        payload: vec![Event::Created(Animal::Curious(Arc::new(curious)))].into(),
    }
}
