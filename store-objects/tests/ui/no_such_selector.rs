//! A volume has no node, and a service no slot.

use store_objects::{Id, service, volume};

fn main() {
    let _ = volume::BY_NODE.eq(Id::new("x"));
    let _ = service::BY_SLOT.all();
}
