//! `cargo xtask verify mutations`: whether the simulation bites.
//!
//! A copy of the tree below `target` is broken in one place at a time, each by one replacement that still compiles. The
//! simulation must pass in the copy as it is, and fail in each broken one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::command_line::CommandLine;
use crate::workspace;

/// How the line begins by which the simulation says that it found something.
const FOUND: &str = "the simulation failed";

/// One way to break a store.
struct Mutation {
    what: &'static str,
    file: &'static str,
    /// Stands in the file exactly once.
    good: &'static str,
    bad: &'static str,
}

const MUTATIONS: &[Mutation] = &[
    Mutation {
        what: "the suffix of a dropped transaction is not dropped",
        file: "store-core/src/flow.rs",
        good: "self.in_flight.drain(first..)",
        bad: "self.in_flight.drain(first..=first)",
    },
    Mutation {
        what: "watchers are told before the state is published",
        file: "store-core/src/shared.rs",
        good: "let mut history = self.history();
        let before = self.committed.swap(root);
        let forgotten = history.push(version, epoch, changes.clone());
        drop(history);
        let replaced = Replaced {
            root: before,
            forgotten,
        };
        told.reached = Some(version);
        self.make_room(|flow| leave(flow, replaced, told));
        told.delivery = self.tell_watchers(version, changes.shared());",
        bad: "told.delivery = self.tell_watchers(version, changes.shared());
        let mut history = self.history();
        let before = self.committed.swap(root);
        let forgotten = history.push(version, epoch, changes.clone());
        drop(history);
        let replaced = Replaced {
            root: before,
            forgotten,
        };
        told.reached = Some(version);
        self.make_room(|flow| leave(flow, replaced, told));",
    },
    Mutation {
        what: "readers see what is not committed",
        file: "store-core/src/shared.rs",
        good: "Snapshot::new(self.committed.load_full())",
        bad: "Snapshot::new(Arc::clone(&self.flow().tip))",
    },
    Mutation {
        what: "what does not continue the sequence is accepted",
        file: "store-core/src/shared.rs",
        good: "_ if !continues =>",
        bad: "_ if false && !continues =>",
    },
    Mutation {
        what: "what is in flight stays there when the log has barred it",
        file: "store-core/src/flow.rs",
        good: "self.in_flight.front().is_none_or(is_barred)",
        bad: "{ let _ = is_barred; self.in_flight.is_empty() }",
    },
    Mutation {
        what: "what was skipped does not bar what was built on it",
        file: "store-core/src/shared.rs",
        good: "committed.standing.having_skipped(skipped)",
        bad: "{ let _ = skipped; committed.standing }",
    },
    Mutation {
        what: "an answer leaves before what it read is committed",
        file: "store-core/src/store.rs",
        good: "(Arc::clone(&flow.tip), flow.depth() == 0);",
        bad: "(Arc::clone(&flow.tip), true);",
    },
];

/// Breaks a copy of the tree in every way, one after the other.
///
/// # Errors
/// The simulation overlooks one, or finds something in the copy as it is.
pub(super) fn run() -> Result<()> {
    let copy = workspace::root().join("target/mutations/tree");
    copy_tree(&workspace::root(), &copy)?;
    ensure!(!is_found(&copy)?, "the simulation fails without a mutation");
    let mut overlooked = Vec::new();
    for mutation in MUTATIONS {
        let file = copy.join(mutation.file);
        let whole = fs::read_to_string(&file)
            .with_context(|| format!("failed to read {}", file.display()))?;
        write(&file, &mutation.apply(&whole)?)?;
        let found = is_found(&copy);
        write(&file, &whole)?;
        let found = found?;
        println!(
            "{} {}",
            if found { "found:     " } else { "OVERLOOKED:" },
            mutation.what
        );
        if !found {
            overlooked.push(mutation.what);
        }
    }
    ensure!(
        overlooked.is_empty(),
        "the simulation overlooks: {}",
        overlooked.join("; ")
    );
    Ok(())
}

impl Mutation {
    /// # Errors
    /// The place is not there, or there are several.
    fn apply(&self, text: &str) -> Result<String> {
        let places = text.matches(self.good).count();
        ensure!(
            places == 1,
            "`{}` stands in {} {places} times; mend the mutation \"{}\" in xtask/src/verify/mutations.rs",
            self.good,
            self.file,
            self.what
        );
        Ok(text.replacen(self.good, self.bad, 1))
    }
}

/// Whether the simulation in a copy of the tree finds something.
///
/// # Errors
/// It cannot be built.
fn is_found(copy: &Path) -> Result<bool> {
    let line = format!(
        "cargo test --quiet --manifest-path {}/Cargo.toml --target-dir target/mutations/build \
         --package store-core --test simulation",
        workspace::relative(copy)
    );
    let built = CommandLine::parse(&format!("{line} --no-run"))?.env("RUSTFLAGS", "-Awarnings");
    built.run()?;
    // The harness would keep what is told from us.
    let run = CommandLine::parse(&line)?
        .env("RUSTFLAGS", "-Awarnings")
        .program_args(["--nocapture"]);
    let output = run
        .to_command()
        .output()
        .with_context(|| format!("failed to start `{run}`"))?;
    if output.status.success() {
        return Ok(false);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(
        told.lines().any(|line| line.starts_with(FOUND)),
        "the simulation ended in another way than by finding something:\n{told}"
    );
    Ok(true)
}

/// Makes `to` a copy of the sources in `from`, and leaves alone what is the same already, so that it is not built again.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    let shown = || format!("failed to copy {} to {}", from.display(), to.display());
    fs::create_dir_all(to).with_context(shown)?;
    let entries = fs::read_dir(from).with_context(shown)?;
    for entry in entries {
        let path = entry.with_context(shown)?.path();
        let name: PathBuf = path.file_name().unwrap_or_default().into();
        if ["target", ".git"]
            .iter()
            .any(|foreign| name == Path::new(foreign))
        {
            continue;
        }
        let copy = to.join(name);
        if path.is_dir() {
            copy_tree(&path, &copy)?;
        } else {
            write_if_new(&copy, &fs::read(&path).with_context(shown)?)?;
        }
    }
    Ok(())
}

fn write_if_new(file: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    fs::write(file, bytes).with_context(|| format!("failed to write {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    write_if_new(file, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutation_finds_its_place() {
        for mutation in MUTATIONS {
            let text = fs::read_to_string(workspace::root().join(mutation.file)).unwrap();
            let mutated = mutation.apply(&text).unwrap();
            assert_ne!(mutated, text, "{}", mutation.what);
        }
    }

    #[test]
    fn a_place_that_is_gone_is_told() {
        let error = MUTATIONS[0].apply("").unwrap_err().to_string();
        assert!(error.contains("0 times; mend the mutation"), "{error}");
    }

    #[test]
    fn a_copy_leaves_out_what_is_built_and_what_is_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir_all(from.join("target")).unwrap();
        fs::create_dir_all(from.join("src")).unwrap();
        fs::write(from.join("target/built"), "b").unwrap();
        fs::write(from.join("src/a.rs"), "a").unwrap();
        copy_tree(&from, &to).unwrap();
        assert!(!to.join("target").exists());
        let copied = || {
            fs::metadata(to.join("src/a.rs"))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = copied();
        copy_tree(&from, &to).unwrap();
        assert_eq!(copied(), before);
    }
}
