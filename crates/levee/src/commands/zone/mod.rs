//! `levee zone propose`: areas of high risk as the rules of the day allow them.

mod document;
mod text;

use super::language;
use super::rulebook::books;
use crate::cli::{Cli, Lang, ZoneCommand};
use crate::failure::Failure;
use crate::files;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
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
    let (_, settings, _) = founded(&opened.journal)?;
    let book = books::of_city(&settings, rulebook)?;
    let proposed = levee_app::zones::propose(&opened.city(), &book, date)?;
    if let Some(file) = geojson {
        let map = document::map(&proposed);
        files::write_whole(&[(file, format!("{map:#}\n").as_bytes())])?;
        say::note(&format!("{}", file.display()));
    }
    if cli.json {
        say::json(&document::of(&proposed, &book));
    } else {
        say::out(&text::of(&proposed, &book, language(lang, settings.language)));
    }
    Ok(ExitCode::SUCCESS)
}
