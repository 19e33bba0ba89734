//! Volumes: storage of the cluster, made by plugins.

use store_objects::wire::volume_spec::VolumeAvailability;
use store_objects::wire::{
    CreateVolumeRequest, GetVolumeRequest, ListVolumesRequest, Meta, RemoveVolumeRequest,
    UpdateVolumeRequest, Version, Volume, VolumeSpec, list_volumes_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::files::Source;
use super::kind::{Edit, Kind, Make, View, name_in, present};
use super::output::{Table, enum_name, pairs};
use super::quantity;
use super::selection::Selection;
use super::session::Session;
use super::verbs::{List, Named};

/// What can be done with volumes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List volumes; more filters: group=, driver=.
    #[command(visible_alias = "list")]
    Ls(List),
    /// Show all about volumes.
    Inspect(Named),
    /// Make a volume; prints its id.
    Create {
        /// Its spec in JSON or YAML, by protobuf's JSON mapping; - is standard input.
        #[arg(short, long)]
        file: Source,
    },
    /// Let volumes be used.
    Activate(Named),
    /// Let volumes be used by those who do already.
    Pause(Named),
    /// Move all tasks away from volumes.
    Drain(Named),
    /// Remove volumes that are not in use.
    #[command(visible_alias = "remove")]
    Rm {
        #[command(flatten)]
        named: Named,
        /// Remove them even though they are in use.
        #[arg(short, long)]
        force: bool,
    },
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls(list) => list.run::<Volume>(session, |_| true).await,
            Self::Inspect(named) => named.inspect::<Volume>(session).await,
            Self::Create { file } => {
                let volume = Volume::create(&mut session.client, file.spec()?).await?;
                session.print_one(&volume)
            }
            Self::Activate(named) => make(named, session, VolumeAvailability::Active).await,
            Self::Pause(named) => make(named, session, VolumeAvailability::Pause).await,
            Self::Drain(named) => make(named, session, VolumeAvailability::Drain).await,
            Self::Rm { named, force } => {
                let remove = async |client: &mut Client, volume_id| {
                    client
                        .control
                        .remove_volume(RemoveVolumeRequest { volume_id, force })
                        .await
                        .map(drop)
                };
                named.remove::<Volume>(session, remove).await
            }
        }
    }
}

async fn make(
    named: Named,
    session: &mut Session<'_>,
    availability: VolumeAvailability,
) -> Result<(), Error> {
    named
        .edit::<Volume>(session, |spec| spec.availability = availability.into())
        .await
}

impl Kind for Volume {
    const NOUN: &'static str = "volume";
    const FILTERS: &'static [&'static str] = &["group", "driver"];

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
        let request = GetVolumeRequest {
            volume_id: id.into(),
        };
        let answer = client.control.get_volume(request).await?;
        present(answer.into_inner().volume)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let filters = list_volumes_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
            groups: selection.special("group").map(Into::into).collect(),
            drivers: selection.special("driver").map(Into::into).collect(),
        };
        let request = ListVolumesRequest {
            filters: Some(filters),
        };
        Ok(client
            .control
            .list_volumes(request)
            .await?
            .into_inner()
            .volumes)
    }

    async fn table(_: &mut Client, volumes: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(volumes, view))
    }

    async fn details(&self, _: &mut Client, view: View) -> Result<String, Error> {
        Ok(details(self, view))
    }
}

impl Make<VolumeSpec> for Volume {
    async fn create(client: &mut Client, spec: VolumeSpec) -> Result<Self, Status> {
        let request = CreateVolumeRequest { spec: Some(spec) };
        let answer = client.control.create_volume(request).await?;
        present(answer.into_inner().volume)
    }
}

impl Edit for Volume {
    type Spec = VolumeSpec;

    fn spec(&self) -> Option<&VolumeSpec> {
        self.spec.as_ref()
    }

    async fn replace(
        client: &mut Client,
        id: &str,
        version: Version,
        spec: VolumeSpec,
    ) -> Result<Self, Status> {
        let request = UpdateVolumeRequest {
            volume_id: id.into(),
            volume_version: Some(version),
            spec: Some(spec),
        };
        let answer = client.control.update_volume(request).await?;
        present(answer.into_inner().volume)
    }
}

fn table(volumes: &[Volume], view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME", "GROUP", "DRIVER", "AVAILABILITY"]);
    for volume in volumes {
        let spec = volume.spec.clone().unwrap_or_default();
        let driver = spec.driver.unwrap_or_default().name;
        table.row([
            volume.id.clone(),
            volume.name(),
            spec.group,
            driver,
            availability(volume),
        ]);
    }
    view.widen(&mut table, volumes);
    table
}

fn details(volume: &Volume, view: View) -> String {
    let spec = volume.spec.clone().unwrap_or_default();
    let info = volume.volume_info.clone().unwrap_or_default();
    let driver = spec.driver.unwrap_or_default();
    let mut fields = view.fields(volume);
    fields.put(
        "Labels",
        pairs(&spec.annotations.unwrap_or_default().labels),
    );
    fields.put("Group", spec.group);
    fields.put("Driver", driver.name);
    fields.put("Driver options", pairs(&driver.options));
    fields.put("Availability", availability(volume));
    fields.put("Plugin's id", info.volume_id);
    fields.put("Capacity", quantity::bytes(info.capacity_bytes));
    fields.put_all(
        "Published on",
        volume
            .publish_status
            .iter()
            .map(|status| status.node_id.clone()),
    );
    if volume.pending_delete {
        fields.put("Pending delete", "yes");
    }
    fields.render()
}

fn availability(volume: &Volume) -> String {
    let number = volume.spec.as_ref().map_or(0, |spec| spec.availability);
    enum_name(number, VolumeAvailability::as_str_name)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, assert_golden};
    use super::*;

    #[test]
    fn volumes_show_their_plugin() {
        assert_golden(
            "volume_ls.txt",
            &table(&[sample::volume()], sample::VIEW).render(true),
        );
        assert_golden(
            "volume_inspect.txt",
            &details(&sample::volume(), sample::VIEW),
        );
    }
}
