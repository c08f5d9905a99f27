//! A city's settings, as `city.toml` gives them.

use crate::area::PlaceCode;
use crate::ids::{CityId, OfficeId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The one schema of `city.toml` that this version reads.
pub const SCHEMA: &str = "levee.pack/1";

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// Language of what people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// `city.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitySettings {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The pack's id; the city's too.
    pub id: CityId,
    /// Name of the city.
    pub name: Bilingual,
    /// For whom briefs are made.
    pub headquarters: Bilingual,
    /// IANA name of the city's time zone.
    pub time_zone: String,
    /// Language of the brief when none is asked for.
    pub language: Language,
    /// What the codes of areas are.
    pub area_scheme: String,
    /// Code of the whole city.
    pub city_area: PlaceCode,
    /// First day of the outbreak; day 1 of the briefs.
    pub outbreak_started: Date,
    /// What is going round.
    pub disease: String,
    /// GeoJSON with the outlines of areas.
    pub boundaries: Option<String>,
    /// Offices whose city figures stand first where several give one, best first.
    #[serde(default)]
    pub preferred_offices: Vec<OfficeId>,
    /// Id of the rulebook that measures of this city are held against, where none is named.
    #[serde(default)]
    pub rulebook: Option<String>,
}
