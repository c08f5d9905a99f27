//! `levee pack`: check a pack, describe it.

use super::intake_lang;
use crate::cli::{Cli, PackCommand};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::{open, say};
use levee_intake::Lang;
use levee_intake::datapackage::describe;
use levee_intake::pack::{PackProblem, check_pack};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// A pack is a folder.
pub(crate) fn there(pack: &Path) -> Result<(), Failure> {
    if pack.is_dir() {
        return Ok(());
    }
    Err(Failure::new(format!("{} is no folder", pack.display()), "check the path"))
}

/// A pack that no city can be made from.
pub(crate) fn refused(pack: &Path, problems: &[PackProblem]) -> Failure {
    let first = problems.first().map_or_else(String::new, |p| p.to_string());
    Failure::new(
        format!("the pack {} has {} problem(s): {first}", pack.display(), problems.len()),
        format!("see all of them with `levee pack check {}`", pack.display()),
    )
}

pub(crate) fn run(cli: &Cli, command: &PackCommand) -> Result<ExitCode, Failure> {
    match command {
        PackCommand::Check { pack, lang } => {
            there(pack)?;
            // The latest moment anywhere on Earth: a check must not depend on where it runs.
            let now = open::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(14))).datetime();
            let report = check_pack(pack, now);
            let lang = intake_lang(*lang);
            if cli.json {
                say::json(&report_json(&report.problems, &report.warnings));
            } else {
                for count in &report.tables {
                    say::out(&format!(
                        "{}: {} rows, {} good, {} bad, {} flagged",
                        count.table, count.received, count.good, count.bad, count.flagged
                    ));
                }
                for problem in &report.problems {
                    say::out(&told(problem, lang));
                }
                say::out(&format!("{} problem(s), {} warning(s)", report.problems.len(), report.warnings.len()));
            }
            Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(super::NO) })
        }
        PackCommand::Describe { pack } => {
            there(pack)?;
            let descriptor = describe(pack).map_err(|problems| refused(pack, &problems))?;
            let path = pack.join("datapackage.json");
            write_whole(&[(&path, format!("{descriptor:#}\n").as_bytes())])?;
            if cli.json {
                say::json(&json!({ "schema": "levee.pack_describe/1", "file": path.display().to_string() }));
            } else {
                say::out(&path.display().to_string());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn told(problem: &PackProblem, lang: Lang) -> String {
    let (what, mend) = problem.explain(lang);
    let then = match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    };
    let line = problem.line.map_or_else(String::new, |line| format!(":{line}"));
    let column = if problem.problem.column.is_empty() { String::new() } else { format!(" {}", problem.problem.column) };
    format!("{}{line}{column} [{}]: {what}{then}{mend}", problem.file, problem.code())
}

fn report_json(problems: &[PackProblem], warnings: &[PackProblem]) -> serde_json::Value {
    let one = |problem: &PackProblem| {
        let (what, mend) = problem.explain(Lang::En);
        json!({ "file": problem.file, "line": problem.line, "column": problem.problem.column,
            "value": problem.problem.value, "code": problem.code(), "what": what, "mend": mend })
    };
    json!({ "schema": "levee.pack_check/1", "problems": problems.iter().map(one).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(one).collect::<Vec<_>>() })
}
