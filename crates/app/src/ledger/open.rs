//! Use case: open the obligations of a table. Every row of it opens one, says what is known, or is rejected with its
//! reason, and the three add up (law 1), in one commit.

use super::desk::{Desk, Worker};
use crate::city::{AppError, City, founded, stream};
use crate::commit::carry_out_or_rehearse;
use crate::event::{
    Balance, BatchClosed, BatchOpened, BatchRows, Event, Mode, NewEvent, Problem, RejectedRow, RowsRejected,
};
use crate::intake::{ImportReport, IncomingRow, Nothing, Reading, RowSource, put_json};
use crate::journal::{Space, Transaction};
use crate::owed::{OwedRow, code, from_row};
use crate::projection::subjects::subject;
use crate::rights::{NotAllowed, Right, check};
use crate::vault::{self, NewSubject, PersonalRecord, Sealing, Secret, Vault};
use jiff::Timestamp;
use levee_ledger::{Command, Digest, Ground, KindId, NewObligation, ObligationId, Refusal};
use levee_model::command::Envelope;
use levee_model::ids::EntityId;
use levee_model::provenance::Origin;
use levee_model::subject::Pseudonym;
use levee_model::table::CellProblem;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Rejected rows that one event holds.
const CHUNK: usize = 1000;
/// Rejected rows that a report shows; all of them are kept and can be exported.
const SHOWN: usize = 20;
/// A row of the same kind, area and reference that says something else about whom it is owed to.
const REPEATS_WITH_OTHERS: &str = "L1190";

/// How a table of obligations is taken in.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Say what would happen; write nothing.
    pub dry_run: bool,
    /// When the city came to know it; none = now, and in a replay when the last of the rows was opened.
    pub at: Option<Timestamp>,
}

/// The commands under which a table with personal data is taken in.
#[derive(Clone, Copy, Debug)]
pub struct Envelopes<'e> {
    /// Opens the obligations.
    pub open: &'e Envelope,
    /// Seals the personal data, before: a crash in between leaves data that nothing is owed for, never the other way.
    pub seal: &'e Envelope,
}

fn refuse(column: &str, why: &'static str, arg: String) -> CellProblem {
    CellProblem { column: column.to_owned(), value: String::new(), code: why, args: vec![arg] }
}

/// One obligation of a row.
fn command(
    desk: &Desk,
    kind: &KindId,
    row: &OwedRow,
    (id, note): (ObligationId, Option<Digest>),
) -> Result<Command, CellProblem> {
    let bad = |column: &str, why: String| refuse(column, code::BAD_VALUE, why);
    let path = super::path_of(&desk.places, &row.area)
        .ok_or_else(|| bad("area", format!("the city knows no place {}", row.area)))?;
    let ground: Ground = row.reference.parse().map_err(|e: levee_ledger::BadText| bad("ref", e.to_string()))?;
    let subject = row.subject.as_deref().map(str::parse).transpose();
    let subject = subject.map_err(|e: levee_ledger::BadText| bad("subject", e.to_string()))?;
    let moment = |column: &str, civil| {
        desk.calendar.moment(civil).ok_or_else(|| bad(column, "it lies beyond the calendar".to_owned()))
    };
    Ok(Command::Open(Box::new(NewObligation {
        id,
        kind: kind.clone(),
        path,
        units: row.units,
        subject,
        ground: Some(ground),
        opened_at: moment("opened_at", row.opened_at)?,
        due: row.due.map(|due| moment("due", due)).transpose()?,
        owner: row.owner.clone(),
        fields: row.fields.clone(),
        note,
        synthetic: row.origin == Origin::Synthetic,
    })))
}

/// The personal data of a row, to be kept until the obligation is due and the kind's days after it are over.
fn personal(desk: &Desk, kind: &KindId, row: &OwedRow) -> Result<Option<NewSubject>, CellProblem> {
    if row.personal.is_empty() {
        return Ok(None);
    }
    let of_nobody = || refuse("subject", code::PERSONAL_OF_NOBODY, String::new());
    let whose: Pseudonym = row.subject.as_deref().and_then(|text| text.parse().ok()).ok_or_else(of_nobody)?;
    let days = desk.catalogue.kind(kind).map_or(0, |kind| kind.retention_days);
    let last = row.due.unwrap_or(row.opened_at).date();
    let retain_until = last.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(last);
    let bad = |why: String| refuse("subject", code::BAD_VALUE, why);
    let mut fields = BTreeMap::new();
    for (name, value) in &row.personal {
        fields.insert(name.parse().map_err(|_| bad(format!("`{name}` is no name of a field")))?, Secret::new(value));
    }
    let purpose = kind.as_str().replace(['-', '.'], "_").parse().map_err(|_| bad(format!("`{kind}` is no purpose")))?;
    let record = PersonalRecord::new(fields, purpose, retain_until).map_err(|error| bad(error.to_string()))?;
    Ok(Some(NewSubject { subject: whose, record }))
}

/// What a first reading of the table tells: who is to be sealed, and when the last row was opened.
fn first_reading(
    desk: &Desk,
    kind: &KindId,
    source: &mut dyn RowSource,
) -> Result<(BTreeMap<Pseudonym, NewSubject>, Option<Timestamp>), AppError> {
    let (mut people, mut last) = (BTreeMap::new(), None);
    source.rows(&mut |incoming| {
        if let IncomingRow::Good { row, .. } = incoming
            && let Ok(row) = from_row(&desk.catalogue, kind, &row)
        {
            last = last.max(desk.calendar.moment(row.opened_at));
            if let Ok(Some(person)) = personal(desk, kind, &row) {
                people.insert(person.subject, person);
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok((people, last))
}

/// Seals whoever is new to the vault, and replaces the records of those who are known.
fn seal_people(
    city: &mut City<'_>,
    vault: Option<&mut dyn Vault>,
    envelope: &Envelope,
    people: BTreeMap<Pseudonym, NewSubject>,
) -> Result<(), AppError> {
    if people.is_empty() {
        return Ok(());
    }
    let vault = vault.ok_or_else(|| AppError::Asked {
        what: "the table holds personal data, and the vault is not open".to_owned(),
        hint: "open the city with its keys".to_owned(),
    })?;
    let (mut new, mut known) = (Vec::new(), Vec::new());
    for (whose, person) in people {
        match subject(city.journal, whose)? {
            // Their data were destroyed for good: what is owed to them is owed without.
            Some(before) if before.erased.is_some() => {}
            Some(_) => known.push(person),
            None => new.push(person),
        }
    }
    if !new.is_empty() {
        vault::seal(city, vault, envelope, &new, Sealing::New)?;
    }
    if !known.is_empty() {
        // The same command cannot do both; its second half is told apart by its id.
        let command_id =
            levee_model::command::CommandId::new(uuid::Uuid::from_u128(envelope.command_id.uuid().as_u128() ^ 1));
        vault::seal(city, vault, &Envelope { command_id, ..envelope.clone() }, &known, Sealing::Correction)?;
    }
    Ok(())
}

struct Table<'a> {
    desk: &'a Desk,
    kind: &'a KindId,
    blobs: &'a dyn crate::blob::Blobs,
    reading: Reading,
    command: uuid::Uuid,
    batch: EntityId,
    rejected: Vec<(u64, Vec<String>, Vec<CellProblem>)>,
    report: ImportReport,
}

impl Table<'_> {
    fn reject(&mut self, line: u64, cells: Vec<String>, problems: Vec<CellProblem>) {
        self.report.balance.rejected += 1;
        if self.report.first_rejected.len() < SHOWN {
            self.report.first_rejected.push((line, problems.clone()));
        }
        self.rejected.push((line, cells, problems));
    }

    fn take(&mut self, tx: &mut dyn Transaction, worker: &mut Worker<'_>, row: IncomingRow) -> Result<(), AppError> {
        self.report.balance.received += 1;
        let (line, row, warnings) = match row {
            IncomingRow::Bad { line, cells, problems } => {
                self.reject(line, cells, problems);
                return Ok(());
            }
            IncomingRow::Good { line, row, warnings } => (line, row, warnings),
        };
        let cells = || {
            let written = |column: &Option<String>| {
                column.as_deref().and_then(|column| row.get(column)).map_or_else(String::new, ToString::to_string)
            };
            self.reading.columns.iter().map(written).collect::<Vec<_>>()
        };
        let owed = match from_row(&self.desk.catalogue, self.kind, &row) {
            Ok(owed) => owed,
            Err(problems) => {
                let cells = cells();
                self.reject(line, cells, problems);
                return Ok(());
            }
        };
        let note = owed.note.as_ref().map(|note| self.blobs.put(note.as_bytes())).transpose()?;
        let ordinal = u32::try_from(line).unwrap_or(u32::MAX);
        let id = ObligationId(EntityId::new(self.command, ordinal));
        let made = personal(self.desk, self.kind, &owed)
            .and_then(|_| command(self.desk, self.kind, &owed, (id, note.map(|note| Digest(note.0)))));
        let command = match made {
            Ok(command) => command,
            Err(problem) => {
                let cells = cells();
                self.reject(line, cells, vec![problem]);
                return Ok(());
            }
        };
        match worker.carry_out(tx, &command) {
            Ok(changes) if changes.is_empty() => self.report.balance.duplicate += 1,
            Ok(changes) => {
                self.report.balance.accepted += 1;
                let opened = changes.iter().any(|change| matches!(change, levee_ledger::Change::Opened(_)));
                self.report.superseding += u64::from(!opened);
                for warning in warnings {
                    *self.report.warnings.entry(warning.to_owned()).or_default() += 1;
                }
            }
            Err(AppError::Refused(refusal)) => {
                let cells = cells();
                let problem = match refusal.as_ref() {
                    Refusal::GroundTaken { id, .. } => refuse("ref", REPEATS_WITH_OTHERS, id.to_string()),
                    other => refuse("", code::BAD_VALUE, other.to_string()),
                };
                self.reject(line, cells, vec![problem]);
            }
            Err(AppError::NotAllowed(NotAllowed::Unknown(stranger))) => {
                let why = format!("the city knows no person `{stranger}`");
                let cells = cells();
                self.reject(line, cells, vec![refuse("owner", code::BAD_VALUE, why)]);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn flush_rejected(&mut self, tx: &mut dyn Transaction, new: &dyn Fn(Event) -> NewEvent) -> Result<(), AppError> {
        if self.rejected.is_empty() {
            return Ok(());
        }
        let rejected = std::mem::take(&mut self.rejected);
        let values = crate::rejected::to_blob(&self.reading.headings, &rejected);
        let values = put_json(self.blobs, &values)?;
        let problem = |p: CellProblem| Problem { column: p.column, code: p.code.to_owned(), args: p.args };
        let rows = rejected
            .into_iter()
            .map(|(line, _, problems)| RejectedRow { line, problems: problems.into_iter().map(problem).collect() })
            .collect();
        tx.append(new(Event::RowsRejected(RowsRejected { batch: self.batch, rows, values })))?;
        Ok(())
    }
}

/// Takes in a table of obligations of one kind: all of it is on record when this returns, or nothing is.
pub fn open_table(
    city: &mut City<'_>,
    vault: Option<&mut dyn Vault>,
    envelopes: Envelopes<'_>,
    kind: &KindId,
    source: &mut dyn RowSource,
    options: &OpenOptions,
) -> Result<ImportReport, AppError> {
    let envelope = envelopes.open;
    check(city.journal, &envelope.actor, Right::Import)?;
    let (founded, _, _) = founded(city.journal)?;
    let desk = Desk::load(city.journal)?;
    if desk.catalogue.kind(kind).is_none() {
        return Err(levee_ledger::Refusal::UnknownKind(kind.clone()).into());
    }
    let now = city.clock.now();
    let reading = source.open()?;
    let (people, last) = first_reading(&desk, kind, source)?;
    let at = options.at.or(if founded.mode == Mode::Replay { last } else { None });
    let (occurred, known_at) = desk.times(now, at)?;
    if !options.dry_run {
        seal_people(city, vault, envelopes.seal, people)?;
    }
    let table = format!("owed.{kind}");
    let dry = Nothing(city.blobs);
    let blobs: &dyn crate::blob::Blobs = if options.dry_run { &dry } else { city.blobs };
    let (file, bytes) = blobs.put_stream(&mut source.bytes()?)?;
    let file_name = blobs.put(source.name().as_bytes())?;
    let batch = EntityId::new(envelope.command_id.uuid(), 0);
    let file_key = [table.as_bytes(), b"\0", &file.0].concat();
    let same_file_before = city.journal.get(Space::BatchFile, &file_key)?.is_some();
    let opened = BatchOpened { batch, table, file, file_name, bytes, dialect: reading.dialect.clone() };
    let mut rows = Table {
        desk: &desk,
        kind,
        blobs,
        command: envelope.command_id.uuid(),
        batch,
        rejected: Vec::new(),
        report: ImportReport {
            batch,
            balance: Balance::default(),
            superseding: 0,
            not_yet_known: 0,
            warnings: BTreeMap::new(),
            dialect: reading.dialect.clone(),
            ignored: reading.ignored.clone(),
            first_rejected: Vec::new(),
            same_file_before,
        },
        reading,
    };
    let intake = stream(&format!("intake.owed.{kind}"))?;
    let new = |event| NewEvent { stream: intake.clone(), occurred, known_at, event };
    carry_out_or_rehearse(city.journal, envelope, now, options.dry_run, &mut |tx| {
        tx.append(new(Event::BatchOpened(opened.clone())))?;
        let mut worker = Worker::new(&desk, envelope, (occurred, known_at), None)?;
        let mut fault = None;
        source.rows(&mut |row| {
            let one = || {
                rows.take(tx, &mut worker, row)?;
                if rows.rejected.len() >= CHUNK { rows.flush_rejected(tx, &new) } else { Ok(()) }
            };
            match one() {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    fault = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(error) = fault {
            return Err(error);
        }
        let accepted = rows.report.balance.accepted;
        worker.finish(tx, (accepted > 0).then_some(BatchRows { batch, rows: accepted }))?;
        rows.flush_rejected(tx, &new)?;
        let closed = BatchClosed {
            batch,
            balance: rows.report.balance,
            superseding: rows.report.superseding,
            warnings: rows.report.warnings.iter().map(|(code, times)| (code.clone(), *times)).collect(),
        };
        tx.append(new(Event::BatchClosed(closed)))?;
        Ok(())
    })?;
    Ok(rows.report)
}
