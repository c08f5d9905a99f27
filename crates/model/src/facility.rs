//! Facilities, the levels of care they give, and what they can hold.

use crate::area::PlaceCode;
use crate::ids::FacilityId;
use crate::plan::CareNeed;
use crate::provenance::Provenance;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// What a facility is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// 方舱医院: large halls for mild and asymptomatic infections.
    MakeshiftHospital,
    /// 定点医院: treats moderate, severe and critical infections.
    DesignatedHospital,
    /// 隔离点: rooms for contacts and arrivals.
    IsolationSite,
    /// Tests tubes.
    Laboratory,
    /// Takes samples.
    SamplingSite,
    /// Vehicles and crews.
    Depot,
    /// Stock.
    Warehouse,
}

/// What a facility's capacity serves. The order of the first five is the order of care: a person may be placed at the
/// level needed or a higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Rooms for people who are not known to be infected.
    Isolation,
    /// Beds for mild and asymptomatic infections.
    Makeshift,
    /// Ward beds for moderate infections.
    General,
    /// Beds for severe infections.
    Severe,
    /// Intensive care.
    Critical,
    /// Tubes a day.
    Laboratory,
}

/// Unit of a capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapacityUnit {
    /// Beds.
    Beds,
    /// Rooms.
    Rooms,
    /// Sample tubes a day.
    TubesPerDay,
}

/// A facility as an office registered it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Its id.
    pub id: FacilityId,
    /// What it is.
    pub kind: FacilityKind,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The district it lies in.
    pub area: PlaceCode,
    /// Latitude and longitude, degrees.
    pub point: Option<(f64, f64)>,
    /// Until when its safety acceptance (structure and fire) is valid; `None` = none known, and none may be planned in.
    pub acceptance_until: Option<Date>,
    /// First day it may take people; `None` = open.
    pub opens_on: Option<Date>,
    /// First day it takes none any more; `None` = not foreseen.
    pub closes_on: Option<Date>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// What a facility can hold at one level, at one moment. `None` = not reported, which is never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityStatus {
    /// The facility.
    pub facility: FacilityId,
    /// The moment it speaks of, in the city's calendar.
    pub at: DateTime,
    /// The level it speaks of.
    pub level: Level,
    /// Unit of all counts here.
    pub unit: CapacityUnit,
    /// Beds, rooms or tubes a day that exist.
    pub physical: Option<u64>,
    /// Of these, how many have staff.
    pub staffed: Option<u64>,
    /// Of these, how many have equipment.
    pub equipped: Option<u64>,
    /// How many are in use. May exceed `physical`: an overfull ward is a fact.
    pub occupied: Option<u64>,
    /// How many are planned in the end.
    pub planned: Option<u64>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// Places of a service beside the bed at one level of a facility, at one moment. `None` = not reported, which is never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityService {
    /// The facility.
    pub facility: FacilityId,
    /// The moment it speaks of, in the city's calendar.
    pub at: DateTime,
    /// The level of the beds that it comes with.
    pub level: Level,
    /// Which service.
    pub care: CareNeed,
    /// How many people can have it at the same time.
    pub slots: Option<u64>,
    /// How many have it.
    pub taken: Option<u64>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

impl FacilityService {
    /// How many more people can have it; `None` where either figure is not reported.
    pub fn free(&self) -> Option<u64> {
        Some(self.slots?.saturating_sub(self.taken?))
    }
}

/// Which of the three limits a usable capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Beds themselves.
    Physical,
    /// Staff.
    Staffed,
    /// Equipment.
    Equipped,
}

impl FacilityStatus {
    /// min(physical, staffed, equipped) and which one binds; `None` while any of the three is not known.
    ///
    /// Law 8 plans no admission beyond this, and law 11 does not let an unknown count as plenty.
    pub fn usable(&self) -> Option<(u64, Binding)> {
        let limits = [
            (self.physical?, Binding::Physical),
            (self.staffed?, Binding::Staffed),
            (self.equipped?, Binding::Equipped),
        ];
        limits.into_iter().min()
    }
}
