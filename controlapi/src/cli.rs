//! `statectl`, the command line of the control API: a noun, a verb, and what they are about.
//!
//! ```console
//! $ statectl service create --name web --image nginx --replicas 3
//! $ statectl service ls
//! $ statectl watch service,task
//! ```
//!
//! A noun is a file, and so is each thing that nouns share: finding an object by what was typed (`resolve`), changing it
//! in the face of others who do (`edit`), printing (`output`). Results go to standard output, everything else to
//! standard error. Nothing is kept between two commands, and nothing is decided here that the server should decide:
//! what makes a spec valid is its business.
//!
//! How a command ends is a number that scripts may rely on ([`exit`]).

mod apply;
mod cluster;
mod completions;
mod config;
mod connect;
mod documents;
mod edit;
mod error;
pub mod exit;
mod files;
mod item;
mod kind;
mod network;
mod node;
mod output;
mod quantity;
mod resolve;
#[cfg(test)]
mod sample;
mod secret;
mod selection;
mod service;
mod session;
mod task;
mod time;
mod verbs;
mod volume;
mod watch;

use std::io::{self, ErrorKind};
use std::time::SystemTime;

use clap::{Parser, Subcommand};

pub use self::error::Error;
use self::kind::View;
use self::output::Format;
use self::session::Session;

/// Look at and change the state of a cluster.
#[derive(Debug, Parser)]
#[command(name = "statectl", version, after_long_help = exit::HELP, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    server: connect::Server,

    /// How to print. In JSON and YAML a list is an array and one object an object, in protobuf's mapping.
    #[arg(
        short,
        long,
        global = true,
        help_heading = "Global options",
        value_enum,
        default_value_t
    )]
    output: Format,

    /// Leave out the names of the columns.
    #[arg(long, global = true, help_heading = "Global options")]
    no_headers: bool,

    #[command(subcommand)]
    command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Noun(Noun),
    /// Print a script that completes commands in a shell.
    Completions(completions::Completions),
}

/// What a command is about, on the server.
#[derive(Debug, Subcommand)]
enum Noun {
    /// What the cluster keeps running.
    #[command(subcommand, visible_alias = "svc")]
    Service(service::Verb),
    /// The single runs of services.
    #[command(subcommand)]
    Task(task::Verb),
    /// The machines of the cluster.
    #[command(subcommand)]
    Node(node::Verb),
    /// What tasks are attached to.
    #[command(subcommand)]
    Network(network::Verb),
    /// Sensitive data for tasks.
    #[command(subcommand)]
    Secret(secret::Verb),
    /// Configuration data for tasks.
    #[command(subcommand)]
    Config(config::Verb),
    /// Cluster volumes.
    #[command(subcommand)]
    Volume(volume::Verb),
    /// The cluster itself.
    #[command(subcommand)]
    Cluster(cluster::Verb),
    Apply(apply::Apply),
    /// Print every change as it happens, until Ctrl-C.
    Watch(Box<watch::Watch>),
}

impl Cli {
    /// Does what was typed.
    ///
    /// # Errors
    /// When it cannot be done; [`Error::report`] tells people, [`Error::exit`] scripts.
    pub async fn run(self) -> Result<(), Error> {
        let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
        match Box::pin(self.run_with(&mut out, &mut err)).await {
            // The reader, such as `head`, has seen enough.
            Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    async fn run_with(self, out: &mut dyn io::Write, err: &mut dyn io::Write) -> Result<(), Error> {
        let noun = match self.command {
            Command::Noun(noun) => noun,
            Command::Completions(completions) => return Ok(completions.print(out)?),
        };
        let wide = self.output == Format::Wide;
        let view = View {
            now: SystemTime::now().into(),
            wide,
            headers: !self.no_headers,
        };
        let client = self.server.connect().await?;
        let session = &mut Session {
            client,
            format: self.output,
            view,
            out,
            err,
        };
        match noun {
            Noun::Service(verb) => verb.run(session).await,
            Noun::Task(verb) => verb.run(session).await,
            Noun::Node(verb) => verb.run(session).await,
            Noun::Network(verb) => verb.run(session).await,
            Noun::Secret(verb) => verb.run(session).await,
            Noun::Config(verb) => verb.run(session).await,
            Noun::Volume(verb) => verb.run(session).await,
            Noun::Cluster(verb) => verb.run(session).await,
            Noun::Apply(apply) => apply.run(session).await,
            Noun::Watch(watch) => watch.run(session).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Cli::command().debug_assert();
    }
}
