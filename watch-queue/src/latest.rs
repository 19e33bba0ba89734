//! Coalescing: when the buffer is full, its older half shrinks to the latest event of each key.

use std::collections::{HashSet, VecDeque};

use crate::options::KeyOf;
use crate::{Batch, Topics};

/// Takes the older half out of a full buffer. Returns the incoming batch, led by what nothing later supersedes, and how many
/// publications were taken out.
///
/// If the key panics, nothing was taken out.
///
/// # Complexity
/// Linear in the buffered events, but only once in half a capacity of publications.
pub(crate) fn make_room<E: Topics>(
    buffered: &mut VecDeque<Batch<E>>,
    key: &KeyOf<E>,
    incoming: &Batch<E>,
    litter: &mut Vec<Batch<E>>,
) -> (Batch<E>, u64) {
    let taken = buffered.len().div_ceil(2);
    let mut later: HashSet<E::Topic> = incoming.iter().map(|event| key(event)).collect();
    let mut kept = Vec::new();
    for (index, batch) in buffered.iter().enumerate().rev() {
        for event in batch.iter().rev() {
            if later.insert(key(event)) && index < taken {
                kept.push(event.clone());
            }
        }
    }
    let merged = if kept.is_empty() {
        incoming.clone()
    } else {
        let events = kept.into_iter().rev().chain(incoming.iter().cloned());
        Batch {
            at: incoming.at,
            events: events.collect(),
        }
    };
    let before = litter.len();
    litter.extend(buffered.drain(..taken));
    let with_events = litter[before..].iter().filter(|batch| !batch.is_empty());
    let count = with_events.count() as u64;
    (merged, count)
}
