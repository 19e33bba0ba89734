//! `cluster update`: the flags given change settings, everything else stays as it is.

use store_objects::wire::external_ca::CaProtocol;
use store_objects::wire::{Cluster, ClusterSpec, Driver, ExternalCa};

use super::DEFAULT;
use crate::cli::edit::edit;
use crate::cli::error::Error;
use crate::cli::item::{Item, Pair, given_map};
use crate::cli::resolve::resolve;
use crate::cli::session::Session;
use crate::cli::time;

/// Which settings to change.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Update {
    /// The cluster's name, id, or the beginning of its id.
    #[arg(default_value = DEFAULT)]
    cluster: String,
    /// Only if the cluster has this version; otherwise the change is made on what others left.
    #[arg(long, value_name = "VERSION")]
    if_version: Option<u64>,
    /// How long the certificate of a node is valid.
    #[arg(long, value_name = "TIME", value_parser = time::parse_span)]
    cert_expiry: Option<prost_types::Duration>,
    /// Where an authority outside of the cluster issues certificates, by the protocol CFSSL; replaces those that there are,
    /// and an empty value takes them away.
    #[arg(long = "external-ca", value_name = "URL")]
    external_cas: Vec<String>,
    /// How many ended tasks to keep a slot; negative for all.
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    task_history: Option<i64>,
    /// How often nodes tell that they are alive.
    #[arg(long, value_name = "TIME", value_parser = time::parse_span)]
    heartbeat_period: Option<prost_types::Duration>,
    /// Whether managers encrypt what they keep on disk.
    #[arg(long, value_name = "true|false")]
    autolock: Option<bool>,
    /// The log driver of tasks that name none; an empty value takes it away.
    #[arg(long, value_name = "NAME")]
    log_driver: Option<String>,
    /// An option of the log driver.
    #[arg(long = "log-opt", value_name = "KEY=VALUE", requires = "log_driver")]
    log_options: Vec<Item<Pair>>,
}

impl Update {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        let cluster = resolve::<Cluster>(&mut session.client, &self.cluster).await?;
        let change = |spec: &mut ClusterSpec| {
            self.apply(spec);
            Ok(())
        };
        let edited = edit(&mut session.client, cluster, self.if_version, change).await?;
        session.print_edited(edited)
    }

    fn apply(&self, spec: &mut ClusterSpec) {
        if self.cert_expiry.is_some() {
            spec.ca_config.get_or_insert_default().node_cert_expiry = self.cert_expiry;
        }
        if !self.external_cas.is_empty() {
            let authority = |url: &String| ExternalCa {
                protocol: CaProtocol::Cfssl.into(),
                url: url.clone(),
                ..ExternalCa::default()
            };
            let urls = self.external_cas.iter().filter(|url| !url.is_empty());
            spec.ca_config.get_or_insert_default().external_cas = urls.map(authority).collect();
        }
        if let Some(limit) = self.task_history {
            spec.orchestration
                .get_or_insert_default()
                .task_history_retention_limit = limit;
        }
        if self.heartbeat_period.is_some() {
            spec.dispatcher.get_or_insert_default().heartbeat_period = self.heartbeat_period;
        }
        if let Some(autolock) = self.autolock {
            spec.encryption_config
                .get_or_insert_default()
                .auto_lock_managers = autolock;
        }
        if let Some(name) = &self.log_driver {
            let options = given_map(&self.log_options).unwrap_or_default();
            let driver = Driver {
                name: name.clone(),
                options,
            };
            spec.task_defaults.get_or_insert_default().log_driver =
                (!name.is_empty()).then_some(driver);
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::sample;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        update: Update,
    }

    #[test]
    fn flags_change_what_they_name_and_nothing_else() {
        let before = sample::cluster().spec.unwrap();
        let line = Line::parse_from(["update", "--task-history", "-1", "--log-driver", ""]);
        let mut after = before.clone();
        line.update.apply(&mut after);

        let mut expected = before;
        expected
            .orchestration
            .get_or_insert_default()
            .task_history_retention_limit = -1;
        expected.task_defaults.get_or_insert_default().log_driver = None;
        assert_eq!(after, expected);

        let line = Line::parse_from([
            "update",
            "--external-ca",
            "https://a",
            "--external-ca",
            "https://b",
        ]);
        line.update.apply(&mut after);
        let urls = |spec: &ClusterSpec| -> Vec<String> {
            let authorities = spec.ca_config.iter().flat_map(|ca| &ca.external_cas);
            authorities.map(|authority| authority.url.clone()).collect()
        };
        assert_eq!(urls(&after), ["https://a", "https://b"]);
        let line = Line::parse_from(["update", "--external-ca", ""]);
        line.update.apply(&mut after);
        assert!(urls(&after).is_empty());
    }
}
