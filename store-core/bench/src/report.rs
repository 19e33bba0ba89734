//! What was measured, as rows; and the forms in which it is shown: a table, JSON, a page with a plot.

mod page;
mod plot;
mod rows;
mod scale;
pub(crate) mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use rows::Row;

use crate::engine::Name;

pub(crate) use rows::Report;

impl Report {
    /// The table that is printed.
    pub(crate) fn table(&self) -> String {
        let peers = self.peers();
        let labels: Vec<_> = [Name::Ours]
            .iter()
            .chain(&peers)
            .map(|name| name.label())
            .collect();
        table::render(&labels, &table::blocks(&self.rows(), &peers))
    }

    /// Writes `engine.json` and `engine.html` into `out`, and returns their paths.
    ///
    /// # Errors
    /// They cannot be written.
    pub(crate) fn write(&self, out: &Path) -> Result<[PathBuf; 2]> {
        let rows = self.rows();
        let json = serde_json::to_string_pretty(&rows).context("failed to make the JSON")?;
        let html = page::render(&rows, &self.peers());
        fs::create_dir_all(out).with_context(|| format!("failed to make {}", out.display()))?;
        let write = |name: &str, text: &str| {
            let path = out.join(name);
            fs::write(&path, text)
                .with_context(|| format!("failed to write {}", path.display()))
                .map(|()| path)
        };
        Ok([
            write("engine.json", &(json + "\n"))?,
            write("engine.html", &html)?,
        ])
    }
}

/// A number in groups of three digits.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| String::from_utf8_lossy(group))
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_grouped_by_thousands() {
        let shown = [7, 100, 1_000, 10_000, 4_000_000].map(count);
        assert_eq!(shown, ["7", "100", "1 000", "10 000", "4 000 000"]);
    }

    #[test]
    fn both_files_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let report = rows::tests::report();
        let [json, html] = report.write(&dir.path().join("new")).unwrap();
        let rows: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
        assert_eq!(rows[0]["case"], "get");
        assert!(fs::read_to_string(html).unwrap().contains("<svg"));
    }
}
