//! One publication on its way: who gets which of its events.
//!
//! First the topics are asked for, so that what panics there panics before anybody has received anything. Then all
//! recipients are looked up, then each is served; what panics while a recipient is served ends that recipient's
//! subscription.
//!
//! Who wants a publication of one event whole, without user code and without ever waiting, is served while it is looked
//! up: nearly all the cost of ten thousand recipients is what is touched of each.
//!
//! The value owns every reference that it picks up on the way and is dropped after the order lock is released, because
//! dropping an event or a predicate is user code, and may publish.

use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::aftermath::Aftermath;
use crate::outlet::Outlet;
use crate::registry::Registry;
use crate::{Batch, Position, RecvError, Topics};

/// The state of one `publish` call.
pub(crate) struct Publication<E: Topics> {
    events: Arc<[E]>,
    recipients: Vec<Recipient<E>>,
    hits: Vec<Hit>,
    /// Scratch space of [`Publication::select`].
    indices: Vec<usize>,
    /// Parts that were copied out of the events. Neighbours often want the same one.
    parts: Vec<Part<E>>,
    /// Subscriptions that ended because of it. Removed at the end, when no lock of the registry is held.
    ended: Vec<Arc<Outlet<E>>>,
    aftermath: Aftermath<E>,
}

/// Which publication it is.
#[derive(Clone, Copy)]
struct Moment {
    number: u64,
    at: Position,
    /// The position of the publication before it.
    last: Position,
}

/// A subscription that has to do with the publication.
struct Recipient<E: Topics> {
    outlet: Arc<Outlet<E>>,
    /// The index of its last hit.
    last_hit: Option<usize>,
    /// Whether it gets a bookmark if there is no event for it.
    due: bool,
}

/// Why a publication visits a subscription.
#[derive(Clone, Copy)]
enum Reason {
    /// It wants everything.
    Always,
    /// It wants a topic of the event with this index.
    Topic(usize),
    /// It may need a bookmark.
    Bookmark,
}

/// An event has a topic that the recipient subscribes to.
struct Hit {
    /// Its index.
    event: usize,
    /// The recipient's hit before this one.
    previous: Option<usize>,
}

/// Some of the events, by ascending index.
struct Part<E> {
    indices: Vec<usize>,
    events: Arc<[E]>,
}

impl<E: Topics> Publication<E> {
    pub(crate) fn new(events: Arc<[E]>) -> Self {
        Self {
            events,
            recipients: Vec::new(),
            hits: Vec::new(),
            indices: Vec::new(),
            parts: Vec::new(),
            ended: Vec::new(),
            aftermath: Aftermath::new(),
        }
    }

    /// Delivers the events to everybody who wants them. The caller holds the order lock; `last` is the position of the
    /// publication before this one.
    pub(crate) fn deliver(&mut self, registry: &Registry<E>, at: Position, last: Position) {
        let number = registry.begin();
        if registry.len() == 0 {
            return;
        }
        self.look_up(registry, Moment { number, at, last });
        for index in 0..self.recipients.len() {
            let selected = catch_unwind(AssertUnwindSafe(|| self.select(index)));
            let outlet = &self.recipients[index].outlet;
            let goes_on = match selected {
                Ok(Some(events)) => outlet.deliver(Batch { at, events }, last, &mut self.aftermath),
                Ok(None) => true,
                Err(_) => {
                    self.aftermath
                        .tasks
                        .extend(outlet.end(RecvError::Panicked { at }));
                    false
                }
            };
            if !goes_on {
                self.ended.push(Arc::clone(outlet));
            }
        }
        for outlet in &self.ended {
            registry.remove(outlet);
        }
    }

    /// Wakes those who wait for the events, and drops what has become superfluous. The caller holds no lock.
    pub(crate) fn finish(self) {
        self.aftermath.finish();
    }

    /// Finds the subscribers of the events' topics, and serves those at once that need no other look.
    fn look_up(&mut self, registry: &Registry<E>, moment: Moment) {
        // All topics first: if asking for them panics, nobody has received anything.
        let mut topics = Vec::new();
        for (index, event) in self.events.iter().enumerate() {
            event.topics(&mut |topic| topics.push((index, topic)));
        }
        registry.visit_unconditional(|outlet| self.meet(outlet, Reason::Always, moment));
        for (index, topic) in topics {
            registry.visit_topic(topic, |outlet| {
                self.meet(outlet, Reason::Topic(index), moment);
            });
        }
        // Last: who gets an event by then needs no bookmark.
        registry.visit_bookmarking(moment.number, |outlet| {
            self.meet(outlet, Reason::Bookmark, moment);
        });
    }

    /// Notes that a subscription has to do with the publication. The caller holds a lock of the registry.
    fn meet(&mut self, outlet: &Arc<Outlet<E>>, reason: Reason, moment: Moment) {
        let Moment { number, at, last } = moment;
        if !outlet.has_joined(number) {
            return;
        }
        if outlet.is_plain && self.events.len() == 1 {
            if outlet.recipient(number, 0).is_ok() {
                return;
            }
            let events = match reason {
                Reason::Always | Reason::Topic(_) => Arc::clone(&self.events),
                Reason::Bookmark => Arc::default(),
            };
            if !outlet.deliver(Batch { at, events }, last, &mut self.aftermath) {
                self.ended.push(Arc::clone(outlet));
            }
            return;
        }
        let Self {
            recipients, hits, ..
        } = self;
        let index = outlet
            .recipient(number, recipients.len())
            .unwrap_or_else(|next| {
                recipients.push(Recipient {
                    outlet: Arc::clone(outlet),
                    last_hit: None,
                    due: false,
                });
                next
            });
        let recipient = &mut recipients[index];
        match reason {
            Reason::Always => {}
            Reason::Bookmark => recipient.due = true,
            Reason::Topic(event) => {
                let previous = recipient.last_hit;
                if previous.is_none_or(|hit| hits[hit].event != event) {
                    recipient.last_hit = Some(hits.len());
                    hits.push(Hit { event, previous });
                }
            }
        }
    }

    /// Returns the events that a recipient gets, or `None` if this publication is none of its concern.
    fn select(&mut self, recipient: usize) -> Option<Arc<[E]>> {
        let Recipient {
            outlet,
            last_hit,
            due,
        } = &self.recipients[recipient];
        let indices = &mut self.indices;
        indices.clear();
        if outlet.everything {
            indices.extend(0..self.events.len());
        } else {
            let hits = iter::successors(*last_hit, |&hit| self.hits[hit].previous);
            indices.extend(hits.map(|hit| self.hits[hit].event));
            indices.reverse();
        }
        if let Some(predicate) = &outlet.predicate {
            indices.retain(|&index| predicate(&self.events[index]));
        }
        if indices.is_empty() {
            return due.then(Arc::default);
        }
        if indices.len() == self.events.len() {
            return Some(Arc::clone(&self.events));
        }
        if let Some(part) = self.parts.last()
            && part.indices == *indices
        {
            return Some(Arc::clone(&part.events));
        }
        let events = indices.iter().map(|&index| self.events[index].clone());
        let events: Arc<[E]> = events.collect();
        self.parts.push(Part {
            indices: indices.clone(),
            events: Arc::clone(&events),
        });
        Some(events)
    }
}
