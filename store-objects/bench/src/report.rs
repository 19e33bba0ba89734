//! What was measured, as rows: a table to read, JSON to keep.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::swarmkit::Figure;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Unit {
    #[serde(rename = "ns")]
    Nanoseconds,
    #[serde(rename = "B")]
    Bytes,
}

/// One thing that was measured.
#[derive(Debug, Serialize)]
struct Row {
    case: String,
    unit: Unit,
    ours: f64,
    /// What the reference takes for the same; none where there is no such figure.
    reference: Option<f64>,
    /// How many times as much the reference takes.
    ratio: Option<f64>,
    /// What the ratio shall be at least.
    target: Option<f64>,
    /// Where the reference's figure is from.
    from: Option<String>,
}

/// All rows.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Row>);

impl Report {
    /// Adds a figure that is compared; with the least ratio that is aimed at, if there is one.
    pub(crate) fn compare(
        &mut self,
        case: &str,
        unit: Unit,
        ours: f64,
        reference: Figure,
        target: Option<f64>,
    ) {
        self.0.push(Row {
            case: case.to_owned(),
            unit,
            ours,
            reference: Some(reference.value),
            ratio: Some(reference.value / ours),
            target,
            from: Some(reference.from),
        });
    }

    /// Adds a figure that stands for itself.
    pub(crate) fn add(&mut self, case: &str, unit: Unit, ours: f64) {
        self.0.push(Row {
            case: case.to_owned(),
            unit,
            ours,
            reference: None,
            ratio: None,
            target: None,
            from: None,
        });
    }

    /// The table that is printed.
    pub(crate) fn table(&self) -> String {
        let head = format!(
            "{:52}{:>12}{:>12}{:>9}{:>9}  {}\n",
            "", "ours", "reference", "ratio", "target", "reference is from"
        );
        let times = |ratio: Option<f64>| ratio.map(|it| format!("{it:.1}x")).unwrap_or_default();
        let lines = self.0.iter().map(|row| {
            let reference = row.reference.map(|it| shown(it, row.unit));
            let line = format!(
                "{:52}{:>12}{:>12}{:>9}{:>9}  {}",
                row.case,
                shown(row.ours, row.unit),
                reference.unwrap_or_default(),
                times(row.ratio),
                times(row.target),
                row.from.as_deref().unwrap_or_default()
            );
            line.trim_end().to_owned() + "\n"
        });
        head + &lines.collect::<String>()
    }

    /// Writes `objects.json` into `out`, and returns its path.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, out: &Path) -> Result<PathBuf> {
        let json = serde_json::to_string_pretty(&self.0).context("failed to make the JSON")?;
        fs::create_dir_all(out).with_context(|| format!("failed to make {}", out.display()))?;
        let path = out.join("objects.json");
        fs::write(&path, json + "\n")
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    }
}

fn shown(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes => format!("{figure:.0} B"),
        Unit::Nanoseconds if figure < 1e3 => format!("{figure:.1} ns"),
        Unit::Nanoseconds if figure < 1e6 => format!("{:.2} us", figure / 1e3),
        Unit::Nanoseconds => format!("{:.2} ms", figure / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_how_many_times_as_much_the_reference_takes() {
        let mut report = Report::default();
        let reference = Figure::new(1_000.0, "this run");
        report.compare("get", Unit::Nanoseconds, 50.0, reference, Some(10.0));
        report.add("task", Unit::Bytes, 1_234.4);
        let table = report.table();
        let lines: Vec<_> = table
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .collect();
        assert_eq!(
            lines[0].join(" "),
            "get 50.0 ns 1.00 us 20.0x 10.0x this run"
        );
        assert_eq!(lines[1].join(" "), "task 1234 B");
    }
}
