//! Nodes: the machines of the cluster.
//!
//! A node goes by the name in its spec, else by its host name; a person may use either.

use std::collections::{BTreeMap, BTreeSet};

pub(super) use store_objects::wire::Node;
use store_objects::wire::node_spec::{Availability, Membership};
use store_objects::wire::node_status::State;
use store_objects::wire::raft_member_status::Reachability;
use store_objects::wire::{
    EngineDescription, GetNodeRequest, ListNodesRequest, Meta, NodeRole, NodeSpec,
    RemoveNodeRequest, Task, UpdateNodeRequest, Version, list_nodes_request, list_tasks_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::item::{Item, Pair, given_map};
use super::kind::{Edit, Kind, View, present};
use super::output::{Table, enum_name, pairs};
use super::quantity;
use super::selection::Selection;
use super::session::Session;
use super::task;
use super::verbs::{List, Named};

/// What can be done with nodes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List nodes; more filters: role=, membership=.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about nodes, and their tasks.
    Inspect(Named),
    /// Let nodes take tasks.
    Activate(Named),
    /// Let nodes keep their tasks, but take no more.
    Pause(Named),
    /// Move all tasks away from nodes.
    Drain(Named),
    /// Make nodes managers.
    Promote(Named),
    /// Make nodes workers.
    Demote(Named),
    /// Change nodes.
    Update {
        #[command(flatten)]
        named: Named,
        /// A label; the labels given replace all there are, an empty value removes them.
        #[arg(long = "label", value_name = "KEY=VALUE", required = true)]
        labels: Vec<Item<Pair>>,
    },
    /// Remove nodes that are down.
    #[command(visible_alias = "remove")]
    Rm {
        #[command(flatten)]
        named: Named,
        /// Remove them even though they are up.
        #[arg(short, long)]
        force: bool,
    },
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Node>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Node>(session).await,
            Self::Activate(named) => make(named, session, Availability::Active).await,
            Self::Pause(named) => make(named, session, Availability::Pause).await,
            Self::Drain(named) => make(named, session, Availability::Drain).await,
            Self::Promote(named) => want(named, session, NodeRole::Manager).await,
            Self::Demote(named) => want(named, session, NodeRole::Worker).await,
            Self::Update { named, labels } => {
                let labels = given_map(&labels).unwrap_or_default();
                let change = |spec: &mut NodeSpec| {
                    spec.annotations
                        .get_or_insert_default()
                        .labels
                        .clone_from(&labels);
                };
                named.edit::<Node>(session, change).await
            }
            Self::Rm { named, force } => {
                let remove = async |client: &mut Client, node_id| {
                    client
                        .control
                        .remove_node(RemoveNodeRequest { node_id, force })
                        .await
                        .map(drop)
                };
                named.remove::<Node>(session, remove).await
            }
        }
    }
}

async fn make(
    named: Named,
    session: &mut Session<'_>,
    availability: Availability,
) -> Result<(), Error> {
    named
        .edit::<Node>(session, |spec| spec.availability = availability.into())
        .await
}

async fn want(named: Named, session: &mut Session<'_>, role: NodeRole) -> Result<(), Error> {
    named
        .edit::<Node>(session, |spec| spec.desired_role = role.into())
        .await
}

impl Kind for Node {
    const NOUN: &'static str = "node";
    const FILTERS: &'static [&'static str] = &["role", "membership"];

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> String {
        let given = self
            .spec
            .iter()
            .filter_map(|spec| spec.annotations.as_ref())
            .map(|given| &given.name);
        let host = self
            .description
            .iter()
            .map(|description| &description.hostname);
        given
            .chain(host)
            .find(|name| !name.is_empty())
            .cloned()
            .unwrap_or_default()
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }

    async fn get(client: &mut Client, id: &str) -> Result<Self, Status> {
        let request = GetNodeRequest { node_id: id.into() };
        present(client.control.get_node(request).await?.into_inner().node)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_nodes_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            node_labels: selection.labels.clone(),
            roles: selection.numbers("role", NodeRole::from_str_name)?,
            memberships: selection.numbers("membership", Membership::from_str_name)?,
            ..Default::default()
        };
        let request = ListNodesRequest {
            filters: Some(filters),
        };
        Ok(client.control.list_nodes(request).await?.into_inner().nodes)
    }

    /// The server finds nodes by their host names only.
    async fn named(client: &mut Client, name: &str) -> Result<Vec<Self>, Error> {
        let mut nodes = Self::list(client, &Selection::default()).await?;
        let host = |node: &Self| {
            node.description
                .as_ref()
                .is_some_and(|description| description.hostname == name)
        };
        nodes.retain(|node| node.name() == name || host(node));
        Ok(nodes)
    }

    async fn table(_: &mut Client, nodes: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(nodes, view))
    }

    async fn details(&self, client: &mut Client, view: View) -> Result<String, Error> {
        let of_node = list_tasks_request::Filters {
            node_ids: vec![self.id.clone()],
            ..Default::default()
        };
        let tasks = task::fetch(client, of_node).await?;
        Ok(details(self, &tasks, view))
    }
}

impl Edit for Node {
    type Spec = NodeSpec;

    fn spec(&self) -> Option<&NodeSpec> {
        self.spec.as_ref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: NodeSpec,
    ) -> Result<Self, Status> {
        let request = UpdateNodeRequest {
            node_id: id.into(),
            node_version: Some(version),
            spec: Some(spec),
        };
        present(client.control.update_node(request).await?.into_inner().node)
    }
}

/// Returns the names of the nodes that tasks are on, by id; none if the server does not tell.
pub(super) async fn names(client: &mut Client, tasks: &[Task]) -> BTreeMap<String, String> {
    let ids: BTreeSet<&String> = tasks
        .iter()
        .map(|task| &task.node_id)
        .filter(|id| !id.is_empty())
        .collect();
    if ids.is_empty() {
        return BTreeMap::new();
    }
    let selection = Selection {
        id_prefixes: ids.into_iter().cloned().collect(),
        ..Selection::default()
    };
    let nodes = Node::list(client, &selection).await.unwrap_or_default();
    nodes
        .into_iter()
        .map(|node| (node.id.clone(), node.name()))
        .collect()
}

fn table(nodes: &[Node], view: View) -> Table {
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

fn details(node: &Node, tasks: &[Task], view: View) -> String {
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
        .clone()
        .and_then(|description| description.engine)
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

    use super::super::sample::{self, assert_golden};
    use super::*;

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

    #[test]
    fn the_name_in_the_spec_goes_before_the_host_name() {
        let mut node = sample::node("n1", "east");
        assert_eq!(node.name(), "east");
        node.spec
            .get_or_insert_default()
            .annotations
            .get_or_insert_default()
            .name = "orient".into();
        assert_eq!(node.name(), "orient");
    }
}
