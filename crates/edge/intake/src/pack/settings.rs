//! `city.toml`: what a city is called, where its clock stands, which files describe it.

use super::problem::PackProblem;
use crate::message::code;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::CityId;
use serde::Deserialize;
use std::path::Path;

/// The version of the format that this reader knows.
pub const SCHEMA: &str = "levee.pack/1";

/// A text in both languages of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// The language in which a city works by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// The settings of a city. An unknown key is an error.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitySettings {
    /// Version of the format: `levee.pack/1`.
    pub schema: String,
    /// Id of the pack and of the city made from it.
    pub id: CityId,
    /// Name of the city.
    pub name: Both,
    /// Name of its headquarters.
    pub headquarters: Both,
    /// IANA time zone in which all civil times of the tables are meant.
    pub time_zone: String,
    /// Language in which screens and briefs come by default.
    pub language: Language,
    /// Where the codes of areas come from.
    pub area_scheme: String,
    /// Code of the area of level `city`.
    pub city_area: PlaceCode,
    /// First day of the outbreak.
    pub outbreak_started: Date,
    /// What the outbreak is of; names the parameters that apply.
    pub disease: String,
    /// GeoJSON with the outlines of the districts, in the pack; none = no map.
    pub boundaries: Option<String>,
}

const FILE: &str = "city.toml";

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
