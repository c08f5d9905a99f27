//! `levee measures`: what others did, held against the rules of its days, and recorded.

mod observe;
mod text;

use super::language;
use super::rulebook::books;
use crate::cli::{Cli, Lang, MeasuresCommand};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::audit::document;
use levee_app::city::founded;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, command: &MeasuresCommand) -> Result<ExitCode, Failure> {
    match command {
        MeasuresCommand::Observe(args) => observe::run(cli, args),
        MeasuresCommand::Audit { city, date, rulebook, lang } => audit(cli, city, *date, rulebook.as_deref(), *lang),
    }
}

/// An audit is an answer whatever it finds: what others did is no fault of the command.
fn audit(
    cli: &Cli,
    city: &Path,
    date: Option<Date>,
    rulebook: Option<&Path>,
    lang: Option<Lang>,
) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let (_, settings, calendar) = founded(&opened.journal)?;
    let known_by = date.and_then(|day| calendar.end_of(day)).unwrap_or(Timestamp::MAX);
    let lang = language(lang, settings.language);
    let book = books::of_city(&opened, rulebook, (date.unwrap_or(Date::MAX), known_by), lang)?;
    let book = book.rules();
    let audited = levee_app::audit::measures(&opened.city(), book, date)?;
    for fault in &audited.faults {
        say::note(&format!("measure_facts: {fault}"));
    }
    if cli.json {
        say::json(&document::of(&audited, book));
    } else {
        say::out(&text::of(&audited, book, lang));
    }
    Ok(ExitCode::SUCCESS)
}
