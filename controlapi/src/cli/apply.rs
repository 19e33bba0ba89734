//! `apply`: makes the cluster have the objects that a file describes.
//!
//! A document names a kind and holds a spec, in protobuf's JSON mapping: `{kind: service, spec: {annotations: {name: web},
//! ...}}`. The name in the spec says which object is meant. One that is not there is created; one that is there gets the
//! spec, unless it has it. So the same file again changes nothing.
//!
//! All documents are read before the first one is applied. One that the server refuses keeps none of the others from being
//! applied.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use store_objects::wire::{
    Annotations, Cluster, ClusterSpec, Config, ConfigSpec, Network, NetworkSpec, Secret,
    SecretSpec, Service, ServiceSpec, Version, Volume, VolumeSpec,
};

use super::connect::Client;
use super::documents::{Document, documents};
use super::edit::{Edited, edit};
use super::error::{Error, is_conflict};
use super::exit::Exit;
use super::files::Source;
use super::kind::{Edit, Kind, Make, name_in};
use super::output::{self, Format};
use super::session::Session;

/// A version that no object has.
const NO_VERSION: Version = Version { index: u64::MAX };

/// Create objects, or update them to what a file says.
///
/// The file holds documents in YAML, separated by `---`, or in JSON, one after the other. Each is of the form
/// `kind: service`, `spec: ...`, where the kind is service, network, secret, config, volume or cluster, and the spec is
/// written in protobuf's JSON mapping, as `inspect -o yaml` prints it. The name in the spec says which object is meant.
/// Applying the same file again changes nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Apply {
    /// The file; - is standard input. More than one are applied in order.
    #[arg(short, long = "file", value_name = "FILE", required = true)]
    files: Vec<Source>,
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Created,
    Updated,
    Unchanged,
}

/// An object that is wanted.
#[derive(Debug)]
enum Wanted {
    Service(Box<ServiceSpec>),
    Network(NetworkSpec),
    Secret(SecretSpec),
    Config(ConfigSpec),
    Volume(VolumeSpec),
    Cluster(ClusterSpec),
}

/// What a document says first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    kind: String,
    #[serde(rename = "spec")]
    _spec: IgnoredAny,
}

/// The rest of it.
#[derive(Deserialize)]
struct Body<T> {
    spec: T,
}

impl Apply {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        let mut all = Vec::new();
        for file in &self.files {
            for document in documents(file)? {
                let wanted = Wanted::read(&document)?;
                all.push((document.place, wanted));
            }
        }
        let total = all.len();
        if total == 0 {
            // What should have written the file may have failed.
            session.note("nothing to apply: no documents were given")?;
        }
        let (mut failures, mut told) = (Vec::new(), Vec::new());
        for (place, wanted) in all {
            let name = format!("{}/{}", wanted.noun(), output::printable(&wanted.name()));
            match Box::pin(wanted.apply(&mut session.client)).await {
                Ok(outcome) => told.push(session.tell(name, outcome)?),
                Err(error) => {
                    let is_hopeless = error.exit() == Exit::Unreachable;
                    failures.push((format!("{place}, {name}"), error));
                    if is_hopeless {
                        break;
                    }
                }
            }
        }
        match session.format {
            Format::Json => session.print(&output::json(&told)?)?,
            Format::Yaml => session.print(&output::yaml(&told)?)?,
            Format::Table | Format::Wide | Format::Name => {}
        }
        if failures.is_empty() {
            return Ok(());
        }
        let applied = told.len();
        Err(Error::NotApplied {
            failures,
            applied,
            total,
        })
    }
}

/// What became of which object, as it is printed for programs.
#[derive(serde::Serialize)]
struct Told {
    name: String,
    outcome: &'static str,
}

impl Session<'_> {
    /// Tells a person at once; a program at the end.
    fn tell(&mut self, name: String, outcome: Outcome) -> Result<Told, Error> {
        let outcome = match outcome {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
        };
        match self.format {
            Format::Table | Format::Wide => self.print(&format!("{name} {outcome}\n"))?,
            Format::Name => self.print(&format!("{name}\n"))?,
            Format::Json | Format::Yaml => {}
        }
        Ok(Told { name, outcome })
    }
}

impl Wanted {
    fn read(document: &Document) -> Result<Self, Error> {
        let wrong = |text: String| Error::NotASpec {
            path: document.place.clone(),
            source: text.into(),
        };
        let head: Head = document.read()?;
        let wanted = match head.kind.as_str() {
            Service::NOUN => Self::Service(Box::new(spec(document)?)),
            Network::NOUN => Self::Network(spec(document)?),
            Secret::NOUN => Self::Secret(spec(document)?),
            Config::NOUN => Self::Config(spec(document)?),
            Volume::NOUN => Self::Volume(spec(document)?),
            Cluster::NOUN => Self::Cluster(spec(document)?),
            other => {
                return Err(wrong(format!(
                    "kind: {other:?} is none of service, network, secret, config, volume, cluster"
                )));
            }
        };
        if wanted.name().is_empty() {
            return Err(wrong("spec.annotations.name must be given".to_owned()));
        }
        Ok(wanted)
    }

    fn noun(&self) -> &'static str {
        match self {
            Self::Service(_) => Service::NOUN,
            Self::Network(_) => Network::NOUN,
            Self::Secret(_) => Secret::NOUN,
            Self::Config(_) => Config::NOUN,
            Self::Volume(_) => Volume::NOUN,
            Self::Cluster(_) => Cluster::NOUN,
        }
    }

    fn annotations(&self) -> Option<&Annotations> {
        match self {
            Self::Service(spec) => spec.annotations.as_ref(),
            Self::Network(spec) => spec.annotations.as_ref(),
            Self::Secret(spec) => spec.annotations.as_ref(),
            Self::Config(spec) => spec.annotations.as_ref(),
            Self::Volume(spec) => spec.annotations.as_ref(),
            Self::Cluster(spec) => spec.annotations.as_ref(),
        }
    }

    fn name(&self) -> String {
        name_in(self.annotations())
    }

    async fn apply(self, client: &mut Client) -> Result<Outcome, Error> {
        let name = self.name();
        match self {
            Self::Service(spec) => Box::pin(made_or_edited::<Service>(client, &name, *spec)).await,
            Self::Config(spec) => made_or_edited::<Config>(client, &name, spec).await,
            Self::Volume(spec) => made_or_edited::<Volume>(client, &name, spec).await,
            Self::Network(spec) => network(client, name, spec).await,
            Self::Secret(spec) => secret(client, &name, spec).await,
            Self::Cluster(spec) => match existing::<Cluster>(client, &name).await? {
                Some(cluster) => edited(client, cluster, &spec).await,
                None => Err(Error::NotFound {
                    noun: Cluster::NOUN,
                    reference: name,
                }),
            },
        }
    }
}

fn spec<T: DeserializeOwned>(document: &Document) -> Result<T, Error> {
    let body: Body<T> = document.read()?;
    Ok(body.spec)
}

/// Returns the object of exactly this name.
async fn existing<K: Kind>(client: &mut Client, name: &str) -> Result<Option<K>, Error> {
    let found = K::named(client, name).await?;
    // The server finds some kinds whatever the case of their names is.
    Ok(found.into_iter().find(|object| object.name() == name))
}

async fn edited<K: Edit>(client: &mut Client, object: K, spec: &K::Spec) -> Result<Outcome, Error> {
    let change = |stored: &mut K::Spec| {
        stored.clone_from(spec);
        Ok(())
    };
    Ok(match edit(client, object, None, change).await? {
        Edited::Changed(_) => Outcome::Updated,
        Edited::Unchanged(_) => Outcome::Unchanged,
    })
}

async fn made_or_edited<K: Edit + Make<K::Spec>>(
    client: &mut Client,
    name: &str,
    spec: K::Spec,
) -> Result<Outcome, Error> {
    match existing::<K>(client, name).await? {
        Some(object) => edited(client, object, &spec).await,
        None => made::<K, _>(client, spec).await,
    }
}

async fn made<K: Make<S>, S>(client: &mut Client, spec: S) -> Result<Outcome, Error> {
    K::create(client, spec).await?;
    Ok(Outcome::Created)
}

/// Networks cannot be changed.
async fn network(client: &mut Client, name: String, spec: NetworkSpec) -> Result<Outcome, Error> {
    match existing::<Network>(client, &name).await? {
        Some(network) if network.spec.as_ref() == Some(&spec) => Ok(Outcome::Unchanged),
        Some(_) => Err(Error::Immutable {
            noun: Network::NOUN,
            reference: name,
        }),
        None => made::<Network, _>(client, spec).await,
    }
}

/// The server never gives data back. Whether a secret has the data already is told by an update that cannot be made: data is
/// looked at before the version.
async fn secret(client: &mut Client, name: &str, spec: SecretSpec) -> Result<Outcome, Error> {
    let Some(secret) = existing::<Secret>(client, name).await? else {
        return made::<Secret, _>(client, spec).await;
    };
    let shown = SecretSpec {
        data: Vec::new(),
        ..spec.clone()
    };
    if secret.spec.as_ref() != Some(&shown) {
        return edited(client, secret, &spec).await;
    }
    match Secret::replace(client, &secret.id, NO_VERSION, spec).await {
        Ok(_) => Ok(Outcome::Updated),
        Err(status) if is_conflict(&status) => Ok(Outcome::Unchanged),
        Err(status) => Err(status.into()),
    }
}
