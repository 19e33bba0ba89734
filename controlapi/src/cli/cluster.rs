//! The cluster itself: its settings, and the tokens that let nodes join.

use clap::ValueEnum;
use store_objects::wire::{
    Cluster, ClusterSpec, Driver, GetClusterRequest, KeyRotation, ListClustersRequest, Meta,
    UpdateClusterRequest, Version, list_clusters_request,
};
use tonic::Status;

use super::connect::Client;
use super::edit::edit;
use super::error::Error;
use super::item::{Item, Pair, given_map};
use super::kind::{Edit, Kind, View, name_in, present};
use super::output::{Format, Table, pairs};
use super::resolve::resolve;
use super::selection::Selection;
use super::session::Session;
use super::time;
use super::verbs::{List, Named};

/// The name of the one cluster that a store has.
const DEFAULT: &str = "default";

/// What can be done with the cluster.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List clusters; there is one, named default.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show the settings and the tokens for joining.
    Inspect(Named),
    /// Change settings.
    Update(Box<Update>),
    /// Make a new token for joining; the old one does not work any more.
    RotateToken {
        /// Who joins with it.
        role: Role,
    },
}

/// Who joins with a token.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Role {
    Worker,
    Manager,
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Cluster>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Cluster>(session).await,
            Self::Update(update) => {
                let cluster = resolve::<Cluster>(&mut session.client, &update.cluster).await?;
                let change = |spec: &mut ClusterSpec| {
                    update.apply(spec);
                    Ok(())
                };
                let edited = edit(&mut session.client, cluster, update.if_version, change).await?;
                session.print_edited(edited)
            }
            Self::RotateToken { role } => rotate(session, role).await,
        }
    }
}

async fn rotate(session: &mut Session<'_>, role: Role) -> Result<(), Error> {
    let cluster = resolve::<Cluster>(&mut session.client, DEFAULT).await?;
    let request = UpdateClusterRequest {
        cluster_id: cluster.id.clone(),
        cluster_version: Some(
            cluster
                .meta
                .and_then(|meta| meta.version)
                .unwrap_or_default(),
        ),
        spec: cluster.spec,
        rotation: Some(KeyRotation {
            worker_join_token: matches!(role, Role::Worker),
            manager_join_token: matches!(role, Role::Manager),
            ..Default::default()
        }),
    };
    let cluster = present(
        session
            .client
            .control
            .update_cluster(request)
            .await?
            .into_inner()
            .cluster,
    )?;
    if session.format == Format::Json {
        return session.print_one(&cluster);
    }
    let tokens = cluster
        .root_ca
        .and_then(|root| root.join_tokens)
        .unwrap_or_default();
    session.print(&match role {
        Role::Worker => tokens.worker + "\n",
        Role::Manager => tokens.manager + "\n",
    })
}

/// Which settings to change.
#[derive(Debug, clap::Args)]
pub(super) struct Update {
    /// The cluster's name, id, or the beginning of its id.
    #[arg(default_value = DEFAULT)]
    cluster: String,
    /// Only if the cluster has this version; otherwise the change is made on what others left.
    #[arg(long, value_name = "VERSION")]
    if_version: Option<u64>,
    /// How long the certificate of a node is valid.
    #[arg(long, value_name = "TIME", value_parser = time::parse_span)]
    cert_expiry: Option<prost_types::Duration>,
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
    fn apply(&self, spec: &mut ClusterSpec) {
        if self.cert_expiry.is_some() {
            spec.ca_config.get_or_insert_default().node_cert_expiry = self.cert_expiry;
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

impl Kind for Cluster {
    const NOUN: &'static str = "cluster";

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
        let request = GetClusterRequest {
            cluster_id: id.into(),
        };
        present(
            client
                .control
                .get_cluster(request)
                .await?
                .into_inner()
                .cluster,
        )
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_clusters_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
        };
        let request = ListClustersRequest {
            filters: Some(filters),
        };
        Ok(client
            .control
            .list_clusters(request)
            .await?
            .into_inner()
            .clusters)
    }

    async fn table(_: &mut Client, clusters: &[Self], view: View) -> Result<Table, Error> {
        let mut table = Table::new(&["ID", "NAME"]);
        for cluster in clusters {
            table.row([cluster.id.clone(), cluster.name()]);
        }
        view.widen(&mut table, clusters);
        Ok(table)
    }

    async fn details(&self, _: &mut Client, view: View) -> Result<String, Error> {
        Ok(details(self, view))
    }
}

impl Edit for Cluster {
    type Spec = ClusterSpec;

    fn spec(&self) -> Option<&ClusterSpec> {
        self.spec.as_ref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: ClusterSpec,
    ) -> Result<Self, Status> {
        let request = UpdateClusterRequest {
            cluster_id: id.into(),
            cluster_version: Some(version),
            spec: Some(spec),
            rotation: None,
        };
        present(
            client
                .control
                .update_cluster(request)
                .await?
                .into_inner()
                .cluster,
        )
    }
}

fn details(cluster: &Cluster, view: View) -> String {
    let spec = cluster.spec.clone().unwrap_or_default();
    let ca = spec.ca_config.unwrap_or_default();
    let span =
        |span: Option<prost_types::Duration>| span.as_ref().map(time::span).unwrap_or_default();
    let mut fields = view.fields(cluster);
    fields.put(
        "Labels",
        pairs(&spec.annotations.unwrap_or_default().labels),
    );
    fields.put(
        "Task history",
        spec.orchestration
            .unwrap_or_default()
            .task_history_retention_limit
            .to_string(),
    );
    fields.put(
        "Heartbeat period",
        span(spec.dispatcher.unwrap_or_default().heartbeat_period),
    );
    fields.put("Cert expiry", span(ca.node_cert_expiry));
    fields.put_all(
        "External CAs",
        ca.external_cas
            .iter()
            .map(|authority| authority.url.clone()),
    );
    if let Some(driver) = spec.task_defaults.unwrap_or_default().log_driver {
        fields.put("Log driver", driver.name);
        fields.put("Log options", pairs(&driver.options));
    }
    if spec
        .encryption_config
        .unwrap_or_default()
        .auto_lock_managers
    {
        fields.put("Autolock", "yes");
    }
    fields.put_all(
        "Address pools",
        cluster.default_address_pool.iter().cloned(),
    );
    let tokens = cluster
        .root_ca
        .clone()
        .and_then(|root| root.join_tokens)
        .unwrap_or_default();
    fields.put("Worker token", tokens.worker);
    fields.put("Manager token", tokens.manager);
    fields.render()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::sample::{self, assert_golden};
    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        update: Update,
    }

    #[test]
    fn details_show_settings_and_tokens() {
        assert_golden(
            "cluster_inspect.txt",
            &details(&sample::cluster(), sample::VIEW),
        );
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
    }
}
