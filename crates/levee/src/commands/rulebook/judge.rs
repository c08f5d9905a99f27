//! `levee rulebook judge`: cases held against the rules of their day.

use super::books::books;
use super::{excerpts, read};
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::say;
use levee_app::measures::Book;
use levee_rulebook::{Case, Judgement, Outcome, Reason, Rulebook, judge, parse_cases};
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(cli: &Cli, rulebook: &Path, file: &Path) -> Result<ExitCode, Failure> {
    let books = books(rulebook, Lang::En)?;
    let text = read(file)?;
    let cases = parse_cases(&text).map_err(|problems| {
        say::note(&excerpts(&problems, &file.display().to_string(), &text));
        Failure::new(format!("{} has {} problem(s)", file.display(), problems.len()), "mend the lines shown above")
    })?;
    let mut judged = Vec::with_capacity(cases.len());
    for case in &cases {
        judged.push((case, judge(book_of(case, &books, rulebook)?, case.date, &case.facts)));
    }
    let met =
        |case: &Case, judgement: &Judgement<'_>| case.expected.as_ref().map(|expected| expected.met_by(judgement));
    let expected = judged.iter().filter(|(case, _)| case.expected.is_some()).count();
    let kept = judged.iter().filter(|(case, judgement)| met(case, judgement) == Some(true)).count();
    if cli.json {
        let cases: Vec<Value> = judged.iter().map(|(case, told)| document(case, told, met(case, told))).collect();
        say::json(&json!({
            "schema": "levee.rulebook_judge/1", "cases": cases, "expected": expected, "as_expected": kept,
        }));
    } else {
        for (case, judgement) in &judged {
            say::out(&told(case, judgement, met(case, judgement)));
        }
        say::out(&format!(
            "{} cases; {kept} of {expected} with an expected verdict came out as expected",
            judged.len()
        ));
    }
    Ok(if kept == expected { ExitCode::SUCCESS } else { ExitCode::from(super::super::NO) })
}

/// The book that a case names, if the case can be judged by it.
fn book_of<'b>(case: &Case, books: &'b [Book], from: &Path) -> Result<&'b Rulebook, Failure> {
    let book = books.iter().map(Book::rules).find(|book| *book.id() == case.rulebook).ok_or_else(|| {
        let known: Vec<String> = books.iter().map(|book| book.rules().id().to_string()).collect();
        Failure::new(
            format!("case {}: no rulebook `{}` in {}", case.id, case.rulebook, from.display()),
            format!("correct `rulebook`; there is: {}", known.join(", ")),
        )
    })?;
    if let Some(first) = book.first_day().filter(|first| case.date < *first) {
        return Err(Failure::new(
            format!("case {}: `facts.date` {} lies before every version of `{}`", case.id, case.date, book.id()),
            format!("give a day from {first} on, or a rulebook with older versions"),
        ));
    }
    if let Some((given, known)) = book.misspelt(&case.facts).first() {
        return Err(Failure::new(
            format!("case {}: no rule reads the fact `{given}`", case.id),
            format!("did you mean `{known}`?"),
        ));
    }
    Ok(book)
}

/// Id, verdict and rules in one line, then what speaks against the measure or is left open.
fn told(case: &Case, judgement: &Judgement<'_>, met: Option<bool>) -> String {
    let rules: Vec<&str> = judgement.grounds().into_iter().map(|rule| rule.as_str()).collect();
    let mut lines = vec![format!("{}  {}  {}", case.id, judgement.verdict, rules.join(", "))];
    if let (Some(false), Some(expected)) = (met, &case.expected) {
        let rule = expected.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
        lines.push(format!("    NOT AS EXPECTED: {}{rule}", expected.verdict));
    }
    for reason in judgement.findings() {
        let check = reason.check.map_or("applies", |check| check.id.as_str());
        let why = reason.check.map_or("", |check| check.why.as_str());
        lines.push(format!("    {}/{check}: {why} [{}]", reason.rule.id, clauses(reason).join("; ")));
        let used: Vec<String> = reason.facts_used.iter().map(|(path, value)| format!("{path}={value}")).collect();
        lines.push(format!("        because {}", used.join(", ")));
        for change in &reason.changes {
            let args: Vec<String> = change.args().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            lines.push(format!("        {} {}", change.code(), args.join(" ")));
        }
    }
    let skipped = judgement.reasons.iter().filter(|reason| reason.outcome == Outcome::Skipped).count();
    if skipped > 0 {
        lines.push(format!("    {skipped} check(s) not made for want of a fact"));
    }
    lines.join("\n")
}

fn clauses(reason: &Reason<'_>) -> Vec<String> {
    reason.clauses().iter().map(|clause| format!("{} {}", clause.source, clause.clause)).collect()
}

fn document(case: &Case, judgement: &Judgement<'_>, met: Option<bool>) -> Value {
    let reasons: Vec<Value> = judgement
        .reasons
        .iter()
        .map(|reason| {
            let used: serde_json::Map<String, Value> =
                reason.facts_used.iter().map(|(path, value)| (path.to_string(), value.to_string().into())).collect();
            let missing: Vec<String> = reason.facts_missing.iter().map(ToString::to_string).collect();
            let changes: Vec<Value> = reason
                .changes
                .iter()
                .map(|change| {
                    let args: serde_json::Map<String, Value> =
                        change.args().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                    json!({ "code": change.code(), "args": args })
                })
                .collect();
            json!({
                "rule": reason.rule.id.as_str(),
                "check": reason.check.map(|check| check.id.as_str()),
                "outcome": reason.outcome.code(),
                "why": reason.check.map(|check| check.why.as_str()),
                "clauses": clauses(reason),
                "facts_used": used,
                "facts_missing": missing,
                "numbers_missing": reason.numbers_missing,
                "changes": changes,
            })
        })
        .collect();
    json!({
        "id": case.id,
        "rulebook": case.rulebook.as_str(),
        "date": case.date,
        "verdict": judgement.verdict.code(),
        "rules": judgement.grounds().into_iter().map(|rule| rule.as_str()).collect::<Vec<_>>(),
        "gates_open": judgement.gates_open(),
        "as_expected": met,
        "reasons": reasons,
    })
}
