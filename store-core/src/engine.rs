//! The data structure under the tables: ordered indexes from key bytes to slots, and slots that own the objects.
//!
//! Everything here is persistent: cloning a table is O(1), and changing it copies only the pages that another version may
//! see. From the bottom: `memory` (pages, slots, versions), `node` and `entries` (the words of a page as sorted keys), `leaf`,
//! `tree` and `scan` (ordered indexes of such pages), `keys` and `full_keys` (what is in them), `sorted` and `build` (a whole
//! tree at once), `table`, `fill` and `reshape` (one kind), `tables` (all). The rest of the crate knows the last ones.

mod build;
mod check;
mod def;
mod entries;
mod fill;
mod full_keys;
mod keys;
mod leaf;
mod longest_prefix;
#[cfg(not(feature = "safe-memory"))]
mod memory;
#[cfg(feature = "safe-memory")]
#[path = "engine/safe_memory.rs"]
mod memory;
mod node;
mod node_mut;
mod reshape;
mod scan;
mod sorted;
mod table;
mod tables;
mod tree;
mod usage;
mod visits;

pub use def::TableDef;
pub(crate) use keys::{KeySet, with_key_sets};
pub(crate) use scan::{Run, Scan};
pub use table::Table;
pub(crate) use tables::{SharedTable, Tables, share};
pub use usage::{IndexMemory, TableMemory};

#[cfg(test)]
mod tests;
