//! Stores over a simulated replicated log: one thread, virtual time, and chance that can be replayed.
//!
//! Members lead and lose their leadership with proposals in flight, lag, are killed and come back, are given saved states;
//! clients call whichever they think leads; watchers come, fall behind and resume anywhere. Compared with what the log
//! holds, at every step and at the end:
//!
//! - what is acknowledged is in the log exactly once, what was aborted never ([`check`]);
//! - versions are dense, and the same state, epoch and digest everywhere ([`history`]);
//! - what a transaction read, also one that was rejected, is what was committed right before it;
//! - a batch's report names exactly the steps and versions that it committed, also when it fails ([`batch`]);
//! - versions agree with real time: histories are linearizable;
//! - when a proposal is dropped, so is all that was built on it;
//! - a watcher that follows its events has what the store has, and hears of nothing before it can be read ([`watcher`]);
//! - everybody gets an answer.
//!
//! `SIMULATION_SEED` is the first seed and `SIMULATION_SEEDS` how many follow; `cargo xtask verify` sets them.

mod batch;
mod check;
mod history;
mod log;
mod member;
mod operation;
mod place;
mod random;
mod report;
mod state;
#[path = "../support/mod.rs"]
mod support;
mod watcher;
mod world;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, process, thread};

/// As many as run in a few seconds.
const SEEDS: u64 = 40;
/// A seed takes a fraction of a second.
const SEED_TIME_MAX: Duration = Duration::from_mins(2);

/// Tells, when a run fails, how to repeat it.
struct Replay(u64);

impl Replay {
    fn tell(&self) {
        let seed = self.0;
        eprintln!(
            "the simulation failed; to run it again: cargo xtask verify --seeds 1 --seed {seed}"
        );
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        if thread::panicking() {
            self.tell();
        }
    }
}

/// Ends the process when a seed takes too long: what waits for ever in the one thread is seen from another only. Every seed
/// is to be sent before it is run.
fn watched() -> mpsc::Sender<u64> {
    let (sender, seeds) = mpsc::channel();
    thread::spawn(move || {
        let mut running = None;
        loop {
            match seeds.recv_timeout(SEED_TIME_MAX) {
                Ok(seed) => running = Some(seed),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    eprintln!("something waits for ever");
                    running.map(Replay).iter().for_each(Replay::tell);
                    process::exit(1);
                }
            }
        }
    });
    sender
}

#[test]
fn stores_keep_their_promises_over_a_log_that_keeps_its_own() {
    let number = |name| {
        env::var(name)
            .ok()
            .map(|text| text.parse().expect("a number"))
    };
    let first: u64 = number("SIMULATION_SEED").unwrap_or(0);
    let seeds = number("SIMULATION_SEEDS").unwrap_or(SEEDS);
    let running = watched();
    let mut tally = check::Tally::default();
    for seed in first..first.saturating_add(seeds) {
        running.send(seed).expect("the other end outlives this one");
        let _replay = Replay(seed);
        tally += world::World::run(seed);
    }
    println!("{seeds} seeds from {first}: {tally:?}");
}
