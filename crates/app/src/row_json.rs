//! A checked row as JSON, and back. Used where rows are kept: facts, reference tables, stored events.
//!
//! An empty cell is left out. Numbers are JSON numbers, days and moments are texts. Reading asks the table's spec what a
//! text is, so that a file of today reads tomorrow; a column that the table no longer has is passed over.

use jiff::civil::DateTime;
use levee_model::table::{Cell, Kind, Row, TableSpec};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// A stored row that today's tables cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a row of `{table}` cannot be read: {why}")]
pub struct BadRow {
    /// The table.
    pub table: String,
    /// What is wrong.
    pub why: String,
}

/// One cell as JSON.
pub fn cell_to_json(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Count(count) => Value::from(*count),
        Cell::Decimal(value) => Value::from(*value),
        Cell::Date(date) => Value::from(date.to_string()),
        Cell::DateTime(moment) => Value::from(minute(*moment)),
        Cell::Flag(flag) => Value::from(*flag),
    }
}

/// `2022-11-17T12:00`. The same as by `strftime`, which takes several times as long; an import writes millions of these.
fn minute(moment: DateTime) -> String {
    let mut text = String::with_capacity(16);
    // Writing into a String cannot fail.
    let _ = write!(text, "{}T{:02}:{:02}", moment.date(), moment.hour(), moment.minute());
    text
}

/// A row that serialises as [`to_json`] gives it, without building the object first.
pub(crate) struct AsJson<'r>(pub(crate) &'r Row);

impl Serialize for AsJson<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(None)?;
        for (column, cell) in self.0.cells() {
            match cell {
                Cell::Text(text) => object.serialize_entry(column.name, text)?,
                Cell::Count(count) => object.serialize_entry(column.name, count)?,
                Cell::Flag(flag) => object.serialize_entry(column.name, flag)?,
                other => object.serialize_entry(column.name, &cell_to_json(other))?,
            }
        }
        object.end()
    }
}

/// One cell from JSON, by the kind of its column.
pub fn cell_from_json(kind: Kind, value: &Value) -> Result<Cell, String> {
    let text = || value.as_str().ok_or_else(|| format!("expected text, found {value}"));
    Ok(match kind {
        Kind::Text | Kind::Note | Kind::Id | Kind::Ids | Kind::Place | Kind::Places | Kind::Choice(_) => {
            Cell::Text(text()?.to_owned())
        }
        Kind::Count => Cell::Count(value.as_u64().ok_or_else(|| format!("expected a whole number, found {value}"))?),
        Kind::Decimal => Cell::Decimal(value.as_f64().ok_or_else(|| format!("expected a number, found {value}"))?),
        Kind::Date => Cell::Date(text()?.parse().map_err(|e: jiff::Error| e.to_string())?),
        Kind::DateTime => Cell::DateTime(text()?.parse().map_err(|e: jiff::Error| e.to_string())?),
        Kind::Flag => Cell::Flag(value.as_bool().ok_or_else(|| format!("expected true or false, found {value}"))?),
    })
}

/// A row as a JSON object, columns in the order of the table.
pub fn to_json(row: &Row) -> Map<String, Value> {
    row.cells().map(|(column, cell)| (column.name.to_owned(), cell_to_json(cell))).collect()
}

/// A row of `table` from a JSON object.
pub fn from_json(table: &str, object: &Map<String, Value>) -> Result<Row, BadRow> {
    let bad = |why: String| BadRow { table: table.to_owned(), why };
    let spec = TableSpec::named(table).ok_or_else(|| bad("there is no such table".to_owned()))?;
    let cells = spec
        .columns
        .iter()
        .map(|column| match object.get(column.name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => cell_from_json(column.kind, value)
                .map(Some)
                .map_err(|why| bad(format!("column `{}`: {why}", column.name))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    Row::new(spec, cells).ok_or_else(|| bad("a required cell is empty".to_owned()))
}

/// A digest of what a row states: all cells but when it became known and its free text.
///
/// Two rows of one key with the same digest are duplicates; with another digest the later one supersedes.
pub fn figures_digest(row: &Row) -> [u8; 16] {
    let mut said = String::with_capacity(256);
    for (column, cell) in row.cells() {
        if matches!(column.name, "known_at" | "known_at_assumed") || column.kind == Kind::Note {
            continue;
        }
        // Writing into a String cannot fail.
        let _ = match cell {
            Cell::DateTime(moment) => writeln!(said, "{}={}", column.name, minute(*moment)),
            cell => writeln!(said, "{}={cell}", column.name),
        };
    }
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(said.as_bytes()).as_bytes()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(texts: &[String], count: u64, share: f64, moment: DateTime) -> Option<Row> {
        let spec = TableSpec::named("infections")?;
        let mut texts = texts.iter().cycle();
        let cell = |column: &levee_model::table::Column| match column.kind {
            Kind::Count => (!count.is_multiple_of(3)).then_some(Cell::Count(count)),
            Kind::Decimal => Some(Cell::Decimal(share)),
            Kind::DateTime => Some(Cell::DateTime(moment)),
            Kind::Date => Some(Cell::Date(moment.date())),
            Kind::Flag => Some(Cell::Flag(count.is_multiple_of(2))),
            _ => texts.next().cloned().map(Cell::Text),
        };
        Row::new(spec, spec.columns.iter().map(cell).collect())
    }

    proptest! {
        /// A row is kept in the same bytes whichever way it is written, and reads back.
        #[test]
        fn both_ways_of_writing_agree(
            texts in prop::collection::vec(".{0,12}", 6), count: u64, share in -1e9f64..1e9, year in 0i16..=9999, minutes in 0i64..500_000,
        ) {
            let moment = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(minutes));
            let row = row(&texts, count, share, moment).unwrap();
            prop_assert_eq!(minute(moment), moment.strftime("%Y-%m-%dT%H:%M").to_string());
            let object = to_json(&row);
            prop_assert_eq!(serde_json::to_vec(&AsJson(&row)).unwrap(), serde_json::to_vec(&object).unwrap());
            prop_assert_eq!(from_json("infections", &object).unwrap(), row);
        }
    }
}
