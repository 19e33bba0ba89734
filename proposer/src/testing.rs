//! What an implementation of [`Proposer`](crate::Proposer) is tested with.
//!
//! [`conformance`] runs every check on a log that begins empty; [`durability`] runs those on a log that is opened again.
//! Both watch through a [`Recorder`], a replica that knows what a proposer owes it and notes every breach. The payload is a
//! [`Blob`].
//!
//! ```
//! use proposer::{Loopback, testing};
//!
//! testing::conformance(Loopback::new);
//! ```

mod blob;
mod conformance;
mod recorder;

pub use blob::Blob;
pub use conformance::{conformance, durability};
pub use recorder::{End, Recorder};
