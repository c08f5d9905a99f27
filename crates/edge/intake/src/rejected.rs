//! The rejected rows as a table that can be corrected and sent again.

use crate::cells::begins_formula;
use crate::message::{Lang, explain};
use crate::read::ReadRow;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes rejected rows as CSV in UTF-8 with a byte order mark, which spreadsheets open as it is.
///
/// `header` holds the headings of the file the rows came from ([`crate::Head::header`]). The columns stay as they were;
/// `line`, `problem` and `mend` come after them and are passed over when the corrected file is read. Cells that a
/// spreadsheet would take for a formula get an apostrophe, which reading takes off again. Good rows are passed over.
pub fn write_rejected<'a>(
    out: impl Write,
    header: &[String],
    rows: impl IntoIterator<Item = &'a ReadRow>,
    lang: Lang,
) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    out.write_all("\u{FEFF}".as_bytes())?;
    // A file that came back once already has these columns; the new ones replace them.
    let kept: Vec<usize> = (0..header.len()).filter(|&nth| !is_returned(header, nth)).collect();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let headings = kept.iter().filter_map(|&nth| header.get(nth)).map(String::as_str);
    csv.write_record(headings.chain(["line", "problem", "mend"]).map(|cell| harmless(cell).into_owned()))?;
    for row in rows {
        let ReadRow::Bad { line, raw, problems } = row else { continue };
        let told: Vec<(String, String)> = problems.iter().map(|problem| explain(problem, lang)).collect();
        let join = |part: fn(&(String, String)) -> &str| told.iter().map(part).collect::<Vec<&str>>().join("; ");
        let cells = kept.iter().map(|&nth| raw.get(nth).map_or("", String::as_str));
        // Cells beyond the headings have no column to stand in; the last told column keeps them from being lost.
        let beyond: Vec<&str> = raw.iter().skip(header.len()).map(String::as_str).filter(|c| !c.is_empty()).collect();
        let mut problem = join(|(what, _)| what);
        if !beyond.is_empty() {
            problem = format!("{problem} [{}]", beyond.join(" | "));
        }
        let (line, mend) = (line.to_string(), join(|(_, mend)| mend));
        let told = [line.as_str(), problem.as_str(), mend.as_str()];
        csv.write_record(cells.chain(told).map(|cell| harmless(cell).into_owned()))?;
    }
    csv.flush()
}

fn is_returned(header: &[String], nth: usize) -> bool {
    let heading = header.get(nth).map(|h| crate::text::folded(h)).unwrap_or_default();
    crate::headings::RETURNED.contains(&heading.as_str())
}

/// The cell with an apostrophe before it if a spreadsheet would take it for a formula.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if begins_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}
