//! Rows: one case at one size, with every engine's figure and how ours compares.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::{Case, Unit, Values};
use crate::effort::median;
use crate::engine::Name;

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// One figure a pass.
    figures: BTreeMap<(usize, Case, Name), Vec<f64>>,
}

/// One case at one size.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) objects: usize,
    pub(crate) ours: f64,
    /// The figures of the others, by [`Name::id`].
    pub(crate) peers: BTreeMap<&'static str, f64>,
    /// How much better ours is, by [`Name::id`]: above 1 it is better.
    pub(crate) ratio: BTreeMap<&'static str, f64>,
    pub(crate) unit: Unit,
}

impl Report {
    /// Adds what one pass measured.
    pub(crate) fn add(&mut self, objects: usize, name: Name, values: &Values) {
        for (case, value) in values {
            let key = (objects, *case, name);
            self.figures.entry(key).or_default().push(*value);
        }
    }

    /// The rows, by size and case; figures are medians over the passes.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let ours = self
            .figures
            .iter()
            .filter(|((.., name), _)| *name == Name::Ours);
        ours.map(|((objects, case, _), figures)| {
            let mut row = Row {
                case: *case,
                objects: *objects,
                ours: median(figures.clone()),
                peers: BTreeMap::new(),
                ratio: BTreeMap::new(),
                unit: case.unit(),
            };
            for peer in Name::PEERS {
                if let Some(figures) = self.figures.get(&(*objects, *case, peer)) {
                    let figure = median(figures.clone());
                    row.peers.insert(peer.id(), figure);
                    row.ratio.insert(peer.id(), case.ratio(row.ours, figure));
                }
            }
            row
        })
        .collect()
    }

    /// The peers that were measured, in the order in which they are shown.
    pub(crate) fn peers(&self) -> Vec<Name> {
        let measured = |peer: &Name| self.figures.keys().any(|(.., name)| name == peer);
        Name::PEERS.into_iter().filter(measured).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Gets and updates at two sizes; at the larger one of ours alone.
    pub(crate) fn report() -> Report {
        let values = |get, update| Values::from([(Case::Get, get), (Case::Update, update)]);
        let mut report = Report::default();
        for get in [60.0, 40.0, 50.0] {
            report.add(10_000, Name::Ours, &values(get, 500.0));
        }
        report.add(10_000, Name::BTreeMap, &values(80.0, 400.0));
        report.add(10_000, Name::GoMemdb, &values(500.0, 21_000.0));
        report.add(4_000_000, Name::Ours, &values(900.0, 3_000.0));
        report
    }

    #[test]
    fn a_row_has_medians_and_ratios() {
        let rows = report().rows();
        assert_eq!(rows.len(), 4);
        assert_eq!(
            serde_json::to_value(&rows[0]).unwrap(),
            serde_json::json!({
                "case": "get",
                "objects": 10_000,
                "ours": 50.0,
                "peers": { "btreemap": 80.0, "go-memdb": 500.0 },
                "ratio": { "btreemap": 1.6, "go-memdb": 10.0 },
                "unit": "ns",
            })
        );
        assert_eq!(rows[1].case, Case::Update);
        assert!(rows[3].peers.is_empty() && rows[3].objects == 4_000_000);
    }

    #[test]
    fn only_peers_that_were_measured_are_shown() {
        assert_eq!(report().peers(), [Name::BTreeMap, Name::GoMemdb]);
    }
}
