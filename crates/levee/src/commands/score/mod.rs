//! `levee score`: how the issued outlooks did.

mod text;

use super::language;
use crate::cli::{ByGiven, Cli, ScoreArgs};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use levee_app::city::founded;
use levee_app::outlooks::{By, ScoreOptions, document, score};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &ScoreArgs) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, &args.city, Access::Read)?;
    let (_, settings, _) = founded(open::reader(&opened))?;
    let lang = language(args.lang, settings.language);
    let by = args.by.iter().map(|by| match by {
        ByGiven::Horizon => By::Horizon,
        ByGiven::Place => By::Place,
        ByGiven::Week => By::Week,
    });
    let options = ScoreOptions { from: args.from, to: args.to, as_of: args.as_of, by: by.collect() };
    let report = score(&opened.city(), &options)?;
    if cli.json {
        say::json(&document::of(&report));
    } else {
        say::out(&text::of(&report, lang));
    }
    Ok(ExitCode::SUCCESS)
}
