//! Prose that a machine can check: lists of the crates, and links.
//!
//! Links into the web and to headings are not followed.

use std::collections::BTreeSet;

use crate::markdown;

use super::{Finding, Tree};

/// The files that list all crates, between [`LIST_START`] and [`LIST_END`].
const LISTS: &[&str] = &["README.md", "ARCHITECTURE.md"];

const LIST_START: &str = "<!-- crates -->";
const LIST_END: &str = "<!-- /crates -->";

/// The crate lists name exactly the workspace's members: one a row, as its first `code`.
pub(super) fn crate_lists(tree: &Tree) -> Vec<Finding> {
    let members: BTreeSet<_> = tree.metadata.members().map(|m| m.name.as_str()).collect();
    let mut findings = Vec::new();
    for file in LISTS {
        let Some(text) = tree.text(file) else {
            // The rule of the top level reports it.
            continue;
        };
        let mut found = |problem: String, mend: &str| {
            findings.push(Finding {
                rule: "crate-list",
                at: (*file).to_owned(),
                problem,
                mend: mend.to_owned(),
            });
        };
        let Some(listed) = listed_crates(text) else {
            found(
                format!("no crate list between `{LIST_START}` and `{LIST_END}`"),
                "put the two comments around the table or list of the crates",
            );
            continue;
        };
        for name in members.difference(&listed) {
            found(format!("the crate list lacks `{name}`"), "add a row for it");
        }
        for name in listed.difference(&members) {
            found(
                format!("the crate list names `{name}`, which is no member of the workspace"),
                "remove the row, or correct the name",
            );
        }
    }
    findings
}

/// The first `code` of each row of the crate list, if there is a list.
fn listed_crates(text: &str) -> Option<BTreeSet<&str>> {
    let (_, rest) = text.split_once(LIST_START)?;
    let (list, _) = rest.split_once(LIST_END)?;
    let rows = list
        .lines()
        .filter(|line| line.starts_with(['|', '-', '*']));
    Some(rows.filter_map(|row| row.split('`').nth(1)).collect())
}

/// Relative links lead to a file or directory of the tree.
pub(super) fn links(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.files(".md") {
        for (line, _, content) in markdown::lines(text).filter(|(_, code, _)| !code) {
            for target in link_targets(content) {
                if !tree.paths.contains(&resolve(file, target)) {
                    findings.push(Finding {
                        rule: "link",
                        at: format!("{file}:{line}"),
                        problem: format!("`{target}` leads nowhere"),
                        mend: "correct the path, which starts at the file's own directory"
                            .to_owned(),
                    });
                }
            }
        }
    }
    findings
}

/// The paths that the links of one line lead to, inline (`[x](path)`) or by reference
/// (`[x]: path`); not those into the web, to a heading of the same file, or to a Rust item.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    // Every other piece between back quotes is code.
    let prose = line.split('`').step_by(2);
    let inline = prose
        .flat_map(|prose| prose.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    let reference = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "))
        .map(|(_, target)| target);
    inline
        .chain(reference)
        .filter_map(|target| target.split_whitespace().next())
        .filter(|target| !target.contains("::") && !has_scheme(target))
        .filter_map(|target| target.split('#').next())
        .filter(|path| !path.is_empty())
}

/// Whether `target` is a URL, or a Rust item with its kind before an `@`.
fn has_scheme(target: &str) -> bool {
    let word = target.split([':', '@']).next().unwrap_or_default();
    word.len() < target.len() && word.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The path below the root to which `target` leads from `file`.
fn resolve(file: &str, target: &str) -> String {
    let mut parts: Vec<_> = file.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
# X

<!-- crates -->
| crate | what |
|---|---|
| [`a`](a) | uses `b` |
| `b` | |
<!-- /crates -->
";

    fn two_crates(readme: &str, architecture: &str) -> Tree {
        let mut tree = Tree::default()
            .with("README.md", readme)
            .with("ARCHITECTURE.md", architecture);
        tree.metadata.add_member("a", &[]);
        tree.metadata.add_member("b", &[]);
        tree
    }

    #[test]
    fn lists_that_match_are_good() {
        let list = "<!-- crates -->\n- `a`: x\n* `b`: y\n\nNot `c`.\n<!-- /crates -->";
        assert!(crate_lists(&two_crates(GOOD, list)).is_empty());
    }

    #[test]
    fn a_crate_too_few_and_a_crate_too_many_are_found() {
        let found = crate_lists(&two_crates(GOOD, &GOOD.replace("`b` |", "`c` |")));
        let problems: Vec<_> = found.iter().map(|f| f.problem.as_str()).collect();
        assert_eq!(
            problems,
            [
                "the crate list lacks `b`",
                "the crate list names `c`, which is no member of the workspace"
            ]
        );
        assert!(found.iter().all(|f| f.at == "ARCHITECTURE.md"));
    }

    #[test]
    fn a_missing_list_is_found() {
        let found = crate_lists(&two_crates("# no list\n", GOOD));
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.contains("no crate list"));
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found_with_its_line() {
        let tree = Tree::default()
            .with("b.md", "x\n")
            .with("a/README.md", "ok\n[b](../b.md) and [c](../c.md)\n");
        let found = links(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at, "a/README.md:2");
        assert!(found[0].problem.contains("../c.md"));
    }

    #[test]
    fn links_that_are_no_paths_and_links_in_code_are_left_alone() {
        let text = "\
[w](https://example.org/x) [m](mailto:a@b) [h](#head) [i](crate::Store) [s](struct@Store)
`[x](gone)` and

```
[x](gone)
```
";
        assert!(links(&Tree::default().with("a.md", text)).is_empty());
    }

    #[test]
    fn targets_of_every_form_are_seen() {
        let targets = |line| link_targets(line).collect::<Vec<_>>();
        assert_eq!(
            targets("[a](x.md#head \"title\"), [`b`](y/)"),
            ["x.md", "y/"]
        );
        assert_eq!(targets("[ref]: z.md"), ["z.md"]);
    }

    #[test]
    fn paths_resolve_from_the_directory_of_the_file() {
        assert_eq!(resolve("a/b/c.md", "../x/./y/"), "a/x/y");
        assert_eq!(resolve("c.md", "../out.md"), "../out.md");
    }
}
