//! People in care, the facilities that hold them, and whether what is usable covers what will be needed.

use crate::facts::{Estimate, Figure, Words};
use jiff::civil::Date;
pub use levee_model::facility::{Binding, Level};
use serde::{Deserialize, Serialize};

/// People in care and the beds for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CareFacts {
    /// People under care.
    pub in_care: Figure<u64>,
    /// Patients by severity, the most severe first.
    pub by_severity: Vec<SeverityRow>,
    /// Beds opened, and of which kind.
    pub beds_opened: Figure<u64>,
    /// Beds in use. Unknown unless reported; never computed from people in care.
    pub beds_in_use: Figure<u64>,
    /// Deaths since the start of the outbreak.
    pub deaths: Figure<u64>,
    /// Facilities.
    pub facilities: Vec<FacilityRow>,
}

/// Patients of one severity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeverityRow {
    /// 危重型, critical.
    pub name: Words,
    /// How many people.
    pub people: Figure<u64>,
}

/// One facility at one level of care.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacilityRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Its level.
    pub level: Level,
    /// Beds, rooms or tubes a day.
    pub unit: LoadUnit,
    /// How many exist.
    pub physical: Figure<u64>,
    /// How many have staff.
    pub staffed: Figure<u64>,
    /// How many have equipment.
    pub equipped: Figure<u64>,
    /// How many are in use; may exceed `physical`.
    pub occupied: Figure<u64>,
    /// Which limit binds; unknown while one of the three is.
    pub binding: Figure<Binding>,
    /// Age of the oldest of its figures, hours; `None` = nothing was ever reported.
    pub age_hours: Option<f64>,
    /// Age from which it is old; `None` = none was set.
    pub age_limit_hours: Option<f64>,
}

/// What demand and capacity are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadUnit {
    /// 张.
    Beds,
    /// 间.
    Rooms,
    /// 管 a day.
    TubesPerDay,
    /// 人 a day.
    PeoplePerDay,
    /// 辆.
    Vehicles,
    /// 名.
    Staff,
}

/// Demand against capacity for the coming days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The city as a whole, one panel a level or kind, life-saving care first.
    pub levels: Vec<LoadPanel>,
    /// Facility by facility.
    pub facilities: Vec<LoadPanel>,
}

/// One small chart: a level or a facility over seven days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadPanel {
    /// What it is about: 方舱床位, makeshift beds; or a facility.
    pub name: Words,
    /// Unit of every count in it.
    pub unit: LoadUnit,
    /// Which limit binds.
    pub binding: Figure<Binding>,
    /// The days, ascending.
    pub days: Vec<LoadDay>,
}

/// One day of a [`LoadPanel`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadDay {
    /// The day.
    pub day: Date,
    /// What will be needed.
    pub demand: Figure<Estimate>,
    /// min(physical, staffed, equipped).
    pub usable: Figure<u64>,
}
