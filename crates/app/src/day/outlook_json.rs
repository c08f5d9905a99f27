//! An outlook as it is stored: quantiles by place and day, enough to be shown and scored later.

use super::{ArchivedDemand, Day, vintage};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_outlook::baseline::{Spread, same_weekday_persistence};
use levee_outlook::{Config, LEVELS, Outlook, Standing, Vintage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Shape of this document. The first had neither baseline nor vintage nor settings; it is still read.
const SCHEMA: &str = "levee.outlook/2";

/// Name of the baseline, by which its scores are told.
pub const BASELINE: &str = "same-weekday persistence, pooled changes less their median";

/// What an outlook was asked, kept with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Digest of the vintage.
    pub vintage: String,
    /// The engine's settings.
    pub settings: String,
    /// The baseline's quantiles, `[day][level]`, for the places that it can forecast.
    pub baseline: BTreeMap<PlaceCode, Vec<[f64; LEVELS]>>,
}

impl Asked {
    /// Of a vintage and settings.
    pub(super) fn of(vintage: &Vintage, config: &Config) -> Self {
        // A vintage that the baseline refuses is refused by the outlook too, which then says why.
        let baseline = same_weekday_persistence(vintage, config.horizon_days, Spread::Pooled).unwrap_or_default();
        Self { vintage: vintage::digest(vintage), settings: format!("{config:?}"), baseline }
    }
}

/// A stored outlook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedOutlook {
    /// `levee.outlook/2`, or `/1` of an earlier version.
    pub schema: String,
    /// The day of the meeting it was made for.
    pub day: Date,
    /// What was known when it was made.
    pub as_known_at: Timestamp,
    /// The last full day it knew.
    pub origin: Date,
    /// The first day forecast.
    pub first_day: Date,
    /// The quantile levels of every row.
    pub levels: Vec<f64>,
    /// Place by place.
    pub series: Vec<ArchivedSeries>,
    /// The method.
    pub engine: String,
    /// Its seed.
    pub seed: u64,
    /// What it would need, by the parameters of that day; absent where it could not be said, and in outlooks issued before
    /// demand was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<ArchivedDemand>,
    /// Its settings, all of them, as the engine names them; empty in the first shape.
    #[serde(default)]
    pub settings: String,
    /// Digest of the counts that it was made from: two outlooks with the same one read the same. Empty in the first shape.
    #[serde(default)]
    pub vintage: String,
    /// The baseline that stands in `series`; empty if there is none.
    #[serde(default)]
    pub baseline: String,
}

/// One place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedSeries {
    /// Its code.
    pub place: String,
    /// `own`, `borrowed` or `unknown`.
    pub standing: String,
    /// Persons a day: a row for each day, a column for each level.
    pub quantiles: Vec<Vec<f64>>,
    /// Reproduction number on the origin: median, lower and upper end of the 95 % interval. Absent where the place's own
    /// counts do not carry one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reproduction: Option<[f64; 3]>,
    /// New infections of the origin once all of that day is reported, persons: median, lower and upper end of the 95 % interval.
    /// Absent where the day is complete, and in outlooks issued before nowcasts were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nowcast: Option<[f64; 3]>,
    /// The same of the baseline, made from the same vintage; empty if it has none for this place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseline: Vec<Vec<f64>>,
}

/// Tenths of a person are far below what any forecast can tell.
fn rows(quantiles: &[[f64; LEVELS]]) -> Vec<Vec<f64>> {
    quantiles.iter().map(|q| q.iter().map(|v| (v * 10.0).round() / 10.0).collect()).collect()
}

impl ArchivedOutlook {
    /// Of a day.
    pub fn of(day: &Day, outlook: &Outlook) -> Self {
        let asked = day.asked.as_ref();
        let series = outlook.series.iter().map(|s| ArchivedSeries {
            place: s.place.to_string(),
            standing: match s.standing {
                Standing::Own => "own",
                Standing::Borrowed { .. } => "borrowed",
                Standing::Unknown { .. } => "unknown",
            }
            .to_owned(),
            quantiles: rows(&s.quantiles),
            reproduction: s.reproduction.as_ref().and_then(|told| told.newest()).map(|r| {
                let (low, high) = r.ninety_five;
                [r.median, low, high].map(|r| (r * 1_000.0).round() / 1_000.0)
            }),
            nowcast: s.reproduction.as_ref().and_then(|told| told.nowcast.last()).map(|day| {
                let (low, high) = day.count.ninety_five;
                [day.count.median, low, high].map(|n| (n * 10.0).round() / 10.0)
            }),
            baseline: asked.and_then(|asked| asked.baseline.get(&s.place)).map(|q| rows(q)).unwrap_or_default(),
        });
        Self {
            schema: SCHEMA.to_owned(),
            day: day.day,
            as_known_at: day.as_known_at,
            origin: outlook.origin,
            first_day: outlook.first_day,
            levels: levee_outlook::QUANTILE_LEVELS.to_vec(),
            series: series.collect(),
            engine: outlook.engine.to_owned(),
            seed: outlook.seed,
            demand: day.demand.as_ref().ok().map(|demand| ArchivedDemand::of(demand, day.known.places.city())),
            settings: asked.map(|asked| asked.settings.clone()).unwrap_or_default(),
            vintage: asked.map(|asked| asked.vintage.clone()).unwrap_or_default(),
            baseline: if asked.is_some_and(|asked| !asked.baseline.is_empty()) {
                BASELINE.to_owned()
            } else {
                String::new()
            },
        }
    }

    /// The quantiles of a place for a day, if it has them.
    pub fn quantiles(&self, place: &str, day: Date) -> Option<[f64; LEVELS]> {
        let ahead = usize::try_from(day.duration_since(self.first_day).as_hours() / 24).ok();
        let ahead = ahead.filter(|_| day >= self.first_day)?;
        let row = self.series.iter().find(|s| s.place == place)?.quantiles.get(ahead)?;
        row.as_slice().try_into().ok()
    }
}
