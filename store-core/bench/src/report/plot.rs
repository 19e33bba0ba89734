//! The plot, as SVG: time against size, both logarithmic, a line for each case of ours.
//!
//! Each line carries its own label at its end. Colours that depend on the page's light or dark come from its style sheet.

use std::collections::BTreeMap;

use crate::case::{Case, Unit};
use crate::effort::float;

use super::scale::{Scale, spread};
use super::table::figure;
use super::{Row, count};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 275.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = HEIGHT - 48.0;

/// Between the base lines of two labels.
const LABEL_GAP: f64 = 17.0;

/// One for each plotted case; they keep their distance in light, in dark, and to most eyes.
const COLOURS: [&str; 9] = [
    "#8a8d91", "#2f7ed8", "#12a594", "#5bb03f", "#e5484d", "#f08c2e", "#a855c7", "#d6409f",
    "#6e6ade",
];

/// What was measured of one case: size and nanoseconds.
struct Line {
    case: Case,
    colour: &'static str,
    points: Vec<(f64, f64)>,
}

pub(super) fn render(rows: &[Row]) -> String {
    let lines = lines(rows);
    let points = || lines.iter().flat_map(|line| &line.points);
    let across = Scale::over(points().map(|point| point.0), LEFT + 12.0, RIGHT - 12.0);
    let up = Scale::over(points().map(|point| point.1), BOTTOM - 12.0, TOP + 12.0);

    let mut parts = vec![format!(
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Time of each operation against the number of objects">"#
    )];
    parts.extend(grid(rows, &across, &up));
    parts.extend(lines.iter().map(|line| drawn(line, &across, &up)));
    parts.extend(labels(&lines, &across, &up));
    parts.push("</svg>".to_owned());
    parts.join("\n")
}

fn lines(rows: &[Row]) -> Vec<Line> {
    let mut by_case: BTreeMap<Case, Vec<_>> = BTreeMap::new();
    for row in rows {
        let point = (float(row.objects), row.ours);
        by_case.entry(row.case).or_default().push(point);
    }
    let line = |(case, colour): (Case, &'static str)| {
        let points = by_case.remove(&case)?;
        Some(Line {
            case,
            colour,
            points,
        })
    };
    let plotted = Case::PLOTTED.into_iter().zip(COLOURS);
    plotted.filter_map(line).collect()
}

/// Lines at round times and at the measured sizes, with their numbers.
fn grid(rows: &[Row], across: &Scale, up: &Scale) -> Vec<String> {
    let mut parts = Vec::new();
    for time in up.round_numbers(&[1.0, 2.0, 5.0]) {
        let y = up.at(time);
        parts.push(format!(
            r#"<path class="grid" d="M{LEFT} {y:.1}H{RIGHT}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            LEFT - 8.0,
            y + 4.0,
            short_time(time),
        ));
    }
    let mut sizes: Vec<_> = rows.iter().map(|row| row.objects).collect();
    sizes.dedup();
    for size in sizes {
        let x = across.at(float(size));
        parts.push(format!(
            r#"<path class="grid" d="M{x:.1} {TOP}V{BOTTOM}"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            BOTTOM + 20.0,
            count(size),
        ));
    }
    parts.push(format!(
        r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">objects</text>"#,
        f64::midpoint(LEFT, RIGHT),
        BOTTOM + 40.0,
    ));
    parts
}

/// A round time without the zeros behind its point.
fn short_time(nanoseconds: f64) -> String {
    let shown = figure(nanoseconds, Unit::Nanoseconds);
    let (number, unit) = shown.split_once(' ').unwrap_or((&shown, ""));
    let number = match number.split_once('.') {
        Some((whole, zeros)) if zeros.trim_matches('0').is_empty() => whole,
        _ => number,
    };
    format!("{number} {unit}")
}

/// One line, with a dot and a tooltip for each size.
fn drawn(line: &Line, across: &Scale, up: &Scale) -> String {
    let Line {
        case,
        colour,
        points,
    } = line;
    let places: Vec<_> = points
        .iter()
        .map(|(size, time)| format!("{:.1},{:.1}", across.at(*size), up.at(*time)))
        .collect();
    let mut parts = vec![format!(
        r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
        places.join(" ")
    )];
    parts.extend(points.iter().map(|(size, time)| {
        format!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="4" fill="{colour}"><title>{}: {}</title></circle>"#,
            across.at(*size),
            up.at(*time),
            case.label(),
            figure(*time, Unit::Nanoseconds),
        )
    }));
    parts.concat()
}

/// The label of each line: beside its end, or as near as the others leave room.
fn labels(lines: &[Line], across: &Scale, up: &Scale) -> Vec<String> {
    let ends: Vec<_> = lines
        .iter()
        .filter_map(|line| Some((line, *line.points.last()?)))
        .collect();
    let wanted: Vec<_> = ends.iter().map(|(_, (_, time))| up.at(*time)).collect();
    let mut placed = spread(&wanted, LABEL_GAP).into_iter();
    let mut parts = Vec::new();
    for (line, (size, time)) in ends {
        let (from, to) = (up.at(time), placed.next().unwrap_or_default());
        parts.push(format!(
            r#"<path d="M{:.1} {from:.1}L{:.1} {to:.1}" stroke="{}" fill="none" opacity="0.5"/>"#,
            across.at(size) + 6.0,
            RIGHT + 6.0,
            line.colour,
        ));
        parts.push(format!(
            r#"<text class="label" x="{:.1}" y="{:.1}">{}</text>"#,
            RIGHT + 10.0,
            to + 4.0,
            line.case.label(),
        ));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rows::tests::report;

    #[test]
    fn every_case_has_a_line_with_a_point_for_each_size() {
        let svg = render(&report().rows());
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 4);
        assert!(svg.contains("get by id, fresh snapshot: 900 ns"));
        assert!(svg.contains(">4 000 000</text>"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn a_single_size_can_be_drawn() {
        let rows = report().rows();
        let svg = render(&rows[..2]);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn round_times_are_short() {
        assert_eq!(short_time(100.0), "100 ns");
        assert_eq!(short_time(5_000.0), "5 us");
        assert_eq!(short_time(20.0), "20 ns");
    }
}
