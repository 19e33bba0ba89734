//! The smoke run of `cargo xtask ci`: what the README tells a newcomer to type, typed.
//!
//! It starts the release server on an empty state directory by the README's first command, creates
//! a service, lists it, and stops the server with SIGTERM. It does not look into details: those
//! have tests of their own.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::command_line::CommandLine;
use crate::{markdown, workspace};

/// From the start of the (built) server until it accepts connections; generous, for a machine that
/// does other things too.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// From SIGTERM to the end of the process; nothing is in flight that would have to be drained.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// Between two looks at a condition that nothing can wake us for.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Starts the server, creates and lists a service, stops the server.
///
/// # Errors
/// A part of that fails, or takes longer than it may.
pub(crate) fn run() -> Result<()> {
    let readme = workspace::readme()?;
    let start = CommandLine::parse(markdown::command(&readme, "cargo run")?)?;
    let dir = tempfile::tempdir().context("failed to make a directory for the server's state")?;
    let state = dir.path().join("state").display().to_string();
    let socket = dir.path().join("stated.sock");
    let host = format!("unix://{}", socket.display());

    let server = Server::start(
        &start.program_args(["--state-dir", &state, "--listen", &host]),
        &socket,
    )?;
    println!(
        "created: {}",
        statectl(&host, "service create --name web --image nginx:1.25")?.trim()
    );
    let listing = statectl(&host, "service ls")?;
    print!("{listing}");
    ensure!(
        listing.split_whitespace().any(|word| word == "web"),
        "`service ls` does not list the service `web` that was just created"
    );
    server.stop()
}

/// What `statectl` prints for `arguments`, asking the server at `host`.
fn statectl(host: &str, arguments: &str) -> Result<String> {
    let command = CommandLine::parse(
        "cargo run --quiet --release --package controlapi --bin statectl -- --host",
    )?
    .args([host])
    .args(arguments.split_whitespace());
    println!("$ {command}");
    command.output()
}

/// A running server; killed when dropped before it was stopped.
struct Server(Child);

impl Server {
    /// Starts `command` and returns once `socket` accepts connections.
    fn start(command: &CommandLine, socket: &Path) -> Result<Self> {
        println!("$ {command}");
        let child = command
            .to_command()
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("failed to start `{command}`"))?;
        let mut server = Self(child);
        let accepting = poll(START_TIMEOUT, || match server.0.try_wait()? {
            Some(status) => bail!("the server ended before it was ready: {status}"),
            None => Ok(UnixStream::connect(socket).ok()),
        })?;
        ensure!(
            accepting.is_some(),
            "the server does not accept connections at {} after {START_TIMEOUT:?}",
            socket.display()
        );
        Ok(server)
    }

    /// Asks the server to end, and returns once it did so in good order.
    fn stop(mut self) -> Result<()> {
        println!("SIGTERM");
        // `cargo run` has become the server by `exec`, so that its process is ours to signal.
        kill_process(Pid::from_child(&self.0), Signal::TERM)
            .context("failed to send SIGTERM to the server")?;
        let ended: Option<ExitStatus> = poll(STOP_TIMEOUT, || Ok(self.0.try_wait()?))?;
        let status = ended
            .with_context(|| format!("the server still runs {STOP_TIMEOUT:?} after SIGTERM"))?;
        ensure!(
            status.success(),
            "the server answered SIGTERM with {status}"
        );
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either it has ended already, and there is nothing to kill, or we are failing and say so.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first value that `look` finds, or none when `timeout` has passed.
fn poll<T>(timeout: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let deadline = Instant::now() + timeout;
    loop {
        let found = look()?;
        if found.is_some() || Instant::now() >= deadline {
            return Ok(found);
        }
        thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    /// A process that stands in for a server, and a socket that accepts connections for it.
    fn stand_in(command: &str) -> Result<Server> {
        let dir = tempfile::tempdir()?;
        let socket = dir.path().join("socket");
        let _listener = UnixListener::bind(&socket)?;
        Server::start(&CommandLine::parse(command)?, &socket)
    }

    #[test]
    fn a_server_that_ends_too_early_is_reported_with_its_status() {
        let dir = tempfile::tempdir().unwrap();
        let nothing = dir.path().join("socket");
        let outcome = Server::start(&CommandLine::parse("false").unwrap(), &nothing);
        let error = outcome.err().unwrap().to_string();
        assert!(
            error.contains("before it was ready: exit status: 1"),
            "{error}"
        );
    }

    #[test]
    fn a_server_that_dies_of_the_signal_has_not_stopped_in_good_order() {
        // `tail` has no handler for the signal; a server that drains has one, and exits with 0.
        let error = stand_in("tail -f /dev/null")
            .unwrap()
            .stop()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("answered SIGTERM with signal: 15"),
            "{error}"
        );
    }

    #[test]
    fn polling_ends_with_the_first_value() {
        let mut looks = 0;
        let found = poll(START_TIMEOUT, || {
            looks += 1;
            Ok((looks == 3).then_some("found"))
        });
        assert_eq!(found.unwrap(), Some("found"));
        assert_eq!(looks, 3);
    }

    #[test]
    fn polling_ends_with_the_deadline() {
        let found: Option<()> = poll(Duration::ZERO, || Ok(None)).unwrap();
        assert_eq!(found, None);
    }
}
