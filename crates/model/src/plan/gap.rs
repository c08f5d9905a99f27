//! What is missing or contradictory in the inputs of a plan of transfers.

use super::{CareClass, CareNeed};
use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::FacilityId;
use crate::quantity::Persons;
use crate::report::VehicleKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
/// What the inputs lack or where they contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum Gap {
    /// Beds or occupancy are not reported; nobody is planned in.
    CapacityUnknown {
        /// The facility.
        facility: FacilityId,
        /// The level.
        level: Level,
        /// The columns that are missing.
        missing: Vec<String>,
    },
    /// Two rows speak of the same beds; nobody is planned in.
    CapacityContradicts {
        /// The facility.
        facility: FacilityId,
        /// The level.
        level: Level,
    },
    /// No safety acceptance that holds on any day of the plan; nobody is planned in.
    NotAccepted {
        /// The facility.
        facility: FacilityId,
    },
    /// It closes before or on the day it opens.
    NeverOpen {
        /// The facility.
        facility: FacilityId,
    },
    /// Vehicles are not reported; rides of the district are to be confirmed.
    FleetUnknown {
        /// The district.
        district: PlaceCode,
        /// Which kind.
        kind: VehicleKind,
    },
    /// Two rows speak of the same vehicles; taken as not known.
    FleetContradicts {
        /// The district.
        district: PlaceCode,
        /// Which kind.
        kind: VehicleKind,
    },
    /// No way is known from the district to any facility.
    NoLanes {
        /// The district.
        district: PlaceCode,
    },
    /// Two rows speak of the same way and differ; the longer one is taken.
    LaneContradicts {
        /// The district.
        district: PlaceCode,
        /// The facility.
        facility: FacilityId,
    },
    /// The way is longer than any on Earth; it is not used.
    LaneNotCredible {
        /// The district.
        district: PlaceCode,
        /// The facility.
        facility: FacilityId,
    },
    /// The need is dated outside the plan's days; it is not planned for.
    NeedOutsidePlan {
        /// The district.
        district: PlaceCode,
        /// Its day.
        day: Date,
        /// The class.
        class: CareClass,
        /// How many people.
        people: Persons,
    },
    /// The outlook failed: how many people are expected is not known. Known people are planned for.
    ForecastFailed {
        /// The district.
        district: PlaceCode,
        /// Its day.
        day: Date,
        /// The class.
        class: CareClass,
        /// What they need beside the bed.
        care: Option<CareNeed>,
    },
    /// The slots of a service are not reported, or two entries differ; nobody who needs it is planned in.
    ServiceUnknown {
        /// The facility.
        facility: FacilityId,
        /// The level.
        level: Level,
        /// The service.
        care: CareNeed,
    },
    /// Nobody can be planned to move between these levels: beds not known or overfull, not from a higher level to a
    /// general or makeshift one, or rows that differ.
    StepDownNotPossible {
        /// The facility.
        facility: FacilityId,
        /// The higher level.
        level: Level,
        /// The lower level.
        to: Level,
    },
    /// The need counts more people than live on Earth; it is not planned for.
    NeedNotCredible {
        /// The district.
        district: PlaceCode,
        /// Its day.
        day: Date,
        /// The class.
        class: CareClass,
    },
}
