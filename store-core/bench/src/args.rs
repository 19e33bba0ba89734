//! The command line: what to compare, and what one child process measures.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, Parser, Subcommand};

use crate::dataset;
use crate::effort::Effort;
use crate::engine::Name;
use crate::swarmkit::Reference;
use crate::watch;

/// The sizes that are compared when none are given.
const SIZES: &str = "10k,100k,1m";

/// The sizes of a quick run.
const QUICK_SIZES: &[usize] = &[10_000];

/// What `--plot` adds for our engine: the peers take too long there, and too much memory.
const PLOT_SIZES: &[usize] = &[4_000_000];

#[derive(Debug, Parser)]
#[command(
    about = "The engine of store-core, and its watches, beside their peers, on the same work"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure our engine beside its peers, and print one table; `cargo xtask bench engine` is this.
    #[command(override_usage = "cargo xtask bench engine [OPTIONS]")]
    Compare(Compare),
    /// Measure the commit pipeline of a store; `cargo xtask bench pipeline` is this.
    #[command(override_usage = "cargo xtask bench pipeline [OPTIONS]")]
    Pipeline(Pipeline),
    /// Measure one engine at one size, and print one line of JSON.
    Run(Run),
    /// Measure our watches beside their peers, and print one table; `cargo xtask bench watch` is this.
    #[command(override_usage = "cargo xtask bench watch [OPTIONS]")]
    Watch(watch::args::Compare),
    /// Measure the watches of one peer, and print one line of JSON.
    WatchRun(watch::args::Run),
}

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// How many objects the table holds: numbers, with `k` for thousands and `m` for millions
    #[arg(long, value_delimiter = ',', value_parser = size, default_value = SIZES)]
    sizes: Vec<usize>,
    /// Engines to compare with
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "btreemap,imbl,go-memdb",
        conflicts_with = "no_peers"
    )]
    peers: Vec<Name>,
    /// Measure our engine alone
    #[arg(long)]
    no_peers: bool,
    /// Few rounds on 10k objects: enough to see that everything works, too few to believe the figures
    #[arg(long, conflicts_with = "sizes")]
    quick: bool,
    /// Measure our engine at 4m objects too, to lengthen the plot
    #[arg(long)]
    plot: bool,
    /// How often each engine is measured at each size, in turns with the others; the median counts
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    passes: u32,
    /// Where `engine.json` and `engine.html` go
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    pub(crate) out: PathBuf,
}

impl Compare {
    /// The peers, each once, in their order in the table.
    pub(crate) fn peers(&self) -> Vec<Name> {
        let wanted = |name: &Name| !self.no_peers && self.peers.contains(name);
        Name::PEERS.into_iter().filter(wanted).collect()
    }

    /// The sizes at which all engines are measured, ascending, each once.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        ascending(if self.quick { QUICK_SIZES } else { &self.sizes })
    }

    /// The sizes at which our engine is measured: all of [`Compare::sizes`], and more for the plot.
    pub(crate) fn our_sizes(&self) -> Vec<usize> {
        let more = if self.plot { PLOT_SIZES } else { &[] };
        ascending(&[&self.sizes(), more].concat())
    }

    /// How often each engine is measured at each size.
    pub(crate) fn passes(&self) -> u32 {
        if self.quick { 1 } else { self.passes }
    }

    /// How much one process measures.
    pub(crate) fn effort(&self) -> Effort {
        if self.quick {
            Effort::QUICK
        } else {
            Effort::FULL
        }
    }
}

/// How long to measure the pipeline, and where.
#[derive(Debug, Args)]
pub(crate) struct Pipeline {
    /// A directory on the disk that is measured
    #[arg(long, value_name = "DIR")]
    disk: Option<PathBuf>,
    /// Seconds for which transactions go to the disk
    #[arg(long, value_name = "SECONDS", default_value_t = 9.0)]
    seconds: f64,
    /// Seconds for which the log stands still
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    stall: f64,
    #[command(flatten)]
    pub(crate) swarmkit: Reference,
    /// A look whether everything works, not how fast
    #[arg(long, conflicts_with_all = ["seconds", "stall"])]
    quick: bool,
    /// Where `pipeline.json` goes
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    pub(crate) out: PathBuf,
}

impl Pipeline {
    /// Where the log is written: with the results, unless another place is named; the system's own for temporary files may
    /// well be in memory.
    pub(crate) fn disk(&self) -> PathBuf {
        self.disk.clone().unwrap_or_else(|| self.out.clone())
    }

    pub(crate) fn seconds(&self) -> f64 {
        if self.quick { 0.3 } else { self.seconds }
    }

    pub(crate) fn stall(&self) -> Duration {
        Duration::from_secs_f64(if self.quick { 0.2 } else { self.stall })
    }

    pub(crate) fn effort(&self) -> Effort {
        if self.quick {
            Effort::QUICK
        } else {
            Effort::FULL
        }
    }
}

/// What one child process measures.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The engine
    #[arg(long, value_enum)]
    pub(crate) engine: Name,
    /// How many objects the table holds
    #[arg(long, value_parser = size)]
    pub(crate) objects: usize,
    #[command(flatten)]
    pub(crate) effort: Effort,
}

/// The number that `text` writes: `250000`, `250k`, `4m`.
fn size(text: &str) -> Result<usize> {
    let (digits, unit) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => match text.strip_suffix(['m', 'M']) {
            Some(digits) => (digits, 1_000_000),
            None => (text, 1),
        },
    };
    let number: usize = digits.parse().context("expected a number, as in 10k")?;
    let size = number.checked_mul(unit).context("that is too many")?;
    ensure!(
        size >= dataset::OBJECTS_MIN,
        "{} objects are the fewest that the work is defined on",
        dataset::OBJECTS_MIN
    );
    Ok(size)
}

fn ascending(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn compare(args: &[&str]) -> Compare {
        let words = ["store-bench", "compare"].iter().chain(args);
        match Cli::try_parse_from(words).unwrap().command {
            Command::Compare(options) => options,
            _ => panic!("another command"),
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_in_thousands_and_millions() {
        assert_eq!(size("10k").unwrap(), 10_000);
        assert_eq!(size("4M").unwrap(), 4_000_000);
        assert_eq!(size("12345").unwrap(), 12_345);
        for wrong in ["", "k", "1g", "-5k", "99", "99999999999999999m"] {
            assert!(size(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn everything_is_compared_by_default() {
        let options = compare(&[]);
        assert_eq!(options.sizes(), [10_000, 100_000, 1_000_000]);
        assert_eq!(options.our_sizes(), options.sizes());
        assert_eq!(options.peers(), Name::PEERS);
    }

    #[test]
    fn sizes_are_sorted_and_the_plot_adds_to_ours_alone() {
        let options = compare(&["--sizes", "1m,20k,20k", "--plot"]);
        assert_eq!(options.sizes(), [20_000, 1_000_000]);
        assert_eq!(options.our_sizes(), [20_000, 1_000_000, 4_000_000]);
    }

    #[test]
    fn peers_can_be_chosen_or_left_out() {
        let some = compare(&["--peers", "go-memdb,btreemap"]);
        assert_eq!(some.peers(), [Name::BTreeMap, Name::GoMemdb]);
        assert!(compare(&["--no-peers"]).peers().is_empty());
        assert!(Cli::try_parse_from(["store-bench", "compare", "--peers", "redis"]).is_err());
    }

    #[test]
    fn a_quick_run_is_small() {
        let options = compare(&["--quick"]);
        assert_eq!(options.sizes(), [10_000]);
        assert_eq!(options.passes(), 1);
        assert_eq!(options.effort(), Effort::QUICK);
    }

    #[test]
    fn what_a_child_is_told_is_what_it_understands() {
        let words = ["store-bench", "run", "--engine", "imbl", "--objects", "10k"];
        let words = words.map(str::to_owned).into_iter();
        let cli = Cli::try_parse_from(words.chain(Effort::QUICK.args())).unwrap();
        let Command::Run(options) = cli.command else {
            panic!("another command");
        };
        assert_eq!((options.engine, options.objects), (Name::Imbl, 10_000));
        assert_eq!(options.effort, Effort::QUICK);
    }
}
