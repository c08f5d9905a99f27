//! `levee batches` and `levee rejected`: what was taken in, and what must be mended.

use super::intake_lang;
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use levee_app::projection::{BatchRecord, BatchState};
use levee_app::rejected::{Rejected, RejectedValues, StoredProblem, batches, read};
use levee_intake::message::known_code;
use levee_intake::{ReadRow, write_rejected};
use levee_model::ids::EntityId;
use levee_model::table::CellProblem;
use serde_json::json;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn list(cli: &Cli, city: &Path) -> Result<ExitCode, Failure> {
    let opened = open::open(cli, city, Access::Read)?;
    let batches = batches(open::reader(&opened))?;
    let balance = |batch: &BatchRecord| match &batch.state {
        BatchState::Closed { balance, .. } => *balance,
        BatchState::Open => levee_app::event::Balance::default(),
    };
    if cli.json {
        let rows: Vec<_> = batches
            .iter()
            .map(|b| json!({ "batch": b.opened.batch, "table": b.opened.table, "balance": balance(b), "bytes": b.opened.bytes,
                "dialect": b.opened.dialect }))
            .collect();
        say::json(&json!({ "schema": "levee.batches/1", "batches": rows }));
        return Ok(ExitCode::SUCCESS);
    }
    let head = ["batch", "table", "received", "accepted", "rejected", "duplicate"].map(str::to_owned).to_vec();
    let rows = batches.iter().map(|b| {
        let n = balance(b);
        let counts = [n.received, n.accepted, n.rejected, n.duplicate].map(say::count);
        [vec![b.opened.batch.to_string(), b.opened.table.clone()], counts.to_vec()].concat()
    });
    say::out(&say::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), &[2, 3, 4, 5]));
    Ok(ExitCode::SUCCESS)
}

/// Rejected rows as they are written into a file to be corrected.
pub(crate) fn to_correct(rejected: &Rejected) -> Vec<ReadRow> {
    let problem = |p: &StoredProblem| CellProblem {
        column: p.column.clone(),
        value: p.value.clone(),
        code: known_code(&p.code),
        args: p.args.clone(),
    };
    let row = |row: &RejectedValues| ReadRow::Bad {
        line: row.line,
        raw: row.cells.clone(),
        problems: row.problems.iter().map(problem).collect(),
    };
    rejected.rows.iter().map(row).collect()
}

pub(crate) fn export(
    cli: &Cli,
    city: &Path,
    batch: EntityId,
    reason: &str,
    out: &Path,
    lang: Lang,
) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Write)?;
    let rejected = read(&mut opened.city(), &open::envelope(cli), batch, reason)?;
    if rejected.rows.is_empty() {
        if cli.json {
            say::json(&json!({ "schema": "levee.rejected/1", "rows": 0, "file": null, "table": rejected.table }));
        } else {
            say::out(&format!("batch {batch} has no rejected rows; nothing was written"));
        }
        return Ok(ExitCode::from(super::NO));
    }
    let rows = to_correct(&rejected);
    let file = File::create(out).map_err(|e| Failure::io("write", out, &e))?;
    write_rejected(file, &rejected.headings, &rows, intake_lang(lang)).map_err(|e| Failure::io("write", out, &e))?;
    if cli.json {
        say::json(&json!({ "schema": "levee.rejected/1", "rows": rows.len(), "file": out.display().to_string(),
            "table": rejected.table }));
    } else {
        // A table of obligations goes back to where it came from.
        let again = match rejected.table.strip_prefix("owed.") {
            Some(kind) => format!("levee open {} --kind {kind} {}", city.display(), out.display()),
            None => format!("levee import {} --table {} {}", city.display(), rejected.table, out.display()),
        };
        say::out(&format!(
            "{} rejected rows in {}; correct them there and send the file again with `{again}`\n\
             (and with the --office and --source that the first file was sent with, if any)",
            rows.len(),
            out.display(),
        ));
    }
    Ok(ExitCode::SUCCESS)
}
