//! What goes with a node.

use prost_types::Timestamp;
use store_core::{Read as _, WriteTx};
use store_objects::wire::node_status::State;
use store_objects::wire::{BlacklistedCertificate, Cluster, Node, Task, TaskState, TaskStatus};
use store_objects::{FoldedName, Id, Orchestration, cluster, task};

use super::is_wanted_as_manager;
use crate::authority::Certificate;
use crate::bootstrap::CLUSTER_NAME;
use crate::control::backend::{self, stored};
use crate::control::clusters;
use crate::refusal::Refusal;

/// Removes a node, in the order of SwarmKit's rules.
pub(super) fn remove(
    tx: &mut WriteTx<'_, Orchestration>,
    id: &str,
    force: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    let node = stored::<Node>(tx, id)?;
    if is_wanted_as_manager(node) {
        return Err(Refusal::ManagerRemoval { id: id.to_owned() });
    }
    let state = node.status.as_ref().map_or(0, |status| status.state);
    if !force && state == i32::from(State::Ready) {
        return Err(Refusal::NodeUp { id: id.to_owned() });
    }
    let certificates = node
        .certificate
        .as_ref()
        .and_then(|issued| Certificate::read_all(&issued.certificate));
    // One that is not understood has no end.
    let expiry = certificates.map(|certificates| certificates[0].not_after());
    blacklist(tx, id, expiry, now)?;
    orphan(tx, id, now)?;
    backend::delete::<Node>(tx, id)
}

fn blacklist(
    tx: &mut WriteTx<'_, Orchestration>,
    id: &str,
    expiry: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut clusters = tx.find(cluster::BY_NAME.eq(FoldedName::new(CLUSTER_NAME)));
    let mut cluster = Cluster::clone(clusters.next().ok_or(Refusal::NoCluster)?);
    drop(clusters);
    let list = &mut cluster.blacklisted_certificates;
    list.insert(id.to_owned(), BlacklistedCertificate { expiry });
    clusters::forget_ended(list, now);
    tx.update(cluster)?;
    Ok(())
}

fn orphan(tx: &mut WriteTx<'_, Orchestration>, id: &str, now: Timestamp) -> Result<(), Refusal> {
    let running = |task: &Task| {
        let state = task.status.as_ref().map_or(0, |status| status.state);
        state < i32::from(TaskState::Complete)
    };
    let tasks: Vec<Task> = tx
        .find(task::BY_NODE.eq(Id::new(id)))
        .filter(|task| running(task))
        .map(|task| Task::clone(task))
        .collect();
    for task in tasks {
        let status = TaskStatus {
            timestamp: Some(now),
            state: TaskState::Orphaned.into(),
            message: "Task belonged to a node that has been deleted".to_owned(),
            ..TaskStatus::default()
        };
        tx.update(Task {
            status: Some(status),
            ..task
        })?;
    }
    Ok(())
}
