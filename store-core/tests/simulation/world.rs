//! The whole: members, clients and watchers, and what befalls them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use proposer::Version;
use store_core::{Store, StoreOptions};

use crate::batch::Batch;
use crate::check;
use crate::history::History;
use crate::log::{Log, Role, Saved};
use crate::member::Membership;
use crate::operation::Operation;
use crate::place::{Place, SimStore};
use crate::random::Random;
use crate::report::Report;
use crate::watcher::Watcher;

const MEMBERS: usize = 3;
const WATCHERS: usize = 5;
/// What clients, watchers and misfortune do, until all is mended.
const STEPS: usize = 400;
/// More than the flow of a store ever holds here, so that no call waits in this one thread.
const IN_FLIGHT_MAX: usize = 64;

pub(crate) struct World {
    random: Random,
    log: Arc<Log>,
    report: Report,
    places: Vec<Place>,
    /// Each start of a member is another life.
    lives: Vec<usize>,
    lived: usize,
    shown: Vec<Option<Version>>,
    history: History,
    operations: Vec<Operation>,
    watchers: Vec<Watcher>,
    /// A saved state that somebody kept, with the digest of what is in it.
    kept: Option<(Vec<u8>, u64)>,
    restores: Vec<(Version, u64)>,
    batches: Vec<Batch>,
}

impl World {
    /// Runs a world to its end, and checks what happened in it.
    ///
    /// # Panics
    /// When something is wrong.
    pub(crate) fn run(seed: u64) -> check::Tally {
        let mut world = Self::new(seed);
        for at in 0..MEMBERS {
            world.start(at);
        }
        world.log.elect(0);
        for _ in 0..STEPS {
            world.step();
            world.look();
            world.report.check();
        }
        world.mend();
        world.look();
        world.report.check();
        for batch in &world.batches {
            batch.check(|step| world.history.places(step), &world.report);
        }
        let tally = check::everything(
            &world.history,
            &world.log,
            &world.operations,
            &world.restores,
            &world.report,
        );
        world.report.check();
        tally
    }

    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let report = Report::default();
        let log = Log::new(random.number(), MEMBERS, report.clone());
        let watchers = (0..WATCHERS).map(|_| Watcher::new(&mut random, &report));
        Self {
            watchers: watchers.collect(),
            random,
            log,
            history: History::new(report.clone()),
            report,
            places: vec![Place::default(); MEMBERS],
            lives: vec![0; MEMBERS],
            lived: 0,
            shown: vec![None; MEMBERS],
            operations: Vec::new(),
            kept: None,
            restores: Vec::new(),
            batches: Vec::new(),
        }
    }

    fn start(&mut self, at: usize) {
        let mut options = StoreOptions::default();
        let now = Arc::clone(&self.log.now);
        options.clock = Arc::new(move || {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 + now.load(Ordering::Relaxed))
        });
        options.in_flight_max = IN_FLIGHT_MAX;
        options.batch_changes_max = 3;
        options.history_changes_max = self.random.pick(&[0, 10, 1_000]).expect("there are some");
        let log = Arc::clone(&self.log);
        match Store::open_with(Membership { log, at }, options) {
            Ok(store) => {
                self.lived += 1;
                self.lives[at] = self.lived;
                self.shown[at] = None;
                self.places[at] = Place::of(store);
            }
            Err(error) => self.report.note(format!("member {at}: {error}")),
        }
    }

    fn store(&self, at: usize) -> Option<SimStore> {
        self.places[at].store()
    }

    fn step(&mut self) {
        let at = self.random.below(MEMBERS);
        match self.random.below(100) {
            0..50 => self.call(),
            50..68 => self.receive(),
            68..71 => {
                let watcher = self.random.below(WATCHERS);
                self.watchers[watcher].begin(at, &self.places[at]);
            }
            71..73 => self.places[at].kill(),
            73..79 if self.store(at).is_none() => self.start(at),
            79..82 if self.store(at).is_some() => self.log.elect(at),
            82..86 => self.save(at),
            86 | 87 => self.wait(),
            88..90 => {
                let slowness = self.random.pick(&[1, 1, 10, 40]).expect("there are some");
                self.log.state().members[at].slowness = slowness;
            }
            _ => {}
        }
        let ticks = self.random.below(12) as u64;
        self.log.pass(ticks);
    }

    /// Calls a store, mostly the one that takes changes.
    fn call(&mut self) {
        let leader = self.log.state().leader.filter(|_| !self.random.one_in(5));
        let at = leader.unwrap_or_else(|| self.random.below(MEMBERS));
        let is_full = |store: SimStore| store.stats().in_flight + 4 > IN_FLIGHT_MAX;
        if self.store(at).is_some_and(is_full) {
            return;
        }
        let number = self.operations.len();
        let operation = Operation::begin(
            number,
            self.lives[at],
            &self.places[at],
            &self.log,
            &mut self.random,
        );
        self.operations.extend(operation);
    }

    fn receive(&mut self) {
        self.history.follow(&self.log);
        let at = self.random.below(MEMBERS);
        let batches = self.random.below(10);
        let watcher = self.random.below(WATCHERS);
        let watcher = &mut self.watchers[watcher];
        if watcher.watches() {
            watcher.receive(batches, &self.history, &self.log);
        } else {
            watcher.resume(at, &self.places[at]);
        }
    }

    /// Saves a member's state: for itself, for all, or for somebody to keep.
    fn save(&mut self, at: usize) {
        let Some(store) = self.store(at) else { return };
        let mut bytes = Vec::new();
        store.save(&mut bytes).expect("a vector takes everything");
        self.history.follow(&self.log);
        let digest = self
            .history
            .at(store.view().version())
            .map_or(0, |past| past.digest);
        let mut state = self.log.state();
        let through = state.members[at].applied;
        let leader = state
            .leader
            .map_or(0, |leader| state.members[leader].applied);
        match self.random.below(3) {
            0 => self.kept = Some((bytes, digest)),
            1 => state.members[at].saved = Some(Saved { bytes, through }),
            _ if through >= state.floor && through <= leader => {
                state.saved = Some(Saved { bytes, through });
                state.floor = through;
            }
            _ => {}
        }
    }

    /// Calls what waits for its end, with a log that commits at once: in this one thread nobody else can bring it about.
    fn wait(&mut self) {
        let Some(at) = self.log.state().leader else {
            return;
        };
        let Some(store) = self.store(at) else { return };
        self.log.apply(at, usize::MAX);
        let leads = matches!(self.log.state().members[at].role, Role::Leading(_));
        if !leads || self.log.state().members[at].deposed {
            return;
        }
        self.log.state().at_once = Some(at);
        let kept = self.kept.clone().filter(|_| self.random.one_in(2));
        if let Some((bytes, digest)) = kept {
            // Makes the state what somebody kept, as one transaction.
            if let Ok(version) = store.restore(&mut bytes.as_slice()) {
                self.restores.push((version, digest));
            }
        } else if store.stats().in_flight == 0 {
            let number = self.batches.len();
            self.batches
                .push(Batch::run(number, &store, &mut self.random));
        }
        self.log.state().at_once = None;
    }

    /// Compares what every store shows with what happened.
    fn look(&mut self) {
        self.history.follow(&self.log);
        for at in 0..MEMBERS {
            let Some(store) = self.store(at) else {
                continue;
            };
            store.check_invariants();
            let view = store.view();
            if self.shown[at].is_some_and(|shown| shown > view.version()) {
                self.report
                    .note(format!("member {at} goes back to {}", view.version()));
            }
            if self.shown[at].replace(view.version()) != Some(view.version()) {
                self.history.check(&format!("member {at}"), &view);
            }
        }
        for operation in &mut self.operations {
            if operation.was_told() || operation.is_open() {
                operation.poll(&self.log, &self.report);
            }
        }
    }

    /// Brings everybody up, and waits until nothing more happens.
    fn mend(&mut self) {
        for at in 0..MEMBERS {
            if self.store(at).is_none() {
                self.start(at);
            }
            self.log.state().members[at].slowness = 1;
        }
        let at = self.random.below(MEMBERS);
        self.log.elect(at);
        for round in 0.. {
            self.log.pass(100);
            self.look();
            self.report.check();
            let state = self.log.state();
            let quiet = state.members.iter().all(|member| {
                member.applied == state.entries.len()
                    && member.pending.is_empty()
                    && !member.deposed
            });
            let leads = matches!(state.members[at].role, Role::Leading(_));
            drop(state);
            let ended = self.operations.iter().all(|operation| !operation.is_open());
            if quiet && leads && ended {
                break;
            }
            assert!(round < 100, "somebody waits, and nothing more happens");
        }
        for watcher in 0..WATCHERS {
            let watcher = &mut self.watchers[watcher];
            for round in 0.. {
                if !watcher.watches() {
                    watcher.resume(at, &self.places[at]);
                }
                watcher.receive(usize::MAX, &self.history, &self.log);
                if watcher.watches() {
                    break;
                }
                assert!(round < 10, "a watcher does not get back");
            }
            assert!(
                watcher.is_current(&self.history),
                "a watcher has missed something"
            );
        }
    }
}
