//! Configs: configuration data for tasks.

use store_objects::wire::{
    Annotations, Config, ConfigSpec, CreateConfigRequest, GetConfigRequest, ListConfigsRequest,
    Meta, RemoveConfigRequest, UpdateConfigRequest, Version, list_configs_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::files::Source;
use super::item::{Item, Pair, given_map};
use super::kind::{Edit, Kind, Make, View, name_in, present};
use super::output::{Table, pairs};
use super::quantity;
use super::selection::Selection;
use super::session::Session;
use super::verbs::{List, Named};

/// What can be done with configs.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List configs.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about configs; their data in JSON only.
    Inspect(Named),
    /// Make a config of what is in a file; prints its id.
    Create(Create),
    /// Remove configs that no service uses.
    #[command(visible_alias = "remove")]
    Rm(Named),
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Config>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Config>(session).await,
            Self::Create(create) => {
                let config = Config::create(&mut session.client, create.spec()?).await?;
                session.print_one(&config)
            }
            Self::Rm(named) => {
                let remove = async |client: &mut Client, config_id| {
                    client
                        .control
                        .remove_config(RemoveConfigRequest { config_id })
                        .await
                        .map(drop)
                };
                named.remove::<Config>(session, remove).await
            }
        }
    }
}

/// What a new config is to be like.
#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// The name.
    name: String,
    /// A label.
    #[arg(long = "label", value_name = "KEY=VALUE")]
    labels: Vec<Item<Pair>>,
    /// The file with the data; - is standard input.
    #[arg(short, long, default_value = "-")]
    file: Source,
}

impl Create {
    fn spec(&self) -> Result<ConfigSpec, Error> {
        let labels = given_map(&self.labels).unwrap_or_default();
        let annotations = Annotations {
            name: self.name.clone(),
            labels,
            ..Default::default()
        };
        Ok(ConfigSpec {
            annotations: Some(annotations),
            data: self.file.bytes()?,
            ..Default::default()
        })
    }
}

impl Kind for Config {
    const NOUN: &'static str = "config";

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
        let request = GetConfigRequest {
            config_id: id.into(),
        };
        let answer = client.control.get_config(request).await?;
        present(answer.into_inner().config)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_configs_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
        };
        let request = ListConfigsRequest {
            filters: Some(filters),
        };
        Ok(client
            .control
            .list_configs(request)
            .await?
            .into_inner()
            .configs)
    }

    async fn table(_: &mut Client, configs: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(configs, view))
    }

    async fn details(&self, _: &mut Client, view: View) -> Result<String, Error> {
        let spec = self.spec.clone().unwrap_or_default();
        let mut fields = view.fields(self);
        fields.put(
            "Labels",
            pairs(&spec.annotations.unwrap_or_default().labels),
        );
        fields.put("Size", size(self));
        Ok(fields.render())
    }
}

impl Make<ConfigSpec> for Config {
    async fn create(client: &mut Client, spec: ConfigSpec) -> Result<Self, Status> {
        let request = CreateConfigRequest { spec: Some(spec) };
        let answer = client.control.create_config(request).await?;
        present(answer.into_inner().config)
    }
}

impl Edit for Config {
    type Spec = ConfigSpec;

    fn spec(&self) -> Option<&ConfigSpec> {
        self.spec.as_ref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: ConfigSpec,
    ) -> Result<Self, Status> {
        let request = UpdateConfigRequest {
            config_id: id.into(),
            config_version: Some(version),
            spec: Some(spec),
        };
        let answer = client.control.update_config(request).await?;
        present(answer.into_inner().config)
    }
}

fn table(configs: &[Config], view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME"]);
    for config in configs {
        table.row([config.id.clone(), config.name()]);
    }
    if view.wide {
        table.column("SIZE", configs.iter().map(size));
    } else {
        table.column("CREATED", configs.iter().map(|config| view.created(config)));
    }
    view.widen(&mut table, configs);
    table
}

fn size(config: &Config) -> String {
    let size = config.spec.as_ref().map_or(0, |spec| spec.data.len());
    quantity::bytes(i64::try_from(size).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, assert_golden};
    use super::*;

    #[test]
    fn a_table_shows_ages() {
        let configs = [sample::config()];
        assert_golden("config_ls.txt", &table(&configs, sample::VIEW).render(true));
        assert_golden(
            "config_ls_wide.txt",
            &table(&configs, sample::WIDE).render(true),
        );
    }
}
