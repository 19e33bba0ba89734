//! Tasks are found by node; nodes are not.

use store_core::{Read, Snapshot};
use store_objects::wire::Node;
use store_objects::{Id, Orchestration, task};

fn nodes(view: &Snapshot<Orchestration>) -> usize {
    view.find::<Node>(task::BY_NODE.eq(Id::new("x"))).count()
}

fn main() {}
