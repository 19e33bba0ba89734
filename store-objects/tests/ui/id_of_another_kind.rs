//! The id of a service names no node.

use store_core::Query;
use store_objects::wire::{Service, Task};
use store_objects::{Id, task};

fn on(service: &Id<Service>) -> Query<Task> {
    task::BY_NODE.eq(service)
}

fn main() {}
