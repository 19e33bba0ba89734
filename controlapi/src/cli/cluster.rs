//! The cluster itself: its settings, and the tokens that let nodes join.

mod update;

use clap::ValueEnum;
use store_objects::wire::{
    Cluster, ClusterSpec, GetClusterRequest, KeyRotation, ListClustersRequest, Meta,
    UpdateClusterRequest, Version, list_clusters_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::kind::{Edit, Kind, View, name_in, present, version};
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
    Update(Box<update::Update>),
    /// Make a new token for joining; the old one does not work any more.
    RotateToken {
        /// Who joins with it.
        role: Role,
    },
    /// Make a new key with which managers unlock what they keep on disk, where they are to be locked.
    RotateUnlockKey,
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
            Self::Update(update) => update.run(session).await,
            Self::RotateToken { role } => rotate_token(session, role).await,
            Self::RotateUnlockKey => {
                let key = KeyRotation {
                    manager_unlock_key: true,
                    ..Default::default()
                };
                let cluster = rotate(session, key).await?;
                session.print_one(&cluster)
            }
        }
    }
}

/// Makes something new, without a change of the settings.
async fn rotate(session: &mut Session<'_>, rotation: KeyRotation) -> Result<Cluster, Error> {
    let cluster = resolve::<Cluster>(&mut session.client, DEFAULT).await?;
    let request = UpdateClusterRequest {
        cluster_id: cluster.id.clone(),
        cluster_version: Some(Version {
            index: version(&cluster),
        }),
        spec: cluster.spec,
        rotation: Some(rotation),
    };
    let answer = session.client.control.update_cluster(request).await?;
    Ok(present(answer.into_inner().cluster)?)
}

async fn rotate_token(session: &mut Session<'_>, role: Role) -> Result<(), Error> {
    let token = KeyRotation {
        worker_join_token: matches!(role, Role::Worker),
        manager_join_token: matches!(role, Role::Manager),
        ..Default::default()
    };
    let cluster = rotate(session, token).await?;
    if matches!(session.format, Format::Json | Format::Yaml) {
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
        let answer = client.control.get_cluster(request).await?;
        present(answer.into_inner().cluster)
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
        let answer = client.control.update_cluster(request).await?;
        present(answer.into_inner().cluster)
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
    use super::super::sample::{self, assert_golden};
    use super::*;

    #[test]
    fn details_show_settings_and_tokens() {
        assert_golden(
            "cluster_inspect.txt",
            &details(&sample::cluster(), sample::VIEW),
        );
    }
}
