//! `levee rulebook`: check a rulebook, judge cases, list what is in force, keep one for a city.

pub(crate) mod books;
mod diff;
mod judge;
mod keep;
pub(crate) mod words;

use crate::cli::{Cli, Lang, RulebookCommand};
use crate::failure::Failure;
use crate::say;
use levee_rulebook::{Rulebook, RulebookProblem};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| Failure::io("read", file, &e))
}

/// Every problem with the line it stands in.
fn excerpts(problems: &[RulebookProblem], name: &str, text: &str) -> String {
    problems.iter().map(|problem| problem.excerpt(name, text)).collect::<Vec<_>>().join("\n\n")
}

pub(crate) fn run(cli: &Cli, command: &RulebookCommand) -> Result<ExitCode, Failure> {
    match command {
        RulebookCommand::Diff { before, after, lang } => diff::run(cli, before, after, *lang),
        RulebookCommand::Schema => {
            say::json(&levee_rulebook::schema());
            Ok(ExitCode::SUCCESS)
        }
        RulebookCommand::Judge { rulebook, cases } => judge::run(cli, rulebook, cases),
        RulebookCommand::Keep { city, rulebook, from, when } => keep::run(cli, city, rulebook, *from, when),
        RulebookCommand::List { city } => keep::list(cli, city.as_deref()),
        RulebookCommand::Check { file } => {
            let (name, text) = books::text(file, Lang::En)?;
            match Rulebook::parse(&text) {
                Ok(book) => {
                    let rules = book.rules().count();
                    if cli.json {
                        say::json(&json!({ "schema": "levee.rulebook_check/1", "rules": rules, "problems": [] }));
                    } else {
                        say::out(&format!("{name}: {rules} rules, no problem"));
                    }
                    Ok(ExitCode::SUCCESS)
                }
                Err(problems) => {
                    if cli.json {
                        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
                        say::json(&json!({ "schema": "levee.rulebook_check/1", "problems": said }));
                    } else {
                        say::out(&excerpts(&problems, &name, &text));
                        say::out(&format!("\n{} problem(s) in {name}", problems.len()));
                    }
                    Ok(ExitCode::from(super::NO))
                }
            }
        }
        RulebookCommand::Show { file, date } => {
            let book = books::one(file, Lang::En)?;
            let book = book.rules();
            let rules = book.in_force(*date);
            if cli.json {
                let ids: Vec<_> =
                    rules.iter().map(|r| json!({ "id": r.id.to_string(), "kind": r.kind.to_string() })).collect();
                say::json(&json!({ "schema": "levee.rulebook_show/1", "date": date, "rules": ids }));
            } else {
                let rows: Vec<Vec<String>> = rules
                    .iter()
                    .map(|r| vec![r.id.to_string(), r.kind.to_string(), r.title.en.clone().unwrap_or_default()])
                    .collect();
                say::out(&say::table(&rows, &[]));
                say::out(&format!("{} rules in force on {date}", rules.len()));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
