//! The sample tables of a pack, handed in by a clerk.

use super::ShiftError;
use jiff::Timestamp;
use jiff::civil::DateTime;
use levee_app::city::{AppError, City};
use levee_app::event::Dialect;
use levee_app::intake::{ImportReport, IncomingRow, Reading, RowSource};
use levee_app::ledger::open::{Envelopes, OpenOptions, open_table};
use levee_intake::pack::Pack;
use levee_intake::{ReadRow, read_rows};
use levee_ledger::KindId;
use levee_model::command::Envelope;
use std::ops::ControlFlow;

/// Rows of a table of the pack.
struct PackRows {
    name: String,
    bytes: Vec<u8>,
    columns: Vec<String>,
    rows: Vec<IncomingRow>,
}

impl RowSource for PackRows {
    fn open(&mut self) -> Result<Reading, AppError> {
        Ok(Reading {
            dialect: Dialect { format: "csv".to_owned(), header_line: 1, ..Dialect::default() },
            headings: self.columns.clone(),
            columns: self.columns.iter().cloned().map(Some).collect(),
            ignored: vec![],
        })
    }
    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), AppError> {
        for row in &self.rows {
            if each(row.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }
    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, AppError> {
        Ok(Box::new(self.bytes.as_slice()))
    }
    fn name(&self) -> &str {
        &self.name
    }
}

fn rows_of(pack: &Pack, kind: &KindId, now: DateTime) -> Result<PackRows, ShiftError> {
    let name = format!("owed/{kind}.csv");
    let bad = |why: String| ShiftError::Pack { what: name.clone(), why };
    let layout = pack.owed_layout(kind, now).ok_or_else(|| bad("the pack has no such kind".to_owned()))?;
    let columns = layout.spec.columns.iter().map(|column| column.name.to_owned()).collect();
    let mut rows = Vec::new();
    read_rows(&pack.table(&format!("owed/{kind}")), &layout, &mut |row| {
        rows.push(match row {
            ReadRow::Good { line, row, warnings } => {
                IncomingRow::Good { line, row, warnings: warnings.iter().map(|warning| warning.code).collect() }
            }
            ReadRow::Bad { line, raw, problems } => IncomingRow::Bad { line, cells: raw, problems },
        });
        ControlFlow::Continue(())
    })
    .map_err(|error| bad(format!("{error:?}")))?;
    let path = pack.dir.join(&name);
    let bytes = std::fs::read(&path).map_err(|error| bad(error.to_string()))?;
    Ok(PackRows { name, bytes, columns, rows })
}

/// Opens what the sample tables of a pack say is owed, table by table. Without placements: those follow from the counts,
/// and both together would owe the same people twice.
pub fn open_samples(
    city: &mut City<'_>,
    pack: &Pack,
    at: Timestamp,
    now: DateTime,
    envelope: &mut dyn FnMut() -> Envelope,
) -> Result<Vec<(KindId, ImportReport)>, ShiftError> {
    let mut reports = Vec::new();
    for kind in pack.owed.iter().filter(|kind| kind.as_str() != levee_app::ledger::placements::KIND) {
        let mut source = rows_of(pack, kind, now)?;
        let (open, seal) = (envelope(), envelope());
        let options = OpenOptions { dry_run: false, at: Some(at) };
        let envelopes = Envelopes { open: &open, seal: &seal };
        let report = open_table(city, None, envelopes, kind, &mut source, &options)?;
        reports.push((kind.clone(), report));
    }
    Ok(reports)
}
