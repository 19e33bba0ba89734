//! Networks: what tasks are attached to.

mod pools;

use store_objects::wire::{
    CreateNetworkRequest, Driver, GetNetworkRequest, IpamOptions, ListNetworksRequest, Meta,
    Network, NetworkSpec, RemoveNetworkRequest, list_networks_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::files::Source;
use super::item::{Item, Pair, given_map};
use super::kind::{Kind, View, name_in, present};
use super::output::{Table, pairs};
use super::selection::Selection;
use super::session::Session;
use super::verbs::{List, Named};

/// What can be done with networks.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List networks.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about networks.
    Inspect(Named),
    /// Make a network; prints its id.
    Create(Box<Create>),
    /// Remove networks that nothing uses.
    #[command(visible_alias = "remove")]
    Rm(Named),
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Network>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Network>(session).await,
            Self::Create(create) => {
                let request = CreateNetworkRequest {
                    spec: Some(create.spec()?),
                };
                let network = present(
                    session
                        .client
                        .control
                        .create_network(request)
                        .await?
                        .into_inner()
                        .network,
                )?;
                session.print_one(&network)
            }
            Self::Rm(named) => {
                let remove = async |client: &mut Client, network_id| {
                    let request = RemoveNetworkRequest {
                        network_id,
                        ..Default::default()
                    };
                    client.control.remove_network(request).await.map(drop)
                };
                named.remove::<Network>(session, remove).await
            }
        }
    }
}

/// What a new network is to be like.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Create {
    /// The name; a DNS name of one component.
    #[arg(long, required_unless_present = "file")]
    name: Option<String>,
    /// A label.
    #[arg(long = "label", value_name = "KEY=VALUE")]
    labels: Vec<Item<Pair>>,
    /// The plugin that makes it; the cluster's own choice by default.
    #[arg(long)]
    driver: Option<String>,
    /// An option of the plugin.
    #[arg(long = "opts", value_name = "KEY=VALUE", requires = "driver")]
    options: Vec<Item<Pair>>,
    /// The plugin that manages the addresses.
    #[arg(long)]
    ipam_driver: Option<String>,
    #[command(flatten)]
    pools: pools::Pools,
    /// Without a way out of the cluster.
    #[arg(long)]
    internal: bool,
    /// Containers from outside of the cluster may be attached.
    #[arg(long)]
    attachable: bool,
    /// It carries the ports that are published on every node.
    #[arg(long)]
    ingress: bool,
    /// With IPv6 addresses.
    #[arg(long)]
    ipv6: bool,
    /// A spec in protobuf's JSON mapping, which the flags change; - is standard input.
    #[arg(short, long)]
    file: Option<Source>,
}

impl Create {
    fn spec(&self) -> Result<NetworkSpec, Error> {
        let mut spec: NetworkSpec = self
            .file
            .as_ref()
            .map(Source::spec)
            .transpose()?
            .unwrap_or_default();
        let annotations = spec.annotations.get_or_insert_default();
        if let Some(name) = &self.name {
            annotations.name.clone_from(name);
        }
        if let Some(labels) = given_map(&self.labels) {
            annotations.labels = labels;
        }
        if let Some(name) = &self.driver {
            let options = given_map(&self.options).unwrap_or_default();
            spec.driver_config = Some(Driver {
                name: name.clone(),
                options,
            });
        }
        let configs = self.pools.configs()?;
        if !configs.is_empty() || self.ipam_driver.is_some() {
            let driver = self.ipam_driver.clone().map(|name| Driver {
                name,
                ..Default::default()
            });
            spec.ipam = Some(IpamOptions { driver, configs });
        }
        spec.internal |= self.internal;
        spec.attachable |= self.attachable;
        spec.ingress |= self.ingress;
        spec.ipv6_enabled |= self.ipv6;
        Ok(spec)
    }
}

impl Kind for Network {
    const NOUN: &'static str = "network";

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> String {
        name_in(
            self.spec
                .as_ref()
                .and_then(|spec| spec.annotations.as_ref()),
        )
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }

    async fn get(client: &mut Client, id: &str) -> Result<Self, Status> {
        let request = GetNetworkRequest {
            network_id: id.into(),
            ..Default::default()
        };
        present(
            client
                .control
                .get_network(request)
                .await?
                .into_inner()
                .network,
        )
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_networks_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
        };
        let request = ListNetworksRequest {
            filters: Some(filters),
            ..Default::default()
        };
        Ok(client
            .control
            .list_networks(request)
            .await?
            .into_inner()
            .networks)
    }

    async fn table(_: &mut Client, networks: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(networks, view))
    }

    async fn details(&self, _: &mut Client, view: View) -> Result<String, Error> {
        Ok(details(self, view))
    }
}

fn table(networks: &[Network], view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME", "DRIVER"]);
    for network in networks {
        table.row([network.id.clone(), network.name(), driver(network).name]);
    }
    if view.wide {
        table.column(
            "SUBNETS",
            networks.iter().map(|network| subnets(network).join(", ")),
        );
        view.widen(&mut table, networks);
    }
    table
}

fn details(network: &Network, view: View) -> String {
    let spec = network.spec.clone().unwrap_or_default();
    let mut fields = view.fields(network);
    fields.put(
        "Labels",
        pairs(&spec.annotations.unwrap_or_default().labels),
    );
    fields.put("Driver", driver(network).name);
    fields.put("Driver options", pairs(&driver(network).options));
    fields.put_all("Subnets", subnets(network));
    let traits = [
        (spec.internal, "internal"),
        (spec.attachable, "attachable"),
        (spec.ingress, "ingress"),
        (spec.ipv6_enabled, "IPv6"),
    ];
    let traits: Vec<_> = traits
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    fields.put("Traits", traits.join(", "));
    if network.pending_delete {
        fields.put("Pending delete", "yes");
    }
    fields.render()
}

/// Returns the driver that was allocated; else the one that is wanted.
fn driver(network: &Network) -> Driver {
    let allocated = network
        .driver_state
        .clone()
        .filter(|driver| !driver.name.is_empty());
    let wanted = || network.spec.clone().and_then(|spec| spec.driver_config);
    allocated.or_else(wanted).unwrap_or_default()
}

/// Returns the subnets that were allocated, with their gateways; else those that are wanted.
fn subnets(network: &Network) -> Vec<String> {
    let allocated = network.ipam.clone().filter(|ipam| !ipam.configs.is_empty());
    let wanted = || network.spec.clone().and_then(|spec| spec.ipam);
    let pools = allocated.or_else(wanted).unwrap_or_default().configs;
    let text = |pool: &store_objects::wire::IpamConfig| match pool.gateway.as_str() {
        "" => pool.subnet.clone(),
        gateway => format!("{} via {gateway}", pool.subnet),
    };
    pools.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::sample::{self, assert_golden, assert_json};
    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        create: Create,
    }

    #[test]
    fn a_table_shows_drivers() {
        assert_golden(
            "network_ls.txt",
            &table(&[sample::network()], sample::VIEW).render(true),
        );
        assert_golden(
            "network_ls_wide.txt",
            &table(&[sample::network()], sample::WIDE).render(true),
        );
        assert_golden(
            "network_inspect.txt",
            &details(&sample::network(), sample::VIEW),
        );
    }

    #[test]
    fn a_bare_name_is_a_whole_spec() {
        let line = Line::parse_from(["create", "--name", "back"]);
        assert_json(
            &line.create.spec().unwrap(),
            r#"{"annotations": {"name": "back"}}"#,
        );
    }

    #[test]
    fn flags_become_a_spec() {
        let line = Line::parse_from(
            "create --name back --label a=1 --driver overlay --opts mtu=1400 --subnet 10.1.0.0/16 --gateway 10.1.0.1 \
             --internal --attachable"
                .split_whitespace(),
        );
        assert_json(
            &line.create.spec().unwrap(),
            r#"{
                "annotations": {"name": "back", "labels": {"a": "1"}},
                "driverConfig": {"name": "overlay", "options": {"mtu": "1400"}},
                "internal": true,
                "ipam": {"configs": [{"family": "IPV4", "subnet": "10.1.0.0/16", "gateway": "10.1.0.1"}]},
                "attachable": true
            }"#,
        );
    }
}
