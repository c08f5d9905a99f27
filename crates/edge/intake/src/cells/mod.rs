//! One cell: from text to a checked value, or to a problem with its mend.

mod moment;
mod number;
mod word;

use crate::message::code;
use crate::places::PlaceIndex;
use crate::text::narrow;
use levee_model::table::{Cell, Column, Kind};

/// Why a text does not belong in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable code.
    pub code: &'static str,
    /// Arguments for its sentences; never the text of the cell itself.
    pub args: Vec<String>,
}

impl Fault {
    pub(crate) fn bare(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }
    pub(crate) fn with(code: &'static str, args: impl IntoIterator<Item = String>) -> Self {
        Self { code, args: args.into_iter().collect() }
    }
}

/// A count beyond this is a typing error: no figure of a city reaches it.
pub const LARGEST_COUNT: u64 = 100_000_000;

/// Texts that mean "not known". None of them ever means zero.
const EMPTY: &[&str] = &["-", "--", "—", "——", "–", "/", "无数据", "na", "n/a", "null", "未知"];

/// What the errors of formulas look like.
const FORMULA_ERRORS: &[&str] =
    &["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#DATA!"];

/// Signs with which a spreadsheet would begin a formula.
pub(crate) fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text of a cell without what spreadsheets and people put around it.
///
/// The apostrophe that keeps a spreadsheet from taking text for a formula is taken off again.
pub(crate) fn bare(text: &str) -> &str {
    let text = match text.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ => text,
    };
    // Most cells are plain: one look at either end spares decoding characters.
    match (text.as_bytes().first(), text.as_bytes().last()) {
        (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => text,
        _ => text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')),
    }
}

/// Whether a bare text says that nothing is known.
pub(crate) fn is_empty(bare: &str) -> bool {
    if bare.is_empty() {
        return true;
    }
    // The longest marker has nine bytes; a marker in full-width letters, three times that of `null`.
    let first = bare.as_bytes().first().copied().unwrap_or(0);
    if bare.len() > 12 || first.is_ascii_digit() {
        return false;
    }
    let narrow = narrow(bare);
    EMPTY.iter().any(|marker| marker.eq_ignore_ascii_case(&narrow))
}

/// Reads the text of a cell as its column asks. `Ok(None)` = empty, which is "not known" and never zero.
pub fn parse(column: &Column, text: &str, places: &PlaceIndex) -> Result<Option<Cell>, Fault> {
    let text = bare(text);
    if is_empty(text) {
        return if column.required { Err(Fault::bare(code::REQUIRED)) } else { Ok(None) };
    }
    if text.starts_with('#') && FORMULA_ERRORS.contains(&text) {
        return Err(Fault::bare(code::FORMULA_ERROR));
    }
    let cell = match column.kind {
        Kind::Count => Cell::Count(number::count(text)?),
        Kind::Decimal => Cell::Decimal(number::decimal(column.name, text)?),
        Kind::Date => Cell::Date(moment::date(text)?),
        Kind::DateTime => Cell::DateTime(moment::datetime(text, column.name == "period_end")?),
        Kind::Flag => Cell::Flag(word::flag(text)?),
        Kind::Choice(choices) => Cell::Text(word::choice(text, choices)?),
        Kind::Id => Cell::Text(word::id(text)?),
        Kind::Ids => Cell::Text(word::ids(text)?),
        Kind::Place => Cell::Text(word::place(text, places)?),
        Kind::Places => Cell::Text(word::places(text, places)?),
        Kind::Text | Kind::Note => Cell::Text(word::free(text)?),
    };
    Ok(Some(cell))
}
