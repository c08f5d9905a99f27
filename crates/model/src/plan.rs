//! The nouns of a plan: what is needed, what can serve it, the ways between, and what is proposed.
//!
//! Data only. `levee-planner` turns [`PlanInputs`] into a [`Plan`]; `levee-check` judges the plan against the same
//! inputs. The two share these shapes and nothing else. Days are civil days of the city; all counts are whole.

mod care;
mod comparison;
mod gap;
mod openings;
mod proposal;
mod revision;
pub mod room_plan;
pub mod rooms;
pub mod runs;
pub mod testing;

pub use care::{CareNeed, ServiceSlots, StepDown, StepDownOrder, StepDownReason};
pub use comparison::{ChangeCause, PlanChange, PlanComparison, PlanFigures};
pub use gap::Gap;
pub use openings::{
    LeftBecause, OneMoreBed, OpeningGap, OpeningReason, OpeningTier, OpeningTierOutcome, OpeningsInputs, OpeningsPlan,
    OpeningsRecord, ProposedClosing, ProposedOpening, RoomsNeed, SavedPersonDays, Site, SiteBeds, SiteLeft, SiteNow,
    StaffCount, StaffKind, StaffLoad, StaffTeam, TeamId,
};
pub use proposal::{
    CareTotals, Cause, FacilityLoad, Mend, Plan, ProposedOrder, Reason, Remedy, Ride, RideBy, Shortfall, SolverRecord,
    Surge, Tier, TierOutcome, Totals, Window,
};
pub use revision::{FrozenOutcome, Pin, PinOutcome, Refusal, Revision, StandingOrder};

use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::FacilityId;
use crate::provenance::Origin;
use crate::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use crate::report::VehicleKind;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// How ill a person is, as far as beds are concerned. Ordered: a later one needs more care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CareClass {
    /// Mild or asymptomatic; needs a makeshift bed.
    Mild,
    /// Moderate, or mild and vulnerable; needs a general ward bed.
    Moderate,
    /// Severe; life-saving care.
    Severe,
    /// Critical; life-saving care.
    Critical,
}

impl CareClass {
    /// All classes, the mildest first.
    pub const ALL: [Self; 4] = [Self::Mild, Self::Moderate, Self::Severe, Self::Critical];
    /// The lowest level of care that serves this class.
    pub fn level_needed(self) -> Level {
        match self {
            Self::Mild => Level::Makeshift,
            Self::Moderate => Level::General,
            Self::Severe => Level::Severe,
            Self::Critical => Level::Critical,
        }
    }
    /// Whether law 7 holds: nothing stands before this person's care, no plan queues it.
    pub fn is_life_saving(self) -> bool {
        matches!(self, Self::Severe | Self::Critical)
    }
}

/// How many people an outlook expects, at a stated quantile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// People at that quantile. A plan counts the next whole number of people.
    pub people: ExpectedPersons,
    /// The quantile, between 0 and 1: 0.9 = nine times in ten, no more are expected.
    pub quantile: f64,
}

/// People of one class in one district who newly need a bed on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// Where they are.
    pub district: PlaceCode,
    /// The day on which they need the bed. People waiting now stand under the plan's first day.
    pub day: Date,
    /// How ill they are.
    pub class: CareClass,
    /// What they need beside the bed; who needs it is only planned into beds that come with it.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// People who are known: each of them waits now.
    pub known: Persons,
    /// People who are expected besides, if an outlook says so.
    pub forecast: Option<Forecast>,
    /// The outlook failed: how many are expected is not known, which is not nobody. The forecast, if any, is not used,
    /// the gap is listed, and known people are planned for.
    #[serde(default)]
    pub forecast_failed: bool,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Beds of one facility at one level. `None` in a count = not reported, which is neither zero nor plenty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// The facility.
    pub facility: FacilityId,
    /// The level of care that these beds give.
    pub level: Level,
    /// The district it lies in.
    pub district: PlaceCode,
    /// Beds that exist.
    pub physical: Option<Beds>,
    /// Of these, beds with staff.
    pub staffed: Option<Beds>,
    /// Of these, beds with equipment.
    pub equipped: Option<Beds>,
    /// Beds in use before the plan's first day. May exceed those that exist.
    pub occupied: Option<Beds>,
    /// Of the people in these beds now, how many leave on each day of the plan, its first day first. A day without an
    /// entry counts as none leaving.
    pub discharges: Vec<Beds>,
    /// Services that these beds come with. One that is not listed is not offered.
    #[serde(default)]
    pub services: Vec<ServiceSlots>,
    /// Last day of its safety acceptance; `None` = none known, and nobody is planned in (law 8).
    pub acceptance_until: Option<Date>,
    /// First day it may take people; `None` = open.
    pub opens_on: Option<Date>,
    /// First day it takes none any more; `None` = not foreseen.
    pub closes_on: Option<Date>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// How the length of a way was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneMethod {
    /// Great-circle distance between two points, times a detour factor, at one speed by kind of vehicle.
    GreatCircle,
    /// A table of a road router.
    RoadTable,
}

/// A way from a district to a facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The district.
    pub from: PlaceCode,
    /// The facility.
    pub facility: FacilityId,
    /// Length in metres.
    pub metres: u64,
    /// Minutes by coach.
    pub coach_minutes: u32,
    /// Minutes by ambulance.
    pub ambulance_minutes: u32,
    /// How the length was found.
    pub method: LaneMethod,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Vehicles of one kind in one district. `None` = not reported, which is neither zero nor plenty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// The district whose people they carry.
    pub district: PlaceCode,
    /// What they are.
    pub kind: VehicleKind,
    /// How many.
    pub vehicles: Option<Vehicles>,
    /// Crews within their legal hours; a vehicle without a crew makes no trip.
    pub crews: Option<u64>,
    /// Seats for passengers in each.
    pub seats: Option<u64>,
    /// Trips that each can make in a day, within the window of [`PlanLimits`].
    pub trips_per_day: Option<u64>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// The limits a plan keeps. All of them are hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLimits {
    /// Days that the plan covers, 1 to 28.
    pub days: u8,
    /// How many levels above the needed one a person may be placed. 1 by default: a moderate patient may take a bed for
    /// severe ones, but a mild one is never put in intensive care to save a day of waiting.
    pub upgrade_levels: u8,
    /// How many metres further one person is taken rather than use a bed one level above the needed one; not a limit
    /// but an exchange rate within the last tier. 50 km by default, a choice of judgement: about an hour's ride.
    pub upgrade_metres: u64,
    /// Earliest departure of a coach; 06:00 by default, an hour after the night curfew (02:00 to 05:00) ends.
    pub coach_from: Time,
    /// Latest arrival of a coach; 22:00 by default, so that a late one is off the road long before 02:00.
    pub coach_until: Time,
}

impl Default for PlanLimits {
    fn default() -> Self {
        Self {
            days: 7,
            upgrade_levels: 1,
            upgrade_metres: 50_000,
            coach_from: Time::constant(6, 0, 0, 0),
            coach_until: Time::constant(22, 0, 0, 0),
        }
    }
}

/// All that a plan is made from, and all that it is checked against. The order of the rows means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanInputs {
    /// The plan's first day.
    pub start: Date,
    /// People who need beds.
    pub needs: Vec<Need>,
    /// Beds.
    pub capacity: Vec<Capacity>,
    /// Ways between them.
    pub lanes: Vec<Lane>,
    /// Vehicles.
    pub fleets: Vec<Fleet>,
    /// People who may move from a higher bed to a lower one.
    #[serde(default)]
    pub step_downs: Vec<StepDown>,
    /// What was decided before: pins, accepted orders, issued ones.
    #[serde(default)]
    pub revision: Revision,
    /// Limits.
    pub limits: PlanLimits,
}

/// How many metres further one person is taken rather than ask somebody to move to a lower bed; an exchange rate within
/// the last tier. 5 km, a choice of judgement: a move within a house is work for its staff, but no ride.
pub const STEP_DOWN_METRES: u64 = 5_000;

/// More people than live on Earth: a count above it is a fault of the data, and is listed instead of planned with.
pub const PEOPLE_AT_MOST: u64 = 10_000_000_000;

/// Longer than any way on Earth, metres: a lane above it is a fault of the data.
pub const METRES_AT_MOST: u64 = 40_000_000;
