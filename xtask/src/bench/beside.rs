//! `cargo xtask bench engine`, `watch` and `pipeline`: ours beside its peers, in one table.
//!
//! All of either is the package `store-bench`, options and `--help` included; here it is only built and started.

use anyhow::Result;

use crate::command_line::CommandLine;
use crate::workspace::Metadata;

/// Runs a comparison with `options`, which are those of this `command` of `store-bench`.
///
/// # Errors
/// It cannot be built, or it fails.
pub(super) fn run(command: &str, options: &[String]) -> Result<()> {
    let out = Metadata::read()?.target_directory.join("bench");
    line(command, &out.display().to_string(), options)?.run()
}

/// The command that writes its files to `out`, unless the options say otherwise.
fn line(command: &str, out: &str, options: &[String]) -> Result<CommandLine> {
    // In release mode as it is shipped: what a profile of its own would gain, no user would have.
    let line = CommandLine::parse("cargo run --quiet --release --package store-bench")?
        .program_args([command]);
    let says_where = |option: &String| option == "--out" || option.starts_with("--out=");
    let line = if options.iter().any(says_where) {
        line
    } else {
        line.args(["--out", out])
    };
    Ok(line.args(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(options: &[&str]) -> String {
        let options: Vec<_> = options.iter().map(|word| (*word).to_owned()).collect();
        line("compare", "target/bench", &options)
            .unwrap()
            .to_string()
    }

    #[test]
    fn options_are_passed_on() {
        assert_eq!(
            shown(&["--sizes", "10k"]),
            "cargo run --quiet --release --package store-bench -- compare --out target/bench --sizes 10k"
        );
    }

    #[test]
    fn another_place_for_the_files_can_be_given() {
        let out = shown(&["--out=x"]);
        assert!(out.ends_with("-- compare --out=x"), "{out}");
    }
}
