//! What comes out: runs, urgent people, exempt people, people who still wait and why, cuts and figures.

use super::{ExemptionGround, VehicleId};
use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::{FacilityId, PersonId};
use crate::plan::{CareClass, CareNeed};
use crate::provenance::Origin;
use crate::quantity::Persons;
use crate::report::VehicleKind;
use crate::subject::Pseudonym;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Proposed runs of one day. They bind nobody: people decide (law 10). Every waiting person stands in exactly one of the
/// lists: dispatched now (or along with somebody who is), on a run, exempt, or still waiting with a cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPlan {
    /// The day.
    pub day: Date,
    /// Life-saving care: dispatched now, before and outside everything else (law 7). The most ill first, then by waiting.
    pub urgent: Vec<Urgent>,
    /// Runs, by departure.
    pub runs: Vec<Run>,
    /// Who stays on a decided ground.
    pub exempt: Vec<Exempt>,
    /// Who still waits at the end of the day; the most ill first, then by waiting.
    pub waiting: Vec<StillWaiting>,
    /// Places that could not be filled for want of vehicles or time: what the plan of transfers should not count on.
    pub cuts: Vec<Cut>,
    /// What the inputs lack or where they contradict themselves.
    pub gaps: Vec<RunGap>,
    /// Sums and times.
    pub figures: RunFigures,
    /// Worst origin of all rows used.
    pub origin: Origin,
    /// Steps of the search, for the record.
    pub iterations: u64,
    /// Version of the planner.
    pub engine_version: String,
    /// Seed of the search.
    pub seed: u64,
}

/// Somebody whose life may depend on it: one person dispatches now. No quota, curfew, shift or full ward stands before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urgent {
    /// Who.
    pub person: Pseudonym,
    /// Where.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// Where a place is meant for them; `None` = the nearest emergency department that the dispatcher knows.
    pub facility: Option<FacilityId>,
    /// Whether that facility receives over capacity.
    pub over_capacity: bool,
    /// An ambulance of the district to send first; `None` = whatever the dispatcher can send. Nobody waits for it.
    pub vehicle: Option<VehicleId>,
    /// The guardian who rides along with a child.
    pub escort: Option<Pseudonym>,
}

/// One person on a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passenger {
    /// Who.
    pub person: Pseudonym,
    /// At which level of care they are received.
    pub level: Level,
    /// Whose place they take: their own class's, or a higher one's when the household goes to where its most ill are.
    pub place_of: CareClass,
}

/// A stop at which people get on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickUp {
    /// Where.
    pub district: PlaceCode,
    /// When the vehicle is there.
    pub arrive: Time,
    /// When it leaves with everybody on board.
    pub depart: Time,
    /// Who gets on.
    pub people: Vec<Passenger>,
}

/// One journey of one vehicle: from its base by the pick-ups to one facility and back to its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Which vehicle.
    pub vehicle: VehicleId,
    /// What it is.
    pub kind: VehicleKind,
    /// Where it starts and ends.
    pub base: PlaceCode,
    /// When it leaves its base.
    pub depart: Time,
    /// Where people get on, in this order; never empty.
    pub pick_ups: Vec<PickUp>,
    /// Where it goes.
    pub facility: FacilityId,
    /// When it arrives there.
    pub arrive: Time,
    /// When it leaves there, empty, after unloading and a break if one was due.
    pub leave: Time,
    /// When it is back at its base.
    pub back: Time,
    /// Minutes at the wheel.
    pub drive_minutes: u32,
    /// Seats.
    pub seats: u64,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// Somebody who stays on a decided ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exempt {
    /// Who.
    pub person: Pseudonym,
    /// On what ground.
    pub ground: ExemptionGround,
    /// Who decided it.
    pub decided_by: PersonId,
}

/// Why somebody still waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StayCause {
    /// The plan of transfers has no place left for them today; its shortfalls say why.
    NoPlace,
    /// Places are left, but in no facility for the whole household.
    NoPlaceTogether,
    /// No way is known from their district to the facilities with places.
    NoLane,
    /// No vehicle for planned runs is known.
    NoVehicle,
    /// Vehicles are there, but what is needed of them is not reported.
    VehiclesUnknown,
    /// No vehicle seats the whole household.
    NoSeatsTogether,
    /// No vehicle could make the way within window, shift, curfew and driving limits, even with nothing else to do.
    WayTooLong,
    /// Vehicles could make the way, but their time is spent on others.
    VehicleTime,
    /// A child of whom nobody said who its guardian is.
    GuardianUnknown,
    /// The guardian is not among those who travel: not listed, exempt, waiting for a decision or dispatched with somebody else.
    GuardianDoesNotTravel,
    /// A ground for staying was claimed and nobody has decided it.
    ExemptionUndecided,
    /// A member of the household is held back, and nobody noted that it may be parted.
    HouseholdHeld,
    /// Two rows speak of this person and differ, or the household is listed in two districts.
    Contradiction,
    /// Found positive only after the day of the runs.
    NotYet,
}

/// What would mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "remedy")]
pub enum RunRemedy {
    /// Places in one facility, for all members of the group at once.
    Places {
        /// From which district.
        district: PlaceCode,
        /// For whom: how ill, what they need beside the bed, how many.
        people: Vec<(CareClass, Option<CareNeed>, u64)>,
    },
    /// One more run.
    OneRun {
        /// From which district.
        district: PlaceCode,
        /// To which facility.
        facility: FacilityId,
        /// With so many seats.
        seats: u64,
        /// Minutes from the base and back, loading included.
        minutes: u32,
    },
    /// A vehicle with at least so many seats.
    LargerVehicle {
        /// In which district.
        district: PlaceCode,
        /// How many.
        seats: u64,
    },
    /// A second crew, or a way with a change of crews: the way is longer than one may drive.
    Relay {
        /// From which district.
        district: PlaceCode,
        /// To which facility.
        facility: FacilityId,
    },
    /// A report of seats, crew and hours.
    ReportVehicles {
        /// Of which district.
        district: PlaceCode,
    },
    /// A point or a lane, so that ways can be found.
    Lanes {
        /// From which district.
        district: PlaceCode,
    },
    /// Somebody asks the household whether it agrees to be parted.
    AskHousehold,
    /// Somebody names a guardian who travels along.
    NameGuardian,
    /// Somebody decides the ground for staying.
    DecideExemption,
    /// A look at contradictory rows.
    Reconcile,
    /// The runs of the next day.
    NextDay,
}

/// The place that was meant for somebody who still waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Meant {
    /// Where.
    pub facility: FacilityId,
    /// At which level.
    pub level: Level,
    /// Whose place.
    pub place_of: CareClass,
}

/// Somebody who still waits at the end of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillWaiting {
    /// Who.
    pub person: Pseudonym,
    /// Where.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// Why.
    pub cause: StayCause,
    /// The place that was meant for them, if only the ride was lacking.
    pub meant: Option<Meant>,
    /// What would mend it, the best first; never empty.
    pub mends: Vec<RunRemedy>,
    /// Minutes waited at 24:00 of the day; `None` when they were found positive later.
    pub minutes: Option<u64>,
}

/// Why a place cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutCause {
    /// No usable vehicle at all.
    Vehicles,
    /// The way does not fit the hours of any vehicle.
    WayTooLong,
    /// The vehicles' time is spent.
    VehicleTime,
    /// A household finds no vehicle that seats it.
    Seats,
}

/// Places of the plan of transfers that runs cannot fill. Fed back, they are a limit: so many fewer from there to there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cut {
    /// The day.
    pub day: Date,
    /// From which district.
    pub district: PlaceCode,
    /// To which facility.
    pub facility: FacilityId,
    /// At which level.
    pub level: Level,
    /// Whose places.
    pub class: CareClass,
    /// What those people need beside the bed.
    pub care: Option<CareNeed>,
    /// How many people cannot be brought there.
    pub people: Persons,
    /// Why.
    pub cause: CutCause,
}

/// What the inputs lack or where they contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum RunGap {
    /// Seats, crew or hours of a vehicle are not reported; it makes no run.
    VehicleUnknown {
        /// Which.
        vehicle: VehicleId,
        /// What is missing.
        missing: Vec<String>,
    },
    /// Two rows speak of one vehicle and differ; it makes no run.
    VehicleContradicts {
        /// Which.
        vehicle: VehicleId,
    },
    /// Two rows speak of one person and differ.
    PersonContradicts {
        /// Who.
        person: Pseudonym,
    },
    /// A household that is kept together is listed in two districts.
    HouseholdInTwoDistricts {
        /// Which.
        household: Pseudonym,
    },
    /// Two rows speak of one way and differ; the longer one is taken.
    LaneContradicts {
        /// From which district.
        district: PlaceCode,
        /// To which facility.
        facility: FacilityId,
    },
    /// Two rows speak of one way between districts and differ; the longer one is taken.
    HopContradicts {
        /// One end, the smaller code.
        from: PlaceCode,
        /// The other.
        to: PlaceCode,
    },
}

/// Minutes of a group of people: the middle one, nine in ten, the longest (nearest rank).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Half wait no longer.
    pub median_minutes: u64,
    /// Nine in ten wait no longer.
    pub p90_minutes: u64,
    /// The longest.
    pub oldest_minutes: u64,
}

/// Sums over the plan. Arrays are by class, the mildest first; all = urgent + along + on runs + exempt + waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFigures {
    /// All people listed.
    pub all: [Persons; 4],
    /// Dispatched now.
    pub urgent: [Persons; 4],
    /// Going along with an urgent child.
    pub along: [Persons; 4],
    /// On runs.
    pub on_runs: [Persons; 4],
    /// Exempt.
    pub exempt: [Persons; 4],
    /// Still waiting.
    pub waiting: [Persons; 4],
    /// From the positive finding to the bed (unloaded), of those on runs; `None` when nobody is. Urgent people go now, at no
    /// planned time, and are not in it.
    pub positive_to_bed: Option<Spread>,
    /// Waited at 24:00, of those still waiting; `None` when nobody is.
    pub waiting_at_midnight: Option<Spread>,
    /// Why they wait, by cause.
    pub waiting_by_cause: Vec<(StayCause, Persons)>,
    /// Households of two or more that travel together.
    pub households_together: u64,
    /// Places that runs could fill (over-capacity ones for life-saving care left out).
    pub places: Persons,
    /// Minutes at the wheel, all runs.
    pub drive_minutes: u64,
    /// Seats of all runs.
    pub seats: u64,
}
