//! A store of two kinds against two plain maps, by operations that are made of arbitrary bytes.
//!
//! Any bytes are an input: where they end, the operations do. A change of how they are read makes
//! the kept inputs mean something else, so that is changed for good reason only.
//!
//! Without a fuzzer it is run by `store-core/tests/corpus.rs`.

mod input;
mod kinds;
mod model;

use std::sync::Arc;
use std::time::SystemTime;

use proposer::Loopback;
use store_core::{Changes, Snapshot, Store, StoreOptions};

use input::{Input, Step};
use kinds::Both;
use model::Model;

/// When everything happens: of a time, only that it is kept is of interest here.
const NOW: SystemTime = SystemTime::UNIX_EPOCH;

/// How many snapshots are held at once; enough for each to share other pages with the newest state.
const HELD_MAX: usize = 6;

/// How many steps of an input are done.
const STEPS_MAX: usize = 200;

/// After how many steps everything is compared and checked, besides in the transactions. What goes
/// wrong stays wrong, so a look now and then sees it as well, and there is time for more inputs.
const LOOK_EVERY: usize = 4;

/// A state that is held, and what it must be.
type Held<T> = (T, Model);

/// What an input is run on.
struct Run {
    store: Store<Both, Loopback<Changes<Both>>>,
    model: Model,
    held: Vec<Held<Snapshot<Both>>>,
    saved: Option<Held<Vec<u8>>>,
}

/// Does what `bytes` say, and compares.
///
/// # Panics
/// When the store differs from the model, or breaks an invariant of its own.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut run = Run::new();
    for number in 1..=STEPS_MAX {
        let Some(step) = input.step() else { break };
        run.step(step, &mut input);
        if number.is_multiple_of(LOOK_EVERY) {
            run.look();
        }
    }
    run.look();
    while let Some(held) = run.held.pop() {
        release(&held);
    }
}

impl Run {
    fn new() -> Self {
        let mut options = StoreOptions::default();
        options.clock = Arc::new(|| NOW);
        Self {
            store: Store::open_with(Loopback::new(), options).expect("a loopback begins"),
            model: Model::default(),
            held: Vec::new(),
            saved: None,
        }
    }

    fn look(&self) {
        self.store.check_invariants();
        self.model.compare(&self.store.view());
    }

    fn step(&mut self, step: Step, input: &mut Input<'_>) {
        match step {
            Step::Commit(writes) => {
                let done = self.store.update(|tx| {
                    model::perform(tx, &mut self.model, &writes);
                    self.model.compare(tx);
                    Ok::<_, ()>(())
                });
                done.expect("a loopback takes what the closure does not refuse");
            }
            Step::Abort(writes) => {
                let before = self.store.view().version();
                let mut dropped = self.model.clone();
                let done = self.store.update(|tx| {
                    model::perform(tx, &mut dropped, &writes);
                    dropped.compare(tx);
                    Err::<(), ()>(())
                });
                assert!(done.is_err(), "the closure said no");
                assert_eq!(self.store.view().version(), before);
            }
            Step::Hold if self.held.len() < HELD_MAX => {
                self.held.push((self.store.view(), self.model.clone()));
            }
            Step::Hold => {}
            Step::Release(which) => {
                if !self.held.is_empty() {
                    release(&self.held.swap_remove(which % self.held.len()));
                }
            }
            Step::Save => {
                let mut bytes = Vec::new();
                self.store
                    .save(&mut bytes)
                    .expect("a vector takes everything");
                self.saved = Some((bytes, self.model.clone()));
            }
            Step::Restore => {
                if let Some((bytes, model)) = &self.saved {
                    let restored = self.store.restore(bytes.as_slice());
                    restored.expect("it was saved by the same store");
                    self.model.clone_from(model);
                }
            }
            Step::Look => self.model.look(&self.store.view(), input),
        }
    }
}

/// Looks at a snapshot once more, long after it was taken.
fn release((snapshot, model): &Held<Snapshot<Both>>) {
    snapshot.check_invariants();
    model.compare(snapshot);
}
