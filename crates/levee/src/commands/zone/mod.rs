//! `levee zone propose`: areas of high risk as the rules of the day allow them.

mod text;

use super::language;
use super::rulebook::books;
use crate::cli::{Cli, Lang, ZoneCommand};
use crate::failure::Failure;
use crate::files;
use crate::open::{self, Access};
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::zones::document;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, command: &ZoneCommand) -> Result<ExitCode, Failure> {
    let ZoneCommand::Propose { city, date, rulebook, geojson, lang } = command;
    propose(cli, city, *date, (rulebook.as_deref(), geojson.as_deref()), *lang)
}

fn propose(
    cli: &Cli,
    city: &Path,
    date: Date,
    (rulebook, geojson): (Option<&Path>, Option<&Path>),
    lang: Option<Lang>,
) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let (_, settings, calendar) = founded(&opened.journal)?;
    let lang = language(lang, settings.language);
    let known_by = calendar.end_of(date).unwrap_or(Timestamp::MAX);
    let book = books::of_city(&opened, rulebook, (date, known_by), lang)?;
    let book = book.rules();
    let proposed = levee_app::zones::propose(&opened.city(), book, date)?;
    if let Some(file) = geojson {
        let map = document::map(&proposed);
        files::write_whole(&[(file, format!("{map:#}\n").as_bytes())])?;
        say::note(&format!("{}", file.display()));
    }
    if cli.json {
        say::json(&document::of(&proposed, book));
    } else {
        say::out(&text::of(&proposed, book, lang));
    }
    Ok(ExitCode::SUCCESS)
}
