//! What can be set about `stated`, on its command line or in its environment.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::place::{self, NoPlace, SocketAddress};

/// The state store of a control plane, and its API.
///
/// Keeps the state in a directory and serves the API on a unix socket, for its owner alone. Needs no configuration.
#[derive(Clone, Debug, Parser)]
#[command(name = "stated", version, after_help = AFTER_HELP, args_override_self = true)]
pub struct Options {
    /// Directory that holds the state; made if it is missing
    ///
    /// By default `/var/lib/statehouse` for root, else `$XDG_STATE_HOME/statehouse`, else `~/.local/state/statehouse`.
    #[arg(long, env = "STATED_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,

    /// Socket to listen on, such as `unix:///run/statehouse/stated.sock`
    ///
    /// By default that one for root, else `$XDG_RUNTIME_DIR/statehouse/stated.sock`, else `stated.sock` in
    /// the default state directory. `statectl` looks in the same places.
    #[arg(long, env = "STATE_HOST", value_name = "ADDRESS", value_parser = SocketAddress::parse)]
    pub listen: Option<SocketAddress>,

    /// What to log to stderr: a level (error, warn, info, debug, trace), or a list of target=level
    #[arg(long, env = "RUST_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// Seconds that running requests get to finish when the server is told to end
    #[arg(
        long,
        env = "STATED_DRAIN_SECONDS",
        value_name = "SECONDS",
        default_value_t = 10
    )]
    pub drain_seconds: u64,
}

const AFTER_HELP: &str = "\
Signals: SIGTERM and SIGINT end the server after running requests have finished; the second one ends it at once.

Exit codes:
  0  ended by a signal, everything acknowledged is on disk
  1  serving failed, or a second signal cut it short
  2  the command line is wrong
  3  the state directory cannot be used, or no longer be written
  4  the socket cannot be used";

impl Options {
    /// Returns where the state is kept.
    ///
    /// # Errors
    /// When nothing names a directory.
    pub fn state_dir(&self) -> Result<PathBuf, NoPlace> {
        self.state_dir.clone().map_or_else(place::state_dir, Ok)
    }

    /// Returns where to listen.
    ///
    /// # Errors
    /// When nothing names a directory.
    pub fn listen(&self) -> Result<SocketAddress, NoPlace> {
        self.listen.clone().map_or_else(place::socket, Ok)
    }

    /// Returns how long running requests get to finish.
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}
