//! The table, as text: a block for each size, a row for each case, and two columns for each peer.

use crate::case::Unit;
use crate::engine::Name;

use super::{Row, count};

const LABEL_WIDTH: usize = 40;
const FIGURE_WIDTH: usize = 11;
const RATIO_WIDTH: usize = 8;

/// What the numbers beside the peers' figures mean.
pub(super) const LEGEND: &str =
    "0.5x, 2x: how much better ours is than the figure before it; below 1 it is worse";

pub(super) fn render(rows: &[Row], peers: &[Name]) -> String {
    let mut lines = vec![headings(peers)];
    for of_size in rows.chunk_by(|a, b| a.objects == b.objects) {
        lines.push(format!("{} objects", count(of_size[0].objects)));
        lines.extend(of_size.iter().map(|row| line(row, peers)));
    }
    lines.extend([String::new(), LEGEND.to_owned(), String::new()]);
    lines.join("\n")
}

fn headings(peers: &[Name]) -> String {
    let ours = Name::Ours.label();
    let others: Vec<_> = peers
        .iter()
        .map(|peer| format!("{:>FIGURE_WIDTH$}{:RATIO_WIDTH$}", peer.label(), ""))
        .collect();
    let line = format!(
        "{:LABEL_WIDTH$}  {ours:>FIGURE_WIDTH$}{}",
        "",
        others.concat()
    );
    line.trim_end().to_owned()
}

fn line(row: &Row, peers: &[Name]) -> String {
    let ours = figure(row.ours, row.unit);
    let other = |peer: &Name| {
        let shown = row.peers.get(peer.id()).map(|it| figure(*it, row.unit));
        let times = row.ratio.get(peer.id()).map(|it| ratio(*it));
        let (shown, times) = (shown.unwrap_or_default(), times.unwrap_or_default());
        format!("{shown:>FIGURE_WIDTH$}{times:>RATIO_WIDTH$}")
    };
    let others: Vec<_> = peers.iter().map(other).collect();
    let label = row.case.label();
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
        let table = render(&report.rows(), &report.peers());
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
