//! The tables in which offices send what they know: columns, kinds of cells, keys.
//!
//! A table is data: its spec says what may stand in each cell, which columns name a row, and what a reader should know.
//! The checks of intake, the Frictionless descriptor of a pack and the pages of the handbook all come from [`TABLES`].

mod cell;
mod specs;

pub use cell::{Cell, CellProblem, Row};
pub use specs::TABLES;

/// What a row may rest on, as cells of a column `origin` say it.
pub const ORIGINS: &[&str] = specs::ORIGIN;

/// What may stand in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a title, a unit: text that a table or screen shows.
    Text,
    /// Free text of an office. It may hold anything, personal data included, so it lives in the encrypted blob store.
    Note,
    /// An identifier: letters, digits, `-_.`.
    Id,
    /// Identifiers joined by `+`.
    Ids,
    /// The code of a place that the city knows.
    Place,
    /// Codes of places joined by `+`.
    Places,
    /// A whole number, never negative.
    Count,
    /// A number, fractions allowed.
    Decimal,
    /// `2022-11-17`.
    Date,
    /// `2022-11-17T12:00`, in the city's calendar.
    DateTime,
    /// `true` or `false`.
    Flag,
    /// One of a few words.
    Choice(&'static [&'static str]),
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Its name in files, tables and messages.
    pub name: &'static str,
    /// What may stand in it.
    pub kind: Kind,
    /// Whether an empty cell is an error.
    pub required: bool,
    /// What it says, with its unit.
    pub about: &'static str,
}

/// When a table is read, and what happens to a second row with the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Read once, when a city is made: places, people, parameters.
    Reference,
    /// Taken in again and again; a later row with the same key supersedes, and the earlier one stays on record.
    Report,
    /// Obligations of one kind, opened row by row. Its spec follows from the catalogue of the city, so none is in [`TABLES`].
    Owed,
}

/// One table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableSpec {
    /// Its name; the file is `<name>.csv`. A table of obligations is called `owed.<kind>`, its file `owed/<kind>.csv`.
    pub name: &'static str,
    /// When it is read.
    pub used: Use,
    /// What one row is.
    pub about: &'static str,
    /// Its columns, in the order of the file.
    pub columns: &'static [Column],
    /// Columns that together name a row.
    pub key: &'static [&'static str],
}

impl TableSpec {
    /// The table with this name.
    pub fn named(name: &str) -> Option<&'static TableSpec> {
        TABLES.iter().find(|t| t.name == name)
    }
    /// Where a column stands.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }
}
