//! The page: the plot, and the table below it, in one file that needs nothing else.

use crate::engine::Name;

use super::table::{LEGEND, figure, ratio};
use super::{Row, count, plot};

const PAGE: &str = include_str!("page.html");

pub(super) fn render(rows: &[Row], peers: &[Name]) -> String {
    PAGE.replace("<!-- plot -->", &plot::render(rows))
        .replace("<!-- table -->", &table(rows, peers))
        .replace("<!-- legend -->", LEGEND)
}

fn table(rows: &[Row], peers: &[Name]) -> String {
    let mut parts = vec!["<table>".to_owned(), headings(peers)];
    for of_size in rows.chunk_by(|a, b| a.objects == b.objects) {
        parts.push(format!(
            r#"<tbody><tr class="size"><th colspan="{}">{} objects</th></tr>"#,
            2 + 2 * peers.len(),
            count(of_size[0].objects)
        ));
        parts.extend(of_size.iter().map(|row| line(row, peers)));
        parts.push("</tbody>".to_owned());
    }
    parts.push("</table>".to_owned());
    parts.join("\n")
}

fn headings(peers: &[Name]) -> String {
    let peers: Vec<_> = peers
        .iter()
        .map(|peer| format!("<th>{}</th><th></th>", peer.label()))
        .collect();
    format!(
        "<thead><tr><th></th><th>{}</th>{}</tr></thead>",
        Name::Ours.label(),
        peers.concat()
    )
}

fn line(row: &Row, peers: &[Name]) -> String {
    let cells: Vec<_> = peers
        .iter()
        .map(
            |peer| match (row.peers.get(peer.id()), row.ratio.get(peer.id())) {
                (Some(value), Some(times)) => format!(
                    r#"<td>{}</td><td class="{}">{}</td>"#,
                    figure(*value, row.unit),
                    if *times < 1.0 { "worse" } else { "better" },
                    ratio(*times)
                ),
                _ => "<td></td><td></td>".to_owned(),
            },
        )
        .collect();
    format!(
        "<tr><th>{}</th><td>{}</td>{}</tr>",
        row.case.label(),
        figure(row.ours, row.unit),
        cells.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::rows::tests::report;

    #[test]
    fn the_page_is_filled_in() {
        let report = report();
        let page = render(&report.rows(), &report.peers());
        assert!(!page.contains("<!--"));
        assert!(page.contains("<td>400 ns</td><td class=\"worse\">0.80x</td>"));
        assert!(page.contains("<td>21.0 us</td><td class=\"better\">42.0x</td>"));
        assert_eq!(page.matches("class=\"size\"").count(), 2);
    }
}
