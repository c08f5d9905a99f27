//! `levee brief`: write an issued brief again, in the language asked for.

use super::day::write;
use super::{brief_lang, language};
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::day::issued_brief;
use levee_brief::Document;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(
    cli: &Cli,
    city: &Path,
    day: Date,
    lang: Option<Lang>,
    out: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let (_, settings, _) = founded(open::reader(&opened))?;
    let lang = language(lang, settings.language);
    let Some((_, facts)) = issued_brief(&opened.city(), day)? else {
        return Err(Failure::new(
            format!("no brief was issued for {day}"),
            format!("run the day first: levee day {} --date {day}", city.display()),
        ));
    };
    let document = Document::new(facts);
    let path = match out {
        Some(out) => {
            write_whole(&[(out, document.to_html(brief_lang(lang)).as_bytes())])?;
            out.to_owned()
        }
        None => write(&document, &opened.folder.join("briefs"), day, lang)?,
    };
    if cli.json {
        say::out(document.to_json().map_err(|e| Failure::of(&e, None))?.trim_end());
    } else {
        say::out(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}
