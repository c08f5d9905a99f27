//! Rows as stored: the names of the columns once, then each row's cells in that order.
//!
//! Only columns in which some row has a cell are named, and cells at a row's end that are empty are left out. A file
//! of today reads tomorrow: a column that the table has lost is passed over, one that it has gained is empty.

use jiff::Timestamp;
use levee_app::row_json::cell_from_json;
use levee_model::table::{Cell, Column, Kind, Row, TableSpec};
use serde_json::Value;
use std::io::Write as _;

/// The columns that some row fills, by their place in the table.
pub(super) fn filled<'a>(
    spec: &'static TableSpec,
    rows: &(impl Iterator<Item = &'a Row> + Clone),
) -> Vec<&'static Column> {
    spec.columns.iter().filter(|column| rows.clone().any(|row| row.get(column.name).is_some())).collect()
}

/// `"columns":["place",…]` without the braces around it.
pub(super) fn write_columns(to: &mut Vec<u8>, columns: &[&'static Column]) {
    to.extend_from_slice(b"\"columns\":[");
    for (nth, column) in columns.iter().enumerate() {
        if nth > 0 {
            to.push(b',');
        }
        write_text(to, column.name);
    }
    to.push(b']');
}

/// The cells of a row, each with a comma before it unless `first`.
pub(super) fn write_cells(to: &mut Vec<u8>, columns: &[&'static Column], row: &Row, first: bool) -> Result<(), String> {
    let mut first = first;
    let mut cells = row.cells().peekable();
    let mut empty = 0usize;
    for column in columns {
        let Some((_, cell)) = cells.next_if(|(of, _)| of.name == column.name) else {
            empty += 1;
            continue;
        };
        for _ in 0..empty {
            to.extend_from_slice(if std::mem::take(&mut first) { b"null" } else { b",null" });
        }
        empty = 0;
        if !std::mem::take(&mut first) {
            to.push(b',');
        }
        write_cell(to, column, cell)?;
    }
    Ok(())
}

fn write_cell(to: &mut Vec<u8>, column: &Column, cell: &Cell) -> Result<(), String> {
    // A cell under a column of another kind, or a number that JSON has no word for, would be lost when read back.
    let fits = match (column.kind, cell) {
        (Kind::Count, Cell::Count(_))
        | (Kind::Date, Cell::Date(_))
        | (Kind::DateTime, Cell::DateTime(_))
        | (Kind::Flag, Cell::Flag(_)) => true,
        (Kind::Decimal, Cell::Decimal(value)) => value.is_finite(),
        (Kind::Count | Kind::Date | Kind::DateTime | Kind::Flag | Kind::Decimal, _) => false,
        (_, cell) => matches!(cell, Cell::Text(_)),
    };
    if !fits {
        return Err(format!("column `{}` holds {cell:?}, which is not {:?}", column.name, column.kind));
    }
    // Writing to a Vec cannot fail.
    let _ = match cell {
        Cell::Text(text) => {
            write_text(to, text);
            Ok(())
        }
        Cell::Count(count) => write!(to, "{count}"),
        Cell::Decimal(value) => serde_json::to_writer(&mut *to, value).map_err(std::io::Error::from),
        Cell::Date(date) => write!(to, "\"{date}\""),
        Cell::DateTime(moment) => {
            if moment.second() == 0 && moment.subsec_nanosecond() == 0 && moment.year() >= 0 {
                let (date, hour, minute) = (moment.date(), moment.hour(), moment.minute());
                write!(to, "\"{date}T{hour:02}:{minute:02}\"")
            } else {
                write!(to, "\"{moment}\"")
            }
        }
        Cell::Flag(flag) => write!(to, "{flag}"),
    };
    Ok(())
}

pub(super) fn write_text(to: &mut Vec<u8>, text: &str) {
    // Serialising a string into a Vec cannot fail.
    let _ = serde_json::to_writer(to, text);
}

/// Whole seconds as a number, anything finer as text: most moments come from tables and are whole.
pub(super) fn write_moment(to: &mut Vec<u8>, moment: Timestamp) {
    let _ =
        if moment.subsec_nanosecond() == 0 { write!(to, "{}", moment.as_second()) } else { write!(to, "\"{moment}\"") };
}

pub(super) fn read_moment(value: &Value) -> Result<Timestamp, String> {
    match (value.as_i64(), value.as_str()) {
        (Some(seconds), _) => Timestamp::from_second(seconds).map_err(|e| e.to_string()),
        (_, Some(text)) => text.parse().map_err(|e: jiff::Error| e.to_string()),
        _ => Err(format!("expected a moment, found {value}")),
    }
}

/// Reads rows of one table.
pub(super) struct Reader {
    spec: &'static TableSpec,
    /// For each stored cell, where it goes in the table of today.
    places: Vec<Option<usize>>,
}

impl Reader {
    pub(super) fn new(table: &str, columns: &[String]) -> Result<Self, String> {
        let spec = TableSpec::named(table).ok_or_else(|| format!("there is no table `{table}`"))?;
        Ok(Self { spec, places: columns.iter().map(|name| spec.position(name)).collect() })
    }

    pub(super) fn row(&self, stored: &[Value]) -> Result<Row, String> {
        if stored.len() > self.places.len() {
            return Err(format!("a row has {} cells under {} columns", stored.len(), self.places.len()));
        }
        let mut cells = vec![None; self.spec.columns.len()];
        for (value, place) in stored.iter().zip(&self.places) {
            let Some((place, column)) = place.and_then(|at| Some((cells.get_mut(at)?, self.spec.columns.get(at)?)))
            else {
                continue;
            };
            if !value.is_null() {
                let cell = cell_from_json(column.kind, value).map_err(|why| format!("column `{}`: {why}", column.name));
                *place = Some(cell?);
            }
        }
        Row::new(self.spec, cells).ok_or_else(|| "a required cell is empty".to_owned())
    }
}
