//! How a Rust file looks from outside: how it opens, and how long it is.

use super::{Finding, Tree};

/// The most lines of a file; past about 250 it is probably two concepts.
const LINES_MAX: usize = 500;

/// Files that may be longer, each with the reason.
const LONG: &[(&str, &str)] = &[];

/// Every file opens with what it is for.
pub(super) fn opening(tree: &Tree) -> Vec<Finding> {
    tree.sources()
        .filter(|(_, text)| !text.starts_with("//!") && !text.starts_with("#![doc"))
        .map(|(path, _)| Finding {
            rule: "opening",
            at: path.to_owned(),
            problem: "does not open with a module doc".to_owned(),
            mend: "start with `//!`: what the file is for, what it leaves out, its invariants"
                .to_owned(),
        })
        .collect()
}

/// No file is longer than [`LINES_MAX`], and none is exempt without need.
pub(super) fn length(tree: &Tree) -> Vec<Finding> {
    check_length(tree, LONG)
}

fn check_length(tree: &Tree, exempt: &[(&str, &str)]) -> Vec<Finding> {
    let is_exempt = |path: &str| exempt.iter().any(|(exempt, _)| *exempt == path);
    let long: Vec<_> = tree
        .sources()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .collect();
    let too_long = long
        .iter()
        .filter(|(path, _)| !is_exempt(path))
        .map(|(path, lines)| Finding {
            rule: "length",
            at: (*path).to_owned(),
            problem: format!("{lines} lines, of at most {LINES_MAX}"),
            mend: "split it by concept, for example its tests into a file of their own".to_owned(),
        });
    let needless = exempt
        .iter()
        .filter(|(path, _)| long.iter().all(|(long, _)| long != path))
        .map(|(path, reason)| Finding {
            rule: "length",
            at: (*path).to_owned(),
            problem: format!("exempt ({reason}) without need: it is short, or gone"),
            mend: "take it out of `LONG` in xtask/src/tidy/sources.rs".to_owned(),
        });
    too_long.chain(needless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_opens_with_code_is_found() {
        let tree = Tree::default()
            .with("a/src/lib.rs", "#![doc = include_str!(\"../README.md\")]\n")
            .with("a/src/good.rs", "//! Good.\n")
            .with("a/src/generated/x.rs", "fn x() {}\n")
            .with("a/src/late.rs", "use std::fmt;\n//! Late.\n")
            .with("a/src/empty.rs", "");
        let found: Vec<_> = opening(&tree).into_iter().map(|f| f.at).collect();
        assert_eq!(found, ["a/src/empty.rs", "a/src/late.rs"]);
    }

    fn of_length(lines: usize) -> Tree {
        Tree::default().with("a/src/x.rs", &"//! X.\n".repeat(lines))
    }

    #[test]
    fn a_file_that_is_too_long_is_found() {
        assert!(check_length(&of_length(LINES_MAX), &[]).is_empty());
        let found = check_length(&of_length(LINES_MAX + 1), &[]);
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.starts_with("501 lines"));
    }

    #[test]
    fn an_exemption_holds_while_it_is_needed() {
        let exempt = [("a/src/x.rs", "one table")];
        assert!(check_length(&of_length(LINES_MAX + 1), &exempt).is_empty());
        let found = check_length(&of_length(LINES_MAX), &exempt);
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.contains("without need"));
    }
}
