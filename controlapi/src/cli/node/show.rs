//! How nodes are shown to people.

use store_objects::wire::node_spec::{Availability, Membership};
use store_objects::wire::node_status::State;
use store_objects::wire::raft_member_status::Reachability;
use store_objects::wire::{EngineDescription, Node, NodeRole, Task};

use crate::cli::kind::{Kind as _, View};
use crate::cli::output::{Table, enum_name, pairs};
use crate::cli::{quantity, task};

/// Returns nodes as a table.
pub(super) fn table(nodes: &[Node], view: View) -> Table {
    let mut table = Table::new(&[
        "ID",
        "NAME",
        "MEMBERSHIP",
        "STATUS",
        "AVAILABILITY",
        "MANAGER STATUS",
    ]);
    for node in nodes {
        let spec = node.spec.clone().unwrap_or_default();
        table.row([
            node.id.clone(),
            node.name(),
            enum_name(spec.membership, Membership::as_str_name),
            enum_name(
                node.status.clone().unwrap_or_default().state,
                State::as_str_name,
            ),
            enum_name(spec.availability, Availability::as_str_name),
            manager_status(node),
        ]);
    }
    if view.wide {
        table.column(
            "ADDRESS",
            nodes
                .iter()
                .map(|node| node.status.clone().unwrap_or_default().addr),
        );
        table.column(
            "ENGINE",
            nodes.iter().map(|node| engine(node).engine_version),
        );
        view.widen(&mut table, nodes);
    }
    table
}

/// Returns all about a node, and its tasks.
pub(super) fn details(node: &Node, tasks: &[Task], view: View) -> String {
    let spec = node.spec.clone().unwrap_or_default();
    let status = node.status.clone().unwrap_or_default();
    let description = node.description.clone().unwrap_or_default();
    let platform = description.platform.clone().unwrap_or_default();
    let resources = description.resources.clone().unwrap_or_default();

    let mut fields = view.fields(node);
    fields.put("Hostname", &description.hostname);
    fields.put(
        "Labels",
        pairs(&spec.annotations.unwrap_or_default().labels),
    );
    fields.put("Role", enum_name(node.role, NodeRole::as_str_name));
    if spec.desired_role != node.role {
        fields.put(
            "Desired role",
            enum_name(spec.desired_role, NodeRole::as_str_name),
        );
    }
    fields.put(
        "Membership",
        enum_name(spec.membership, Membership::as_str_name),
    );
    fields.put(
        "Availability",
        enum_name(spec.availability, Availability::as_str_name),
    );
    fields.put("Status", enum_name(status.state, State::as_str_name));
    fields.put("Message", status.message);
    fields.put("Address", status.addr);
    fields.put("Manager status", manager_status(node));
    if let Some(manager) = &node.manager_status {
        fields.put("Manager address", &manager.addr);
        fields.put("Raft id", format!("{:x}", manager.raft_id));
    }
    fields.put(
        "Platform",
        [platform.os, platform.architecture]
            .join("/")
            .trim_matches('/'),
    );
    fields.put("CPUs", quantity::cpus(resources.nano_cpus));
    fields.put("Memory", quantity::bytes(resources.memory_bytes));
    fields.put("Engine", engine(node).engine_version);
    fields.put("Engine labels", pairs(&engine(node).labels));
    fields.put_all(
        "Plugins",
        engine(node)
            .plugins
            .iter()
            .map(|plugin| format!("{} {}", plugin.r#type, plugin.name)),
    );

    let names = [(node.id.clone(), node.name())].into();
    fields.render() + &task::section(tasks, &names, view)
}

fn engine(node: &Node) -> EngineDescription {
    node.description
        .as_ref()
        .and_then(|description| description.engine.clone())
        .unwrap_or_default()
}

/// Returns how the node stands among the managers: empty if it is a worker, with a star if it leads.
fn manager_status(node: &Node) -> String {
    let wanted = node
        .spec
        .as_ref()
        .is_some_and(|spec| spec.desired_role == i32::from(NodeRole::Manager));
    match &node.manager_status {
        Some(status) => {
            let reachability = enum_name(status.reachability, Reachability::as_str_name);
            if status.leader {
                reachability + " *"
            } else {
                reachability
            }
        }
        None if wanted => Reachability::Unknown.as_str_name().into(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use store_objects::wire::TaskState;

    use super::*;
    use crate::cli::sample::{self, assert_golden};

    #[test]
    fn managers_show_how_they_stand() {
        let nodes = [sample::manager("n1", "east"), sample::node("n2", "west")];
        assert_golden("node_ls.txt", &table(&nodes, sample::VIEW).render(true));
        assert_golden(
            "node_ls_wide.txt",
            &table(&nodes, sample::WIDE).render(true),
        );
    }

    #[test]
    fn details_end_with_the_tasks() {
        let tasks = [sample::task("t1", "web", 1, TaskState::Running)];
        assert_golden(
            "node_inspect.txt",
            &details(&sample::manager("n1", "east"), &tasks, sample::VIEW),
        );
    }
}
