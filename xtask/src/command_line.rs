//! A command as it is shown and as it is run: one value, so that the two cannot differ.
//!
//! There is no shell behind it. A line that would need one is refused instead of being
//! misunderstood, and every command runs in the root of the workspace.

use std::env;
use std::fmt;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::workspace;

/// Characters that mean something to a shell, and therefore nothing that we could run.
const SHELL_ONLY: &[char] = &[
    '"', '\'', '|', '&', ';', '<', '>', '$', '`', '\\', '*', '(', ')',
];

/// A program, its arguments, and what is added to its environment.
#[derive(Clone)]
pub(crate) struct CommandLine {
    env: Vec<(&'static str, String)>,
    words: Vec<String>,
}

impl CommandLine {
    /// The command that `line` spells, split at white space.
    ///
    /// # Errors
    /// An empty line, or one that needs a shell.
    pub(crate) fn parse(line: &str) -> Result<Self> {
        ensure!(!line.trim().is_empty(), "an empty command line");
        if let Some(character) = line.chars().find(|c| SHELL_ONLY.contains(c)) {
            bail!("`{line}` needs a shell, because of the `{character}` in it");
        }
        Ok(Self {
            env: Vec::new(),
            words: line.split_whitespace().map(str::to_owned).collect(),
        })
    }

    /// The same command with more arguments.
    pub(crate) fn args(mut self, more: impl IntoIterator<Item: Into<String>>) -> Self {
        self.words.extend(more.into_iter().map(Into::into));
        self
    }

    /// The same command with arguments for the program behind cargo (what `cargo run` starts, the
    /// compiler of `cargo clippy`), after the `--` that the line may or may not have yet.
    pub(crate) fn program_args(mut self, more: impl IntoIterator<Item: Into<String>>) -> Self {
        if !self.words.iter().any(|word| word == "--") {
            self.words.push("--".to_owned());
        }
        self.args(more)
    }

    /// The same command with `name` set in its environment.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Shows the command, runs it on our own input and output, and returns once it succeeded.
    ///
    /// # Errors
    /// It cannot be started, or it does not end with exit status 0.
    pub(crate) fn run(&self) -> Result<()> {
        println!("$ {self}");
        let status = self
            .to_command()
            .status()
            .with_context(|| format!("failed to start `{self}`"))?;
        ensure!(status.success(), "`{self}` failed: {status}");
        Ok(())
    }

    /// Whether the command can be started and succeeds; nothing is shown.
    pub(crate) fn succeeds(&self) -> bool {
        self.to_command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// What the command prints on its standard output.
    ///
    /// # Errors
    /// As [`CommandLine::run`], and output that is not UTF-8.
    pub(crate) fn output(&self) -> Result<String> {
        let output = self
            .to_command()
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("failed to start `{self}`"))?;
        ensure!(
            output.status.success(),
            "`{self}` failed: {}",
            output.status
        );
        String::from_utf8(output.stdout).with_context(|| format!("`{self}` printed no UTF-8"))
    }

    /// The process to start. `cargo` is the cargo that runs us, not the first one on the path.
    pub(crate) fn to_command(&self) -> Command {
        let mut words = self.words.iter();
        let program = match words.next().map(String::as_str) {
            Some("cargo") => env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            program => program.unwrap_or_default().into(),
        };
        let mut command = Command::new(program);
        command
            .args(words)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(workspace::root());
        command
    }
}

impl fmt::Display for CommandLine {
    /// As one would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        let words: Vec<_> = self.words.iter().map(|word| quoted(word)).collect();
        f.write_str(&words.join(" "))
    }
}

/// `word` in quotes if it needs them.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_one_would_type_it() {
        let line = CommandLine::parse("cargo doc  --workspace")
            .unwrap()
            .env("RUSTDOCFLAGS", "-D warnings")
            .args(["--no-deps"]);
        assert_eq!(
            line.to_string(),
            "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps"
        );
    }

    #[test]
    fn program_arguments_follow_one_double_dash() {
        for given in ["cargo run --release", "cargo run --release --"] {
            let line = CommandLine::parse(given).unwrap().program_args(["--help"]);
            assert_eq!(line.to_string(), "cargo run --release -- --help");
        }
    }

    #[test]
    fn what_needs_a_shell_is_refused() {
        for line in [
            "",
            "  ",
            "cargo test && rm x",
            "cargo test > out",
            "echo $HOME",
        ] {
            assert!(CommandLine::parse(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn a_failure_names_the_command_and_its_status() {
        let error = CommandLine::parse("cargo no-such-subcommand")
            .unwrap()
            .output()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`cargo no-such-subcommand` failed"),
            "{error}"
        );
        assert!(error.contains("exit status"), "{error}");
    }
}
