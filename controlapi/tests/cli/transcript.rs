//! The transcripts that people read are what really happens.
//!
//! Each fenced block marked `console` is a terminal. What follows a line `$ COMMAND`, up to the next one, is what the
//! command prints. The commands run one after the other in a shell, in the order of the file, on one server with a fresh
//! state. Two of them run in the background, and what they have printed is compared at the end: `stated`, and
//! `statectl watch`, which is interrupted once all that it should print is there. The next command does not run before
//! the server listens and the watch is granted.
//!
//! Compared are words, so that columns may be as wide as their content. An id, a time, an age and a path are equal to
//! every other one. The word `…` is equal to every word, and a line `…` to any lines.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

use crate::statectl::Watching;

/// A command and what it prints.
#[derive(Debug, PartialEq)]
struct Step {
    command: String,
    printed: Vec<String>,
}

#[test]
fn the_readme_shows_what_happens() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let steps = steps(&fs::read_to_string(readme).unwrap());
    assert!(!steps.is_empty());
    play(&steps);
}

/// Returns the commands of all terminals in a text.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == "```console",
            (true, _) if line == "```" => inside = false,
            (true, Some(command)) => steps.push(Step {
                command: command.into(),
                printed: Vec::new(),
            }),
            (true, None) => {
                let step = steps.last_mut().expect("a terminal begins with a command");
                step.printed.push(line.into());
            }
        }
    }
    steps
}

/// Runs all commands and compares what they print.
fn play(steps: &[Step]) {
    let stage = Stage {
        directory: tempfile::tempdir().unwrap(),
    };
    let mut server = None;
    let mut watches = Vec::new();
    let mut code = 0;
    for step in steps {
        let command = step.command.trim_end_matches('&').trim_end();
        if command == "stated" || command.starts_with("cargo run") {
            let (running, printed) = stage.begin("exec stated", "try: ");
            server = Some(running);
            compare(&step.command, &step.printed, &printed);
        } else if command.starts_with("statectl watch") {
            let (running, printed) = stage.begin(&format!("exec {command} 2>&1"), "watching");
            watches.push((step, running, printed));
        } else {
            let output = stage
                .shell(&format!("exec 2>&1; (exit {code}); {command}"))
                .output()
                .unwrap();
            code = output.status.code().expect("no signal ended it");
            let printed: Vec<_> = String::from_utf8(output.stdout)
                .unwrap()
                .lines()
                .map(Into::into)
                .collect();
            compare(&step.command, &step.printed, &printed);
        }
    }
    for (step, running, mut printed) in watches {
        while printed.len() < step.printed.len() {
            printed.push(running.line());
        }
        let (code, rest) = running.interrupt();
        printed.extend(rest);
        compare(&step.command, &step.printed, &printed);
        assert_eq!(code, 0, "{}", step.command);
    }
    drop(server);
}

/// Where a transcript is played.
struct Stage {
    directory: TempDir,
}

impl Stage {
    /// Returns a shell in which `stated` and `statectl` are those of this workspace and find each other.
    fn shell(&self, script: &str) -> Command {
        let commands = Path::new(env!("CARGO_BIN_EXE_statectl")).parent().unwrap();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(
            [commands.to_owned()]
                .into_iter()
                .chain(env::split_paths(&path)),
        )
        .unwrap();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script])
            .current_dir(&self.directory)
            .env("PATH", path)
            .env_remove("RUST_LOG");
        shell.env("STATED_STATE_DIR", self.directory.path().join("state"));
        shell.env(
            "STATE_HOST",
            format!(
                "unix://{}",
                self.directory.path().join("stated.sock").display()
            ),
        );
        shell
    }

    /// Begins a command that runs in the background; waits for a line that begins like `ready`.
    fn begin(&self, script: &str, ready: &str) -> (Watching, Vec<String>) {
        let running = Watching::begin(self.shell(script));
        let mut printed = Vec::new();
        loop {
            let line = running.line();
            let is_ready = line.starts_with(ready);
            printed.push(line);
            if is_ready {
                return (running, printed);
            }
        }
    }
}

#[track_caller]
fn compare(command: &str, expected: &[String], printed: &[String]) {
    assert!(
        equal(expected, printed),
        "$ {command}\n{}\n--- but the transcript says\n{}",
        printed.join("\n"),
        expected.join("\n")
    );
}

fn equal(expected: &[String], printed: &[String]) -> bool {
    match (expected.split_first(), printed.split_first()) {
        (None, None) => true,
        (Some((line, rest)), _) if line.trim() == "…" => {
            (0..=printed.len()).any(|skipped| equal(rest, &printed[skipped..]))
        }
        (Some((one, expected)), Some((other, printed))) => {
            let (one, other) = (words(one), words(other));
            let same = one.len() == other.len()
                && one
                    .iter()
                    .zip(&other)
                    .all(|(one, other)| one == "…" || one == other);
            same && equal(expected, printed)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// Returns the words of a line, with what differs each time replaced by what it is.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    // The server names its socket where it is not the default.
    for word in line
        .split_whitespace()
        .filter(|word| !word.starts_with("STATE_HOST="))
    {
        let core = word.trim_matches(|char| "\",;:()[]".contains(char));
        words.push(match what(core) {
            Some(what) => word.replace(core, what),
            None => word.into(),
        });
        let age = match words.as_slice() {
            [.., count, _, ago] if ago == "ago" && count.parse::<u64>().is_ok() => 3,
            [.., just, now] if just == "just" && now == "now" => 2,
            _ => 0,
        };
        if age > 0 {
            words.truncate(words.len() - age);
            words.push("AGE".into());
        }
    }
    words
}

/// Returns what a word is, if it is another one each time.
fn what(word: &str) -> Option<&'static str> {
    let is_id = word.len() == 25
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    let is_time = word.len() >= 20
        && word.ends_with('Z')
        && word.as_bytes()[10] == b'T'
        && word.starts_with("20");
    let is_path = word.starts_with('/') || word.starts_with("unix://");
    [(is_id, "ID"), (is_time, "TIME"), (is_path, "PATH")]
        .into_iter()
        .find(|(is, _)| *is)
        .map(|(_, what)| what)
}

#[test]
fn what_differs_each_time_is_equal() {
    let same = |one: &str, other: &str| equal(&[one.into()], &[other.into()]);
    assert!(same("ID   NAME", "ID NAME"));
    assert!(same(
        "tb78ja34f1fvdwp9f0hvobf28  web",
        "wwwra1v8amsu54usvep55hhao  web"
    ));
    assert!(!same(
        "tb78ja34f1fvdwp9f0hvobf28  web",
        "wwwra1v8amsu54usvep55hhao  api"
    ));
    assert!(same(
        "\"id\": \"tb78ja34f1fvdwp9f0hvobf28\",",
        "\"id\": \"wwwra1v8amsu54usvep55hhao\","
    ));
    assert!(same("web 3 seconds ago 7", "web just now 7"));
    assert!(!same("web 3 seconds ago 7", "web just now 8"));
    assert!(same(
        "at 2026-01-31T12:00:00Z",
        "at 2026-11-24T14:27:23.023871673Z"
    ));
    assert!(same(
        "try: statectl",
        "try: STATE_HOST=unix:///run/a.sock statectl"
    ));
    assert!(same(
        "state: /var/lib/statehouse (version 1)",
        "state: /home/ada/state (version 1)"
    ));
    assert!(same("token … here", "token x here"));
    assert!(!same("token … here", "token x there"));
    assert!(equal(
        &["a".into(), "…".into(), "b".into()],
        &["a".into(), "1".into(), "2".into(), "b".into()]
    ));
    assert!(!equal(&["a".into()], &[]));
}

#[test]
fn a_terminal_is_a_block_of_its_own() {
    let text = "prose\n```console\n$ one\n1\n\n$ two\n```\n$ not\n```sh\n$ not\n```\n```console\n$ three\n```\n";
    let step = |command: &str, printed: &[&str]| Step {
        command: command.into(),
        printed: printed.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(
        steps(text),
        [
            step("one", &["1", ""]),
            step("two", &[]),
            step("three", &[])
        ]
    );
}
