//! Running `statectl` as a person would.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{PATIENCE, Stated};

/// A server of its own for a test, and the commands that are typed at it.
pub(crate) struct Terminal {
    pub(crate) server: Stated,
    pub(crate) directory: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Terminal {
    pub(crate) fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = Stated::start(directory.path());
        Self { server, directory }
    }

    /// Runs a command whose words are separated by blanks.
    pub(crate) fn run(&self, words: &str) -> Ended {
        self.run_with(words, "")
    }

    /// Runs a command that is given something to read.
    pub(crate) fn run_with(&self, words: &str, input: &str) -> Ended {
        let mut command = statectl(self.server.socket());
        let pipes = command.args(words.split_whitespace()).stdin(Stdio::piped());
        let mut child = pipes
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that fails early reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must succeed, and returns what it prints.
    #[track_caller]
    pub(crate) fn ok(&self, words: &str) -> String {
        let ended = self.run(words);
        assert_eq!(ended.code, 0, "{words}: {}", ended.err);
        ended.out
    }

    /// Runs a command that must succeed, and returns the JSON that it prints.
    #[track_caller]
    pub(crate) fn json(&self, words: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{words} -o json"))).unwrap()
    }

    /// Runs a command that must fail, and returns its exit code and what it says.
    #[track_caller]
    pub(crate) fn fails(&self, words: &str) -> (i32, String) {
        let ended = self.run(words);
        assert_ne!(ended.code, 0, "{words}: {}", ended.out);
        assert_eq!(ended.out, "", "{words}: what fails prints no result");
        (ended.code, ended.err)
    }

    /// Begins to watch.
    pub(crate) fn watch(&self, words: &str) -> Watching {
        let mut command = statectl(self.server.socket());
        command.arg("watch").args(words.split_whitespace());
        Watching::begin(command)
    }
}

/// Returns the command, for a server.
pub(crate) fn statectl(socket: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_statectl"));
    command.env("STATE_HOST", format!("unix://{}", socket.display()));
    command
}

/// A command that runs until it is told to end; killed when it is dropped.
pub(crate) struct Watching {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Watching {
    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    /// Returns the next line of its result.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.out
            .recv_timeout(PATIENCE)
            .expect("it prints another line")
    }

    /// Waits until it says something that begins like this, and returns it.
    #[track_caller]
    pub(crate) fn says(&self, start: &str) -> String {
        loop {
            let line = self.err.recv_timeout(PATIENCE).expect("it says more");
            if line.starts_with(start) {
                return line;
            }
        }
    }

    /// Presses Ctrl-C, and returns the exit code and the lines that nobody has read.
    #[track_caller]
    pub(crate) fn interrupt(mut self) -> (i32, Vec<String>) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let code = self
            .child
            .wait()
            .unwrap()
            .code()
            .expect("no signal ended it");
        (code, self.rest())
    }

    /// Waits until it ends by itself, and returns the exit code and the lines that nobody has read.
    #[track_caller]
    pub(crate) fn ended(mut self) -> (i32, Vec<String>) {
        let rest = self.rest();
        (
            self.child
                .wait()
                .unwrap()
                .code()
                .expect("no signal ended it"),
            rest,
        )
    }

    fn rest(&self) -> Vec<String> {
        let mut rest = Vec::new();
        loop {
            match self.out.recv_timeout(PATIENCE) {
                Ok(line) => rest.push(line),
                Err(RecvTimeoutError::Disconnected) => return rest,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end"),
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the lines of a pipe as they come.
fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            // When the test has ended, nobody listens any longer.
            let _ = sender.send(line.expect("it prints text"));
        }
    });
    receiver
}
