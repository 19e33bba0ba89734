//! `network create`: a new network, from flags, from a file, or from a file and flags that change it.

mod pools;

use store_objects::wire::{Driver, IpamOptions, NetworkSpec};

use crate::cli::error::Error;
use crate::cli::files::Source;
use crate::cli::item::{Item, Pair, given_map};

/// What a new network is to be like.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(in crate::cli) struct Create {
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
    /// A spec in JSON or YAML, by protobuf's JSON mapping, which the flags change; - is standard input.
    #[arg(short, long)]
    file: Option<Source>,
}

impl Create {
    /// Returns the spec.
    pub(super) fn spec(&self) -> Result<NetworkSpec, Error> {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        create: Create,
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
