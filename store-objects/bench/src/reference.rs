//! What the others take: recorded figures of SwarmKit, and a Go harness that is run where Go is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// Nanoseconds of SwarmKit's own benchmarks (`manager/state/store`, commit `3e72cb64`, Go 1.26) on a machine with two
/// processors; a run beside ours would need its sources.
pub(crate) const CREATE_NODE: f64 = 16_300.0;
pub(crate) const UPDATE_NODE: f64 = 11_800.0;
pub(crate) const UPDATE_NODE_TRANSACTION: f64 = 26_100.0;
pub(crate) const DELETE_NODE_TRANSACTION: f64 = 8_900.0;
pub(crate) const GET_NODE: f64 = 770.0;
pub(crate) const FIND_ALL_NODES: f64 = 5_070_000.0;
pub(crate) const FIND_NODE_BY_NAME: f64 = 385.0;

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
    pub(crate) task: f64,
    /// Its part of twelve indexes.
    pub(crate) indexes: f64,
    /// The characters of all its strings: whether it read the whole task.
    pub(crate) characters: f64,
    /// Nanoseconds for an object with four indexes, of many that are inserted in one transaction.
    insert: f64,
}

/// Nanoseconds that go-memdb takes to insert an object: of this run, or recorded.
pub(crate) fn insert(go: Option<&Go>) -> f64 {
    go.map_or(MEMDB_INSERT, |go| go.insert)
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
