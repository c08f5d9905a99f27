//! What was sent to the city: a file is taken in, its rows balance, and what was rejected goes back to be corrected.

use super::Problems;
use super::upload::{Upload, received};
use super::wire::{named, page_size};
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Params};
use crate::problem::Problem;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use levee_app::city::City;
use levee_app::event::{Dialect, Mode};
use levee_app::intake::{FileHints, ImportOptions, ImportReport, Tables, import};
use levee_app::projection::{BatchRecord, BatchState};
use levee_app::rejected;
use levee_app::rights::Right;
use levee_model::ids::EntityId;
use levee_model::table::{CellProblem, TableSpec, Use};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// What a file is, and how to take it in.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// The table of reports that it holds, such as `case_reports`.
    table: String,
    /// The file's name, as its sender calls it; `file` where left out.
    name: Option<String>,
    /// The office that sends it, where the file does not say.
    office: Option<String>,
    /// The document it comes from, where the file does not say; several are joined by `+`.
    source: Option<String>,
    /// Which sheet of a workbook; its only one where left out.
    sheet: Option<String>,
    /// Say what would become of it, and write nothing.
    dry_run: Option<bool>,
    /// In a replay: rows that became known later have not arrived yet.
    #[param(value_type = Option<String>, format = DateTime)]
    known_until: Option<Timestamp>,
}

/// Where the rows of a file went: received = accepted + rejected + duplicate.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Balance {
    /// Rows that are not blank.
    received: u64,
    /// Accepted.
    accepted: u64,
    /// Rejected, to be corrected and sent again.
    rejected: u64,
    /// On record already, word for word.
    duplicate: u64,
}

impl From<levee_app::event::Balance> for Balance {
    fn from(balance: levee_app::event::Balance) -> Self {
        let levee_app::event::Balance { received, accepted, rejected, duplicate } = balance;
        Self { received, accepted, rejected, duplicate }
    }
}

/// How a file is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WrittenAs {
    /// `csv` or `xlsx`.
    format: String,
    /// Character set, of text.
    encoding: Option<String>,
    /// Delimiter, of text.
    delimiter: Option<String>,
    /// Sheet, of a workbook.
    sheet: Option<String>,
    /// Line of the headings, from 1.
    header_line: u64,
}

impl From<&Dialect> for WrittenAs {
    fn from(dialect: &Dialect) -> Self {
        let Dialect { format, encoding, delimiter, sheet, header_line } = dialect.clone();
        Self { format, encoding, delimiter, sheet, header_line }
    }
}

/// A cell that was rejected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RejectedCell {
    /// The line of the file, from 1.
    line: u64,
    /// The column.
    column: String,
    /// The cell as it stood.
    value: String,
    /// A code that stays the same: see docs/errors.md.
    code: String,
    /// What is wrong, in Chinese.
    what_zh: String,
    /// How to mend it, in Chinese.
    mend_zh: String,
    /// What is wrong, in English.
    what_en: String,
    /// How to mend it, in English.
    mend_en: String,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Imported {
    /// The batch; none of a dry run.
    batch: Option<String>,
    /// Its table.
    table: String,
    /// Nothing was written.
    dry_run: bool,
    /// The command had been carried out before: this is what became of it then.
    repeated: bool,
    /// The very same file had been taken in before.
    same_file_before: bool,
    /// Where its rows went.
    balance: Balance,
    /// Of the accepted, how many supersede an earlier figure, which stays on record.
    superseding: u64,
    /// In a replay: rows that have not arrived yet.
    not_yet_known: u64,
    /// Accepted and flagged: how often, by code.
    warnings: BTreeMap<String, u64>,
    /// How the file is written.
    dialect: WrittenAs,
    /// Headings that belong to no column; what stands under them is not taken in.
    ignored_headings: Vec<String>,
    /// The cells of the first 20 rejected rows. All of them: `GET /api/v1/imports/{batch}/rejected`.
    first_rejected: Vec<RejectedCell>,
}

fn cell(tables: &dyn Tables, line: u64, problem: &CellProblem) -> RejectedCell {
    let ((what_zh, mend_zh), (what_en, mend_en)) = (tables.explain(problem, true), tables.explain(problem, false));
    let (column, value, code) = (problem.column.clone(), problem.value.clone(), problem.code.to_owned());
    RejectedCell { line, column, value, code, what_zh, mend_zh, what_en, mend_en }
}

fn told(tables: &dyn Tables, table: &TableSpec, report: &ImportReport, dry_run: bool) -> Imported {
    let cells = report.first_rejected.iter();
    let cells = cells.flat_map(|(line, problems)| problems.iter().map(|problem| cell(tables, *line, problem)));
    Imported {
        batch: (!dry_run).then(|| report.batch.to_string()),
        table: table.name.to_owned(),
        dry_run,
        repeated: false,
        same_file_before: report.same_file_before,
        balance: report.balance.into(),
        superseding: report.superseding,
        not_yet_known: report.not_yet_known,
        warnings: report.warnings.clone(),
        dialect: (&report.dialect).into(),
        ignored_headings: report.ignored.clone(),
        first_rejected: cells.collect(),
    }
}

/// A batch as it stands on record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Batch {
    /// Which.
    batch: String,
    /// Its table.
    table: String,
    /// The file's bytes.
    bytes: u64,
    /// Where its rows went.
    balance: Balance,
    /// Of the accepted, how many supersede an earlier figure.
    superseding: u64,
    /// Accepted and flagged: how often, by code.
    warnings: BTreeMap<String, u64>,
    /// How the file is written.
    dialect: WrittenAs,
}

impl From<&BatchRecord> for Batch {
    fn from(record: &BatchRecord) -> Self {
        let (balance, superseding, warnings) = match &record.state {
            BatchState::Closed { balance, superseding, warnings, .. } => (*balance, *superseding, warnings.as_slice()),
            BatchState::Open => Default::default(),
        };
        Self {
            batch: record.opened.batch.to_string(),
            table: record.opened.table.clone(),
            bytes: record.opened.bytes,
            balance: balance.into(),
            superseding,
            warnings: warnings.iter().cloned().collect(),
            dialect: (&record.opened.dialect).into(),
        }
    }
}

/// The answer to a command that was carried out before. What the first answer said of single cells is not kept: they can be read
/// with a reason.
fn again(record: &BatchRecord) -> Imported {
    let batch = Batch::from(record);
    Imported {
        batch: Some(batch.batch),
        table: batch.table,
        dry_run: false,
        repeated: true,
        same_file_before: true,
        balance: batch.balance,
        superseding: batch.superseding,
        not_yet_known: 0,
        warnings: batch.warnings,
        dialect: batch.dialect,
        ignored_headings: vec![],
        first_rejected: vec![],
    }
}

/// A table of reports with this name.
fn reports(table: &str) -> Result<&'static TableSpec, Problem> {
    let known = TableSpec::named(table).filter(|table| table.used == Use::Report);
    known.ok_or_else(|| levee_app::city::AppError::NotAReport(table.chars().take(80).collect()).into())
}

fn take(app: &App, city: &mut City<'_>, asking: &Asking, upload: &Upload, sent: &Taken) -> Result<Answer, Problem> {
    let id = EntityId::new(asking.envelope.command_id.uuid(), 0);
    if !sent.dry_run
        && let Some(known) = rejected::batch(city.journal, id)?
    {
        return Ok((StatusCode::OK, Json(again(&known))));
    }
    let tables = &*app.city.parts.tables;
    let mut rows = tables.rows(city.journal, sent.table, upload.path(), &sent.hints, app.city.now())?;
    let options = ImportOptions { table: sent.table, dry_run: sent.dry_run, known_until: sent.known_until };
    let report = import(city, &asking.envelope, &mut *rows, &options)?;
    if sent.dry_run {
        return Ok((StatusCode::OK, Json(told(tables, sent.table, &report, true))));
    }
    match rejected::batch(city.journal, id)? {
        Some(_) => Ok((StatusCode::CREATED, Json(told(tables, sent.table, &report, false)))),
        // Law 1: nobody is told that a file was taken in when it was not.
        None => Err(Problem::new(
            StatusCode::CONFLICT,
            "command-taken",
            "The command's id was used before",
            "another command was carried out under this Idempotency-Key; the file was not taken in",
        )
        .hint("make a new UUID of version 7 for each command")),
    }
}

type Answer = (StatusCode, Json<Imported>);

struct Taken {
    table: &'static TableSpec,
    hints: FileHints,
    dry_run: bool,
    known_until: Option<Timestamp>,
}

/// Take in a file. The body is the file's bytes, CSV or XLSX as offices send them, up to 256 MiB. Each row is accepted, rejected or a
/// duplicate, in one commit.
#[utoipa::path(post, path = "/api/v1/imports", tag = "intake", security(("token" = []), ("session" = [])),
    params(Sent, ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file."),
    responses((status = 201, description = "Taken in.", body = Imported),
        (status = 200, description = "A dry run, or the command had been carried out before.", body = Imported),
        (status = 408, description = "The body came too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full.", body = Problem, content_type = "application/problem+json"), Problems))]
pub(crate) async fn new_import(
    State(app): State<App>,
    asking: Asking,
    Params(sent): Params<Sent>,
    body: Body,
) -> Result<Answer, Problem> {
    // Who may not is told before their file is read.
    let asking = asking.fully()?;
    asking.may(Right::Import, None)?;
    let table = reports(&sent.table)?;
    if sent.known_until.is_some() && app.city.mode == Mode::Live {
        return Err(Problem::bad_input(
            "`known_until` chooses rows by when they were known, and a city at work knows a row from the moment it arrives",
            "leave `known_until` out",
        ));
    }
    let hints = FileHints {
        name: sent.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "file".to_owned()),
        office: sent.office.as_deref().map(|office| named("office", office)).transpose()?,
        source: sent.source,
        sheet: sent.sheet,
    };
    let sent = Taken { table, hints, dry_run: sent.dry_run.unwrap_or(false), known_until: sent.known_until };
    let upload = received(&app.city.parts.uploads, body).await?;
    let on = app.clone();
    run(&app.city, Urgency::Ordinary, move |_, city| take(&on, city, &asking, &upload, &sent)).await
}

/// Which batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Those sent before this batch: the `next` of the page before.
    before: Option<String>,
    /// At most so many; 100 where left out, 1,000 at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// Batches, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Batches {
    /// The latest first.
    batches: Vec<Batch>,
    /// What to send as `before` for more; none = there are no more.
    next: Option<String>,
}

/// The files that were taken in, the latest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "intake", security(("token" = []), ("session" = [])), params(Page),
    responses((status = 200, description = "Batches.", body = Batches), Problems))]
pub(crate) async fn imports(
    State(app): State<App>,
    asking: Asking,
    Params(page): Params<Page>,
) -> Result<Json<Batches>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let limit = page_size(page.limit)?;
    let before = page.before.as_deref().map(|id| named("before", id)).transpose()?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let mut found = rejected::latest(city.journal, before, limit + 1)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| last.opened.batch.to_string());
        Ok(Json(Batches { batches: found.iter().map(Batch::from).collect(), next }))
    })
    .await
}

fn no_batch(id: EntityId) -> Problem {
    Problem::not_found(format!("there is no batch {id}"), "see GET /api/v1/imports")
}

/// One batch.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "intake", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "The batch.")),
    responses((status = 200, description = "As it stands on record.", body = Batch), Problems))]
pub(crate) async fn one_import(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<Json<Batch>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let id = named("id", &id)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let record = rejected::batch(city.journal, id)?.ok_or_else(|| no_batch(id))?;
        Ok(Json(Batch::from(&record)))
    })
    .await
}

/// Why rejected values are read, and in which language to explain them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    /// Why; it is written down with the name of whoever reads.
    reason: String,
    /// The language of the explanations; the city's where left out.
    #[param(inline)]
    lang: Option<super::days::Language>,
}

/// The rejected rows of a batch as CSV, with what is wrong and how to mend it: correct them there and send the file again. They may
/// hold personal data: each reading is written down.
#[utoipa::path(get, path = "/api/v1/imports/{id}/rejected", tag = "intake", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "The batch."), Why),
    responses((status = 200, description = "The rows; only headings where none was rejected.", body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn rejected_rows(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Params(Why { reason, lang }): Params<Why>,
) -> Result<(HeaderMap, Vec<u8>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ReadRejected, None)?;
    let id = named("id", &id)?;
    let tables = std::sync::Arc::clone(&app.city.parts.tables);
    run(&app.city, Urgency::Ordinary, move |open, city| {
        rejected::batch(city.journal, id)?.ok_or_else(|| no_batch(id))?;
        let rows = rejected::read(city, &asking.envelope, id, &reason)?;
        let csv = tables.rejected(&rows, super::days::zh(open, lang))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/csv; charset=utf-8"));
        headers.insert(
            header::CONTENT_DISPOSITION,
            header::HeaderValue::from_static("attachment; filename=\"rejected.csv\""),
        );
        Ok((headers, csv))
    })
    .await
}
