//! `levee import`: take in a file, or the reports of a pack.

use super::source::{FileRows, known, layout};
use crate::cli::{Cli, ImportArgs};
use crate::failure::Failure;
use crate::open::{self, Access, Opened};
use crate::say;
use indicatif::{ProgressBar, ProgressStyle};
use levee_app::city::founded;
use levee_app::event::Mode;
use levee_app::intake::{ImportOptions, ImportReport, import};
use levee_intake::{Defaults, Lang, explain};
use levee_model::provenance::Origin;
use levee_model::table::{TABLES, TableSpec, Use};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// What became of one file, with what the reader told about it.
pub(super) struct Taken {
    pub(super) table: &'static TableSpec,
    pub(super) file: String,
    pub(super) report: ImportReport,
    pub(super) notes: Vec<(String, String)>,
}

pub(crate) fn run(cli: &Cli, args: &ImportArgs) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, &args.city, Access::Write)?;
    let taken = match (&args.pack, args.table, &args.file) {
        (Some(pack), _, _) => of_pack(cli, args, &mut opened, pack)?,
        (None, Some(table), Some(file)) => vec![one(cli, args, &mut opened, table, file)?],
        _ => return Err(Failure::new("nothing to import was named", "give --table TABLE FILE, or --pack DIR")),
    };
    if cli.json {
        say::json(&document("levee.import/1", &taken, args.dry_run));
    } else {
        taken.iter().for_each(|taken| print(taken, &args.city, args.dry_run, Lang::En));
    }
    let rejected = taken.iter().any(|t| t.report.balance.rejected > 0);
    Ok(if rejected { ExitCode::from(super::NO) } else { ExitCode::SUCCESS })
}

fn one(
    cli: &Cli,
    args: &ImportArgs,
    opened: &mut Opened,
    table: &'static TableSpec,
    file: &Path,
) -> Result<Taken, Failure> {
    let on = open::reader(opened);
    let (city, _, calendar) = founded(on)?;
    if args.until.is_some() && city.mode == Mode::Live {
        return Err(Failure::new(
            "--until chooses rows by when they were known, and a city at work knows a row from the moment it arrives",
            "leave --until out, or make a replay: levee init CITY --pack DIR --replay",
        ));
    }
    let now = calendar.civil(open::now());
    let defaults = Defaults {
        office: args.office.clone(),
        source_id: args.source.clone(),
        known_at: Some(now),
        known_at_assumed: Some(false),
        origin: Some(Origin::Reported),
        place: None,
    };
    let known_until = match args.until {
        Some(day) => Some(calendar.end_of(day).ok_or_else(|| Failure::new("that day has no end", "check --until"))?),
        None => None,
    };
    let mut layout = layout(on, table, now, defaults)?;
    known(args.office.as_ref(), args.source.as_deref(), &layout.references)
        .map_err(|unknown| Failure::new(unknown.what("--"), unknown.hint()))?;
    if args.pack.is_some() {
        // A pack was checked whole: a status that is known later may speak of a facility that is registered later.
        layout.references.facilities = None;
    }
    let mut rows = FileRows::new(file, args.sheet.as_deref(), layout)?;
    let options = ImportOptions { table, dry_run: args.dry_run, known_until };
    let report = import(&mut opened.city(), &open::envelope(cli), &mut rows, &options)?;
    let notes = rows.notes.iter().map(|note| note.explain(Lang::En)).collect();
    Ok(Taken { table, file: file.display().to_string(), report, notes })
}

/// Report tables in the order of the handbook: a register before the statuses that refer to it.
fn of_pack(cli: &Cli, args: &ImportArgs, opened: &mut Opened, pack: &Path) -> Result<Vec<Taken>, Failure> {
    super::pack::there(pack)?;
    let tables: Vec<&'static TableSpec> =
        TABLES.iter().filter(|t| t.used == Use::Report && pack.join(format!("{}.csv", t.name)).is_file()).collect();
    if tables.is_empty() {
        return Err(Failure::new(
            format!("{} holds no table of reports", pack.display()),
            "see `levee pack check DIR`",
        ));
    }
    // Drawn on a terminal only.
    let bar = ProgressBar::new(tables.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} tables  {msg}") {
        bar.set_style(style);
    }
    let mut taken = Vec::new();
    for table in tables {
        bar.set_message(table.name);
        taken.push(one(cli, args, opened, table, &pack.join(format!("{}.csv", table.name)))?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(taken)
}

/// What became of files, as data.
pub(super) fn document(schema: &str, taken: &[Taken], dry_run: bool) -> serde_json::Value {
    let batch = |taken: &Taken| {
        let report = &taken.report;
        let rejected: Vec<_> = report
            .first_rejected
            .iter()
            .flat_map(|(line, problems)| problems.iter().map(move |p| (line, p)))
            .map(|(line, problem)| {
                let (what, mend) = explain(problem, Lang::En);
                json!({ "line": line, "column": problem.column, "value": problem.value, "code": problem.code,
                    "what": what, "mend": mend })
            })
            .collect();
        json!({
            "table": taken.table.name, "file": taken.file,
            "batch": if dry_run { serde_json::Value::Null } else { report.batch.to_string().into() },
            "received": report.balance.received, "accepted": report.balance.accepted,
            "rejected": report.balance.rejected, "duplicate": report.balance.duplicate,
            "superseding": report.superseding, "not_yet_known": report.not_yet_known,
            "same_file_before": report.same_file_before, "dialect": report.dialect, "ignored_headings": report.ignored,
            "warnings": report.warnings, "first_rejected": rejected,
            "notes": taken.notes.iter().map(|(what, mend)| json!({ "what": what, "mend": mend })).collect::<Vec<_>>(),
        })
    };
    json!({ "schema": schema, "dry_run": dry_run, "batches": taken.iter().map(batch).collect::<Vec<_>>() })
}

/// What became of a file, for people. Sentences of the checks are told in `lang`.
pub(super) fn print(taken: &Taken, city: &Path, dry_run: bool, lang: Lang) {
    let report = &taken.report;
    let balance = report.balance;
    let n = say::count;
    let pick = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    say::out(&format!(
        "{}{}: {} {} = {} {} + {} {} + {} {}",
        if dry_run { pick("试运行，未写入：", "dry run, nothing written: ") } else { "" },
        taken.table.name,
        pick("收到", "received"),
        n(balance.received),
        pick("接受", "accepted"),
        n(balance.accepted),
        pick("退回", "rejected"),
        n(balance.rejected),
        pick("重复", "duplicate"),
        n(balance.duplicate),
    ));
    let mut told: Vec<String> = Vec::new();
    if report.superseding > 0 {
        told.push(format!(
            "{} {}",
            n(report.superseding),
            pick("行更正了先前的数字，先前的仍留存", "supersede an earlier figure, which stays on record")
        ));
    }
    if report.not_yet_known > 0 {
        told.push(format!("{} rows become known later and have not arrived yet", n(report.not_yet_known)));
    }
    if report.same_file_before {
        told.push(pick("同一文件此前已接收过", "the very same file was taken in before").to_owned());
    }
    if !report.ignored.is_empty() {
        told.push(format!(
            "{}: {}",
            pick("不属于任何栏目的表头", "headings that belong to no column"),
            report.ignored.join(", ")
        ));
    }
    for (code, times) in &report.warnings {
        told.push(format!("{} {code}: {}", pick("接受并标记", "accepted and flagged"), n(*times)));
    }
    for (what, mend) in &taken.notes {
        told.push(format!("{what} ({mend})"));
    }
    for line in told {
        say::note(&format!("  {line}"));
    }
    for (line, problems) in &report.first_rejected {
        for problem in problems {
            let (what, mend) = explain(problem, lang);
            let column = match problem.column.as_str() {
                "" => String::new(),
                column => format!(", {column}"),
            };
            say::note(&format!(
                "  {} {line}{column}: {what} [{}]\n    {}{mend}",
                pick("行", "line"),
                problem.code,
                pick("处理：", "mend: ")
            ));
        }
    }
    let shown = report.first_rejected.len() as u64;
    if balance.rejected > shown {
        say::note(&format!("  … {} {}", pick("另有", "and more:"), n(balance.rejected - shown)));
    }
    if balance.rejected > 0 && !dry_run {
        say::note(&format!(
            "  {}: levee rejected {} --batch {} --out rejected.csv --reason TEXT --as PERSON",
            pick("更正后重新报送", "to correct and send again"),
            city.display(),
            report.batch
        ));
    }
}
