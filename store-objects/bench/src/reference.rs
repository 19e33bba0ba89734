//! What the others take: a Go harness that is run where Go is installed; of SwarmKit's own benchmarks, `swarmkit.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::swarmkit::{Figure, RECORDED};

/// Nanoseconds that go-memdb takes to insert one of a million objects with four indexes, in one transaction: recorded, for
/// where Go is not installed.
const MEMDB_INSERT: f64 = 18_000.0;

const SOURCE: &str = include_str!("../swarmkit/main.go");
const GO: &str = "/usr/bin/go";
/// Where Debian installs the sources of Go packages.
const GOPATH: &str = "/usr/share/gocode";
const PACKAGE: &str = "src/github.com/hashicorp/go-memdb";

/// What the Go harness measured: of one task, in bytes; and of inserting.
#[derive(Debug, Deserialize)]
pub(crate) struct Go {
    /// The object.
    task: f64,
    /// Its part of twelve indexes.
    indexes: f64,
    /// The characters of all its strings: whether it read the whole task.
    pub(crate) characters: f64,
    /// Nanoseconds for an object with four indexes, of many that are inserted in one transaction.
    insert: f64,
}

/// Where a figure of the Go harness is from.
const THIS_RUN: &str = "this run";

impl Go {
    /// What a task takes, in bytes.
    pub(crate) fn task(&self) -> Figure {
        Figure::new(self.task, THIS_RUN)
    }

    /// What its part of twelve indexes takes, in bytes.
    pub(crate) fn indexes(&self) -> Figure {
        Figure::new(self.indexes, THIS_RUN)
    }
}

/// Nanoseconds that go-memdb takes to insert an object: of this run, or recorded.
pub(crate) fn insert(go: Option<&Go>) -> Figure {
    go.map_or(Figure::new(MEMDB_INSERT, RECORDED), |go| {
        Figure::new(go.insert, THIS_RUN)
    })
}

/// Builds and runs the Go harness; none where Go is not installed.
///
/// # Errors
/// It cannot be built, or it fails.
pub(crate) fn go(tasks: usize, inserted: usize, out: &Path) -> Result<Option<Go>> {
    let package = Path::new(GOPATH).join(PACKAGE);
    if let Some(missing) = [Path::new(GO), &package]
        .into_iter()
        .find(|path| !path.exists())
    {
        let missing = missing.display();
        eprintln!(
            "Go is left out, for want of {missing}: apt-get install golang-go golang-github-hashicorp-go-memdb-dev"
        );
        return Ok(None);
    }
    let out = std::path::absolute(out.join("swarmkit")).context("failed to find the output")?;
    fs::create_dir_all(&out).with_context(|| format!("failed to make {}", out.display()))?;
    let write = |name: &str, text: &str| -> Result<PathBuf> {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    };
    let (source, task) = (
        write("main.go", SOURCE)?,
        write("task.json", super::tasks::TYPICAL)?,
    );
    let program = out.join("swarmkit");
    let status = Command::new(GO)
        .args(["build", "-o"])
        .args([&program, &source])
        .env("GO111MODULE", "off")
        .env("GOPATH", GOPATH)
        .env("GOCACHE", out.join("cache"))
        .status()
        .with_context(|| format!("failed to start {GO}"))?;
    ensure!(status.success(), "{GO} did not build the harness: {status}");
    let output = Command::new(&program)
        .args(["-objects", &tasks.to_string()])
        .args(["-inserted", &inserted.to_string(), "-task"])
        .arg(&task)
        .stderr(Stdio::inherit())
        .output()
        .context("failed to start the Go harness")?;
    ensure!(
        output.status.success(),
        "the Go harness failed: {}",
        output.status
    );
    serde_json::from_slice(&output.stdout)
        .map(Some)
        .context("failed to read what the Go harness printed")
}
