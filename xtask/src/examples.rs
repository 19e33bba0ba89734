//! `cargo xtask ci examples`: runs every example of every crate, since people copy them.
//!
//! An example ends by itself and fails loudly: that is its test.

use anyhow::{Result, ensure};

use crate::command_line::CommandLine;
use crate::workspace::Metadata;

/// Runs them, one after the other.
///
/// # Errors
/// One fails, or there is none.
pub(crate) fn run() -> Result<()> {
    let commands = commands(&Metadata::read()?);
    ensure!(!commands.is_empty(), "no crate has examples");
    for args in commands {
        CommandLine::parse("cargo run --quiet")?.args(args).run()?;
    }
    Ok(())
}

/// Cargo's arguments for each example.
fn commands(metadata: &Metadata) -> Vec<[String; 4]> {
    let members = metadata.members();
    let examples = members.flat_map(|member| {
        let examples = member.targets_of("example");
        examples.map(|example| (member.name.clone(), example.name.clone()))
    });
    examples
        .map(|(package, example)| ["--package".into(), package, "--example".into(), example])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Target;

    #[test]
    fn each_example_of_each_crate_is_run() {
        let mut metadata = Metadata::default();
        for (name, examples) in [("a", &["x", "y"][..]), ("b", &[]), ("c", &["x"])] {
            let targets = &mut metadata.add_member(name, &[]).targets;
            targets.push(Target::new("lib", "lib"));
            targets.extend(
                examples
                    .iter()
                    .map(|example| Target::new("example", example)),
            );
        }
        let shown: Vec<_> = commands(&metadata)
            .iter()
            .map(|args| args.join(" "))
            .collect();
        assert_eq!(
            shown,
            [
                "--package a --example x",
                "--package a --example y",
                "--package c --example x"
            ]
        );
    }
}
