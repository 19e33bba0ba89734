//! Nodes: the machines of the cluster.
//!
//! A node goes by the name in its spec, else by its host name; a person may use either.

mod show;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use store_objects::wire::Node;
use store_objects::wire::node_spec::{Availability, Membership};
use store_objects::wire::{
    GetNodeRequest, ListNodesRequest, Meta, NodeRole, NodeSpec, RemoveNodeRequest, Task,
    UpdateNodeRequest, Version, list_nodes_request, list_tasks_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::item::{Item, Pair, given_map};
use super::kind::{Edit, Kind, View, present};
use super::output::Table;
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
        let answer = client.control.get_node(request).await?;
        present(answer.into_inner().node)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_nodes_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            node_labels: selection.labels.clone(),
            roles: selection.numbers("role", NodeRole::as_str_name)?,
            memberships: selection.numbers("membership", Membership::as_str_name)?,
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
        Ok(show::table(nodes, view))
    }

    async fn details(&self, client: &mut Client, view: View) -> Result<String, Error> {
        let of_node = list_tasks_request::Filters {
            node_ids: vec![self.id.clone()],
            ..Default::default()
        };
        let tasks = task::fetch(client, of_node).await?;
        Ok(show::details(self, &tasks, view))
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
        let answer = client.control.update_node(request).await?;
        present(answer.into_inner().node)
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

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

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
