//! What may come: forecasts with their intervals, and how far earlier ones can be trusted.

use crate::facts::{DateEstimate, Estimate, Figure, Message, Place, TrackRecord, Words};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// The outlook as it was issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// When it was issued, in the city's calendar.
    pub issued: DateTime,
    /// The last day of data it used.
    pub data_until: Date,
    /// New infections a day in the city, 28 days.
    pub city: Figure<Fan>,
    /// Reproduction number of the city.
    pub reproduction: Figure<Estimate>,
    /// Medians of last week's forecast for the same days, if there was one.
    pub last_week: Vec<MedianPoint>,
    /// How often the intervals of earlier forecasts held the outcome.
    pub coverage: Figure<Coverage>,
    /// How earlier outlooks did, in detail; `None` while none has an outcome, and in briefs of earlier versions.
    #[serde(default)]
    pub record: Option<TrackRecord>,
    /// District by district, in the order they are to be shown; the central ones first.
    pub districts: Vec<DistrictOutlook>,
    /// When community spread ends; unknown with a reason when it cannot be said.
    pub community_end: Figure<DateEstimate>,
    /// Name and version of the model, in words.
    pub model: Words,
    /// What a reader must know before relying on it.
    pub caveats: Vec<Message>,
}

/// Quantiles of a forecast, day by day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fan {
    /// The days, ascending.
    pub days: Vec<FanDay>,
}

/// One day of a [`Fan`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FanDay {
    /// The day.
    pub day: Date,
    /// Quantiles, ascending by level. At least 0.025, 0.25, 0.5, 0.75 and 0.975 for a fan to be drawn.
    pub quantiles: Vec<Quantile>,
}

/// One quantile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantile {
    /// Its level, between 0 and 1.
    pub level: f64,
    /// People.
    pub value: f64,
}

impl FanDay {
    /// The quantile at `level`, if it is there.
    pub fn at(&self, level: f64) -> Option<f64> {
        self.quantiles.iter().find(|q| (q.level - level).abs() < 1e-6).map(|q| q.value).filter(|v| v.is_finite())
    }
}

/// The median of an earlier forecast for a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedianPoint {
    /// The day it speaks of.
    pub day: Date,
    /// People.
    pub median: f64,
}

/// How often intervals held the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// How many did.
    pub held: u32,
    /// Of how many.
    pub of: u32,
    /// Width of the intervals, percent.
    pub interval_pct: u8,
}

/// Whose data an estimate for a place rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Standing {
    /// The place's own.
    Own,
    /// That of another area, because its own are too few.
    Borrowed {
        /// Which.
        from: Words,
    },
    /// Nothing could be said.
    Unknown {
        /// Why.
        reason: Message,
    },
}

/// The outlook of one district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictOutlook {
    /// The district.
    pub place: Place,
    /// Whose data it rests on.
    pub standing: Standing,
    /// Reproduction number.
    pub reproduction: Figure<Estimate>,
    /// Growth a day, percent.
    pub growth_pct: Figure<Estimate>,
    /// New infections a day.
    pub fan: Figure<Fan>,
    /// New infections that were reported for the last days, ascending; drawn before the fan.
    pub reported: Vec<(Date, Figure<u64>)>,
    /// New infections over the next seven days.
    pub next_7_days: Figure<Estimate>,
}
