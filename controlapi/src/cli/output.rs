//! What commands print: aligned tables, lists of fields, and protobuf's JSON mapping, also as YAML.
//!
//! Text from the server is not trusted with the terminal: control characters in it are shown escaped. There are no
//! colors, and widths count characters, not columns of the screen.

use std::fmt::Write as _;

use serde::Serialize;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Table,
    /// A table with more columns.
    Wide,
    /// Protobuf's JSON mapping: an array for a list, an object for one thing.
    Json,
    /// The same in YAML.
    Yaml,
    /// Names only, one a line.
    Name,
}

/// Rows under a header, as wide as their content.
#[derive(Debug)]
pub(super) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table without rows.
    pub(super) fn new(header: &[&'static str]) -> Self {
        Self {
            header: header.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; one cell for each column.
    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        assert_eq!(N, self.header.len(), "a row has a cell for each column");
        self.rows.push(cells.map(|cell| printable(&cell)).into());
    }

    /// Adds a column at the right, one cell for each row so far.
    pub(super) fn column(&mut self, header: &'static str, cells: impl IntoIterator<Item = String>) {
        self.header.push(header);
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(printable(&cell));
        }
        assert!(
            self.rows.iter().all(|row| row.len() == self.header.len()),
            "a column has a cell for each row"
        );
    }

    /// Returns the lines, each ended by a newline.
    pub(super) fn render(&self, headers: bool) -> String {
        let header: Vec<String> = self.header.iter().map(ToString::to_string).collect();
        let lines = headers.then_some(&header).into_iter().chain(&self.rows);
        let mut widths = vec![0; self.header.len()];
        for line in lines.clone() {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut out = String::new();
        for line in lines {
            let start = out.len();
            for (cell, &width) in line.iter().zip(&widths) {
                _ = write!(out, "{cell:width$}  ");
            }
            out.truncate(start + out[start..].trim_end().len());
            out.push('\n');
        }
        out
    }
}

/// Named values of one object, one a line; a value that is empty is left out.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Adds a line.
    pub(super) fn put(&mut self, label: &'static str, value: impl Into<String>) {
        self.0.push((label, printable(&value.into())));
    }

    /// Adds a line for each value; the label stands at the first one.
    pub(super) fn put_all(
        &mut self,
        label: &'static str,
        values: impl IntoIterator<Item = String>,
    ) {
        for (at, value) in values.into_iter().enumerate() {
            self.0
                .push((if at == 0 { label } else { "" }, printable(&value)));
        }
    }

    /// Returns the lines, each ended by a newline.
    pub(super) fn render(&self) -> String {
        let shown = self.0.iter().filter(|(_, value)| !value.is_empty());
        let width = shown
            .clone()
            .map(|(label, _)| label.len() + 1)
            .max()
            .unwrap_or_default();
        let mut out = String::new();
        for (label, value) in shown {
            let label = if label.is_empty() {
                String::new()
            } else {
                format!("{label}:")
            };
            _ = writeln!(out, "{label:width$} {value}");
        }
        out
    }
}

/// Returns the JSON of an object or a list, ended by a newline.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|text| text + "\n")
}

/// Returns the same in YAML, ended by a newline.
pub(super) fn yaml<T: Serialize + ?Sized>(
    value: &T,
) -> Result<String, serde_saphyr::SerializeError> {
    let mut text = serde_saphyr::to_string(&value)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// Returns `key=value` of all pairs, in one line.
pub(super) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join(", ")
}

/// Returns the name of an enum's value; the number if it has none.
pub(super) fn enum_name<E: TryFrom<i32>>(number: i32, name: impl Fn(&E) -> &'static str) -> String {
    E::try_from(number).map_or_else(|_| number.to_string(), |value| name(&value).to_owned())
}

/// Returns text in which no character moves the cursor.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            out.extend(char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["ID", "NAME"]);
        table.row(["1".into(), "über".into()]);
        table.row(["22".into(), String::new()]);
        table
    }

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        assert_eq!(table().render(true), "ID  NAME\n1   über\n22\n");
        assert_eq!(table().render(false), "1   über\n22\n");
    }

    #[test]
    fn a_column_can_be_added() {
        let mut table = table();
        table.column("AGE", ["old".into(), "new".into()]);
        assert_eq!(
            table.render(true),
            "ID  NAME  AGE\n1   über  old\n22        new\n"
        );
    }

    #[test]
    fn control_characters_are_shown_not_obeyed() {
        let mut table = Table::new(&["NAME"]);
        table.row(["a\u{1b}[2Jb\nc".into()]);
        assert_eq!(table.render(false), "a\\u{1b}[2Jb\\nc\n");
    }

    #[test]
    fn fields_are_aligned_and_empty_ones_left_out() {
        let mut fields = Fields::default();
        fields.put("ID", "7");
        fields.put("Driver", "");
        fields.put_all("Env", ["A=1".into(), "B=2".into()]);
        fields.put_all("Ports", []);
        assert_eq!(fields.render(), "ID:  7\nEnv: A=1\n     B=2\n");
    }

    #[test]
    fn an_enum_value_without_a_name_is_its_number() {
        use store_objects::wire::TaskState;
        assert_eq!(enum_name(512, TaskState::as_str_name), "RUNNING");
        assert_eq!(enum_name(513, TaskState::as_str_name), "513");
    }
}
