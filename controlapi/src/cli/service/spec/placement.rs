//! Flags about which nodes tasks go to.

use store_objects::wire::TaskSpec;

use crate::cli::item::{Item, given};

/// Where tasks may go.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Placement")]
pub(super) struct PlacementFlags {
    /// Where tasks may go, as in `node.labels.zone == east`; all constraints must hold.
    #[arg(long = "constraint", value_name = "EXPRESSION")]
    constraints: Vec<Item<String>>,
    /// Most tasks on one node; 0 is no limit.
    #[arg(long, value_name = "COUNT")]
    replicas_max_per_node: Option<u64>,
}

impl PlacementFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) {
        if let Some(constraints) = given(&self.constraints) {
            task.placement.get_or_insert_default().constraints = constraints;
        }
        if let Some(max_replicas) = self.replicas_max_per_node {
            task.placement.get_or_insert_default().max_replicas = max_replicas;
        }
    }
}
