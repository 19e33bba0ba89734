//! The workspace as cargo sees it: its root, its packages, and what they depend on.
//!
//! Declared dependencies say what a crate asked for; the resolved graph says what it gets. Only the
//! fields that a command uses are read.

use std::collections::{HashMap, VecDeque};
use std::env;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command_line::CommandLine;

/// The directory of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable for `cargo run` and `cargo test`; the compiled-in path is for the
    // binary started by hand, and would be stale after the checkout has moved.
    let xtask = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_owned).unwrap_or(xtask)
}

/// The top-level README: the commands that it shows are the commands that we run.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn readme() -> Result<String> {
    let path = root().join("README.md");
    fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))
}

/// What `cargo metadata` reports.
#[derive(Default, Deserialize)]
pub(crate) struct Metadata {
    /// Every package of the graph, members and foreign ones.
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<PackageId>,
    /// Where cargo puts what it builds.
    #[serde(default)]
    pub(crate) target_directory: PathBuf,
    resolve: Resolve,
}

impl Metadata {
    /// Metadata of this workspace, with the graph for the platform we run on: packages that only
    /// other platforms need may not have been downloaded.
    ///
    /// # Errors
    /// Cargo fails, for example on a manifest that does not parse.
    pub(crate) fn read() -> Result<Self> {
        let rustc = CommandLine::parse("rustc --version --verbose")?.output()?;
        let host = rustc
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .context("`rustc --version --verbose` names no host")?;
        let json = CommandLine::parse("cargo metadata --format-version 1 --filter-platform")?
            .args([host])
            .output()?;
        serde_json::from_str(&json).context("failed to read the output of `cargo metadata`")
    }

    /// The workspace's own packages, in the order of the manifest.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.workspace_members
            .iter()
            .filter_map(|id| self.packages.iter().find(|package| package.id == *id))
    }

    /// The names of the packages on the way from `from` to the nearest package that `wanted`
    /// accepts, both included, along normal dependencies; none if there is no such way.
    pub(crate) fn path(&self, from: &Package, wanted: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
        let names: HashMap<_, _> = self
            .packages
            .iter()
            .map(|package| (&package.id, package.name.as_str()))
            .collect();
        let mut reached_from = HashMap::from([(&from.id, None)]);
        let mut queue = VecDeque::from([&from.id]);
        while let Some(id) = queue.pop_front() {
            if id != &from.id && names.get(id).is_some_and(|name| wanted(name)) {
                let steps = iter::successors(Some(id), |id| reached_from[id]);
                let mut path: Vec<_> = steps.map(|id| names[id]).collect();
                path.reverse();
                return Some(path);
            }
            let node = self.resolve.nodes.iter().find(|node| &node.id == id);
            for next in node.iter().flat_map(|node| node.normal()) {
                reached_from.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    Some(id)
                });
            }
        }
        None
    }

    /// Adds a member that declares `dependencies`; the graph is what has been added.
    #[cfg(test)]
    pub(crate) fn add_member(&mut self, name: &str, dependencies: &[(&str, Kind)]) -> &mut Package {
        self.workspace_members.push(PackageId(name.to_owned()));
        self.add_foreign(name, dependencies)
    }

    /// Adds a package from outside the workspace.
    #[cfg(test)]
    pub(crate) fn add_foreign(&mut self, name: &str, needs: &[(&str, Kind)]) -> &mut Package {
        let id = PackageId(name.to_owned());
        self.resolve.nodes.push(Node {
            id: id.clone(),
            deps: needs
                .iter()
                .map(|(name, kind)| Edge {
                    pkg: PackageId((*name).to_owned()),
                    dep_kinds: vec![EdgeKind { kind: *kind }],
                })
                .collect(),
        });
        self.packages.push(Package {
            id,
            name: name.to_owned(),
            description: Some("a crate".to_owned()),
            license: Some("MIT".to_owned()),
            readme: Some("README.md".to_owned()),
            manifest_path: root().join(name).join("Cargo.toml"),
            dependencies: needs
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: *kind,
                })
                .collect(),
            targets: Vec::new(),
        });
        let last = self.packages.len() - 1;
        &mut self.packages[last]
    }
}

/// One package of the graph.
#[derive(Deserialize)]
pub(crate) struct Package {
    id: PackageId,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) readme: Option<String>,
    manifest_path: PathBuf,
    /// As declared in the manifest.
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

impl Package {
    /// The package's directory below the workspace's root, with `/` between its parts.
    pub(crate) fn dir(&self) -> String {
        let dir = self.manifest_path.parent().unwrap_or(&self.manifest_path);
        relative(dir)
    }

    /// The package's manifest below the workspace's root.
    pub(crate) fn manifest(&self) -> String {
        relative(&self.manifest_path)
    }

    /// The targets of one kind: `bin`, `bench`, `lib`, ...
    pub(crate) fn targets_of(&self, kind: &str) -> impl Iterator<Item = &Target> {
        self.targets
            .iter()
            .filter(move |target| target.kind.iter().any(|k| k == kind))
    }
}

/// One line of a manifest's dependencies.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// Something cargo builds from a package.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
    src_path: PathBuf,
}

impl Target {
    /// The target's root file below the workspace's root.
    pub(crate) fn source(&self) -> String {
        relative(&self.src_path)
    }

    /// A target whose root file is `source`, below the workspace's root.
    #[cfg(test)]
    pub(crate) fn new(kind: &str, source: &str) -> Self {
        Self {
            name: source.to_owned(),
            kind: vec![kind.to_owned()],
            src_path: root().join(source),
        }
    }
}

/// What a dependency is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<String>")]
pub(crate) enum Kind {
    /// The package itself.
    Normal,
    /// Its tests, benches and examples.
    Dev,
    /// Its build script.
    Build,
}

impl From<Option<String>> for Kind {
    fn from(kind: Option<String>) -> Self {
        match kind.as_deref() {
            Some("dev") => Self::Dev,
            Some("build") => Self::Build,
            _ => Self::Normal,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
struct PackageId(String);

#[derive(Default, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: PackageId,
    deps: Vec<Edge>,
}

impl Node {
    /// The packages that this one needs to be built and run.
    fn normal(&self) -> impl Iterator<Item = &PackageId> {
        self.deps
            .iter()
            .filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind == Kind::Normal))
            .map(|edge| &edge.pkg)
    }
}

#[derive(Deserialize)]
struct Edge {
    pkg: PackageId,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Kind,
}

/// `path` below the root, with `/` between its parts; as it is when it lies elsewhere.
pub(crate) fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_read_from_cargo() {
        let metadata = Metadata::read().unwrap();
        let xtask = metadata.members().find(|member| member.name == "xtask");
        let xtask = xtask.unwrap();
        assert_eq!(xtask.dir(), "xtask");
        assert_eq!(xtask.manifest(), "xtask/Cargo.toml");
        let sources: Vec<_> = xtask.targets_of("bin").map(Target::source).collect();
        assert_eq!(sources, ["xtask/src/main.rs"]);
    }

    #[test]
    fn a_path_follows_normal_dependencies_only() {
        let mut metadata = Metadata::default();
        metadata.add_member("a", &[("b", Kind::Normal), ("d", Kind::Dev)]);
        metadata.add_foreign("b", &[("c", Kind::Normal)]);
        metadata.add_foreign("c", &[("a", Kind::Normal)]);
        metadata.add_foreign("d", &[]);
        let a = metadata.members().next().unwrap();
        assert_eq!(
            metadata.path(a, |name| name == "c").unwrap(),
            ["a", "b", "c"]
        );
        assert_eq!(metadata.path(a, |name| name == "d"), None);
        assert_eq!(metadata.path(a, |name| name == "a"), None);
    }
}
