//! A city's settings, as `city.toml` gives them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use levee_model::area::PlaceCode;
use levee_model::ids::{CityId, OfficeId};
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
}

/// What is wrong with `city.toml`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// It does not parse.
    #[error("city.toml: {0}")]
    Toml(String),
    /// It is of another schema.
    #[error("city.toml: schema `{0}` is not known; this version reads `{SCHEMA}`")]
    Schema(String),
    /// The time zone is not known.
    #[error("city.toml: `{0}` is no IANA time zone; one is `Asia/Shanghai`")]
    TimeZone(String),
}

impl CitySettings {
    /// Reads `city.toml`.
    pub fn parse(text: &str) -> Result<Self, BadSettings> {
        let settings: Self = toml::from_str(text).map_err(|e| BadSettings::Toml(e.to_string().trim().to_owned()))?;
        if settings.schema != SCHEMA {
            return Err(BadSettings::Schema(settings.schema));
        }
        settings.zone()?;
        Ok(settings)
    }

    /// The city's time zone: the one place where civil time and moments are joined.
    pub fn zone(&self) -> Result<TimeZone, BadSettings> {
        TimeZone::get(&self.time_zone).map_err(|_| BadSettings::TimeZone(self.time_zone.clone()))
    }
}

/// Joins the city's calendar and moments.
#[derive(Clone, Debug)]
pub struct Calendar(TimeZone);

impl Calendar {
    /// Of a city.
    pub fn of(settings: &CitySettings) -> Result<Self, BadSettings> {
        settings.zone().map(Self)
    }
    /// The moment of a civil time; in a gap or fold of the clock the earlier reading of the later offset, as jiff's
    /// "compatible" does. `None` beyond the calendar.
    pub fn moment(&self, civil: DateTime) -> Option<Timestamp> {
        civil.to_zoned(self.0.clone()).ok().map(|zoned| zoned.timestamp())
    }
    /// The civil time of a moment.
    pub fn civil(&self, moment: Timestamp) -> DateTime {
        Zoned::new(moment, self.0.clone()).datetime()
    }
    /// 24:00 of a day.
    pub fn end_of(&self, day: Date) -> Option<Timestamp> {
        self.moment(day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight()))
    }
}
