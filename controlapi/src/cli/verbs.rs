//! The verbs that mean the same for every kind: list, inspect, change, remove.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use tonic::Status;

use super::connect::Client;
use super::edit::edit;
use super::error::Error;
use super::kind::{Edit, Kind};
use super::output::{self, Format};
use super::resolve::resolve_all;
use super::selection::Selection;
use super::session::Session;

/// Which objects to list.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Print ids only.
    #[arg(short, long, conflicts_with = "output")]
    quiet: bool,

    /// Only those that fit: name=NAME, name=START*, id=START, label=KEY[=VALUE], and more that the kind itself has.
    #[arg(short, long = "filter", value_name = "KEY=VALUE")]
    filters: Vec<String>,
}

impl List {
    /// Lists what the filters and `keep` leave.
    pub(super) async fn run<K: Kind>(
        self,
        session: &mut Session<'_>,
        keep: impl Fn(&K) -> bool,
    ) -> Result<(), Error> {
        let selection = Selection::parse(&self.filters, K::FILTERS)?;
        let mut objects = K::list(&mut session.client, &selection).await?;
        objects.retain(keep);
        K::sort(&mut objects);
        if self.quiet {
            let ids: String = objects
                .iter()
                .flat_map(|object| [object.id(), "\n"])
                .collect();
            return session.print(&ids);
        }
        session.print_list(&objects).await
    }
}

/// Which objects a verb is about.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// A name, an id, or the beginning of an id.
    #[arg(required = true, value_name = "NAME|ID", value_parser = NonEmptyStringValueParser::new())]
    references: Vec<String>,
}

impl Named {
    /// Shows all about them: an object in JSON or YAML if it is one, an array if they are several.
    pub(super) async fn inspect<K: Kind>(self, session: &mut Session<'_>) -> Result<(), Error> {
        let objects: Vec<K> = resolve_all(&mut session.client, &self.references).await?;
        let text = match (session.format, objects.as_slice()) {
            (Format::Json, [object]) => output::json(object)?,
            (Format::Yaml, [object]) => output::yaml(object)?,
            (Format::Json | Format::Yaml | Format::Name, _) => {
                return session.print_list(&objects).await;
            }
            (Format::Table | Format::Wide, _) => {
                let mut texts = Vec::new();
                for object in &objects {
                    texts.push(object.details(&mut session.client, session.view).await?);
                }
                texts.join("\n")
            }
        };
        session.print(&text)
    }

    /// Changes their specs; nothing unless all of them are found. What is like that already is left alone.
    pub(super) async fn edit<K: Edit>(
        self,
        session: &mut Session<'_>,
        change: impl Fn(&mut K::Spec),
    ) -> Result<(), Error> {
        for object in resolve_all::<K>(&mut session.client, &self.references).await? {
            let change = |spec: &mut K::Spec| {
                change(spec);
                Ok(())
            };
            let edited = edit(&mut session.client, object, None, change).await?;
            session.print_edited(edited)?;
        }
        Ok(())
    }

    /// Removes them; nothing unless all of them are found.
    pub(super) async fn remove<K: Kind>(
        self,
        session: &mut Session<'_>,
        remove: impl AsyncFn(&mut Client, String) -> Result<(), Status>,
    ) -> Result<(), Error> {
        for object in resolve_all::<K>(&mut session.client, &self.references).await? {
            remove(&mut session.client, object.id().into()).await?;
            session.print_one(&object)?;
        }
        Ok(())
    }
}
