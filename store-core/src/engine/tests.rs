//! The engine against plain maps, and against its safe twin; and what it costs and keeps.

mod fill;
mod keys;
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
