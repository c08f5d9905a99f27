//! A checked row as JSON, and back. Used where rows are kept: facts, reference tables, stored events.
//!
//! An empty cell is left out. Numbers are JSON numbers, days and moments are texts. Reading asks the table's spec what a
//! text is, so that a file of today reads tomorrow; a column that the table no longer has is passed over.

use levee_model::table::{Cell, Kind, Row, TableSpec};
use serde_json::{Map, Value};

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
        Cell::DateTime(moment) => Value::from(moment.strftime("%Y-%m-%dT%H:%M").to_string()),
        Cell::Flag(flag) => Value::from(*flag),
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
    let mut hasher = blake3::Hasher::new();
    for (column, cell) in row.cells() {
        if matches!(column.name, "known_at" | "known_at_assumed") || column.kind == Kind::Note {
            continue;
        }
        hasher.update(column.name.as_bytes());
        hasher.update(b"=");
        hasher.update(cell.to_string().as_bytes());
        hasher.update(b"\n");
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}
