//! What a planner answers: orders, surge, shortfalls, loads and totals.
//!
//! Reasons are codes with arguments; sentences are made where they are shown, in the reader's language.

use super::{CareClass, CareNeed, FrozenOutcome, Gap, PinOutcome, StepDownOrder};
use crate::area::PlaceCode;
use crate::facility::{Binding, Level};
use crate::ids::FacilityId;
use crate::provenance::Origin;
use crate::quantity::{Beds, Persons};
use crate::report::VehicleKind;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// A proposed plan. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// First day.
    pub start: Date,
    /// Days covered.
    pub days: u8,
    /// Life-saving care beyond usable beds; stands first in every list.
    pub surge: Vec<Surge>,
    /// Planned admissions, by day, the most ill first.
    pub orders: Vec<ProposedOrder>,
    /// People who move to a lower level of care so that others have their beds, by day, facility and levels.
    #[serde(default)]
    pub step_downs: Vec<StepDownOrder>,
    /// Every pin asked, kept or refused with its cause.
    #[serde(default)]
    pub pins: Vec<PinOutcome>,
    /// Every accepted order, kept or impossible with its cause.
    #[serde(default)]
    pub frozen: Vec<FrozenOutcome>,
    /// People still without a bed at the end of a day.
    pub shortfalls: Vec<Shortfall>,
    /// What is missing or contradictory in the inputs, with what would mend it.
    pub gaps: Vec<Gap>,
    /// What each planned-in facility carries, by day.
    pub loads: Vec<FacilityLoad>,
    /// How far each tier was brought.
    pub tiers: Vec<TierOutcome>,
    /// Sums.
    pub totals: Totals,
    /// Worst origin of all inputs used; `synthetic` marks the whole plan.
    pub origin: Origin,
    /// What solved it.
    pub solver: SolverRecord,
    /// Version of the planner.
    pub engine_version: String,
    /// Seed; the first form draws nothing, it is kept for the record.
    pub seed: u64,
}

/// What made the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolverRecord {
    /// Name of the back end.
    pub name: String,
    /// Iterations over all solves; its unit is the back end's own (pivots for a simplex).
    pub iterations: u64,
    /// How often it was called.
    pub solves: u32,
    /// Why the back end's answer could not be used and people were placed nearest first instead; normally none.
    pub fell_back: Option<String>,
}

/// Within which hours of the order's day it is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Earliest departure.
    pub from: Time,
    /// Latest arrival.
    pub until: Time,
}

/// How some people of an order travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum RideBy {
    /// By the district's own vehicles, within their trips.
    Fleet {
        /// Which kind.
        kind: VehicleKind,
        /// How many trips. Coach orders from one district to one facility on one day ride together: each of them names
        /// the trips of all.
        trips: u64,
    },
    /// The district's vehicles are not known: the bed is planned, the ride must be confirmed before the order issues.
    Unconfirmed {
        /// Which kind is needed.
        kind: VehicleKind,
    },
    /// Life-saving care beyond the district's own ambulances: one person dispatches whatever can go (law 7).
    Dispatch,
}

/// A part of an order's people and how they travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ride {
    /// How they travel.
    #[serde(flatten)]
    pub by: RideBy,
    /// How many.
    pub people: Persons,
}

/// Why an order is as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Reason {
    /// People who wait now.
    NeedKnown {
        /// How many of the order's people.
        people: Persons,
    },
    /// People whom the outlook expects, at a quantile.
    NeedForecast {
        /// How many of the order's people.
        people: Persons,
        /// The lowest and the highest quantile among their forecasts.
        quantiles: (f64, f64),
    },
    /// Of the order's people, so many have waited at least a day within this plan.
    Waited {
        /// How many.
        people: Persons,
    },
    /// The nearest facility that may serve them.
    Nearest,
    /// The nearest of those that could still take them; the ones nearer by follow as reasons.
    NearestWithRoom,
    /// A nearer one still has a bed, which the plan leaves to others so that fewer wait or travel less in sum.
    NearerLeftToOthers {
        /// The nearer one.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
    /// A nearer one is full on that day.
    NearerFull {
        /// The nearer one.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
    /// A nearer one has no valid safety acceptance on that day.
    NearerNotAccepted {
        /// The nearer one.
        facility: FacilityId,
    },
    /// A nearer one is not open on that day.
    NearerNotOpen {
        /// The nearer one.
        facility: FacilityId,
    },
    /// A nearer one's beds or occupancy are not known.
    NearerUnknown {
        /// The nearer one.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
    /// Placed above the level needed, for want of a bed at it.
    Upgraded {
        /// Level needed.
        needed: Level,
        /// Level given.
        given: Level,
    },
    /// The way is an estimate from two points.
    LaneEstimated,
    /// A nearer one is forbidden by a pin.
    NearerForbidden {
        /// The nearer one.
        facility: FacilityId,
    },
    /// A nearer one is pinned to other numbers for these people on that day.
    NearerPinned {
        /// The nearer one.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
    /// So many of the order's people go there because a pin says so.
    Pinned {
        /// How many.
        people: Persons,
    },
    /// It was accepted before this plan was made, and stands unchanged.
    Accepted,
    /// So many of the order's people go as orders already issued say.
    AsIssued {
        /// How many.
        people: Persons,
    },
}

/// A planned admission: so many people, from here to there, on that day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposedOrder {
    /// The day.
    pub day: Date,
    /// From which district.
    pub from: PlaceCode,
    /// To which facility.
    pub facility: FacilityId,
    /// At which level of care.
    pub level: Level,
    /// How ill they are.
    pub class: CareClass,
    /// What they need beside the bed.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// Whether it is an accepted order, unchanged.
    #[serde(default)]
    pub frozen: bool,
    /// How many.
    pub people: Persons,
    /// Of these, how many are known people who wait now; the rest is expected.
    pub known: Persons,
    /// Way, metres.
    pub metres: u64,
    /// Way, minutes by the vehicle used.
    pub minutes: u32,
    /// How they travel; sums to `people`.
    pub rides: Vec<Ride>,
    /// Within which hours.
    pub window: Window,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// Life-saving care for which no usable bed is left: a recommendation to dispatch now and receive over capacity.
///
/// Never a planned admission (law 8) and never a queue (law 7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surge {
    /// The day.
    pub day: Date,
    /// From which district.
    pub from: PlaceCode,
    /// How ill they are.
    pub class: CareClass,
    /// What they need beside the bed.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// People to dispatch on this day: of those who need the care since this day, whom no planned bed is left for once the
    /// longest waiting have theirs.
    pub people: Persons,
    /// People in surge care at the end of this day, those of days before included.
    pub in_surge: Persons,
    /// Which facility should receive over capacity: the nearest that gives the care; `None` = the nearest emergency
    /// department that the dispatcher knows.
    pub facility: Option<FacilityId>,
    /// What is lacking.
    pub cause: Cause,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// What keeps people waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// No facility gives the care at all.
    NoFacility,
    /// No way is known from the district to any that does.
    NoLane,
    /// Those that do have not reported what they can hold or how full they are.
    UnknownCapacity,
    /// Those that do have no valid safety acceptance on that day.
    NotAccepted,
    /// Those that do are not open on that day.
    NotOpen,
    /// Vehicles of the district.
    Vehicles,
    /// Beds themselves.
    Beds,
    /// Staff for beds.
    Staff,
    /// Equipment of beds.
    Equipment,
    /// No facility offers the service they need at their level.
    NoService,
    /// The service's slots are taken.
    Slots,
    /// A pin: a way forbidden, beds capped, or numbers fixed.
    Pinned,
}

/// What would mend a shortfall or a gap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "remedy")]
pub enum Remedy {
    /// One more usable bed from that day on; each limit named must grow by one.
    OneBed {
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// From which day on.
        from_day: Date,
        /// Which of the three limits bind.
        limits: Vec<Binding>,
    },
    /// One more coach seat on that day.
    OneCoachSeat {
        /// Whose.
        district: PlaceCode,
        /// When.
        day: Date,
    },
    /// A report of beds (physical, staffed, equipped) and occupancy.
    ReportCapacity {
        /// Whose.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
    /// A safety acceptance that holds on the day.
    Acceptance {
        /// Whose.
        facility: FacilityId,
    },
    /// A point or a lane, so that ways from the district can be found.
    Lanes {
        /// Which district.
        district: PlaceCode,
    },
    /// A report of vehicles, crews, seats and trips.
    ReportFleet {
        /// Whose.
        district: PlaceCode,
        /// Which kind.
        kind: VehicleKind,
    },
    /// An opening on an earlier day.
    OpenEarlier {
        /// Which facility.
        facility: FacilityId,
    },
    /// A facility that gives this level, or a higher one within the plan's limits.
    Facility {
        /// Which level.
        level: Level,
    },
    /// A look at contradictory rows.
    Reconcile,
    /// The service at this level, in a facility within reach.
    Service {
        /// Which level.
        level: Level,
        /// Which service.
        care: CareNeed,
    },
    /// A report of the slots of a service.
    ReportService {
        /// Whose.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// Which service.
        care: CareNeed,
    },
    /// One more slot of a service.
    OneSlot {
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// Which service.
        care: CareNeed,
    },
    /// The pin lifted that keeps these people out of a facility.
    LiftPin {
        /// Which facility.
        facility: FacilityId,
        /// At which level.
        level: Level,
    },
}

/// A remedy and what it would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mend {
    /// What to do.
    #[serde(flatten)]
    pub remedy: Remedy,
    /// Person-days of waiting it saves: life-saving, moderate, mild. Negative = it lets a more urgent tier gain at the
    /// cost of this one. `None` = cannot be told before it is done.
    pub saves_person_days: Option<[i64; 3]>,
}

/// People of one class in one district who end a day without a planned bed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shortfall {
    /// The day.
    pub day: Date,
    /// Where.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// What they need beside the bed.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// How many, those of days before included.
    pub people: Persons,
    /// What binds.
    pub cause: Cause,
    /// What would mend it, the best first; never empty.
    pub mends: Vec<Mend>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// What a facility carries at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityLoad {
    /// The facility.
    pub facility: FacilityId,
    /// The level.
    pub level: Level,
    /// The day.
    pub day: Date,
    /// min(physical, staffed, equipped).
    pub usable: Beds,
    /// What makes it so; of equal limits the first.
    pub binding: Binding,
    /// People expected to leave on that day.
    pub discharged: Beds,
    /// People planned in on that day.
    pub admitted: Persons,
    /// People who come from a higher level of the same facility on that day.
    #[serde(default)]
    pub stepped_in: Persons,
    /// People who leave for a lower level of the same facility on that day.
    #[serde(default)]
    pub stepped_out: Persons,
    /// Beds in use at the end of the day. Above `usable` only as far as it was overfull before the plan.
    pub occupied: Beds,
    /// People of that day, those waiting from before included, whose nearest facility at their level this is.
    pub nearest_demand: Persons,
}

/// The tiers, the most important first. A lower one never costs a higher one anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Person-days of severe and critical people without a usable bed.
    LifeSaving,
    /// Person-days of waiting, moderate people and those whom a pin counts as vulnerable.
    Vulnerable,
    /// Person-days of waiting, mild.
    Waiting,
    /// People placed otherwise than orders already issued say, counted where such orders exist for their district,
    /// class and care need.
    Changes,
    /// Person-metres, upgrades and moves to lower beds included at their exchange rates.
    Distance,
}

/// How far a tier was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierOutcome {
    /// Which.
    pub tier: Tier,
    /// What the plan costs in it.
    pub value: u64,
    /// No plan within the limits can cost less, given the values of the tiers before; `None` = no bound was computed.
    pub bound: Option<u64>,
}

/// Sums over the plan. Arrays are by class, the mildest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// People who need a bed within the plan.
    pub needed: [Persons; 4],
    /// People planned into beds.
    pub admitted: [Persons; 4],
    /// People without a planned bed at the end; needed = admitted + unserved.
    pub unserved: [Persons; 4],
    /// Days of waiting, summed over people.
    pub waiting_person_days: [u64; 4],
    /// People placed above the level they need.
    pub upgraded: Persons,
    /// Kilometres, summed over people, rounded down.
    pub person_km: u64,
    /// The same people by care need, for those that occur; people without one are not listed.
    #[serde(default)]
    pub by_care: Vec<CareTotals>,
}

/// Sums over people with one care need. Arrays are by class, the mildest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareTotals {
    /// Which care need.
    pub care: CareNeed,
    /// People who need a bed within the plan.
    pub needed: [Persons; 4],
    /// People planned into beds.
    pub admitted: [Persons; 4],
    /// People without a planned bed at the end; needed = admitted + unserved.
    pub unserved: [Persons; 4],
}
