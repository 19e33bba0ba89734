//! The measurements: the same work with every peer. The Go harness does it too, in functions of the same names.

use std::hint::black_box;
use std::mem::size_of;
use std::slice;
use std::sync::Arc;

use anyhow::{Result, bail};

use super::args::{Run, Scale};
use super::broadcast::Broadcast;
use super::case::{Case, Figure};
use super::ours::Ours;
use super::peer::{Changed, Id, Name, Peer};
use super::tasks::Tasks;
use crate::counting::bytes_left_by;
use crate::effort::float;

/// The id that is published.
const ID: Id = 0;

/// Between two looks at the clock.
const PUBLICATIONS_A_BATCH: usize = 16;

/// Measures one peer.
///
/// # Errors
/// The peer is not one of this process.
pub(crate) fn run(options: &Run) -> Result<Vec<Figure>> {
    let scale = if options.quick {
        &Scale::QUICK
    } else {
        &Scale::FULL
    };
    match options.peer {
        Name::Ours => Ok(Measurement::of::<Ours>(scale)),
        Name::Broadcast => Ok(Measurement::of::<Broadcast>(scale)),
        Name::GoEvents => bail!("go-events is measured by a harness of its own"),
    }
}

/// What is being measured, and the figures so far.
struct Measurement<'a> {
    scale: &'a Scale,
    object: Arc<str>,
    figures: Vec<Figure>,
}

impl Measurement<'_> {
    fn of<P: Peer>(scale: &Scale) -> Vec<Figure> {
        let mut measurement = Measurement {
            scale,
            object: "object".into(),
            figures: Vec::new(),
        };
        measurement.publish_past_others::<P>();
        measurement.deliver::<P>();
        measurement.deliver_to_tasks::<P>();
        measurement.subscribe_and_drop::<P>();
        measurement.memory::<P>();
        measurement.stuck::<P>();
        measurement.figures
    }

    fn add(&mut self, case: Case, subscribers: usize, value: f64) {
        self.figures.push(Figure {
            case,
            subscribers,
            value,
        });
    }

    fn event(&self) -> Changed {
        Changed {
            id: ID,
            object: Arc::clone(&self.object),
        }
    }

    /// One event that one watcher wants and takes, past watchers of other ids, until nobody has to look at it any more.
    fn publish_past_others<P: Peer>(&mut self) {
        let mut none = 0.0;
        for count in [0].iter().chain(self.scale.watchers) {
            let peer = P::new();
            let mut others: Vec<_> = (1..=*count).map(|id| peer.watch(ID + id as Id)).collect();
            let mut own = peer.watch(ID);
            let figure = self.scale.effort.per_unit(|| {
                for _ in 0..PUBLICATIONS_A_BATCH {
                    peer.publish(self.event());
                    take_all::<P>(slice::from_mut(&mut own), true);
                    if P::SKIMS {
                        take_all::<P>(&mut others, false);
                    }
                }
                PUBLICATIONS_A_BATCH
            });
            self.add(Case::PublishPastOthers, *count, figure);
            if *count == 0 {
                none = figure;
            } else {
                self.add(Case::AgainstNone, *count, figure / none);
            }
        }
    }

    /// One event that all watchers want, and take one after the other.
    fn deliver<P: Peer>(&mut self) {
        for count in self.scale.watchers {
            let peer = P::new();
            let mut watchers: Vec<_> = (0..*count).map(|_| peer.watch(ID)).collect();
            let figure = self.delivered(&peer, &mut watchers);
            self.add(Case::Deliver, *count, figure);
        }
    }

    /// Nanoseconds for one event that all of these take.
    fn delivered<P: Peer>(&self, peer: &P, watchers: &mut [P::Watcher]) -> f64 {
        self.scale.effort.per_unit(|| {
            peer.publish(self.event());
            take_all::<P>(watchers, true);
            1
        })
    }

    /// One event that all watchers want, each of them a task.
    fn deliver_to_tasks<P: Peer>(&mut self) {
        for count in self.scale.watchers {
            let peer = P::new();
            let tasks = Tasks::spawn(&peer, ID, *count);
            let figure = self.scale.effort.per_unit(|| {
                tasks.deliver(|| peer.publish(self.event()));
                1
            });
            self.add(Case::DeliverToTasks, *count, figure);
        }
    }

    /// One more watcher comes and goes, half of the others watching what it watches.
    fn subscribe_and_drop<P: Peer>(&mut self) {
        for count in self.scale.existing {
            let peer = P::new();
            let _others: Vec<_> = (0..*count)
                .map(|other| peer.watch(if other % 2 == 0 { ID } else { other as Id }))
                .collect();
            let figure = self.scale.effort.per_unit(|| {
                for _ in 0..PUBLICATIONS_A_BATCH {
                    drop(peer.watch(ID));
                }
                PUBLICATIONS_A_BATCH
            });
            self.add(Case::SubscribeAndDrop, *count, figure);
        }
    }

    /// What a watcher takes that nothing has happened to, and one that has taken what there was.
    fn memory<P: Peer>(&mut self) {
        let idle = self.scale.idle;
        let peer = P::new();
        // What the queue itself needs is there before: it is not a watcher's.
        drop(peer.watch(ID));
        let (mut watchers, made) = bytes_left_by(|| {
            let mut watchers = Vec::new();
            watchers.reserve_exact(idle);
            watchers.extend((0..idle).map(|_| peer.watch(ID)));
            watchers
        });
        self.add(Case::IdleBytes, idle, float(made) / float(idle));
        let ((), more) = bytes_left_by(|| {
            for _ in 0..2 {
                peer.publish(self.event());
                take_all::<P>(&mut watchers, true);
            }
        });
        let drained = made.wrapping_add(more);
        self.add(Case::DrainedBytes, idle, float(drained) / float(idle));
    }

    /// Watchers that take what there is, beside one that never does; and what that one holds in the end.
    fn stuck<P: Peer>(&mut self) {
        let count = self.scale.beside_stuck;
        let peer = P::new();
        let mut watchers: Vec<_> = (0..count).map(|_| peer.watch(ID)).collect();
        let without = self.delivered(&peer, &mut watchers);
        let stuck = peer.watch(ID);
        let beside = self.delivered(&peer, &mut watchers);
        drop(stuck);
        self.add(Case::DeliverBesideStuck, count, beside);
        self.add(Case::AgainstNoStuck, count, beside / without);

        let peer = P::new();
        let (_stuck, bytes) = bytes_left_by(|| {
            let stuck = peer.watch(ID);
            for _ in 0..self.scale.not_taken {
                peer.publish(self.event());
            }
            stuck
        });
        let bytes = bytes + size_of::<P::Watcher>();
        self.add(Case::StuckBytes, 1, float(bytes));
    }
}

/// Lets all watchers take what is there: one event each, or none.
fn take_all<P: Peer>(watchers: &mut [P::Watcher], one: bool) {
    for watcher in watchers {
        let taken = black_box(P::take(watcher));
        assert_eq!(taken.is_some(), one, "a watcher takes what is its own");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_case_is_measured_with_every_peer() {
        for peer in [Name::Ours, Name::Broadcast] {
            let figures = run(&Run { peer, quick: true }).unwrap();
            let cases: BTreeSet<_> = figures.iter().map(|figure| figure.case).collect();
            assert_eq!(cases.len(), Case::COUNT, "{peer:?}: {cases:?}");
            for figure in figures {
                assert!(figure.value.is_finite() && figure.value > 0.0, "{figure:?}");
            }
        }
    }
}
