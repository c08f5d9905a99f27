//! How earlier outlooks did, as far as it was known when the brief was made. Nothing later enters.

use super::{Fan, Figure, Message, Place, Words};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The record of the outlooks issued before this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackRecord {
    /// Outlooks of which at least one day is known by now.
    pub outlooks: u64,
    /// The meeting of the first of them.
    pub first: Date,
    /// The meeting of the last of them.
    pub last: Date,
    /// What the scores are compared with; `None` = no baseline was kept with them.
    pub baseline: Option<Words>,
    /// What follows from it for whoever reads the present one.
    pub verdicts: Vec<Message>,
    /// City, then districts, by days ahead.
    pub lines: Vec<RecordLine>,
    /// District by district, the first week ahead, in the order of the outlook.
    pub districts: Vec<DistrictRecord>,
    /// Earlier outlooks of the city with what came, the newest first.
    pub city: Vec<LookBack>,
    /// The one issued about a week ago, for the districts in the order of the outlook.
    pub district_looks: Vec<DistrictLook>,
}

/// Whose forecasts are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordOf {
    /// The city's.
    City,
    /// Districts', from their own days.
    Districts,
    /// Districts', as shares of the city's.
    Borrowed,
}

/// Forecasts that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Whose.
    pub of: RecordOf,
    /// The first of the days ahead that are counted.
    pub ahead_from: u64,
    /// The last of them.
    pub ahead_to: u64,
    /// Their scores.
    pub scores: Scores,
}

/// One district's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictRecord {
    /// The district.
    pub place: Place,
    /// Whether from its own days or as its share.
    pub of: RecordOf,
    /// Its scores.
    pub scores: Scores,
}

/// Scores over a number of forecasts: one for each outlook, place and day whose outcome is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// How many.
    pub forecasts: u64,
    /// 50 % intervals that held the outcome.
    pub held50: u64,
    /// … 80 %.
    pub held80: u64,
    /// … 95 %.
    pub held95: u64,
    /// Mean weighted interval score, persons a day.
    pub wis: f64,
    /// Mean bias, -1 (too low) to 1 (too high).
    pub bias: f64,
    /// Against the baseline; `None` while none stood beside any.
    pub relative: Option<Relative>,
}

/// A score as a ratio to the baseline's on the same forecasts; below 1 is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relative {
    /// Of weighted interval scores.
    pub natural: f64,
    /// Of weighted interval scores of ln(1 + count), where small places count as much as large ones.
    pub log: f64,
    /// Forecasts compared.
    pub forecasts: u64,
}

/// An earlier outlook of one place, with what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookBack {
    /// The meeting it was issued for.
    pub issued: Date,
    /// The last day of data it knew.
    pub data_until: Date,
    /// Days from that meeting to this one.
    pub days_ago: u64,
    /// What it said, up to the newest day known now.
    pub fan: Fan,
    /// What was reported, from the days before `data_until` to the newest day known now.
    pub came: Vec<(Date, Figure<u64>)>,
}

/// The same of a district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictLook {
    /// The district.
    pub place: Place,
    /// What was said and what came.
    pub look: LookBack,
}

impl LookBack {
    /// Days whose outcome is known and has an interval: how many the 95 % interval held, and of how many.
    pub fn held(&self) -> (u64, u64) {
        let (mut held, mut of) = (0, 0);
        for (day, came) in &self.came {
            if let Some(inside) = self.inside(*day, came.value().copied()) {
                of += 1;
                held += u64::from(inside);
            }
        }
        (held, of)
    }

    /// Whether the 95 % interval of a day held what came; `None` where either is missing.
    #[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
    pub fn inside(&self, day: Date, came: Option<u64>) -> Option<bool> {
        let said = self.fan.days.iter().find(|one| one.day == day)?;
        let (low, high, came) = (said.at(0.025)?, said.at(0.975)?, came? as f64);
        Some((low..=high).contains(&came))
    }
}
