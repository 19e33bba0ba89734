//! Where a member's store is found, by those that outlive it or live inside it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Wake;

use proposer::Version;
use store_core::{Event, Store};

use crate::member::Membership;
use crate::report::Report;
use crate::state::written_in;
use crate::support::Runner;

pub(crate) type SimStore = Store<Runner, Membership>;

/// One life of a member: its store, until it is killed.
#[derive(Clone, Default)]
pub(crate) struct Place(Arc<Mutex<Option<SimStore>>>);

impl Place {
    pub(crate) fn of(store: SimStore) -> Self {
        Self(Arc::new(Mutex::new(Some(store))))
    }

    pub(crate) fn store(&self) -> Option<SimStore> {
        self.0
            .lock()
            .expect("nobody panics while it is locked")
            .clone()
    }

    pub(crate) fn kill(&self) {
        let store = self
            .0
            .lock()
            .expect("nobody panics while it is locked")
            .take();
        drop(store);
    }

    fn version(&self) -> Option<Version> {
        Some(self.store()?.view().version())
    }

    /// Returns a predicate that accepts everything, and notes when it is asked of what cannot be read yet.
    pub(crate) fn readable(
        &self,
        report: Report,
    ) -> impl Fn(&Event<Runner>) -> bool + Send + Sync + use<> {
        let place = self.clone();
        move |event| {
            let written = match event {
                Event::Deleted(_) => Version::ZERO,
                Event::Created(object) | Event::Updated { new: object, .. } => written_in(object),
            };
            if place.version().is_some_and(|version| version < written) {
                report.note(format!("watchers hear of {event:?} before it can be read"));
            }
            true
        }
    }
}

/// Wakes nobody, and notes when it was called and what could be read then.
pub(crate) struct Bell {
    now: Arc<AtomicU64>,
    place: Place,
    pub(crate) rung: AtomicU64,
    pub(crate) readable: AtomicU64,
}

impl Bell {
    pub(crate) fn new(now: &Arc<AtomicU64>, place: &Place) -> Arc<Self> {
        Arc::new(Self {
            now: Arc::clone(now),
            place: place.clone(),
            rung: AtomicU64::new(0),
            readable: AtomicU64::new(0),
        })
    }

    pub(crate) fn has_rung(&self) -> bool {
        self.rung.load(Ordering::Relaxed) > 0
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let version = self.place.version().unwrap_or_default();
        self.readable.store(version.get(), Ordering::Relaxed);
        self.rung
            .store(self.now.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }
}
