//! The Go harness for go-memdb: it is built where the Go toolchain and the package are installed, and left out elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

const SOURCE: &str = include_str!("../memdb/main.go");

const GO: &str = "/usr/bin/go";

/// Where Debian installs the sources of Go packages.
const GOPATH: &str = "/usr/share/gocode";

const PACKAGE: &str = "src/github.com/hashicorp/go-memdb";

/// Why go-memdb cannot be measured here, in one line; none if it can.
pub(crate) fn missing() -> Option<String> {
    let package = Path::new(GOPATH).join(PACKAGE);
    let missing = [Path::new(GO), &package]
        .into_iter()
        .find(|path| !path.exists())?;
    Some(format!(
        "go-memdb is left out, for want of {}: apt-get install golang-go golang-github-hashicorp-go-memdb-dev",
        missing.display()
    ))
}

/// Builds the harness below `out`, and returns its path.
///
/// # Errors
/// A file cannot be written, or the compiler fails.
pub(crate) fn build(out: &Path) -> Result<PathBuf> {
    let out = std::path::absolute(out.join("memdb")).context("failed to find the output")?;
    fs::create_dir_all(&out).with_context(|| format!("failed to make {}", out.display()))?;
    let (source, binary) = (out.join("main.go"), out.join("memdb"));
    fs::write(&source, SOURCE).with_context(|| format!("failed to write {}", source.display()))?;
    let status = Command::new(GO)
        .args(["build", "-o"])
        .args([&binary, &source])
        .env("GO111MODULE", "off")
        .env("GOPATH", GOPATH)
        .env("GOCACHE", out.join("cache"))
        .status()
        .with_context(|| format!("failed to start {GO}"))?;
    ensure!(
        status.success(),
        "{GO} did not build {}: {status}",
        source.display()
    );
    Ok(binary)
}
