//! Version 1 of every kind. Frozen: `tests/golden/v1` holds a sample of each that must read for ever.
//!
//! Each event is taken apart field by field and without `..`, so that a field which an event gains stops the build
//! here and asks for a version 2 instead of being left out in silence.

use super::FormatError;
use super::rows::{Reader, filled, read_moment, write_cells, write_columns, write_moment, write_text};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::BlobRef;
use levee_app::event::legacy::{Account, Entry, Flow};
use levee_app::event::{
    self, AcceptedRow, ArtefactKind, Balance, Change, Dialect, Event, Mode, Position, Problem, RejectedRow,
};
use levee_ledger::KindId;
use levee_model::area::PlaceCode;
use levee_model::ids::{EntityId, PersonId};
use levee_model::table::{Row, TableSpec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::Write as _;

pub(super) fn encode(event: &Event) -> Result<Vec<u8>, FormatError> {
    let not_writable = |why: String| FormatError::NotWritable { kind: event.kind(), why };
    let json = |bytes: serde_json::Result<Vec<u8>>| bytes.map_err(|e| not_writable(e.to_string()));
    match event {
        Event::CityFounded(one) => json(serde_json::to_vec(&CityFounded::from(one))),
        Event::ReferenceTaken(one) => write_reference(one).map_err(not_writable),
        Event::BatchOpened(one) => json(serde_json::to_vec(&BatchOpened::from(one))),
        Event::RowsAccepted(one) => write_accepted(one).map_err(not_writable),
        Event::RowsRejected(one) => json(serde_json::to_vec(&RowsRejected::from(one))),
        Event::BatchClosed(one) => json(serde_json::to_vec(&BatchClosed::from(one))),
        Event::ArtefactIssued(one) => json(serde_json::to_vec(&ArtefactIssued::from(one))),
        Event::ObligationsMoved(one) => json(serde_json::to_vec(&ObligationsMoved::from(one))),
        Event::LedgerChanged(one) => super::ledger::write_changed(one).map_err(not_writable),
        Event::SettlementPrepared(one) => json(super::settlement::write_prepared(one)),
        Event::DaySealed(one) => json(super::settlement::write_sealed(one)),
        Event::HandedOver(one) => json(super::settlement::write_handed_over(one)),
        Event::RejectedRead(one) => json(serde_json::to_vec(&RejectedRead::from(one))),
        Event::PersonSealed(one) => json(super::vault::write_sealed(one)),
        Event::PersonRead(one) => json(super::vault::write_read(one)),
        Event::PersonErased(one) => json(super::vault::write_erased(one)),
        Event::MeasuresChanged(one) => json(super::measures::write_changed(one)),
        Event::MeasureRecorded(one) => json(super::measure_facts::write_recorded(one)),
        Event::ServiceOffered(one) => json(super::measure_facts::write_offered(one)),
        Event::RulebookKept(one) => json(super::measure_facts::write_kept(one)),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|e| e.to_string())
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMode {
    Live,
    Replay,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CityFounded {
    mode: StoredMode,
    city_toml: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boundaries: Option<BlobRef>,
}

impl From<&event::CityFounded> for CityFounded {
    fn from(event::CityFounded { mode, city_toml, boundaries }: &event::CityFounded) -> Self {
        let mode = match mode {
            Mode::Live => StoredMode::Live,
            Mode::Replay => StoredMode::Replay,
        };
        Self { mode, city_toml: city_toml.clone(), boundaries: *boundaries }
    }
}

pub(super) fn city_founded(body: &[u8]) -> Result<Event, String> {
    let CityFounded { mode, city_toml, boundaries } = read(body)?;
    let mode = match mode {
        StoredMode::Live => Mode::Live,
        StoredMode::Replay => Mode::Replay,
    };
    Ok(Event::CityFounded(event::CityFounded { mode, city_toml, boundaries }))
}

/// `{"table","columns":[…],"rows":[[cell,…],…]}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceTaken {
    table: Option<String>,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// The one table that all rows belong to; none when there are no rows.
fn one_table<'a>(mut rows: impl Iterator<Item = &'a Row>) -> Result<Option<&'static TableSpec>, String> {
    let Some(spec) = rows.next().map(Row::spec) else { return Ok(None) };
    match rows.find(|row| row.spec().name != spec.name) {
        Some(other) => Err(format!("it holds rows of `{}` and of `{}`", spec.name, other.spec().name)),
        None => Ok(Some(spec)),
    }
}

fn write_table(to: &mut Vec<u8>, spec: &TableSpec) {
    to.extend_from_slice(b"\"table\":");
    write_text(to, spec.name);
    to.push(b',');
}

fn write_reference(event::ReferenceTaken { rows }: &event::ReferenceTaken) -> Result<Vec<u8>, String> {
    let Some(spec) = one_table(rows.iter())? else { return Ok(br#"{"table":null,"columns":[],"rows":[]}"#.to_vec()) };
    let columns = filled(spec, &rows.iter());
    let mut to = vec![b'{'];
    write_table(&mut to, spec);
    write_columns(&mut to, &columns);
    to.extend_from_slice(b",\"rows\":[");
    for (nth, row) in rows.iter().enumerate() {
        to.extend_from_slice(if nth > 0 { b",[" } else { b"[" });
        write_cells(&mut to, &columns, row, true)?;
        to.push(b']');
    }
    to.extend_from_slice(b"]}");
    Ok(to)
}

pub(super) fn reference_taken(body: &[u8]) -> Result<Event, String> {
    let ReferenceTaken { table, columns, rows } = read(body)?;
    let rows = match table {
        None if rows.is_empty() => vec![],
        None => return Err("it has rows and names no table".to_owned()),
        Some(table) => {
            let reader = Reader::new(&table, &columns)?;
            rows.iter().map(|row| reader.row(row)).collect::<Result<_, _>>()?
        }
    };
    Ok(Event::ReferenceTaken(event::ReferenceTaken { rows }))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDialect {
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    header_line: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchOpened {
    batch: EntityId,
    table: String,
    #[serde(serialize_with = "super::hex::blob")]
    file: BlobRef,
    #[serde(serialize_with = "super::hex::blob")]
    file_name: BlobRef,
    bytes: u64,
    dialect: StoredDialect,
}

impl From<&event::BatchOpened> for BatchOpened {
    fn from(one: &event::BatchOpened) -> Self {
        let event::BatchOpened { batch, table, file, file_name, bytes, dialect } = one.clone();
        let Dialect { format, encoding, delimiter, sheet, header_line } = dialect;
        let dialect = StoredDialect { format, encoding, delimiter, sheet, header_line };
        Self { batch, table, file, file_name, bytes, dialect }
    }
}

pub(super) fn batch_opened(body: &[u8]) -> Result<Event, String> {
    let BatchOpened { batch, table, file, file_name, bytes, dialect } = read(body)?;
    let StoredDialect { format, encoding, delimiter, sheet, header_line } = dialect;
    let dialect = Dialect { format, encoding, delimiter, sheet, header_line };
    Ok(Event::BatchOpened(event::BatchOpened { batch, table, file, file_name, bytes, dialect }))
}

/// `{"batch","table","columns":[…],"rows":[[line,change,known_at,cell,…],…],"notes"}`; `change` is `n` (new) or
/// `s` (supersedes), `known_at` seconds since 1970 or a text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsAccepted {
    batch: EntityId,
    table: Option<String>,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    #[serde(default)]
    notes: Option<BlobRef>,
}

fn write_accepted(one: &event::RowsAccepted) -> Result<Vec<u8>, String> {
    let event::RowsAccepted { batch, rows, notes } = one;
    let spec = one_table(rows.iter().map(|one| &one.row))?;
    let columns = spec.map(|spec| filled(spec, &rows.iter().map(|one| &one.row))).unwrap_or_default();
    let mut to = Vec::with_capacity(256 + rows.len() * 160);
    // Writing to a Vec cannot fail.
    let _ = write!(to, "{{\"batch\":\"{batch}\",");
    match spec {
        Some(spec) => write_table(&mut to, spec),
        None => to.extend_from_slice(b"\"table\":null,"),
    }
    write_columns(&mut to, &columns);
    to.extend_from_slice(b",\"rows\":[");
    for (nth, AcceptedRow { line, change, known_at, row }) in rows.iter().enumerate() {
        let change = match change {
            Change::New => 'n',
            Change::Supersedes => 's',
        };
        let _ = write!(to, "{}[{line},\"{change}\",", if nth > 0 { "," } else { "" });
        write_moment(&mut to, *known_at);
        write_cells(&mut to, &columns, row, false)?;
        to.push(b']');
    }
    to.push(b']');
    if let Some(notes) = notes {
        let _ = write!(to, ",\"notes\":\"{notes}\"");
    }
    to.push(b'}');
    Ok(to)
}

pub(super) fn rows_accepted(body: &[u8]) -> Result<Event, String> {
    let RowsAccepted { batch, table, columns, rows, notes } = read(body)?;
    let rows = match table {
        None if rows.is_empty() => vec![],
        None => return Err("it has rows and names no table".to_owned()),
        Some(table) => {
            let reader = Reader::new(&table, &columns)?;
            rows.iter().map(|stored| accepted_row(&reader, stored)).collect::<Result<_, _>>()?
        }
    };
    Ok(Event::RowsAccepted(event::RowsAccepted { batch, rows, notes }))
}

fn accepted_row(reader: &Reader, stored: &[Value]) -> Result<AcceptedRow, String> {
    let [line, change, known_at, cells @ ..] = stored else {
        return Err("a row lacks its line, change or known_at".to_owned());
    };
    Ok(AcceptedRow {
        line: line.as_u64().ok_or("a row has no line number")?,
        change: match change.as_str() {
            Some("n") => Change::New,
            Some("s") => Change::Supersedes,
            _ => return Err(format!("expected change `n` or `s`, found {change}")),
        },
        known_at: read_moment(known_at)?,
        row: reader.row(cells)?,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredProblem {
    column: String,
    code: String,
    args: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRejectedRow {
    line: u64,
    problems: Vec<StoredProblem>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsRejected {
    batch: EntityId,
    rows: Vec<StoredRejectedRow>,
    #[serde(serialize_with = "super::hex::blob")]
    values: BlobRef,
}

impl From<&event::RowsRejected> for RowsRejected {
    fn from(one: &event::RowsRejected) -> Self {
        let event::RowsRejected { batch, rows, values } = one.clone();
        let problem = |Problem { column, code, args }| StoredProblem { column, code, args };
        let row = |RejectedRow { line, problems }| StoredRejectedRow {
            line,
            problems: problems.into_iter().map(problem).collect(),
        };
        Self { batch, rows: rows.into_iter().map(row).collect(), values }
    }
}

pub(super) fn rows_rejected(body: &[u8]) -> Result<Event, String> {
    let RowsRejected { batch, rows, values } = read(body)?;
    let problem = |StoredProblem { column, code, args }| Problem { column, code, args };
    let row = |StoredRejectedRow { line, problems }| RejectedRow {
        line,
        problems: problems.into_iter().map(problem).collect(),
    };
    Ok(Event::RowsRejected(event::RowsRejected { batch, rows: rows.into_iter().map(row).collect(), values }))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchClosed {
    batch: EntityId,
    received: u64,
    accepted: u64,
    rejected: u64,
    duplicate: u64,
    superseding: u64,
    warnings: Vec<(String, u64)>,
}

impl From<&event::BatchClosed> for BatchClosed {
    fn from(one: &event::BatchClosed) -> Self {
        let event::BatchClosed { batch, balance, superseding, warnings } = one.clone();
        let Balance { received, accepted, rejected, duplicate } = balance;
        Self { batch, received, accepted, rejected, duplicate, superseding, warnings }
    }
}

pub(super) fn batch_closed(body: &[u8]) -> Result<Event, String> {
    let BatchClosed { batch, received, accepted, rejected, duplicate, superseding, warnings } = read(body)?;
    let balance = Balance { received, accepted, rejected, duplicate };
    Ok(Event::BatchClosed(event::BatchClosed { batch, balance, superseding, warnings }))
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredArtefactKind {
    Outlook,
    Plan,
    Brief,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArtefactIssued {
    id: EntityId,
    kind: StoredArtefactKind,
    day: Date,
    as_known_at: Timestamp,
    position: u64,
    #[serde(serialize_with = "super::hex::blob")]
    body: BlobRef,
    inputs: Vec<BlobRef>,
    engine: String,
    seed: u64,
}

impl From<&event::ArtefactIssued> for ArtefactIssued {
    fn from(one: &event::ArtefactIssued) -> Self {
        let event::ArtefactIssued { id, kind, day, as_known_at, position, body, inputs, engine, seed } = one.clone();
        let kind = match kind {
            ArtefactKind::Outlook => StoredArtefactKind::Outlook,
            ArtefactKind::Plan => StoredArtefactKind::Plan,
            ArtefactKind::Brief => StoredArtefactKind::Brief,
        };
        Self { id, kind, day, as_known_at, position: position.0, body, inputs, engine, seed }
    }
}

pub(super) fn artefact_issued(body: &[u8]) -> Result<Event, String> {
    let ArtefactIssued { id, kind, day, as_known_at, position, body, inputs, engine, seed } = read(body)?;
    let kind = match kind {
        StoredArtefactKind::Outlook => ArtefactKind::Outlook,
        StoredArtefactKind::Plan => ArtefactKind::Plan,
        StoredArtefactKind::Brief => ArtefactKind::Brief,
    };
    let position = Position(position);
    let issued = event::ArtefactIssued { id, kind, day, as_known_at, position, body, inputs, engine, seed };
    Ok(Event::ArtefactIssued(issued))
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFlow {
    CarriedIn,
    Opened,
    TransferredIn,
    Met,
    Waived,
    Expired,
    Voided,
    TransferredOut,
    CarriedOut,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredEntry {
    kind: KindId,
    area: PlaceCode,
    day: Date,
    flow: StoredFlow,
    units: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ground: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided_by: Option<PersonId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ObligationsMoved {
    entries: Vec<StoredEntry>,
}

impl From<&event::ObligationsMoved> for ObligationsMoved {
    fn from(event::ObligationsMoved { entries }: &event::ObligationsMoved) -> Self {
        let entry = |one: &Entry| {
            let Entry { account, flow, units, ground, reason, decided_by } = one.clone();
            let Account { kind, area, day } = account;
            let flow = match flow {
                Flow::CarriedIn => StoredFlow::CarriedIn,
                Flow::Opened => StoredFlow::Opened,
                Flow::TransferredIn => StoredFlow::TransferredIn,
                Flow::Met => StoredFlow::Met,
                Flow::Waived => StoredFlow::Waived,
                Flow::Expired => StoredFlow::Expired,
                Flow::Voided => StoredFlow::Voided,
                Flow::TransferredOut => StoredFlow::TransferredOut,
                Flow::CarriedOut => StoredFlow::CarriedOut,
            };
            StoredEntry { kind, area, day, flow, units, ground, reason, decided_by }
        };
        Self { entries: entries.iter().map(entry).collect() }
    }
}

pub(super) fn obligations_moved(body: &[u8]) -> Result<Event, String> {
    let ObligationsMoved { entries } = read(body)?;
    let entry = |StoredEntry { kind, area, day, flow, units, ground, reason, decided_by }| {
        let flow = match flow {
            StoredFlow::CarriedIn => Flow::CarriedIn,
            StoredFlow::Opened => Flow::Opened,
            StoredFlow::TransferredIn => Flow::TransferredIn,
            StoredFlow::Met => Flow::Met,
            StoredFlow::Waived => Flow::Waived,
            StoredFlow::Expired => Flow::Expired,
            StoredFlow::Voided => Flow::Voided,
            StoredFlow::TransferredOut => Flow::TransferredOut,
            StoredFlow::CarriedOut => Flow::CarriedOut,
        };
        Entry { account: Account { kind, area, day }, flow, units, ground, reason, decided_by }
    };
    Ok(Event::ObligationsMoved(event::ObligationsMoved { entries: entries.into_iter().map(entry).collect() }))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectedRead {
    batch: EntityId,
    rows: u64,
    #[serde(serialize_with = "super::hex::blob")]
    reason: BlobRef,
}

impl From<&event::RejectedRead> for RejectedRead {
    fn from(event::RejectedRead { batch, rows, reason }: &event::RejectedRead) -> Self {
        Self { batch: *batch, rows: *rows, reason: *reason }
    }
}

pub(super) fn rejected_read(body: &[u8]) -> Result<Event, String> {
    let RejectedRead { batch, rows, reason } = read(body)?;
    Ok(Event::RejectedRead(event::RejectedRead { batch, rows, reason }))
}
