//! `watch`: every change as it happens.
//!
//! One line an event, or in JSON one message a line; a message is what one transaction changed, with its version. When
//! the connection breaks or the server drops a watch that fell behind, it is taken up again after the last version that
//! was seen ([`follow`]), so that nothing is missed; where that cannot be promised, standard error says so.

mod difference;
mod event;
mod follow;

use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;
use store_objects::wire::select_by::By;
use store_objects::wire::watch_request::WatchEntry;
use store_objects::wire::{SelectBy, Version, WatchActionKind, WatchMessage, WatchRequest};
use tokio::signal::unix::{SignalKind, signal};

use self::follow::{News, PATIENCE, follow};
use super::error::Error;
use super::node::Node;
use super::output::{self, Format};
use super::resolve::resolve;
use super::service::Service;
use super::session::Session;

/// The kinds of objects; resources are told apart by their own kinds.
const KINDS: [&str; 9] = [
    "node",
    "service",
    "network",
    "task",
    "cluster",
    "secret",
    "extension",
    "config",
    "volume",
];

/// What to watch, and from where.
#[derive(Debug, clap::Args)]
pub(super) struct Watch {
    /// The kinds of objects, all but resources by default; resource/KIND for resources of a kind.
    #[arg(value_name = "KIND,...", value_delimiter = ',')]
    kinds: Vec<KindName>,
    /// Only the object with this id.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// Only objects whose ids begin like this.
    #[arg(long, value_parser = NonEmptyStringValueParser::new(), value_name = "START", conflicts_with = "id")]
    id_prefix: Option<String>,
    /// Only objects with this name.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Only objects whose names begin like this.
    #[arg(long, value_parser = NonEmptyStringValueParser::new(), value_name = "START", conflicts_with = "name")]
    name_prefix: Option<String>,
    /// Only tasks of this service.
    #[arg(long, value_parser = NonEmptyStringValueParser::new(), value_name = "NAME|ID")]
    service: Option<String>,
    /// Only tasks on this node.
    #[arg(long, value_parser = NonEmptyStringValueParser::new(), value_name = "NAME|ID")]
    node: Option<String>,
    /// Only these changes.
    #[arg(long = "action", value_delimiter = ',')]
    actions: Vec<Action>,
    /// Begin with what happened after this version.
    #[arg(long, value_name = "VERSION")]
    from: Option<u64>,
    /// Show what an update changed.
    #[arg(long)]
    old: bool,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Action {
    Create,
    Update,
    Remove,
}

/// A kind as the server names it.
#[derive(Clone, Debug, PartialEq)]
struct KindName(String);

impl FromStr for KindName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("resource/") {
            Some(kind) if !kind.is_empty() && !KINDS.contains(&kind) => Ok(Self(kind.into())),
            None if KINDS.contains(&text) => Ok(Self(text.into())),
            // The server takes every other word for a kind of resource, so a typing error would wait for ever.
            _ => Err(format!(
                "the kinds are {} and resource/KIND",
                KINDS.join(", ")
            )),
        }
    }
}

impl Watch {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let request = self.request(session).await?;
        let mut client = session.client.clone();
        let watching = follow(&mut client, request, PATIENCE, |news| show(session, news));
        tokio::select! {
            result = watching => result,
            // To interrupt a watch is to end it, not to abort it.
            _ = interrupt.recv() => Ok(()),
        }
    }

    async fn request(&self, session: &mut Session<'_>) -> Result<WatchRequest, Error> {
        let kinds = self.kinds()?;
        let filters = self.filters(session).await?;
        let entry = |kind: &str| WatchEntry {
            kind: kind.into(),
            action: self.action(),
            filters: filters.clone(),
        };
        Ok(WatchRequest {
            entries: kinds.into_iter().map(entry).collect(),
            resume_from: self.from.map(|index| Version { index }),
            include_old_object: self.old,
        })
    }

    /// Returns the kinds of objects to watch.
    fn kinds(&self) -> Result<Vec<&str>, Error> {
        let of_tasks = self.service.is_some() || self.node.is_some();
        let kinds: Vec<_> = match self.kinds.as_slice() {
            [] if of_tasks => vec!["task"],
            [] => KINDS.to_vec(),
            kinds => kinds.iter().map(|KindName(kind)| kind.as_str()).collect(),
        };
        if of_tasks && kinds != ["task"] {
            return Err(Error::Usage(
                "--service and --node go with tasks only".into(),
            ));
        }
        Ok(kinds)
    }

    /// Returns the conditions, which hold for objects of each kind.
    async fn filters(&self, session: &mut Session<'_>) -> Result<Vec<SelectBy>, Error> {
        let plain = [
            self.id.clone().map(By::Id),
            self.id_prefix.clone().map(By::IdPrefix),
            self.name.clone().map(By::Name),
            self.name_prefix.clone().map(By::NamePrefix),
        ];
        let mut filters: Vec<By> = plain.into_iter().flatten().collect();
        if let Some(service) = &self.service {
            filters.push(By::ServiceId(
                resolve::<Service>(&mut session.client, service).await?.id,
            ));
        }
        if let Some(node) = &self.node {
            filters.push(By::NodeId(
                resolve::<Node>(&mut session.client, node).await?.id,
            ));
        }
        Ok(filters
            .into_iter()
            .map(|by| SelectBy { by: Some(by) })
            .collect())
    }

    /// Returns the union of the actions as bits.
    fn action(&self) -> i32 {
        let bit = |action: &Action| match action {
            Action::Create => WatchActionKind::WatchActionCreate as i32,
            Action::Update => WatchActionKind::WatchActionUpdate as i32,
            Action::Remove => WatchActionKind::WatchActionRemove as i32,
        };
        let all = Action::value_variants();
        let actions = if self.actions.is_empty() {
            all
        } else {
            &self.actions
        };
        actions.iter().map(bit).fold(0, |bits, bit| bits | bit)
    }
}

/// Prints what a watch brings.
fn show(session: &mut Session<'_>, news: News<'_>) -> Result<(), Error> {
    match news {
        News::Watching => {
            session.note("watching; Ctrl-C ends")?;
            if matches!(session.format, Format::Table | Format::Wide) && session.view.headers {
                session.print(&event::header())?;
            }
            Ok(())
        }
        News::Message(message) => {
            let text = render(session.format, message)?;
            session.print(&text)
        }
        News::Broken(text) => session.note(&text),
        News::Resumed => session.note("watching again"),
    }
}

fn render(format: Format, message: &WatchMessage) -> Result<String, Error> {
    let version = message.version.map(|version| version.index);
    Ok(match format {
        Format::Table | Format::Wide => message
            .events
            .iter()
            .map(|event| event::line(version, event))
            .collect(),
        Format::Json => serde_json::to_string(message)? + "\n",
        // A document each, so that the stream is YAML, too.
        Format::Yaml => "---\n".to_owned() + &output::yaml(message)?,
        Format::Name => message
            .events
            .iter()
            .map(|event| event::name(event) + "\n")
            .collect(),
    })
}
