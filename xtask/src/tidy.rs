//! `cargo xtask tidy`: the rules of the tree that the compiler does not see.
//!
//! A rule is a function from the [`Tree`] to its findings; it reads no file and starts no process,
//! so that its test can show it a bad tree made up in memory. The rules run as a test of this crate
//! too, so `cargo test` is enough to hear of a broken one. Nothing is mended here.

mod docs;
mod layers;
mod packages;
mod sources;
mod top_level;
mod tree;

use std::fmt;

use anyhow::{Result, bail};

use tree::Tree;

/// Every rule, in the order in which its findings are shown.
const RULES: &[fn(&Tree) -> Vec<Finding>] = &[
    layers::members,
    layers::edges,
    layers::foreign,
    layers::reach,
    layers::anyhow_in_binaries,
    packages::manifests,
    packages::card,
    sources::opening,
    sources::length,
    docs::crate_lists,
    docs::links,
    top_level::entries,
];

/// Checks the workspace, and prints what is used in tests only.
///
/// # Errors
/// The tree cannot be read, or breaks a rule; each finding is shown with its mend.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::read()?;
    for note in layers::used_in_tests(&tree) {
        println!("note: {note}");
    }
    let findings = findings(&tree);
    if !findings.is_empty() {
        for finding in &findings {
            eprintln!("{finding}");
        }
        bail!("tidy has {} findings", findings.len());
    }
    println!("tidy: {} rules hold", RULES.len());
    Ok(())
}

/// What all rules find in `tree`.
fn findings(tree: &Tree) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

/// A broken rule, in one place.
#[derive(Debug)]
struct Finding {
    /// The name of the rule.
    rule: &'static str,
    /// The file to change, below the root, with a line where there is one.
    at: String,
    problem: String,
    mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: [{}] {}\n    mend: {}",
            self.at, self.rule, self.problem, self.mend
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let findings = findings(&Tree::read().unwrap());
        let shown: Vec<_> = findings.iter().map(Finding::to_string).collect();
        assert!(findings.is_empty(), "\n{}", shown.join("\n"));
    }

    #[test]
    fn a_finding_names_file_rule_and_mend() {
        let finding = Finding {
            rule: "opening",
            at: "a/src/lib.rs".to_owned(),
            problem: "starts with code".to_owned(),
            mend: "open it with `//!`".to_owned(),
        };
        assert_eq!(
            finding.to_string(),
            "a/src/lib.rs: [opening] starts with code\n    mend: open it with `//!`"
        );
    }
}
