//! Infections in the city, by day and by district.

use crate::facts::{Estimate, Figure, Standing, Words};
use jiff::civil::Date;
use levee_model::time::Period;
use serde::{Deserialize, Serialize};

/// A place with its short names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Short names for tables: 渝北, Yubei.
    pub name: Words,
    /// Full names, for the title of a row: 渝北区, Yubei District.
    pub full: Words,
}

/// Infections in the whole city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityFacts {
    /// One entry a day, ascending, without gaps up to the last full day that should have been reported by now. A day
    /// nobody reported is there with an unknown figure.
    pub days: Vec<CityDay>,
    /// What is known of the day that is not over, if anything is.
    pub part_day: Option<CityPartDay>,
    /// The area that the community shares are about: 中心城区, the central area.
    pub share_area: Words,
    /// Stated or computed shares found in the community, ascending by day, gaps where nothing was stated.
    pub community_share: Vec<SharePoint>,
    /// The same share outside that area; mostly unknown.
    pub community_share_elsewhere: Figure<f64>,
    /// New infections of the last seven full days.
    pub seven_days: Figure<u64>,
    /// New infections of the seven days before those.
    pub seven_days_before: Figure<u64>,
    /// The last seven days per 100,000 residents.
    pub seven_days_per_100k: Figure<f64>,
}

/// One full day. Counts are people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityDay {
    /// The day.
    pub day: Date,
    /// New infections, conversions not counted twice.
    pub new: Figure<u64>,
    /// Of these, confirmed.
    pub confirmed: Figure<u64>,
    /// Of these, asymptomatic.
    pub asymptomatic: Figure<u64>,
    /// Confirmed who had been counted as asymptomatic before.
    pub converted: Figure<u64>,
    /// Found in the community.
    pub community: Figure<u64>,
    /// Found among people under control.
    pub managed: Figure<u64>,
}

/// The day that is not over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityPartDay {
    /// The hours covered.
    pub period: Period,
    /// New infections in them.
    pub new: Figure<u64>,
    /// New infections of the same hours a day earlier.
    pub same_hours_before: Figure<u64>,
}

/// A share found in the community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePoint {
    /// The day.
    pub day: Date,
    /// Percent, 0 to 100.
    pub percent: Figure<f64>,
    /// The two counts it is made of, when known: found in the community, of how many.
    pub counts: Option<(u64, u64)>,
}

/// The latest list by district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictFacts {
    /// The period of the list, often a part of a day; `None` = no list has arrived.
    pub period: Option<Period>,
    /// All districts in the order they are to be shown (by new infections, descending).
    pub rows: Vec<DistrictRow>,
    /// The city in the same period, as stated or as the sum.
    pub city: Option<DistrictRow>,
}

/// One district in the latest list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictRow {
    /// The district.
    pub place: Place,
    /// New infections in the period, people.
    pub new: Figure<u64>,
    /// The same per 100,000 residents; unknown while the population is.
    pub per_100k: Figure<f64>,
    /// Share found in the community, percent.
    pub community_pct: Figure<f64>,
    /// Seven-day incidence per 100,000 residents.
    pub incidence_7d: Figure<f64>,
    /// Reproduction number.
    pub reproduction: Figure<Estimate>,
    /// Growth a day, percent.
    pub growth_pct: Figure<Estimate>,
    /// Whose data the two rest on.
    pub standing: Standing,
}
