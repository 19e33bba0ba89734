//! A role is a number, a name is folded, and a state has no beginning.

use store_objects::{node, task};

fn main() {
    let _ = node::BY_ROLE.eq("manager");
    let _ = node::BY_NAME.eq("ant");
    let _ = task::BY_STATE.prefix("RUN");
}
