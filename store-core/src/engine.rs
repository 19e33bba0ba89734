//! The data structure under the tables: ordered indexes from key bytes to slots, and slots that own the objects.
//!
//! Everything here is persistent: cloning a table is O(1), and changing it copies only the pages that another version may
//! see. From the bottom: `memory` (pages, slots, versions), `node` (the words of a page as sorted keys), `tree` and `scan`
//! (ordered indexes of such pages), `table` (one kind), `tables` (all). The rest of the crate knows the last two.

mod check;
mod keys;
#[cfg(not(feature = "safe-memory"))]
mod memory;
#[cfg(feature = "safe-memory")]
#[path = "engine/safe_memory.rs"]
mod memory;
mod node;
mod scan;
mod table;
mod tables;
mod tree;

pub(crate) use keys::{KeySet, with_key_sets};
pub(crate) use scan::{Run, Scan};
pub use table::{IndexMemory, Table, TableDef, TableMemory};
pub(crate) use tables::Tables;

#[cfg(test)]
mod tests;
