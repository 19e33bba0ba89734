//! The contract of the queue, a file for each part of it.

#[macro_use]
mod transcript;

mod delivery;
mod joining;
mod lag;
mod model;
mod positions;
mod reentrancy;
mod reference;
mod select;
#[cfg(feature = "stream")]
mod stream;
mod threads;
