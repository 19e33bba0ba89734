//! Networks: what tasks are attached to.

mod create;

use store_objects::wire::{
    CreateNetworkRequest, Driver, GetNetworkRequest, ListNetworksRequest, Meta, Network,
    NetworkAttachmentConfig, NetworkSpec, RemoveNetworkRequest, list_networks_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::kind::{Kind, Make, View, name_in, present};
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
    Create(Box<create::Create>),
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
                let network = Network::create(&mut session.client, create.spec()?).await?;
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
        let answer = client.control.get_network(request).await?;
        present(answer.into_inner().network)
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

impl Make<NetworkSpec> for Network {
    async fn create(client: &mut Client, spec: NetworkSpec) -> Result<Self, Status> {
        let request = CreateNetworkRequest { spec: Some(spec) };
        let answer = client.control.create_network(request).await?;
        present(answer.into_inner().network)
    }
}

/// Returns the names of networks that a task is attached to; the id of one that the server does not tell of.
pub(super) async fn names(client: &mut Client, wanted: &[NetworkAttachmentConfig]) -> Vec<String> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let ids = wanted
        .iter()
        .map(|network| network.target.clone())
        .collect();
    let selection = Selection {
        id_prefixes: ids,
        ..Selection::default()
    };
    let networks = Network::list(client, &selection).await.unwrap_or_default();
    let name = |network: &NetworkAttachmentConfig| {
        let found = networks.iter().find(|known| known.id == network.target);
        found.map_or_else(|| network.target.clone(), Network::name)
    };
    wanted.iter().map(name).collect()
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
    use super::super::sample::{self, assert_golden};
    use super::*;

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
}
