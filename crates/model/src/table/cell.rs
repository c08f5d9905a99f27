//! A checked row: typed cells under the columns of a table.

use super::TableSpec;
use jiff::civil::{Date, DateTime};
use std::fmt::Write as _;

/// A cell that has been checked. An empty cell is no cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, an identifier, a code or a choice.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number.
    Decimal(f64),
    /// A day.
    Date(Date),
    /// A civil moment.
    DateTime(DateTime),
    /// Yes or no.
    Flag(bool),
}

/// What is wrong with a cell: a stable code, arguments for the sentence, never the sentence itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The column, as the table calls it.
    pub column: String,
    /// The value as it stood in the file.
    pub value: String,
    /// Stable code, listed in `docs/errors.md`.
    pub code: &'static str,
    /// Arguments for the sentence that explains it.
    pub args: Vec<String>,
}

/// A checked row of a table, cells in the order of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    spec: &'static TableSpec,
    cells: Vec<Option<Cell>>,
}

impl Row {
    /// A row of `spec`; `None` unless there is one cell for each column and none is missing that is required.
    pub fn new(spec: &'static TableSpec, cells: Vec<Option<Cell>>) -> Option<Self> {
        let whole = cells.len() == spec.columns.len()
            && spec.columns.iter().zip(&cells).all(|(column, cell)| cell.is_some() || !column.required);
        whole.then_some(Self { spec, cells })
    }
    /// The table.
    pub fn spec(&self) -> &'static TableSpec {
        self.spec
    }
    /// The same row with another cell in one column; unchanged when the table has no such column.
    #[must_use]
    pub fn with(mut self, column: &str, cell: Cell) -> Self {
        if let Some(slot) = self.spec.position(column).and_then(|nth| self.cells.get_mut(nth)) {
            *slot = Some(cell);
        }
        self
    }
    /// The row without its free text, and the free text.
    pub fn split_notes(mut self) -> (Self, Option<String>) {
        let mut notes = Vec::new();
        for (column, cell) in self.spec.columns.iter().zip(&mut self.cells) {
            if column.kind == super::Kind::Note
                && let Some(Cell::Text(note)) = cell.take()
            {
                notes.push(note);
            }
        }
        (self, (!notes.is_empty()).then(|| notes.join("\n")))
    }
    /// The cells with their columns, those that are not empty.
    pub fn cells(&self) -> impl Iterator<Item = (&'static super::Column, &Cell)> {
        self.spec.columns.iter().zip(&self.cells).filter_map(|(column, cell)| cell.as_ref().map(|cell| (column, cell)))
    }
    /// One cell; `None` when it is empty or the table has no such column.
    pub fn get(&self, column: &str) -> Option<&Cell> {
        self.cells.get(self.spec.position(column)?)?.as_ref()
    }
    /// A cell of text.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.get(column)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
    /// A cell with a whole number.
    pub fn count(&self, column: &str) -> Option<u64> {
        match self.get(column)? {
            Cell::Count(count) => Some(*count),
            _ => None,
        }
    }
    /// A cell with a number.
    pub fn decimal(&self, column: &str) -> Option<f64> {
        match self.get(column)? {
            Cell::Decimal(value) => Some(*value),
            _ => None,
        }
    }
    /// A cell with a day.
    pub fn date(&self, column: &str) -> Option<Date> {
        match self.get(column)? {
            Cell::Date(date) => Some(*date),
            _ => None,
        }
    }
    /// A cell with a civil moment.
    pub fn datetime(&self, column: &str) -> Option<DateTime> {
        match self.get(column)? {
            Cell::DateTime(moment) => Some(*moment),
            _ => None,
        }
    }
    /// A cell with yes or no.
    pub fn flag(&self, column: &str) -> Option<bool> {
        match self.get(column)? {
            Cell::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
    /// The texts of the key columns joined by `|`. Two rows with the same key speak of the same thing.
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(64);
        for (nth, column) in self.spec.key.iter().enumerate() {
            if nth > 0 {
                key.push('|');
            }
            if let Some(cell) = self.get(column) {
                // Writing into a String cannot fail.
                let _ = write!(key, "{cell}");
            }
        }
        key
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // `|` joins the parts of a key and must not make two keys alike.
            Cell::Text(text) => f.write_str(&text.replace('|', "\\|")),
            Cell::Count(count) => count.fmt(f),
            Cell::Decimal(value) => value.fmt(f),
            Cell::Date(date) => date.fmt(f),
            Cell::DateTime(moment) => write!(f, "{}", moment.strftime("%Y-%m-%dT%H:%M")),
            Cell::Flag(flag) => flag.fmt(f),
        }
    }
}
