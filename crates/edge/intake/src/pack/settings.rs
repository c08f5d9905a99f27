//! `city.toml`: what a city is called, where its clock stands, which files describe it.

use super::problem::PackProblem;
use crate::message::code;
use levee_model::settings::{CitySettings, SCHEMA};
use std::path::Path;

/// The file.
pub(super) const FILE: &str = "city.toml";

/// The settings, if the file can be read as such at all. A single value that cannot be used goes to `problems`, and the
/// rest of the pack is checked all the same.
pub(crate) fn read(dir: &Path, problems: &mut Vec<PackProblem>) -> Option<CitySettings> {
    let mut settings = parse(dir).map_err(|problem| problems.push(*problem)).ok()?;
    let mut bad = |why: String| problems.push(PackProblem::new(FILE, code::BAD_SETTINGS, [why]));
    if settings.schema != SCHEMA {
        bad(format!("schema `{}` is not known; this version reads `{SCHEMA}`", settings.schema));
    }
    if jiff::tz::TimeZone::get(&settings.time_zone).is_err() {
        bad(format!("time_zone `{}` is not known; write one such as `Asia/Shanghai`", settings.time_zone));
    }
    // A pack comes from elsewhere: it must not make Levee read files outside itself.
    if settings.boundaries.as_deref().is_some_and(|file| file.is_empty() || file.contains(['/', '\\']) || file == "..")
    {
        bad("boundaries must name a file that lies in the pack itself".to_owned());
        settings.boundaries = None;
    }
    Some(settings)
}

fn parse(dir: &Path) -> Result<CitySettings, Box<PackProblem>> {
    let bad = |why: String| PackProblem::new(FILE, code::BAD_SETTINGS, [why]);
    let text = std::fs::read_to_string(dir.join(FILE)).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Box::new(PackProblem::new(FILE, code::FILE_MISSING, [])),
        _ => Box::new(bad(e.to_string())),
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    toml::from_str(text).map_err(|e| {
        let before = e.span().and_then(|span| text.get(..span.start));
        let problem = bad(e.message().to_owned());
        Box::new(match before {
            Some(before) => problem.on_line(before.matches('\n').count() as u64 + 1),
            None => problem,
        })
    })
}
