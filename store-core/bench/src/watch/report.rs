//! Rows: one case with so many watchers, with every peer's figure and how ours compares.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::case::{Case, Figure};
use super::peer::Name;
use crate::case::Unit;
use crate::effort::median;
use crate::report::count;
use crate::report::table::{self, Block, Line};

/// Everything that was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// One figure a pass.
    figures: BTreeMap<(Case, usize, Name), Vec<f64>>,
}

/// One case with so many watchers.
#[derive(Debug, PartialEq, Serialize)]
struct Row {
    case: Case,
    subscribers: usize,
    ours: f64,
    /// The figures of the others, by [`Name::id`].
    peers: BTreeMap<&'static str, f64>,
    /// How much better ours is, by [`Name::id`]: above 1 it is better.
    ratio: BTreeMap<&'static str, f64>,
    unit: Unit,
}

impl Report {
    /// Adds what one pass measured.
    pub(super) fn add(&mut self, name: Name, figures: &[Figure]) {
        for figure in figures {
            let key = (figure.case, figure.subscribers, name);
            self.figures.entry(key).or_default().push(figure.value);
        }
    }

    /// The rows, by case and number of watchers; figures are medians over the passes.
    fn rows(&self) -> Vec<Row> {
        let ours = self.figures.iter();
        let ours = ours.filter(|((.., name), _)| *name == Name::Ours);
        ours.map(|((case, subscribers, _), figures)| {
            let mut row = Row {
                case: *case,
                subscribers: *subscribers,
                ours: median(figures.clone()),
                peers: BTreeMap::new(),
                ratio: BTreeMap::new(),
                unit: case.unit(),
            };
            for peer in Name::PEERS {
                if let Some(figures) = self.figures.get(&(*case, *subscribers, peer)) {
                    let figure = median(figures.clone());
                    row.peers.insert(peer.id(), figure);
                    // Of times and of bytes, less is better.
                    row.ratio.insert(peer.id(), figure / row.ours);
                }
            }
            row
        })
        .collect()
    }

    /// The peers that were measured, in the order in which they are shown.
    fn peers(&self) -> Vec<Name> {
        let measured = |peer: &Name| self.figures.keys().any(|(.., name)| name == peer);
        Name::PEERS.into_iter().filter(measured).collect()
    }

    /// The table that is printed: a block for each case.
    pub(super) fn table(&self) -> String {
        let peers = self.peers();
        let labels: Vec<_> = [Name::Ours]
            .iter()
            .chain(&peers)
            .map(|it| it.id())
            .collect();
        let line = |row: &Row| {
            let plural = if row.subscribers == 1 { "" } else { "s" };
            let other = |peer: &Name| {
                let figure = row.peers.get(peer.id()).copied();
                figure.zip(row.ratio.get(peer.id()).copied())
            };
            Line {
                label: format!("{} watcher{plural}", count(row.subscribers)),
                unit: row.unit,
                ours: row.ours,
                others: peers.iter().map(other).collect(),
            }
        };
        let blocks: Vec<_> = self
            .rows()
            .chunk_by(|a, b| a.case == b.case)
            .map(|of_case| Block {
                heading: of_case[0].case.label().to_owned(),
                lines: of_case.iter().map(line).collect(),
            })
            .collect();
        table::render(&labels, &blocks)
    }

    /// Writes `watch.json` into `out`, and returns its path.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&self, out: &Path) -> Result<PathBuf> {
        let json = serde_json::to_string_pretty(&self.rows()).context("failed to make the JSON")?;
        fs::create_dir_all(out).with_context(|| format!("failed to make {}", out.display()))?;
        let path = out.join("watch.json");
        fs::write(&path, json + "\n")
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::default();
        let deliver = |subscribers, value| Figure {
            case: Case::Deliver,
            subscribers,
            value,
        };
        for value in [60.0, 40.0, 50.0] {
            report.add(Name::Ours, &[deliver(1, value), deliver(10_000, 3e5)]);
        }
        report.add(Name::GoEvents, &[deliver(10_000, 6e6)]);
        report
    }

    #[test]
    fn a_row_has_medians_and_ratios() {
        assert_eq!(
            serde_json::to_value(report().rows()).unwrap(),
            serde_json::json!([
                {
                    "case": "deliver",
                    "subscribers": 1,
                    "ours": 50.0,
                    "peers": {},
                    "ratio": {},
                    "unit": "ns",
                },
                {
                    "case": "deliver",
                    "subscribers": 10_000,
                    "ours": 300_000.0,
                    "peers": { "go-events": 6_000_000.0 },
                    "ratio": { "go-events": 20.0 },
                    "unit": "ns",
                },
            ])
        );
    }

    #[test]
    fn the_table_has_a_block_for_each_case() {
        let expected = "                                                 ours  go-events
publish, and all take it in turn
  1 watcher                                   50.0 ns
  10 000 watchers                              300 us    6.00 ms   20.0x
";
        let table = report().table();
        assert!(table.starts_with(expected), "{table}");
    }

    #[test]
    fn the_rows_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = report().write(&dir.path().join("new")).unwrap();
        let rows: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(rows[1]["ratio"]["go-events"], 20.0);
    }
}
