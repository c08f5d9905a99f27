//! Tables of a pack: CSV, plain or compressed with gzip, read line by line.

use crate::error::{PackError, Place};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A table being read.
pub(crate) struct Table {
    file: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    headings: csv::StringRecord,
    record: csv::StringRecord,
}

/// One line of a table, with what is needed to say where it stands.
pub(crate) struct Line<'t> {
    table: &'t Table,
    number: u64,
}

impl Table {
    /// Opens a table; by its name it is compressed or not.
    pub(crate) fn open(file: &Path) -> Result<Self, PackError> {
        let opened = File::open(file).map_err(|e| unreadable(file, 0, e))?;
        let bytes: Box<dyn Read> = if file.extension().is_some_and(|e| e == "gz") {
            Box::new(MultiGzDecoder::new(BufReader::new(opened)))
        } else {
            Box::new(opened)
        };
        Self::of(file, bytes)
    }

    /// A table from bytes; `file` is how messages call it.
    pub(crate) fn of(file: &Path, bytes: Box<dyn Read>) -> Result<Self, PackError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let mut headings = reader.headers().map_err(|e| unreadable(file, 0, e))?.clone();
        if let Some(first) = headings.get(0).and_then(|h| h.strip_prefix('\u{feff}')) {
            let rest = headings.iter().skip(1);
            headings = std::iter::once(first).chain(rest).collect();
        }
        Ok(Self { file: file.to_owned(), reader, headings, record: csv::StringRecord::new() })
    }

    /// Number of a column; an error that names it when it is missing.
    pub(crate) fn column(&self, name: &'static str) -> Result<Column, PackError> {
        self.optional(name).ok_or_else(|| PackError::NoColumn {
            place: Place { file: self.file.clone(), line: 1, column: name.into() },
            has: self.headings.iter().map(|h| format!("`{h}`")).collect::<Vec<_>>().join(", "),
        })
    }

    /// Number of a column, if there is one.
    pub(crate) fn optional(&self, name: &'static str) -> Option<Column> {
        self.headings.iter().position(|h| h == name).map(|at| Column { at, name })
    }

    /// The next line; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, PackError> {
        let before = self.reader.position().line();
        let more = self.reader.read_record(&mut self.record);
        let more = more.map_err(|e| unreadable(&self.file, before.saturating_sub(1), e))?;
        let number = self.record.position().map_or(before, csv::Position::line);
        Ok(more.then_some(Line { table: self, number }))
    }
}

fn unreadable(file: &Path, line: u64, error: impl std::error::Error + Send + Sync + 'static) -> PackError {
    PackError::Unreadable {
        place: Place { file: file.to_owned(), line, column: String::new() },
        source: Box::new(error),
    }
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    at: usize,
    name: &'static str,
}

impl Line<'_> {
    /// Where a cell stands.
    pub(crate) fn place(&self, column: &str) -> Place {
        Place { file: self.table.file.clone(), line: self.number, column: column.to_owned() }
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, column: Column) -> Result<&str, PackError> {
        let given = self.cell(column);
        if given.is_empty() { Err(self.wrong(column, "a name")) } else { Ok(given) }
    }

    /// A day.
    pub(crate) fn date(&self, column: Column) -> Result<Date, PackError> {
        self.cell(column).parse().map_err(|_| self.wrong(column, "a day such as 2021-03-08"))
    }

    /// A whole number from 1.
    pub(crate) fn ordinal(&self, column: Column) -> Result<u32, PackError> {
        let given = self.cell(column).parse().ok().filter(|n| *n > 0);
        given.ok_or_else(|| self.wrong(column, "a whole number from 1"))
    }

    /// A number; `None` for an empty cell or `NA`.
    pub(crate) fn number(&self, column: Column) -> Result<Option<f64>, PackError> {
        let given = self.cell(column);
        if given.is_empty() || given == "NA" {
            return Ok(None);
        }
        // Ten thousand million: more than mankind is no count of people.
        let parsed: Option<f64> = given.parse().ok();
        let count = parsed.filter(|v| v.abs() <= 1e10);
        count
            .map(Some)
            .ok_or_else(|| self.wrong(column, "a number within ten thousand million, or empty where unknown"))
    }

    fn cell(&self, column: Column) -> &str {
        self.table.record.get(column.at).unwrap_or_default()
    }

    fn wrong(&self, column: Column, expected: &'static str) -> PackError {
        PackError::Cell { place: self.place(column.name), given: self.cell(column).to_owned(), expected }
    }
}
