//! Secrets: sensitive data for tasks. The server never gives the data back.

use store_objects::wire::{
    Annotations, CreateSecretRequest, Driver, GetSecretRequest, ListSecretsRequest, Meta,
    RemoveSecretRequest, Secret, SecretSpec, UpdateSecretRequest, Version, list_secrets_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::files::Source;
use super::item::{Item, Pair, given_map};
use super::kind::{Edit, Kind, Make, View, name_in, present};
use super::output::{Table, pairs};
use super::selection::Selection;
use super::session::Session;
use super::verbs::{List, Named};

/// What can be done with secrets.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List secrets.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about secrets but their data.
    Inspect(Named),
    /// Make a secret of what is in a file; prints its id.
    Create(Create),
    /// Remove secrets that no service uses.
    #[command(visible_alias = "remove")]
    Rm(Named),
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Secret>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Secret>(session).await,
            Self::Create(create) => {
                let secret = Secret::create(&mut session.client, create.spec()?).await?;
                session.print_one(&secret)
            }
            Self::Rm(named) => {
                let remove = async |client: &mut Client, secret_id| {
                    client
                        .control
                        .remove_secret(RemoveSecretRequest { secret_id })
                        .await
                        .map(drop)
                };
                named.remove::<Secret>(session, remove).await
            }
        }
    }
}

/// What a new secret is to be like.
#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// The name.
    name: String,
    /// A label.
    #[arg(long = "label", value_name = "KEY=VALUE")]
    labels: Vec<Item<Pair>>,
    /// The file with the data; - is standard input.
    #[arg(short, long, default_value = "-", conflicts_with = "driver")]
    file: Source,
    /// The plugin that has the data.
    #[arg(short, long)]
    driver: Option<String>,
}

impl Create {
    fn spec(&self) -> Result<SecretSpec, Error> {
        let labels = given_map(&self.labels).unwrap_or_default();
        let annotations = Some(Annotations {
            name: self.name.clone(),
            labels,
            ..Default::default()
        });
        Ok(match &self.driver {
            Some(name) => {
                let driver = Some(Driver {
                    name: name.clone(),
                    ..Default::default()
                });
                SecretSpec {
                    annotations,
                    driver,
                    ..Default::default()
                }
            }
            None => SecretSpec {
                annotations,
                data: self.file.bytes()?,
                ..Default::default()
            },
        })
    }
}

impl Kind for Secret {
    const NOUN: &'static str = "secret";

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
        let request = GetSecretRequest {
            secret_id: id.into(),
        };
        let answer = client.control.get_secret(request).await?;
        present(answer.into_inner().secret)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_secrets_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
        };
        let request = ListSecretsRequest {
            filters: Some(filters),
        };
        Ok(client
            .control
            .list_secrets(request)
            .await?
            .into_inner()
            .secrets)
    }

    async fn table(_: &mut Client, secrets: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(secrets, view))
    }

    async fn details(&self, _: &mut Client, view: View) -> Result<String, Error> {
        let spec = self.spec.clone().unwrap_or_default();
        let mut fields = view.fields(self);
        fields.put(
            "Labels",
            pairs(&spec.annotations.unwrap_or_default().labels),
        );
        fields.put("Driver", spec.driver.unwrap_or_default().name);
        Ok(fields.render())
    }
}

impl Make<SecretSpec> for Secret {
    async fn create(client: &mut Client, spec: SecretSpec) -> Result<Self, Status> {
        let request = CreateSecretRequest { spec: Some(spec) };
        let answer = client.control.create_secret(request).await?;
        present(answer.into_inner().secret)
    }
}

impl Edit for Secret {
    type Spec = SecretSpec;

    fn spec(&self) -> Option<&SecretSpec> {
        self.spec.as_ref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: SecretSpec,
    ) -> Result<Self, Status> {
        let request = UpdateSecretRequest {
            secret_id: id.into(),
            secret_version: Some(version),
            spec: Some(spec),
        };
        let answer = client.control.update_secret(request).await?;
        present(answer.into_inner().secret)
    }
}

fn table(secrets: &[Secret], view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME", "DRIVER"]);
    for secret in secrets {
        let driver = secret
            .spec
            .clone()
            .and_then(|spec| spec.driver)
            .unwrap_or_default()
            .name;
        table.row([secret.id.clone(), secret.name(), driver]);
    }
    if !view.wide {
        table.column("CREATED", secrets.iter().map(|secret| view.created(secret)));
    }
    view.widen(&mut table, secrets);
    table
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, assert_golden};
    use super::*;

    #[test]
    fn a_table_shows_ages() {
        let secrets = [sample::secret()];
        assert_golden("secret_ls.txt", &table(&secrets, sample::VIEW).render(true));
        assert_golden(
            "secret_ls_wide.txt",
            &table(&secrets, sample::WIDE).render(true),
        );
    }
}
