//! The figures of SwarmKit's own benchmarks of its store: those that a file holds, or recorded ones.
//!
//! Both benchmarks that compare with them read them here: [`objects-bench`](../../../store-objects/bench) includes this file.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use serde::Serialize;

use crate::effort::median;

/// Where a figure is from that no run of ours has measured.
pub(crate) const RECORDED: &str = "recorded, on another machine";

/// A benchmark of SwarmKit's `manager/state/store`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Benchmark {
    CreateNode,
    UpdateNode,
    UpdateNodeTransaction,
    DeleteNodeTransaction,
    GetNode,
    FindAllNodes,
    FindNodeByName,
}

/// Their names, and nanoseconds that were recorded of commit `3e72cb64` (Go 1.26) on a machine with two processors.
const BENCHMARKS: [(Benchmark, &str, f64); 7] = [
    (Benchmark::CreateNode, "BenchmarkCreateNode", 16_300.0),
    (Benchmark::UpdateNode, "BenchmarkUpdateNode", 11_800.0),
    (
        Benchmark::UpdateNodeTransaction,
        "BenchmarkUpdateNodeTransaction",
        26_100.0,
    ),
    (
        Benchmark::DeleteNodeTransaction,
        "BenchmarkDeleteNodeTransaction",
        8_900.0,
    ),
    (Benchmark::GetNode, "BenchmarkGetNode", 770.0),
    (
        Benchmark::FindAllNodes,
        "BenchmarkFindAllNodes",
        5_070_000.0,
    ),
    (Benchmark::FindNodeByName, "BenchmarkFindNodeByName", 385.0),
];

/// What somebody else takes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    pub(crate) from: String,
}

impl Figure {
    pub(crate) fn new(value: f64, from: &str) -> Self {
        Self {
            value,
            from: from.to_owned(),
        }
    }
}

/// Whose figures count.
#[derive(Clone, Debug, Args)]
pub(crate) struct Reference {
    /// What Go printed for the benchmarks of SwarmKit's `manager/state/store`, to be compared with; of several runs, the
    /// median. Without it, recorded figures of another machine stand for them
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
}

impl Reference {
    /// Returns the nanoseconds of a benchmark.
    ///
    /// # Errors
    /// The file cannot be read, lacks the benchmark, or has a line of it that tells no figure.
    pub(crate) fn figure(&self, benchmark: Benchmark) -> Result<Figure> {
        let (_, name, recorded) = BENCHMARKS
            .into_iter()
            .find(|(known, ..)| *known == benchmark)
            .expect("every benchmark is in the list");
        let Some(path) = &self.reference else {
            return Ok(Figure::new(recorded, RECORDED));
        };
        let file = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("failed to read {file}"))?;
        let median = median_of(name, &text).with_context(|| format!("failed to use {file}"))?;
        Ok(Figure::new(median, &file))
    }
}

/// Returns the median of a benchmark's lines in what Go printed.
fn median_of(name: &str, text: &str) -> Result<f64> {
    // Behind the name, there is the number of processors, if it is not one.
    let is_of = |line: &&str| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(|next: char| next == '-' || next.is_whitespace()))
    };
    let figures = text
        .lines()
        .filter(is_of)
        .map(|line| nanoseconds(line).with_context(|| format!("no figure of {name}: {line:?}")))
        .collect::<Result<Vec<_>>>()?;
    ensure!(!figures.is_empty(), "no figure of {name}");
    Ok(median(figures))
}

/// Returns the figure of a line: a name, a number of rounds, nanoseconds, and perhaps what was allocated.
fn nanoseconds(line: &str) -> Option<f64> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [_, rounds, figure, "ns/op", ..] = words[..] else {
        return None;
    };
    rounds.parse::<u64>().ok()?;
    let figure: f64 = figure.parse().ok()?;
    (figure.is_finite() && figure > 0.0).then_some(figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
goos: linux
pkg: github.com/moby/swarmkit/v2/manager/state/store
BenchmarkUpdateNode-2              \t   38325\t     34668 ns/op\t    5120 B/op\t      71 allocs/op
BenchmarkUpdateNodeTransaction-2   \t   16382\t     72942 ns/op
BenchmarkGetNode-2                 \t  752311\t      2693.5 ns/op
BenchmarkGetNode/beside-2          \t  752311\t      1 ns/op
BenchmarkUpdateNode-2              \t   38325\t     30000 ns/op
BenchmarkUpdateNode                \t   38325\t     36000 ns/op
BenchmarkFindNodeByName-2          \t  FAIL
BenchmarkFindAllNodes-2
PASS
";

    fn told(name: &str, text: &str) -> Result<f64, String> {
        median_of(name, text).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn of_several_runs_the_median_counts() {
        for (name, figure) in [
            ("BenchmarkUpdateNode", 34_668.0),
            ("BenchmarkUpdateNodeTransaction", 72_942.0),
            ("BenchmarkGetNode", 2_693.5),
        ] {
            assert_eq!(told(name, PRINTED), Ok(figure), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_lacking_is_told() {
        let name = "BenchmarkDeleteNodeTransaction";
        let error = told(name, PRINTED).unwrap_err();
        assert_eq!(error, "no figure of BenchmarkDeleteNodeTransaction");
    }

    #[test]
    fn a_line_that_tells_no_figure_is_told() {
        for (name, line) in [
            ("BenchmarkFindNodeByName", "FAIL"),
            ("BenchmarkFindAllNodes", "BenchmarkFindAllNodes-2"),
        ] {
            let error = told(name, PRINTED).unwrap_err();
            assert!(
                error.starts_with(&format!("no figure of {name}: ")),
                "{error}"
            );
            assert!(error.contains(line), "{error}");
        }
        for figure in [
            "10 0 ns/op",
            "10 -3 ns/op",
            "10 inf ns/op",
            "10 NaN ns/op",
            "x 3 ns/op",
            "10 3 B/op",
        ] {
            let text = format!("BenchmarkGetNode-2 1 2 ns/op\nBenchmarkGetNode-2 {figure}\n");
            assert!(told("BenchmarkGetNode", &text).is_err(), "{figure}");
        }
    }

    #[test]
    fn without_a_file_the_figures_are_recorded_ones() {
        let recorded = Reference { reference: None };
        for (benchmark, name, figure) in BENCHMARKS {
            assert_eq!(name, format!("Benchmark{benchmark:?}"));
            let found = recorded.figure(benchmark).unwrap();
            assert_eq!((found.value, found.from.as_str()), (figure, RECORDED));
        }
        let missing = Reference {
            reference: Some(PathBuf::from("/nowhere/go.txt")),
        };
        let error = missing.figure(Benchmark::GetNode).unwrap_err();
        assert_eq!(error.to_string(), "failed to read /nowhere/go.txt");
    }
}
