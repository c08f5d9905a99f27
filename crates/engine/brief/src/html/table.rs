//! Tables whose rows know about how high they are, so that a long one can be carried over to the next sheet.

use super::View;
use super::markup;
use crate::facts::{Figure, Message};
use crate::rich::{Rich, ems};

/// A cell: its markup and about how wide its text is, in ems.
pub(crate) struct Cell {
    html: String,
    ems: f64,
    unknown: bool,
}

impl Cell {
    /// Plain text.
    pub(crate) fn text(text: &str) -> Self {
        Self { html: markup::esc(text), ems: ems(text), unknown: false }
    }
    /// Plain text with a full form as its title.
    pub(crate) fn titled(text: &str, full: &str) -> Self {
        let html = format!("<span title=\"{}\">{}</span>", markup::esc(full), markup::esc(text));
        Self { html, ems: ems(text), unknown: false }
    }
    /// A sentence.
    pub(crate) fn rich(rich: &Rich) -> Self {
        Self { html: markup::rich(rich), ems: rich.ems(), unknown: false }
    }
    /// Markup of this crate, about so many ems wide.
    pub(crate) fn html(html: String, ems: f64) -> Self {
        Self { html, ems, unknown: false }
    }
    /// Nothing belongs here; not the same as unknown.
    pub(crate) fn empty() -> Self {
        Self { html: String::new(), ems: 0.0, unknown: false }
    }
    /// A figure or the hatched word.
    pub(crate) fn figure<T>(view: &View<'_>, figure: &Figure<T>, write: impl Fn(&T) -> String) -> Self {
        Self { html: markup::cell(view.speaker, figure, write), ems: 1.0, unknown: figure.value().is_none() }
    }
    /// The hatched word.
    pub(crate) fn unknown(view: &View<'_>, reason: Option<&Message>) -> Self {
        Self { html: markup::unknown(view.speaker, reason), ems: 1.0, unknown: true }
    }
    /// With the S mark, if it is due.
    pub(crate) fn marked(mut self, view: &View<'_>, synthetic: bool) -> Self {
        self.html.push_str(view.s(synthetic));
        self
    }
}

/// A column: its head, its width in pixels, whether it holds figures.
pub(crate) struct Col<'a>(pub(crate) &'a str, pub(crate) f64, pub(crate) bool);

/// A table on its way to the sheets.
pub(crate) struct Table {
    /// Everything before the rows.
    pub(crate) open: String,
    /// Each row with its height in pixels.
    pub(crate) rows: Vec<(String, f64)>,
    /// Everything after them.
    pub(crate) close: &'static str,
    /// Height of what stands before the rows.
    pub(crate) head: f64,
}

/// Builds a table, but leaves out columns in which every one of many rows is unknown and says so above it instead: a
/// wall of hatching hides the figures that are known.
pub(crate) fn table_of_known(
    view: &View<'_>,
    name: &str,
    cols: Vec<Col<'_>>,
    rows: Vec<Vec<Cell>>,
    dense: bool,
) -> Table {
    let bare: Vec<bool> = (0..cols.len())
        .map(|at| at > 0 && rows.len() > 3 && rows.iter().all(|row| row.get(at).is_some_and(|cell| cell.unknown)))
        .collect();
    let names: Vec<&str> = cols.iter().zip(&bare).filter(|(_, bare)| **bare).map(|(col, _)| col.0).collect();
    if names.is_empty() {
        return table(name, &cols, rows, dense);
    }
    let mut note = markup::unknown(view.speaker, None);
    note.push_str(view.t("（各行均是）：", " in every row: "));
    note.push_str(&markup::esc(&names.join(view.t("、", ", "))));
    let kept = |at: usize| !bare.get(at).copied().unwrap_or(false);
    let cols: Vec<Col<'_>> = cols.into_iter().enumerate().filter(|(at, _)| kept(*at)).map(|(_, col)| col).collect();
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().enumerate().filter(|(at, _)| kept(*at)).map(|(_, cell)| cell).collect())
        .collect();
    let mut built = table(name, &cols, rows, dense);
    // Few columns over the whole width would part a figure from its name.
    let width: f64 = cols.iter().map(|col| col.1 * 1.3).sum();
    built.open = format!(
        "<p class=\"note\">{note}</p>{}",
        built.open.replacen(
            "<div class=\"wide\">",
            &format!("<div class=\"wide\" style=\"max-width:{width:.0}px\">"),
            1
        )
    );
    built.head += 24.0;
    built
}

/// Builds a table. The first cell of a row is its head; `name` is read to those who do not see it.
pub(crate) fn table(name: &str, cols: &[Col<'_>], rows: Vec<Vec<Cell>>, dense: bool) -> Table {
    let (least, line, font) = if dense { (20.5, 15.6, 11.5) } else { (25.0, 16.4, 12.0) };
    let total: f64 = cols.iter().map(|col| col.1).sum();
    let mut open = format!(
        "<div class=\"wide\"><table aria-label=\"{}\"{}><colgroup>",
        markup::esc(name),
        if dense { " class=\"dense\"" } else { "" }
    );
    for col in cols {
        open.push_str(&format!("<col style=\"width:{:.2}%\">", col.1 / total * 100.0));
    }
    open.push_str("</colgroup><thead><tr>");
    for Col(head, _, num) in cols {
        let class = if *num { " class=\"num\"" } else { "" };
        open.push_str(&format!("<th scope=\"col\"{class}>{}</th>", markup::esc(head)));
    }
    open.push_str("</tr></thead><tbody>");
    let head = cols.iter().map(|col| lines(ems(col.0), 11.5, col.1 - 12.0)).fold(1.0, f64::max) * 15.0 + 8.0;
    let rows = rows
        .into_iter()
        .map(|cells| {
            let mut html = String::from("<tr>");
            let mut high: f64 = least;
            for (at, (cell, col)) in cells.into_iter().zip(cols).enumerate() {
                high = high.max(lines(cell.ems, font, col.1 - 12.0) * line + 4.0);
                let class = if col.2 { " class=\"num\"" } else { "" };
                let (tag, scope) = if at == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                html.push_str(&format!("<{tag}{scope}{class}>{}</{tag}>", cell.html));
            }
            html.push_str("</tr>");
            (html, high)
        })
        .collect();
    Table { open, rows, close: "</tbody></table></div>", head }
}

/// About how many lines a text of so many ems takes.
pub(crate) fn lines(ems: f64, font: f64, width: f64) -> f64 {
    (ems * font / (width * 0.96).max(font)).ceil().max(1.0)
}
