//! An outlook as it is stored: quantiles by place and day, enough to be shown and scored later.

use super::{ArchivedDemand, Day};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_outlook::{LEVELS, Outlook, Standing};
use serde::{Deserialize, Serialize};

/// Shape of this document.
const SCHEMA: &str = "levee.outlook/1";

/// A stored outlook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedOutlook {
    /// `levee.outlook/1`.
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
}

impl ArchivedOutlook {
    /// Of a day.
    pub fn of(day: &Day, outlook: &Outlook) -> Self {
        let series = outlook.series.iter().map(|s| ArchivedSeries {
            place: s.place.to_string(),
            standing: match s.standing {
                Standing::Own => "own",
                Standing::Borrowed { .. } => "borrowed",
                Standing::Unknown { .. } => "unknown",
            }
            .to_owned(),
            // Tenths of a person are far below what any forecast can tell.
            quantiles: s.quantiles.iter().map(|q| q.iter().map(|v| (v * 10.0).round() / 10.0).collect()).collect(),
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
