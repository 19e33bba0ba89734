//! From options to a running server, and to its end.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use proposer::{Journal, JournalOptions, StartError};
use store_core::{Changes, Store, TransactionError};
use store_objects::{IdSource, Orchestration};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::log_health;
use super::options::Options;
use super::socket::{self, BindError};
use crate::bootstrap::{BootstrapError, bootstrap};
use crate::place::{self, NoPlace, SocketAddress};

/// Runs the server until a signal ends it.
///
/// # Errors
/// When it cannot begin, or serving fails.
///
/// # Blocking
/// Until it has ended.
pub fn run(options: &Options) -> Result<(), RunError> {
    let filter =
        EnvFilter::try_new(&options.log).map_err(|error| RunError::Filter(error.to_string()))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let state_dir = options.state_dir()?;
    let address = options.listen()?;

    let (store, journal) = open(&state_dir)?;
    bootstrap(&store, &IdSource::new())?;
    let (listener, file) = socket::bind(address.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(RunError::Serve)?;
    let mut failure = None;
    let served = runtime.block_on(async {
        let signal = end_signal().map_err(RunError::Serve)?;
        let end = async {
            tokio::select! {
                () = signal => {}
                why = log_health::failure(&journal) => failure = Some(why),
            }
        };
        greet(&state_dir, &address, store.view().version().get());
        super::serve(store.clone(), listener, end, options.drain())
            .await
            .map_err(RunError::Serve)
    });
    // Requests that were cut off end here, so that nobody writes while the log is closed.
    runtime.shutdown_background();
    store.close();
    drop(file);
    tracing::info!(version = store.view().version().get(), "ended");
    match failure {
        Some(reason) => Err(RunError::Log {
            path: state_dir,
            reason,
        }),
        None => served,
    }
}

type Log = Arc<Journal<Changes<Orchestration>>>;

fn open(state_dir: &Path) -> Result<(Store<Orchestration, Log>, Log), RunError> {
    let failed = |source| RunError::State {
        path: state_dir.to_owned(),
        source,
    };
    let journal = Journal::open(state_dir, JournalOptions::default()).map_err(failed)?;
    let journal = Arc::new(journal);
    let store = Store::open(Arc::clone(&journal)).map_err(failed)?;
    let torn_bytes = journal.stats().torn_bytes;
    if torn_bytes > 0 {
        tracing::warn!(
            torn_bytes,
            "the log ended within a write, of which nothing was acknowledged; it was cut off"
        );
    }
    Ok((store, journal))
}

/// Returns what is ready once the server is told to end. A second signal ends the process at once.
fn end_signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("ending; running requests may finish, a second signal ends them");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(1);
        });
    })
}

/// Says on stdout where the server is, and what to type next.
fn greet(state_dir: &Path, address: &SocketAddress, version: u64) {
    let host = match place::socket() {
        Ok(default) if default == *address => String::new(),
        _ => format!("STATE_HOST={address} "),
    };
    let text = format!(
        "state: {} (version {version})\nlistening: {address}\ntry: {host}statectl service ls\n",
        state_dir.display()
    );
    // A closed stdout is no reason to fail.
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Why the server did not run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// What to log is not understood.
    #[error("cannot understand what to log: {0}")]
    Filter(String),
    /// Nothing says where the state is.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// The state cannot be read, or written.
    #[error("cannot use the state directory {}: {source}{}", path.display(), advice(source))]
    State {
        /// The directory.
        path: PathBuf,
        /// What is wrong.
        source: StartError,
    },
    /// The first objects cannot be written.
    #[error("cannot write the first objects: {0}")]
    Bootstrap(#[from] TransactionError<BootstrapError>),
    /// The socket cannot be used.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Nothing can be written any more.
    #[error(
        "the log in {} has failed: {reason}; nothing that was acknowledged is lost: free space or mend the disk, then start the server again",
        path.display()
    )]
    Log {
        /// The state directory.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The operating system refuses something.
    #[error("serving failed: {0}")]
    Serve(#[source] io::Error),
}

/// Returns what to do about it, where the log does not say.
const fn advice(error: &StartError) -> &'static str {
    match error {
        StartError::Locked { .. } => "; stop it, or choose another directory with --state-dir",
        _ => "",
    }
}

impl RunError {
    /// Returns the exit code that says so, as the help text lists them.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Serve(_) => 1,
            Self::Filter(_) | Self::NoPlace(_) => 2,
            Self::State { .. } | Self::Bootstrap(_) | Self::Log { .. } => 3,
            Self::Bind(_) => 4,
        })
    }
}
