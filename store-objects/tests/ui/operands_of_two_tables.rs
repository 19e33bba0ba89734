//! Both sides of an *and* are about one table.

use store_objects::{Id, node, task};

fn main() {
    let _ = node::BY_ROLE.eq(&1).and(task::BY_NODE.eq(Id::new("x")));
}
