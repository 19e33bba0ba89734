//! One publication on its way: who gets which of its events.
//!
//! Two phases. *Matching* runs all user code that may panic before anybody has received anything; *delivery* then only
//! moves shared batches. The value owns every reference that it picks up on the way and is dropped after the order lock
//! is released, because dropping an event or a predicate is user code too, and may publish.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::outlet::Outlet;
use crate::registry::{Key, Registry};
use crate::{Batch, Position, RecvError, Topics};

/// The state of one `publish` call.
pub(crate) struct Publication<E: Topics> {
    events: Arc<[E]>,
    recipients: Vec<Recipient<E>>,
    /// The last part of the events that was copied out; neighbours often want the same.
    part: Option<(Vec<usize>, Arc<[E]>)>,
    litter: Vec<Batch<E>>,
}

struct Recipient<E: Topics> {
    outlet: Arc<Outlet<E>>,
    wants: Wants,
}

/// Which events a subscriber wants.
enum Wants {
    All,
    /// Those at these places, ascending.
    Some(Vec<usize>),
}

impl<E: Topics> Publication<E> {
    pub(crate) fn new(events: Arc<[E]>) -> Self {
        Self {
            events,
            recipients: Vec::new(),
            part: None,
            litter: Vec::new(),
        }
    }

    /// Delivers the events to everybody who wants them. The caller holds the order lock; `last` is the position of the
    /// publication before this one.
    pub(crate) fn deliver(&mut self, registry: &Registry<E>, at: Position, last: Position) {
        let number = registry.begin();
        if registry.len() == 0 {
            return;
        }
        self.find(registry, number);
        let mut recipients = std::mem::take(&mut self.recipients);
        let batches: Vec<_> = recipients
            .iter_mut()
            .map(|recipient| self.select(recipient, registry, at))
            .collect();
        for (recipient, events) in recipients.iter().zip(batches) {
            let Some(events) = events else { continue };
            let goes_on = recipient
                .outlet
                .deliver(Batch { at, events }, last, &mut self.litter);
            if !goes_on {
                registry.remove(&recipient.outlet);
            }
        }
        self.recipients = recipients;
    }

    /// Looks up the subscribers of the events' topics.
    fn find(&mut self, registry: &Registry<E>, number: u64) {
        let recipients = &mut self.recipients;
        registry.visit(&Key::Everything, |outlet| {
            if let Some(recipient) = place(recipients, outlet, number) {
                recipient.wants = Wants::All;
            }
        });
        registry.visit(&Key::Bookmarks, |outlet| {
            place(recipients, outlet, number);
        });
        for (index, event) in self.events.iter().enumerate() {
            event.topics(&mut |topic| {
                registry.visit(&Key::Topic(topic), |outlet| {
                    if let Some(recipient) = place(recipients, outlet, number) {
                        recipient.wants.add(index);
                    }
                });
            });
        }
    }

    /// Returns the events that a recipient gets, or `None` if this publication does not concern it.
    fn select(
        &mut self,
        recipient: &mut Recipient<E>,
        registry: &Registry<E>,
        at: Position,
    ) -> Option<Arc<[E]>> {
        let outlet = &recipient.outlet;
        if let Some(predicate) = &outlet.predicate {
            let events = &self.events;
            let kept = catch_unwind(AssertUnwindSafe(|| {
                recipient
                    .wants
                    .retain(events.len(), |index| predicate(&events[index]));
            }));
            if kept.is_err() {
                outlet.end(RecvError::Panicked { at });
                registry.remove(outlet);
                return None;
            }
        }
        match &mut recipient.wants {
            Wants::All => Some(Arc::clone(&self.events)),
            Wants::Some(places) if places.len() == self.events.len() => {
                Some(Arc::clone(&self.events))
            }
            Wants::Some(places) if places.is_empty() && !outlet.bookmarks => None,
            Wants::Some(places) => {
                if let Some((same, part)) = &self.part
                    && same == places
                {
                    return Some(Arc::clone(part));
                }
                let part: Arc<[E]> = places
                    .iter()
                    .map(|&index| self.events[index].clone())
                    .collect();
                self.part = Some((std::mem::take(places), Arc::clone(&part)));
                Some(part)
            }
        }
    }
}

impl Wants {
    /// Adds the event at a place that is not before the last one.
    fn add(&mut self, index: usize) {
        if let Self::Some(places) = self
            && places.last() != Some(&index)
        {
            places.push(index);
        }
    }

    /// Keeps the places for which `keep` is true.
    fn retain(&mut self, len: usize, mut keep: impl FnMut(usize) -> bool) {
        match self {
            Self::All => *self = Self::Some((0..len).filter(|&index| keep(index)).collect()),
            Self::Some(places) => places.retain(|&index| keep(index)),
        }
    }
}

/// Returns a subscriber's entry among the recipients, or `None` if it joined too late for this publication.
fn place<'a, E: Topics>(
    recipients: &'a mut Vec<Recipient<E>>,
    outlet: &Arc<Outlet<E>>,
    number: u64,
) -> Option<&'a mut Recipient<E>> {
    if !outlet.has_joined(number) {
        return None;
    }
    let place = outlet
        .place(number, recipients.len())
        .unwrap_or_else(|new| {
            recipients.push(Recipient {
                outlet: Arc::clone(outlet),
                wants: Wants::Some(Vec::new()),
            });
            new
        });
    Some(&mut recipients[place])
}
