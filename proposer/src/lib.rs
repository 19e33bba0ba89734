#![doc = include_str!("../README.md")]

mod version;

mod proposal;

mod history;

mod proposer;

mod replica;

mod tail;

mod caller;

mod loopback;

mod journal;

mod faulty;

mod sync;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use faulty::{Fate, Fault, Faulty, Plan};
pub use history::{Change, HistoryError};
pub use journal::{Journal, JournalOptions, JournalStats};
pub use loopback::{Loopback, LoopbackOptions};
pub use proposal::{
    AbortReason, DecodeError, Outcome, Payload, Peer, Proposal, ProposalId, Refused,
};
pub use proposer::{Proposer, StartError};
pub use replica::{Applied, Replica, RestoreError, Standing};
pub use version::{Epoch, Incarnation, Term, Version};
