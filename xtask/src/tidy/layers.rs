//! The layers: which crate may use what.
//!
//! The tables below are the design; the rules compare them with what cargo reports. `xtask` stands
//! outside: it may use any foreign package, no member, and no member may use it. `store-bench` is
//! used by no member either; it stands on the stores as a program of a user's would, and so does `objects-bench`.

use crate::workspace::{Kind, Package, Target};

use super::{Finding, Tree};

/// Every member of the workspace, bottom up, and the members that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("proposer", &[]),
    ("watch-queue", &[]),
    ("store-core", &["proposer", "watch-queue"]),
    ("store-objects", &["proposer", "watch-queue", "store-core"]),
    (
        "store-bench",
        &["proposer", "watch-queue", "store-core", "store-objects"],
    ),
    (
        "controlapi",
        &["proposer", "watch-queue", "store-core", "store-objects"],
    ),
    (
        "objects-bench",
        &["proposer", "store-core", "store-objects"],
    ),
    (OUTSIDE, &[]),
];

/// The member that is in no layer.
const OUTSIDE: &str = "xtask";

/// A family of foreign packages that only some layers may use.
struct Fence {
    /// The package, or the first part of the names of the family: `tonic` is `tonic-health` too.
    family: &'static str,
    /// The members that may depend on it.
    allowed: &'static [&'static str],
    /// Whether the others may use it in their tests and benches.
    in_tests: bool,
    /// Whether the others may get it through the packages that they use.
    indirect: bool,
    reason: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        family: "tokio",
        allowed: &["controlapi", "store-bench"],
        in_tests: true,
        indirect: false,
        reason: "below the server nothing needs an executor",
    },
    Fence {
        family: "tonic",
        allowed: &["controlapi"],
        in_tests: false,
        indirect: false,
        reason: "only the server speaks gRPC",
    },
    Fence {
        family: "clap",
        allowed: &["controlapi", "objects-bench", "store-bench"],
        in_tests: false,
        indirect: false,
        reason: "only binaries have a command line",
    },
    Fence {
        family: "prost",
        allowed: &[
            "store-objects",
            "store-bench",
            "objects-bench",
            "controlapi",
        ],
        in_tests: false,
        indirect: false,
        reason: "the engine knows no wire format",
    },
    Fence {
        family: "pbjson",
        allowed: &["store-objects", "controlapi"],
        in_tests: false,
        indirect: false,
        reason: "the engine knows no wire format",
    },
    Fence {
        family: "anyhow",
        allowed: &["controlapi", "objects-bench", "store-bench"],
        in_tests: false,
        // What a foreign package does with its own errors is its own affair.
        indirect: true,
        reason: "a library's errors are typed, so that its caller can act on them",
    },
    Fence {
        family: "imbl",
        allowed: &["store-bench"],
        in_tests: false,
        indirect: false,
        reason: "it is copyleft; only what nobody ships may use it",
    },
];

impl Fence {
    /// Whether `package` belongs to the family.
    fn is(&self, package: &str) -> bool {
        package
            .strip_prefix(self.family)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// Whether `member` may depend on the family.
    fn lets(&self, member: &Package) -> bool {
        member.name == OUTSIDE || self.allowed.contains(&member.name.as_str())
    }
}

/// Every member has its place in [`LAYERS`].
pub(super) fn members(tree: &Tree) -> Vec<Finding> {
    tree.metadata
        .members()
        .filter(|member| place(&member.name).is_none())
        .map(|member| Finding {
            rule: "layers",
            at: member.manifest(),
            problem: format!("`{}` has no place in the layers", member.name),
            mend: "decide what it may use, and say so in `LAYERS` in xtask/src/tidy/layers.rs"
                .to_owned(),
        })
        .collect()
}

/// Members use only members below them, in their tests too.
pub(super) fn edges(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in tree.metadata.members() {
        let Some(allowed) = place(&member.name) else {
            continue;
        };
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            // A member may name itself in its tests, to switch its own features on.
            if name != member.name && place(name).is_some() && !allowed.contains(&name) {
                findings.push(Finding {
                    rule: "layer-edge",
                    at: member.manifest(),
                    problem: format!("`{}` may not use `{name}`", member.name),
                    mend: match allowed {
                        [] => "remove the dependency: this crate uses no other member".to_owned(),
                        _ => format!("remove it; allowed are: {}", allowed.join(", ")),
                    },
                });
            }
        }
    }
    findings
}

/// Foreign packages stay in the layers that they are for.
pub(super) fn foreign(tree: &Tree) -> Vec<Finding> {
    fenced(tree)
        .filter(|(_, fence, _, kind)| *kind != Kind::Dev || !fence.in_tests)
        .map(|(member, fence, name, _)| Finding {
            rule: "layer-package",
            at: member.manifest(),
            problem: format!("`{}` depends on `{name}`: {}", member.name, fence.reason),
            mend: format!("move what needs `{name}` to {}", fence.allowed.join(" or ")),
        })
        .collect()
}

/// What members use in their tests alone, although a fence keeps it out of their code.
pub(super) fn used_in_tests(tree: &Tree) -> Vec<String> {
    fenced(tree)
        .filter(|(_, fence, _, kind)| *kind == Kind::Dev && fence.in_tests)
        .map(|(member, _, name, _)| format!("`{}` uses `{name}` in its tests only", member.name))
        .collect()
}

/// What members depend on across a fence: the member, the fence, the package, and what for.
fn fenced(tree: &Tree) -> impl Iterator<Item = (&Package, &Fence, &str, Kind)> {
    tree.metadata.members().flat_map(|member| {
        member.dependencies.iter().flat_map(move |dependency| {
            FENCES
                .iter()
                .filter(move |fence| fence.is(&dependency.name) && !fence.lets(member))
                .map(move |fence| (member, fence, dependency.name.as_str(), dependency.kind))
        })
    })
}

/// No fenced package comes in by way of another one.
pub(super) fn reach(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in tree.metadata.members() {
        for fence in FENCES {
            if fence.indirect || fence.lets(member) {
                continue;
            }
            match tree.metadata.path(member, |name| fence.is(name)) {
                // A path of two is a declared dependency, which `foreign` reports.
                Some(path) if path.len() > 2 => findings.push(Finding {
                    rule: "layer-reach",
                    at: member.manifest(),
                    problem: format!("{}, but {}", path.join(" -> "), fence.reason),
                    mend: format!("do without `{}`, or switch its feature off", path[1]),
                }),
                _ => {}
            }
        }
    }
    findings
}

/// `anyhow` is for `main` and what only `main` sees; the library of the same package, if it has
/// one, is typed.
pub(super) fn anyhow_in_binaries(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let has_library = |member: &&Package| member.targets_of("lib").next().is_some();
    for member in tree.metadata.members().filter(has_library) {
        let binaries: Vec<_> = member.targets_of("bin").map(Target::source).collect();
        let library = format!("{}/src/", member.dir());
        for (path, text) in tree.sources_of(member) {
            let names_it = text.lines().any(|line| {
                let code = line.trim_start();
                !code.starts_with("//") && code.contains("anyhow::")
            });
            if names_it
                && path.starts_with(&library)
                && !binaries.iter().any(|main| belongs_to(path, main, &library))
            {
                findings.push(Finding {
                    rule: "anyhow",
                    at: path.to_owned(),
                    problem: "`anyhow` in a library".to_owned(),
                    mend: "return an error of the crate's own, or move the code to the binary"
                        .to_owned(),
                });
            }
        }
    }
    findings
}

/// Whether `path` is the binary's root file `main`, or lies in the directory that is its own.
fn belongs_to(path: &str, main: &str, library: &str) -> bool {
    let dir = main.rfind('/').map_or("", |end| &main[..=end]);
    let own_dir = dir != library && !dir.ends_with("/bin/");
    path == main || (own_dir && path.starts_with(dir))
}

/// The members that `name` may use; none if it is no member that we know.
fn place(name: &str) -> Option<&'static [&'static str]> {
    LAYERS
        .iter()
        .find(|(member, _)| *member == name)
        .map(|(_, allowed)| *allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(members: &[(&str, &[(&str, Kind)])]) -> Tree {
        let mut tree = Tree::default();
        for (name, dependencies) in members {
            tree.metadata.add_member(name, dependencies);
        }
        tree
    }

    #[test]
    fn the_table_only_points_down() {
        for (row, (_, allowed)) in LAYERS.iter().enumerate() {
            let below: Vec<_> = LAYERS[..row].iter().map(|(name, _)| *name).collect();
            assert!(allowed.iter().all(|name| below.contains(name)));
        }
    }

    #[test]
    fn a_member_without_a_place_is_found() {
        let found = members(&tree(&[("store-core", &[]), ("helpers", &[])]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at, "helpers/Cargo.toml");
    }

    #[test]
    fn an_edge_that_points_up_or_sideways_is_found() {
        let good = tree(&[("store-core", &[("proposer", Kind::Normal)])]);
        assert!(edges(&good).is_empty());
        for kind in [Kind::Normal, Kind::Dev, Kind::Build] {
            for (from, to) in [
                ("watch-queue", "proposer"),
                ("proposer", "store-core"),
                ("controlapi", "xtask"),
                ("xtask", "store-objects"),
                ("store-core", "store-bench"),
                ("store-objects", "store-bench"),
            ] {
                let found = edges(&tree(&[(from, &[(to, kind)])]));
                assert_eq!(found.len(), 1, "{from} -> {to}");
                assert!(found[0].problem.contains(to));
            }
        }
    }

    #[test]
    fn a_member_may_name_itself_in_its_tests() {
        let own = tree(&[("proposer", &[("proposer", Kind::Dev)])]);
        assert!(edges(&own).is_empty());
    }

    #[test]
    fn a_fenced_package_outside_its_layer_is_found() {
        for (member, package) in [
            ("store-core", "tokio"),
            ("proposer", "tokio-stream"),
            ("store-objects", "tonic"),
            ("store-objects", "clap"),
            ("watch-queue", "prost"),
            ("store-core", "anyhow"),
            ("store-core", "imbl"),
        ] {
            let found = foreign(&tree(&[(member, &[(package, Kind::Normal)])]));
            assert_eq!(found.len(), 1, "{member} -> {package}");
            assert!(found[0].problem.contains(package));
        }
    }

    #[test]
    fn a_fenced_package_in_its_layer_is_good() {
        let good = tree(&[
            ("store-objects", &[("prost", Kind::Normal)]),
            (
                "controlapi",
                &[("tokio", Kind::Normal), ("anyhow", Kind::Normal)],
            ),
            ("store-bench", &[("imbl", Kind::Normal)]),
            ("xtask", &[("tonic-prost-build", Kind::Normal)]),
            ("proposer", &[("tokiofree", Kind::Normal)]),
        ]);
        assert!(foreign(&good).is_empty());
    }

    #[test]
    fn tests_may_use_tokio_but_not_tonic_and_it_is_noted() {
        let tests = tree(&[("store-core", &[("tokio", Kind::Dev), ("tonic", Kind::Dev)])]);
        let found = foreign(&tests);
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.contains("`tonic`"));
        assert_eq!(
            used_in_tests(&tests),
            ["`store-core` uses `tokio` in its tests only"]
        );
    }

    #[test]
    fn a_fenced_package_behind_another_one_is_found_with_its_way() {
        let mut deep = tree(&[("proposer", &[("log", Kind::Normal)])]);
        deep.metadata.add_foreign("log", &[("tokio", Kind::Normal)]);
        deep.metadata.add_foreign("tokio", &[]);
        assert!(foreign(&deep).is_empty());
        let found = reach(&deep);
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.starts_with("proposer -> log -> tokio"));
    }

    #[test]
    fn anyhow_in_the_library_of_a_binary_package_is_found() {
        let code = "//! X.\nuse anyhow::Result;\n";
        let mut mixed = tree(&[("controlapi", &[])])
            .with("controlapi/src/lib.rs", "//! See `anyhow::Error`.\n")
            .with("controlapi/src/server.rs", code)
            .with("controlapi/src/bin/stated.rs", code)
            .with("controlapi/src/bin/other.rs", code)
            .with("controlapi/src/bin/statectl/main.rs", code)
            .with("controlapi/src/bin/statectl/output.rs", code)
            .with("controlapi/tests/smoke.rs", code);
        let targets = &mut mixed.metadata.packages[0].targets;
        targets.push(Target::new("lib", "controlapi/src/lib.rs"));
        targets.push(Target::new("bin", "controlapi/src/bin/stated.rs"));
        targets.push(Target::new("bin", "controlapi/src/bin/statectl/main.rs"));
        let found: Vec<_> = anyhow_in_binaries(&mixed)
            .into_iter()
            .map(|f| f.at)
            .collect();
        assert_eq!(
            found,
            ["controlapi/src/bin/other.rs", "controlapi/src/server.rs"]
        );
    }

    #[test]
    fn a_package_without_a_library_may_use_anyhow_everywhere() {
        let mut binary = tree(&[("store-bench", &[])])
            .with("store-bench/src/main.rs", "//! X.\n")
            .with("store-bench/src/run.rs", "//! X.\nuse anyhow::Result;\n");
        let targets = &mut binary.metadata.packages[0].targets;
        targets.push(Target::new("bin", "store-bench/src/main.rs"));
        assert!(anyhow_in_binaries(&binary).is_empty());
    }
}
