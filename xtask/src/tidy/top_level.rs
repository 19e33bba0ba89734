//! The root of the repository: the crates, and what every repository needs.

use super::{Finding, Tree};

/// What may lie in the root, besides files and directories whose names start with a dot.
const AGREED: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "controlapi",
    "deny.toml",
    "proposer",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "store-core",
    "store-objects",
    "watch-queue",
    "xtask",
];

/// Of those, what may be absent.
const OPTIONAL: &[&str] = &["clippy.toml", "rust-toolchain.toml", "rustfmt.toml"];

/// The root holds what was agreed, all of it and nothing else.
pub(super) fn entries(tree: &Tree) -> Vec<Finding> {
    let finding = |at: &str, problem: &str, mend: &str| Finding {
        rule: "top-level",
        at: at.to_owned(),
        problem: problem.to_owned(),
        mend: mend.to_owned(),
    };
    let strangers = tree
        .paths
        .iter()
        .filter(|path| !path.contains('/') && !path.starts_with('.'))
        .filter(|path| !AGREED.contains(&path.as_str()))
        .map(|path| {
            finding(
                path,
                "does not belong in the root",
                "move it into the crate it is for; a new crate nests inside an existing one",
            )
        });
    let missing = AGREED
        .iter()
        .filter(|name| !OPTIONAL.contains(name) && !tree.paths.contains(**name))
        .map(|name| finding(name, "is missing", "every checkout has one; write it"));
    strangers.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_and_a_gap_are_found() {
        let mut tree = AGREED
            .iter()
            .fold(Tree::default(), |tree, name| tree.with(name, ""))
            .with(".ci/run", "")
            .with("xtask/notes.txt", "");
        assert!(entries(&tree).is_empty());
        for name in OPTIONAL {
            tree.paths.remove(*name);
        }
        assert!(entries(&tree).is_empty());

        tree.paths.remove("SECURITY.md");
        let tree = tree.with("notes.txt", "");
        let found: Vec<_> = entries(&tree).into_iter().map(|f| f.at).collect();
        assert_eq!(found, ["notes.txt", "SECURITY.md"]);
    }
}
