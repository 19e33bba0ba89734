//! The data structure under the tables: ordered indexes from key bytes to slots, and slots that own the objects.
//!
//! Everything here is persistent: cloning a structure is O(1), and changing one copies only the nodes on the way that
//! another clone still shares. The rest of the crate knows tables ([`Table`]) and their set ([`Tables`]), never nodes.

mod slots;

mod table;

mod tables;

mod tree;

pub use table::TableDef;
pub(crate) use table::{KeySet, Table};
pub(crate) use tables::Tables;
pub(crate) use tree::Cursor;
