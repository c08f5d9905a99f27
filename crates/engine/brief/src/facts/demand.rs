//! What the coming infections will need.

use crate::facts::{Estimate, Figure, Message, Place, Words};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Demand of the city by kind, and of the districts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// The days of the city's rows, ascending.
    pub days: Vec<Date>,
    /// By kind, in the order in which they are shown.
    pub city: Vec<DemandRow>,
    /// By district; where most is needed stands first.
    pub districts: Vec<DistrictDemand>,
    /// The day that beds and rooms of districts speak of.
    pub district_day: Date,
    /// What it rests on and what it leaves out.
    pub notes: Vec<Message>,
}

/// One kind of demand in the city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandRow {
    /// What: 方舱床位, makeshift beds.
    pub name: Words,
    /// Its unit: 张, beds.
    pub unit: Words,
    /// Its quantiles on each day of [`Demand::days`].
    pub by_day: Vec<Figure<Estimate>>,
    /// What was reported as usable; `None` where nothing reported could be set beside it.
    pub capacity: Option<Figure<u64>>,
}

/// Demand of one district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictDemand {
    /// The district.
    pub place: Place,
    /// Patients to be moved over seven days.
    pub transfers_7_days: Figure<Estimate>,
    /// Makeshift beds in use on the day.
    pub makeshift: Figure<Estimate>,
    /// Hospital beds of all levels in use on the day.
    pub hospital: Figure<Estimate>,
    /// Isolation rooms in use on the day.
    pub rooms: Figure<Estimate>,
}

/// What briefs say that were issued before demand was.
pub(crate) fn not_computed() -> Figure<Demand> {
    Figure::unknown(Message::new("not_computed"))
}
