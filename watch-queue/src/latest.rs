//! Coalescing: when the buffer is full, its older half shrinks to the latest event of each key.
//!
//! The reader takes from the channel while the older half is being taken out, so either may get a batch before an older
//! one that the other has. Order among the events of one key survives that, because an event is kept only if no later
//! publication, whoever has it, carries its key. For this the publisher remembers the batches that were buffered.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crossbeam_channel::Receiver;

use crate::options::KeyOf;
use crate::{Batch, Topics};

/// The state of one coalescing subscription.
pub(crate) struct Latest<E: Topics> {
    oldest: Receiver<Batch<E>>,
    /// At least the batches in the channel, oldest first.
    buffered: VecDeque<Batch<E>>,
    key: KeyOf<E>,
}

impl<E: Topics> Latest<E> {
    pub(crate) fn new(oldest: Receiver<Batch<E>>, key: KeyOf<E>) -> Self {
        Self {
            oldest,
            buffered: VecDeque::new(),
            key,
        }
    }

    /// Remembers a batch that is about to enter the channel, and forgets those that were read.
    pub(crate) fn note(&mut self, batch: &Batch<E>, litter: &mut Vec<Batch<E>>) {
        let read = self.buffered.len().saturating_sub(self.oldest.len());
        litter.extend(self.buffered.drain(..read));
        self.buffered.push_back(batch.clone());
    }

    /// Takes the older half out of the channel. Returns the incoming batch, led by what nothing later supersedes, and how
    /// many publications were taken out.
    ///
    /// # Complexity
    /// Linear in the buffered events, but only once in half a capacity of publications.
    pub(crate) fn make_room(
        &mut self,
        incoming: Batch<E>,
        capacity: usize,
        litter: &mut Vec<Batch<E>>,
    ) -> (Batch<E>, u64) {
        let mut taken: Vec<_> = self.oldest.try_iter().take(capacity.div_ceil(2)).collect();
        let count = taken.iter().filter(|batch| !batch.is_empty()).count() as u64;

        let mut later: HashSet<E::Topic> = incoming.iter().map(|event| (self.key)(event)).collect();
        let mut kept = Vec::new();
        for batch in self.buffered.iter().rev() {
            let is_taken = taken.last().is_some_and(|last| last.is(batch));
            for event in batch.iter().rev() {
                if later.insert((self.key)(event)) && is_taken {
                    kept.push(event.clone());
                }
            }
            if is_taken {
                litter.extend(taken.pop());
            }
        }
        debug_assert!(taken.is_empty(), "what was in the channel was remembered");
        if kept.is_empty() {
            return (incoming, count);
        }
        let events = kept.into_iter().rev().chain(incoming.iter().cloned());
        let merged = Batch {
            at: incoming.at,
            events: events.collect(),
        };
        litter.push(incoming);
        (merged, count)
    }
}

impl<E> Batch<E> {
    /// Whether both are the same batch, not only equal.
    fn is(&self, other: &Self) -> bool {
        self.at == other.at && Arc::ptr_eq(&self.events, &other.events)
    }
}
