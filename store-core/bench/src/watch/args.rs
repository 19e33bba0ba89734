//! The command line of the comparison of watches.

use std::path::PathBuf;

use clap::Args;

use super::peer::Name;
use crate::effort::Effort;

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Peers to compare with
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "go-events,broadcast",
        conflicts_with = "no_peers"
    )]
    peers: Vec<Name>,
    /// Measure ours alone
    #[arg(long)]
    no_peers: bool,
    /// Few rounds, few watchers: enough to see that everything works, too few to believe the figures
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often each peer is measured, in turns with the others; the median counts
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    passes: u32,
    /// Where `watch.json` goes
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    pub(crate) out: PathBuf,
}

impl Compare {
    /// The peers, each once, in their order in the table.
    pub(crate) fn peers(&self) -> Vec<Name> {
        let wanted = |name: &Name| !self.no_peers && self.peers.contains(name);
        Name::PEERS.into_iter().filter(wanted).collect()
    }

    /// How often each peer is measured.
    pub(crate) fn passes(&self) -> u32 {
        if self.quick { 1 } else { self.passes }
    }
}

/// What one child process measures.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The peer
    #[arg(long, value_enum)]
    pub(crate) peer: Name,
    /// Few rounds, few watchers
    #[arg(long)]
    pub(crate) quick: bool,
}

/// How many watchers there are, and how long they are measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) effort: Effort,
    /// Watchers of other ids, or of the one that is published.
    pub(crate) watchers: &'static [usize],
    /// Watchers that are there already when another one comes and goes.
    pub(crate) existing: &'static [usize],
    /// Watchers that nothing happens to.
    pub(crate) idle: usize,
    /// Watchers beside a stuck one.
    pub(crate) beside_stuck: usize,
    /// Publications that a stuck watcher does not take.
    pub(crate) not_taken: usize,
}

impl Scale {
    /// The figures to believe. The Go harness has the same.
    pub(crate) const FULL: Self = Self {
        effort: Effort::FULL,
        watchers: &[1, 10, 100, 1_000, 10_000],
        existing: &[1, 1_000, 100_000],
        idle: 100_000,
        beside_stuck: 1_000,
        not_taken: 100_000,
    };

    /// For a look whether everything works.
    pub(crate) const QUICK: Self = Self {
        effort: Effort::QUICK,
        watchers: &[1, 10, 100],
        existing: &[1, 100],
        idle: 1_000,
        beside_stuck: 10,
        not_taken: 2_000,
    };
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn compare(args: &[&str]) -> Compare {
        let words = ["store-bench", "watch"].iter().chain(args);
        match Cli::try_parse_from(words).unwrap().command {
            Command::Watch(options) => options,
            _ => panic!("another command"),
        }
    }

    #[test]
    fn all_peers_are_compared_by_default() {
        let options = compare(&[]);
        assert_eq!(options.peers(), Name::PEERS);
        assert_eq!(options.passes(), 3);
    }

    #[test]
    fn peers_can_be_chosen_or_left_out_and_a_quick_run_has_one_pass() {
        assert_eq!(
            compare(&["--peers", "broadcast"]).peers(),
            [Name::Broadcast]
        );
        assert!(compare(&["--no-peers"]).peers().is_empty());
        assert_eq!(compare(&["--quick"]).passes(), 1);
    }
}
