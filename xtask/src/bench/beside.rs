//! `cargo xtask bench engine`: our engine beside its peers, in one table.
//!
//! All of it is the package `store-bench`, options and `--help` included; here it is only built and started.

use anyhow::Result;

use crate::command_line::CommandLine;
use crate::workspace::Metadata;

/// Runs the comparison with `options`, which are those of `store-bench compare`.
///
/// # Errors
/// It cannot be built, or it fails.
pub(super) fn run(options: &[String]) -> Result<()> {
    let out = Metadata::read()?.target_directory.join("bench");
    command(&out.display().to_string(), options)?.run()
}

/// The command that writes its files to `out`, unless the options say otherwise.
fn command(out: &str, options: &[String]) -> Result<CommandLine> {
    // In release mode as it is shipped: what a profile of its own would gain, no user would have.
    let command = CommandLine::parse("cargo run --quiet --release --package store-bench")?
        .program_args(["compare"]);
    let says_where = |option: &String| option == "--out" || option.starts_with("--out=");
    let command = if options.iter().any(says_where) {
        command
    } else {
        command.args(["--out", out])
    };
    Ok(command.args(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(options: &[&str]) -> String {
        let options: Vec<_> = options.iter().map(|word| (*word).to_owned()).collect();
        command("target/bench", &options).unwrap().to_string()
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
