//! The engine against plain maps, and against its safe twin.

mod fill;
mod panics;
#[cfg(loom)]
mod publication;
mod rollback;
mod table;
mod threads;
mod tree;
#[cfg(not(feature = "safe-memory"))]
mod twin;
mod visits;
