//! Use case: take in a file. Every row of it is accepted, rejected or a duplicate, and the three add up, in one commit.

use crate::blob::{BlobError, BlobRef, Blobs};
use crate::city::{AppError, City, founded, stream};
use crate::commit::carry_out_or_rehearse;
use crate::event::{
    AcceptedRow, Balance, BatchClosed, BatchOpened, Change, Dialect, Event, Mode, NewEvent, Problem, RejectedRow,
    RowsAccepted, RowsRejected, StreamName,
};
use crate::journal::{Space, Transaction};
use crate::projection::{FactRecord, decode, keys};
use crate::rights::{Right, check};
use crate::row_json;
use crate::settings::Calendar;
use jiff::Timestamp;
use levee_model::command::Envelope;
use levee_model::ids::EntityId;
use levee_model::table::{Cell, CellProblem, Row, TableSpec, Use};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A row as the reader of a file hands it over.
#[derive(Clone, Debug)]
pub enum IncomingRow {
    /// It could be read.
    Good {
        /// Its line, from 1.
        line: u64,
        /// Its cells.
        row: Row,
        /// Codes of what is contradictory in it; it is a fact all the same.
        warnings: Vec<&'static str>,
    },
    /// It could not.
    Bad {
        /// Its line, from 1.
        line: u64,
        /// Its cells as they stood.
        cells: Vec<String>,
        /// All that is wrong with it.
        problems: Vec<CellProblem>,
    },
}

/// How a file turned out to be written, once it was read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// How it is written.
    pub dialect: Dialect,
    /// Its headings as they stood.
    pub headings: Vec<String>,
    /// What each heading stands for: a column of the table, or `date` for a full day; none where it belongs to no column.
    pub columns: Vec<Option<String>>,
    /// Headings that belong to no column; what stands under them is not taken in.
    pub ignored: Vec<String>,
}

/// Port: a file as rows. It can be read more than once.
pub trait RowSource {
    /// Opens the file up to its headings.
    fn open(&mut self) -> Result<Reading, AppError>;
    /// Hands over every row that is not blank, in order.
    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), AppError>;
    /// The bytes of the file, for safe keeping.
    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, AppError>;
    /// Its name.
    fn name(&self) -> &str;
}

/// What a received file is, as whoever sends it says.
#[derive(Clone, Debug, Default)]
pub struct FileHints {
    /// Its name.
    pub name: String,
    /// Who sends it, where the file does not say.
    pub office: Option<levee_model::ids::OfficeId>,
    /// The document it comes from, where the file does not say.
    pub source: Option<String>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
}

/// Port: reads files as offices send them, by what the city knows of headings, places and offices.
pub trait Tables: Send + Sync {
    /// The rows of a file that lies at `path`.
    ///
    /// # Errors
    /// The city's own tables cannot be read, or an office or document is named that it does not know.
    fn rows(
        &self,
        on: &dyn crate::journal::Read,
        table: &'static TableSpec,
        path: &std::path::Path,
        hints: &FileHints,
        now: Timestamp,
    ) -> Result<Box<dyn RowSource>, AppError>;

    /// The problems of a cell in words: what is wrong and how to mend it.
    fn explain(&self, problem: &CellProblem, zh: bool) -> (String, String);

    /// Rejected rows as a file to correct and send again: CSV with what is wrong and how to mend it beside each row.
    ///
    /// # Errors
    /// They cannot be written.
    fn rejected(&self, rows: &crate::rejected::Rejected, zh: bool) -> Result<Vec<u8>, AppError>;

    /// Tables as the bytes of a workbook (XLSX).
    ///
    /// # Errors
    /// They cannot be written: a sheet holds a million rows.
    fn workbook(&self, sheets: &[levee_brief::statement::Sheet]) -> Result<Vec<u8>, AppError>;

    /// Which of the known words somebody may have meant.
    fn nearest<'a>(&self, given: &str, known: &[&'a str]) -> Option<&'a str>;
}

/// What to take in, and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The table.
    pub table: &'static TableSpec,
    /// Say what would happen; write nothing.
    pub dry_run: bool,
    /// In a replay: rows that became known later have not arrived yet, and are not counted as received.
    pub known_until: Option<Timestamp>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// The batch.
    pub batch: EntityId,
    /// Where its rows went.
    pub balance: Balance,
    /// Of the accepted, how many supersede an earlier figure.
    pub superseding: u64,
    /// Rows that become known later than the replay's moment.
    pub not_yet_known: u64,
    /// Warnings by code.
    pub warnings: BTreeMap<String, u64>,
    /// How the file is written.
    pub dialect: Dialect,
    /// Headings that belong to no column.
    pub ignored: Vec<String>,
    /// The first rejected rows, with their values, for the person at the terminal.
    pub first_rejected: Vec<(u64, Vec<CellProblem>)>,
    /// Whether the very same file had been taken in before.
    pub same_file_before: bool,
}

/// Rows that one event holds. Large enough that events cost little, small enough that one fits in memory ten times.
const CHUNK: usize = 1000;
/// Rejected rows that a report shows; all of them are kept and can be exported.
const SHOWN: usize = 20;

/// Two rows of one file that speak of the same thing with other figures, and nothing says which is later.
const REPEATS_WITH_OTHER_FIGURES: &str = "L1190";

struct Batch<'a> {
    id: EntityId,
    table: &'static TableSpec,
    stream: StreamName,
    now: Timestamp,
    mode: Mode,
    calendar: &'a Calendar,
    blobs: &'a dyn Blobs,
    headings: Vec<String>,
    columns: Vec<Option<String>>,
    accepted: Vec<AcceptedRow>,
    notes: Map<String, Value>,
    rejected: Vec<(u64, Vec<String>, Vec<CellProblem>)>,
    /// Keys of rows that wait in `accepted`, with what they say: they are not in the store yet.
    waiting: BTreeMap<String, Vec<(Timestamp, [u8; 16], u64)>>,
    report: ImportReport,
}

impl Batch<'_> {
    fn event(&self, event: Event) -> NewEvent {
        NewEvent { stream: self.stream.clone(), occurred: self.now, known_at: self.now, event }
    }

    /// When the city knew a row: now, unless a past outbreak is run again from its pack.
    fn known_at(&self, row: &Row) -> Timestamp {
        match self.mode {
            Mode::Live => self.now,
            Mode::Replay => row.datetime("known_at").and_then(|civil| self.calendar.moment(civil)).unwrap_or(self.now),
        }
    }

    fn take(&mut self, tx: &mut dyn Transaction, row: IncomingRow, until: Option<Timestamp>) -> Result<(), AppError> {
        match row {
            IncomingRow::Good { line, row, warnings } => {
                let known_at = self.known_at(&row);
                if until.is_some_and(|until| known_at > until) {
                    self.report.not_yet_known += 1;
                    return Ok(());
                }
                self.report.balance.received += 1;
                self.good(tx, line, row, known_at, &warnings)?;
            }
            IncomingRow::Bad { line, cells, problems } => {
                self.report.balance.received += 1;
                self.reject(line, cells, problems);
            }
        }
        if self.accepted.len() >= CHUNK {
            self.flush_accepted(tx)?;
        }
        if self.rejected.len() >= CHUNK {
            self.flush_rejected(tx)?;
        }
        Ok(())
    }

    fn reject(&mut self, line: u64, cells: Vec<String>, problems: Vec<CellProblem>) {
        self.report.balance.rejected += 1;
        if self.report.first_rejected.len() < SHOWN {
            self.report.first_rejected.push((line, problems.clone()));
        }
        self.rejected.push((line, cells, problems));
    }

    fn good(
        &mut self,
        tx: &mut dyn Transaction,
        line: u64,
        row: Row,
        known_at: Timestamp,
        warnings: &[&'static str],
    ) -> Result<(), AppError> {
        let row = match self.mode {
            Mode::Live => row
                .with("known_at", Cell::DateTime(self.calendar.civil(known_at)))
                .with("known_at_assumed", Cell::Flag(false)),
            Mode::Replay => row,
        };
        let key = row.key();
        let digest = row_json::figures_digest(&row);
        let mut versions = stored_versions(tx, self, &row, &key)?;
        if let Some(waiting) = self.waiting.get(&key) {
            versions.extend(waiting.iter().map(|(known, digest, line)| (*known, *digest, Some(*line))));
        }
        versions.sort_by_key(|(known, _, _)| *known);
        // A row repeats the version that was in force when it became known, or says something else from then on.
        let before = versions.iter().rev().find(|(known, _, _)| *known <= known_at);
        match before {
            Some((_, same, _)) if *same == digest => {
                self.report.balance.duplicate += 1;
                return Ok(());
            }
            Some((known, _, Some(first))) if *known == known_at => {
                let problem = CellProblem {
                    column: self.table.key.join("+"),
                    value: key,
                    code: REPEATS_WITH_OTHER_FIGURES,
                    args: vec![first.to_string()],
                };
                let cells = self.columns.iter().map(|column| written(&row, column.as_deref())).collect();
                self.reject(line, cells, vec![problem]);
                return Ok(());
            }
            _ => {}
        }
        let change = if versions.is_empty() { Change::New } else { Change::Supersedes };
        self.report.balance.accepted += 1;
        self.report.superseding += u64::from(change == Change::Supersedes);
        for code in warnings {
            *self.report.warnings.entry((*code).to_owned()).or_default() += 1;
        }
        self.waiting.entry(key).or_default().push((known_at, digest, line));
        let (row, note) = row.split_notes();
        if let Some(note) = note {
            self.notes.insert(line.to_string(), Value::from(note));
        }
        self.accepted.push(AcceptedRow { line, change, known_at, row });
        Ok(())
    }

    fn flush_accepted(&mut self, tx: &mut dyn Transaction) -> Result<(), AppError> {
        if self.accepted.is_empty() {
            return Ok(());
        }
        let notes = std::mem::take(&mut self.notes);
        let notes = (!notes.is_empty()).then(|| put_json(self.blobs, &Value::Object(notes))).transpose()?;
        let rows = std::mem::take(&mut self.accepted);
        self.waiting.clear();
        tx.append(self.event(Event::RowsAccepted(RowsAccepted { batch: self.id, rows, notes })))?;
        Ok(())
    }

    fn flush_rejected(&mut self, tx: &mut dyn Transaction) -> Result<(), AppError> {
        if self.rejected.is_empty() {
            return Ok(());
        }
        let rejected = std::mem::take(&mut self.rejected);
        let values = crate::rejected::to_blob(&self.headings, &rejected);
        let values = put_json(self.blobs, &values)?;
        let rows = rejected
            .into_iter()
            .map(|(line, _, problems)| RejectedRow {
                line,
                problems: problems
                    .into_iter()
                    .map(|p| Problem { column: p.column, code: p.code.to_owned(), args: p.args })
                    .collect(),
            })
            .collect();
        tx.append(self.event(Event::RowsRejected(RowsRejected { batch: self.id, rows, values })))?;
        Ok(())
    }
}

/// A cell of a checked row as it can be written under a heading of its file again. What stood under a heading that
/// belongs to no column is not known here; the file itself is kept.
fn written(row: &Row, column: Option<&str>) -> String {
    match column {
        Some("date") => row.datetime("period_start").map_or_else(String::new, |start| start.date().to_string()),
        Some(column) => match row.get(column) {
            Some(Cell::Text(text)) => text.clone(),
            Some(cell) => cell.to_string(),
            None => String::new(),
        },
        None => String::new(),
    }
}

pub(crate) fn put_json(blobs: &dyn Blobs, value: &Value) -> Result<BlobRef, AppError> {
    Ok(blobs.put(value.to_string().as_bytes())?)
}

/// One version of a row: when it was known, what it says, and its line if it came in this very file.
type Version = (Timestamp, [u8; 16], Option<u64>);

/// All versions of a row that the store holds.
///
/// The line is that of this file: of this batch, or of an earlier sending of the very same bytes. So two rows of one file
/// that contradict each other are told apart however often it is sent.
fn stored_versions(tx: &dyn Transaction, batch: &Batch<'_>, row: &Row, key: &str) -> Result<Vec<Version>, AppError> {
    let table = batch.table.name;
    let (from, to) = keys::fact_versions(table, keys::day_of(row), key);
    let mut stored = Vec::new();
    tx.scan(Space::Fact, &from, &to, &mut |(_, value)| {
        stored.push(value.to_vec());
        ControlFlow::Continue(())
    })?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let (id, again) = (batch.id.to_string(), batch.report.same_file_before);
    stored
        .into_iter()
        .map(|bytes| {
            let record: FactRecord = decode(Space::Fact, &bytes)?;
            let known = Timestamp::from_second(record.known_at)
                .map_err(|e| AppError::Meaning { table: table.to_owned(), why: e.to_string() })?;
            Ok((
                known,
                row_json::figures_digest(&row_json::from_json(table, &record.row)?),
                (again || record.batch == id).then_some(record.line),
            ))
        })
        .collect()
}

/// A store that keeps nothing, for a dry run.
pub(crate) struct Nothing<'a>(pub(crate) &'a dyn Blobs);

impl Blobs for Nothing<'_> {
    fn put(&self, bytes: &[u8]) -> Result<BlobRef, BlobError> {
        Ok(self.0.digest(bytes))
    }
    fn put_stream(&self, from: &mut dyn std::io::Read) -> Result<(BlobRef, u64), BlobError> {
        self.0.digest_stream(from)
    }
    fn get(&self, digest: &BlobRef) -> Result<Vec<u8>, BlobError> {
        self.0.get(digest)
    }
    fn digest(&self, bytes: &[u8]) -> BlobRef {
        self.0.digest(bytes)
    }
    fn digest_stream(&self, from: &mut dyn std::io::Read) -> Result<(BlobRef, u64), BlobError> {
        self.0.digest_stream(from)
    }
}

/// Takes in a file: all of it is on record when this returns, or nothing is.
pub fn import(
    city: &mut City<'_>,
    envelope: &Envelope,
    source: &mut dyn RowSource,
    options: &ImportOptions,
) -> Result<ImportReport, AppError> {
    check(city.journal, &envelope.actor, Right::Import)?;
    if options.table.used != Use::Report {
        return Err(AppError::NotAReport(options.table.name.to_owned()));
    }
    let (founded, _, calendar) = founded(city.journal)?;
    let now = city.clock.now();
    // The store keeps moments to the second. A finer one would make rows of this very file that are stored already seem
    // to have been known earlier than those that still come.
    let received = Timestamp::from_second(now.as_second())
        .map_err(|e| AppError::Meaning { table: options.table.name.to_owned(), why: e.to_string() })?;
    let dry = Nothing(city.blobs);
    let blobs: &dyn Blobs = if options.dry_run { &dry } else { city.blobs };

    let reading = source.open()?;
    // The file is kept before its rows are: a crash in between leaves a file nobody names, never a row without a file.
    let (file, bytes) = blobs.put_stream(&mut source.bytes()?)?;
    let file_name = blobs.put(source.name().as_bytes())?;
    let id = EntityId::new(envelope.command_id.uuid(), 0);
    let file_key = [options.table.name.as_bytes(), b"\0", &file.0].concat();
    let same_file_before = city.journal.get(Space::BatchFile, &file_key)?.is_some();
    let mut batch = Batch {
        id,
        table: options.table,
        stream: stream(&format!("intake.{}", options.table.name))?,
        now: received,
        mode: founded.mode,
        calendar: &calendar,
        blobs,
        headings: reading.headings.clone(),
        columns: reading.columns.clone(),
        accepted: Vec::with_capacity(CHUNK),
        notes: Map::new(),
        rejected: Vec::new(),
        waiting: BTreeMap::new(),
        report: ImportReport {
            batch: id,
            balance: Balance::default(),
            superseding: 0,
            not_yet_known: 0,
            warnings: BTreeMap::new(),
            dialect: reading.dialect.clone(),
            ignored: reading.ignored.clone(),
            first_rejected: Vec::new(),
            same_file_before,
        },
    };
    let opened = BatchOpened {
        batch: id,
        table: options.table.name.to_owned(),
        file,
        file_name,
        bytes,
        dialect: reading.dialect,
    };

    carry_out_or_rehearse(city.journal, envelope, now, options.dry_run, &mut |tx| {
        tx.append(batch.event(Event::BatchOpened(opened.clone())))?;
        let mut fault = None;
        source.rows(&mut |row| match batch.take(tx, row, options.known_until) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = fault {
            return Err(error);
        }
        batch.flush_accepted(tx)?;
        batch.flush_rejected(tx)?;
        let closed = BatchClosed {
            batch: id,
            balance: batch.report.balance,
            superseding: batch.report.superseding,
            warnings: batch.report.warnings.iter().map(|(code, times)| (code.clone(), *times)).collect(),
        };
        tx.append(batch.event(Event::BatchClosed(closed)))?;
        Ok(())
    })?;
    Ok(batch.report)
}
