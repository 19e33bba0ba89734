//! The Go harnesses: each is built where the Go toolchain and its package are installed, and left out elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

const GO: &str = "/usr/bin/go";

/// Where Debian installs the sources of Go packages.
const GOPATH: &str = "/usr/share/gocode";

/// A program in Go that measures one peer.
pub(crate) struct Harness {
    /// The peer.
    peer: &'static str,
    /// The directory and the binary that are made.
    name: &'static str,
    source: &'static str,
    /// Where the peer's sources are, below [`GOPATH`].
    package: &'static str,
    /// What to install.
    debian: &'static str,
}

/// That of `cargo xtask bench engine`.
pub(crate) const MEMDB: Harness = Harness {
    peer: "go-memdb",
    name: "memdb",
    source: include_str!("../memdb/main.go"),
    package: "src/github.com/hashicorp/go-memdb",
    debian: "golang-go golang-github-hashicorp-go-memdb-dev",
};

/// That of `cargo xtask bench watch`.
pub(crate) const EVENTS: Harness = Harness {
    peer: "go-events",
    name: "events",
    source: include_str!("../events/main.go"),
    package: "src/github.com/docker/go-events",
    debian: "golang-go golang-github-docker-go-events-dev",
};

impl Harness {
    /// Why the peer cannot be measured here, in one line; none if it can.
    pub(crate) fn missing(&self) -> Option<String> {
        let package = Path::new(GOPATH).join(self.package);
        let missing = [Path::new(GO), &package]
            .into_iter()
            .find(|path| !path.exists())?;
        Some(format!(
            "{} is left out, for want of {}: apt-get install {}",
            self.peer,
            missing.display(),
            self.debian
        ))
    }

    /// Builds the harness below `out`, and returns its path.
    ///
    /// # Errors
    /// A file cannot be written, or the compiler fails.
    pub(crate) fn build(&self, out: &Path) -> Result<PathBuf> {
        let out = std::path::absolute(out.join(self.name)).context("failed to find the output")?;
        fs::create_dir_all(&out).with_context(|| format!("failed to make {}", out.display()))?;
        let (source, binary) = (out.join("main.go"), out.join(self.name));
        fs::write(&source, self.source)
            .with_context(|| format!("failed to write {}", source.display()))?;
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
}
