//! `cargo xtask bench engine`, `objects`, `pipeline` and `watch`: ours beside its peers, in one table.
//!
//! All of it is in packages of their own, options and `--help` included; here they are only built and started.

use anyhow::Result;

use crate::command_line::CommandLine;
use crate::workspace::Metadata;

/// A program that compares, and the words that make it do so.
pub(super) struct Comparison {
    package: &'static str,
    words: &'static [&'static str],
}

/// The engine beside its peers.
pub(super) const ENGINE: Comparison = Comparison {
    package: "store-bench",
    words: &["compare"],
};

/// The orchestration tables beside SwarmKit's.
pub(super) const OBJECTS: Comparison = Comparison {
    package: "objects-bench",
    words: &[],
};

/// The commit pipeline.
pub(super) const PIPELINE: Comparison = Comparison {
    package: "store-bench",
    words: &["pipeline"],
};

/// Watches beside their peers.
pub(super) const WATCH: Comparison = Comparison {
    package: "store-bench",
    words: &["watch"],
};

impl Comparison {
    /// Runs it, with options of its own.
    ///
    /// # Errors
    /// It cannot be built, or it fails.
    pub(super) fn run(&self, options: &[String]) -> Result<()> {
        let out = Metadata::read()?.target_directory.join("bench");
        self.command(&out.display().to_string(), options)?.run()
    }

    /// The command that writes its files to `out`, unless the options say otherwise.
    fn command(&self, out: &str, options: &[String]) -> Result<CommandLine> {
        // In release mode as it is shipped: what a profile of its own would gain, no user would have.
        let command = CommandLine::parse("cargo run --quiet --release")?
            .args(["--package", self.package])
            .program_args(self.words.iter().copied());
        let says_where = |option: &String| option == "--out" || option.starts_with("--out=");
        let command = if options.iter().any(says_where) {
            command
        } else {
            command.args(["--out", out])
        };
        Ok(command.args(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(comparison: &Comparison, options: &[&str]) -> String {
        let options: Vec<_> = options.iter().map(|word| (*word).to_owned()).collect();
        let command = comparison.command("target/bench", &options);
        command.unwrap().to_string()
    }

    #[test]
    fn options_are_passed_on() {
        assert_eq!(
            shown(&ENGINE, &["--sizes", "10k"]),
            "cargo run --quiet --release --package store-bench -- compare --out target/bench --sizes 10k"
        );
        assert_eq!(
            shown(&OBJECTS, &["--quick"]),
            "cargo run --quiet --release --package objects-bench -- --out target/bench --quick"
        );
    }

    #[test]
    fn another_place_for_the_files_can_be_given() {
        let out = shown(&ENGINE, &["--out=x"]);
        assert!(out.ends_with("-- compare --out=x"), "{out}");
    }
}
