//! A city's settings read back, and the one place where its calendar and moments are joined.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
pub use levee_model::settings::{CitySettings, Language, SCHEMA};

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

/// Reads `city.toml`.
pub fn parse(text: &str) -> Result<CitySettings, BadSettings> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let settings: CitySettings =
        toml::from_str(text).map_err(|e| BadSettings::Toml(e.to_string().trim().to_owned()))?;
    if settings.schema != SCHEMA {
        return Err(BadSettings::Schema(settings.schema));
    }
    zone(&settings)?;
    Ok(settings)
}

fn zone(settings: &CitySettings) -> Result<TimeZone, BadSettings> {
    TimeZone::get(&settings.time_zone).map_err(|_| BadSettings::TimeZone(settings.time_zone.clone()))
}

/// Joins the city's calendar and moments.
#[derive(Clone, Debug)]
pub struct Calendar(TimeZone);

impl Calendar {
    /// Of a city.
    pub fn of(settings: &CitySettings) -> Result<Self, BadSettings> {
        zone(settings).map(Self)
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
    /// The offset east of UTC in seconds, if the clocks do not change from one moment to the other.
    pub fn fixed_offset(&self, from: Timestamp, to: Timestamp) -> Option<i32> {
        let changes = self.0.following(from).next().is_some_and(|change| change.timestamp() <= to);
        (!changes).then(|| self.0.to_offset(from).seconds())
    }
    /// 24:00 of a day.
    pub fn end_of(&self, day: Date) -> Option<Timestamp> {
        self.moment(day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight()))
    }
}
