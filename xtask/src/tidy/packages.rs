//! What every crate carries, and which packages the workspace promises to use.

use crate::workspace::Kind;

use super::{Finding, Tree};

/// Packages that must be in real use: declared by a published crate and named in its code.
const CARD: &[&str] = &[
    "crossbeam-channel",
    "dashmap",
    "serde",
    "anyhow",
    "criterion",
];

/// Every crate has a README, a description, a licence, and the workspace's lints.
pub(super) fn manifests(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in tree.metadata.members() {
        let manifest = member.manifest();
        let mut missing = |what: &str, mend: &str| {
            findings.push(Finding {
                rule: "manifest",
                at: manifest.clone(),
                problem: format!("`{}` has no {what}", member.name),
                mend: mend.to_owned(),
            });
        };
        if member.description.as_deref().unwrap_or_default().is_empty() {
            missing(
                "description",
                "say in one line what the crate is: `description = \"...\"`",
            );
        }
        if member.license.as_deref().unwrap_or_default().is_empty() {
            missing("license", "add `license.workspace = true`");
        }
        if member.readme.as_deref() != Some("README.md") {
            missing("readme field", "add `readme = \"README.md\"`");
        }
        if !tree.paths.contains(&format!("{}/README.md", member.dir())) {
            missing(
                "README.md",
                "write one: what it is, an example, what it is not",
            );
        }
        let text = tree.text(&manifest).unwrap_or_default();
        if !text.contains("[lints]\nworkspace = true") {
            missing("lints", "add `[lints]` with `workspace = true`");
        }
    }
    findings
}

/// The packages of [`CARD`] are declared, and named in the code of the crate that declares them.
pub(super) fn card(tree: &Tree) -> Vec<Finding> {
    CARD.iter()
        .filter(|name| !is_used(tree, name))
        .map(|name| Finding {
            rule: "card",
            at: "Cargo.toml".to_owned(),
            problem: format!("no published crate declares `{name}` and uses it"),
            mend: "use it where it serves, or change what we promise".to_owned(),
        })
        .collect()
}

/// Whether a crate other than `xtask` declares the package `name` and names it in its code.
fn is_used(tree: &Tree, name: &str) -> bool {
    let path = format!("{}::", name.replace('-', "_"));
    tree.metadata
        .members()
        .filter(|member| member.name != "xtask")
        .filter(|member| {
            let mut declared = member.dependencies.iter();
            declared.any(|dependency| dependency.name == name && dependency.kind != Kind::Build)
        })
        .any(|member| {
            let mut lines = tree.sources_of(member).flat_map(|(_, text)| text.lines());
            lines.any(|line| !line.trim_start().starts_with("//") && line.contains(&path))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\n\n[lints]\nworkspace = true\n";

    fn complete() -> Tree {
        let mut tree = Tree::default()
            .with("a/Cargo.toml", MANIFEST)
            .with("a/README.md", "# a\n");
        tree.metadata.add_member("a", &[]);
        tree
    }

    fn problems(tree: &Tree) -> Vec<String> {
        manifests(tree).into_iter().map(|f| f.problem).collect()
    }

    #[test]
    fn a_complete_crate_is_good() {
        assert!(manifests(&complete()).is_empty());
    }

    #[test]
    fn a_field_that_is_missing_is_found() {
        let mut tree = complete();
        let package = &mut tree.metadata.packages[0];
        package.description = None;
        package.license = Some(String::new());
        package.readme = None;
        assert_eq!(
            problems(&tree),
            [
                "`a` has no description",
                "`a` has no license",
                "`a` has no readme field"
            ]
        );
    }

    #[test]
    fn a_readme_that_is_missing_is_found() {
        let mut tree = complete();
        tree.paths.remove("a/README.md");
        assert_eq!(problems(&tree), ["`a` has no README.md"]);
    }

    #[test]
    fn a_crate_with_lints_of_its_own_is_found() {
        let tree = complete().with("a/Cargo.toml", "[package]\n");
        assert_eq!(problems(&tree), ["`a` has no lints"]);
    }

    #[test]
    fn a_package_of_the_card_must_be_declared_and_named() {
        let mut tree = Tree::default();
        tree.metadata
            .add_member("queue", &[("dashmap", Kind::Normal)]);
        assert!(!is_used(&tree, "dashmap"), "declared, never named");

        let tree = tree.with("queue/src/lib.rs", "// dashmap::DashMap would do\n");
        assert!(!is_used(&tree, "dashmap"), "named in a comment only");

        let tree = tree.with("other/src/lib.rs", "use dashmap::DashMap;\n");
        assert!(!is_used(&tree, "dashmap"), "named by another crate");

        let tree = tree.with("queue/src/map.rs", "use dashmap::DashMap;\n");
        assert!(is_used(&tree, "dashmap"));
        assert!(card(&tree).iter().all(|f| !f.problem.contains("dashmap")));
        assert!(card(&tree).iter().any(|f| f.problem.contains("criterion")));
    }

    #[test]
    fn use_in_xtask_does_not_count() {
        let mut tree = Tree::default().with("xtask/src/main.rs", "use anyhow::Result;\n");
        tree.metadata
            .add_member("xtask", &[("anyhow", Kind::Normal)]);
        assert!(!is_used(&tree, "anyhow"));
    }
}
