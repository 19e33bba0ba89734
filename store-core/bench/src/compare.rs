//! The comparison: every engine at every size, each in a process of its own, in turns.
//!
//! The engines take turns, pass by pass, so that whatever else the machine does for a while is not held against one.
//! Progress goes to standard error; the table alone goes to standard output.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::args::Compare;
use crate::case::Case;
use crate::effort::Effort;
use crate::engine::Name;
use crate::measure::Measured;
use crate::report::Report;
use crate::{go, report};

/// Measures, writes the files, and prints the table.
///
/// # Errors
/// A process fails, engines were given different objects, or a file cannot be written.
pub(crate) fn run(options: &Compare) -> Result<()> {
    let programs = Programs::find(options)?;
    let mut report = Report::default();
    for objects in options.our_sizes() {
        let engines: Vec<_> = programs.at(objects, options).collect();
        let mut digest = None;
        for pass in 1..=options.passes() {
            for (name, program) in &engines {
                let shown = report::count(objects);
                eprintln!("{shown} objects, pass {pass}: {}", name.label());
                let measured = program.measure(objects, &options.effort())?;
                let first = digest.get_or_insert_with(|| measured.digest.clone());
                ensure!(
                    *first == measured.digest,
                    "{} was given other objects than the engines before it",
                    name.label()
                );
                report.add(objects, *name, &measured.values);
            }
        }
    }
    let files = report.write(&options.out)?;
    print!("\n{}", report.table());
    for file in files {
        println!("{}", file.display());
    }
    Ok(())
}

/// The engines that take part, ours first, and what measures them.
struct Programs(Vec<(Name, Program)>);

/// A program that measures one engine at one size and prints [`Measured`].
struct Program {
    path: PathBuf,
    args: Vec<String>,
}

impl Programs {
    fn find(options: &Compare) -> Result<Self> {
        let own = env::current_exe().context("failed to find our own program")?;
        let mut programs = Vec::new();
        for name in [Name::Ours].into_iter().chain(options.peers()) {
            let program = if name != Name::GoMemdb {
                Program::own(&own, name)
            } else if let Some(missing) = go::MEMDB.missing() {
                eprintln!("{missing}");
                continue;
            } else {
                Program::memdb(&options.out)?
            };
            programs.push((name, program));
        }
        Ok(Self(programs))
    }

    /// Those that are measured at one size.
    fn at(&self, objects: usize, options: &Compare) -> impl Iterator<Item = &(Name, Program)> {
        let for_all = options.sizes().contains(&objects);
        let wanted = move |(name, _): &&(Name, Program)| for_all || *name == Name::Ours;
        self.0.iter().filter(wanted)
    }
}

/// Returns nanoseconds for one update in go-memdb at so many objects; none where it cannot be measured.
///
/// # Errors
/// It is there and fails.
pub(crate) fn memdb_update(objects: usize, out: &Path, effort: &Effort) -> Result<Option<f64>> {
    if let Some(missing) = go::MEMDB.missing() {
        eprintln!("{missing}");
        return Ok(None);
    }
    let measured = Program::memdb(out)?.measure(objects, effort)?;
    Ok(measured.values.get(&Case::Update).copied())
}

impl Program {
    fn memdb(out: &Path) -> Result<Self> {
        Ok(Self {
            path: go::MEMDB.build(out)?,
            args: Vec::new(),
        })
    }

    fn own(path: &Path, name: Name) -> Self {
        Self {
            path: path.to_owned(),
            args: ["run", "--engine", name.id()].map(str::to_owned).into(),
        }
    }

    fn measure(&self, objects: usize, effort: &Effort) -> Result<Measured> {
        let path = self.path.display();
        let output = Command::new(&self.path)
            .args(&self.args)
            .args(["--objects", &objects.to_string()])
            .args(effort.args())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("failed to start {path}"))?;
        ensure!(output.status.success(), "{path} failed: {}", output.status);
        let measured: Measured = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("failed to read what {path} printed"))?;
        let lacks = |case: &Case| !measured.values.contains_key(case);
        if let Some(case) = Case::ALL.into_iter().find(lacks) {
            bail!("{path} has not measured: {}", case.label());
        }
        Ok(measured)
    }
}
