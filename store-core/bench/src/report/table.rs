//! The table, as text: blocks, a row for each case, and two columns for each peer.

use crate::case::Unit;
use crate::engine::Name;

use super::{Row, count};

const LABEL_WIDTH: usize = 40;
const FIGURE_WIDTH: usize = 11;
const RATIO_WIDTH: usize = 8;

/// What the numbers beside the peers' figures mean.
pub(super) const LEGEND: &str =
    "0.5x, 2x: how much better ours is than the figure before it; below 1 it is worse";

/// A block of lines below a heading.
pub(crate) struct Block {
    pub(crate) heading: String,
    pub(crate) lines: Vec<Line>,
}

/// One case: our figure, then those of the others in the order of the columns, where they have one.
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) unit: Unit,
    pub(crate) ours: f64,
    /// Each with how much better ours is.
    pub(crate) others: Vec<Option<(f64, f64)>>,
}

/// The table of these blocks, with a column for each of `labels`, ours first.
pub(crate) fn render(labels: &[&str], blocks: &[Block]) -> String {
    let mut lines = vec![headings(labels)];
    for block in blocks {
        lines.push(block.heading.clone());
        lines.extend(block.lines.iter().map(line));
    }
    lines.extend([String::new(), LEGEND.to_owned(), String::new()]);
    lines.join("\n")
}

/// The blocks of the engine's rows: one for each size.
pub(super) fn blocks(rows: &[Row], peers: &[Name]) -> Vec<Block> {
    let other = |row: &Row, peer: &Name| {
        let figure = row.peers.get(peer.id()).copied();
        figure.zip(row.ratio.get(peer.id()).copied())
    };
    rows.chunk_by(|a, b| a.objects == b.objects)
        .map(|of_size| Block {
            heading: format!("{} objects", count(of_size[0].objects)),
            lines: of_size
                .iter()
                .map(|row| Line {
                    label: row.case.label().to_owned(),
                    unit: row.unit,
                    ours: row.ours,
                    others: peers.iter().map(|peer| other(row, peer)).collect(),
                })
                .collect(),
        })
        .collect()
}

fn headings(labels: &[&str]) -> String {
    let columns: Vec<_> = labels
        .iter()
        .map(|label| format!("{label:>FIGURE_WIDTH$}"))
        .collect();
    // Our column, the first, has no ratio behind it.
    let (ours, others) = columns.split_at(1.min(columns.len()));
    let gap = " ".repeat(RATIO_WIDTH);
    let line = [
        " ".repeat(LABEL_WIDTH + 2),
        ours.concat(),
        others.join(&gap),
    ]
    .concat();
    line.trim_end().to_owned()
}

fn line(line: &Line) -> String {
    let other = |other: &Option<(f64, f64)>| match other {
        Some((value, times)) => format!(
            "{:>FIGURE_WIDTH$}{:>RATIO_WIDTH$}",
            figure(*value, line.unit),
            ratio(*times)
        ),
        None => " ".repeat(FIGURE_WIDTH + RATIO_WIDTH),
    };
    let others: Vec<_> = line.others.iter().map(other).collect();
    let (label, ours) = (&line.label, figure(line.ours, line.unit));
    let line = format!(
        "  {label:LABEL_WIDTH$}{ours:>FIGURE_WIDTH$}{}",
        others.concat()
    );
    line.trim_end().to_owned()
}

/// A figure with its unit, in three digits or so.
pub(super) fn figure(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Nanoseconds if value < 1e3 => digits(value) + " ns",
        Unit::Nanoseconds if value < 1e6 => digits(value / 1e3) + " us",
        Unit::Nanoseconds => digits(value / 1e6) + " ms",
        Unit::Bytes => format!("{value:.0} B"),
        Unit::Times => format!("{value:.2}"),
        Unit::PerSecond => digits(value / 1e3) + " k/s",
    }
}

pub(super) fn ratio(value: f64) -> String {
    digits(value) + "x"
}

fn digits(value: f64) -> String {
    if value < 9.995 {
        format!("{value:.2}")
    } else if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rows::tests::report;

    #[test]
    fn figures_have_about_three_digits() {
        let time = |value| figure(value, Unit::Nanoseconds);
        assert_eq!(time(1.414), "1.41 ns");
        assert_eq!(time(519.4), "519 ns");
        assert_eq!(time(21_812.0), "21.8 us");
        assert_eq!(time(2_700_000.0), "2.70 ms");
        assert_eq!(figure(132.6, Unit::Bytes), "133 B");
        assert_eq!(figure(2.169, Unit::Times), "2.17");
        assert_eq!(figure(49_998.0, Unit::PerSecond), "50.0 k/s");
        assert_eq!(
            (ratio(0.849), ratio(42.0)),
            ("0.85x".into(), "42.0x".into())
        );
    }

    #[test]
    fn the_table_has_a_block_for_each_size() {
        let report = report();
        let labels = ["ours", "BTreeMap", "go-memdb"];
        let table = render(&labels, &blocks(&report.rows(), &report.peers()));
        let expected =
            "                                                 ours   BTreeMap           go-memdb
10 000 objects
  get by id, fresh snapshot                   50.0 ns    80.0 ns   1.60x     500 ns   10.0x
  update one per transaction                   500 ns     400 ns   0.80x    21.0 us   42.0x
4 000 000 objects
  get by id, fresh snapshot                    900 ns
  update one per transaction                  3.00 us

0.5x, 2x: how much better ours is than the figure before it; below 1 it is worse
";
        assert_eq!(table, expected);
    }
}
