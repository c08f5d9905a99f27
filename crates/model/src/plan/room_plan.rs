//! What a planner of isolation rooms answers: which site opens when, what is promised for each day, what is short and why.

use super::proposal::SolverRecord;
use super::rooms::Serves;
use crate::area::PlaceCode;
use crate::ids::FacilityId;
use crate::provenance::Origin;
use crate::quantity::Rooms;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A proposed plan of rooms. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPlan {
    /// First day.
    pub start: Date,
    /// Days covered.
    pub days: u8,
    /// Probability with which rooms may not suffice on a day.
    pub overflow_probability: f64,
    /// Draws that the plan rests on; 0 = no outlook.
    pub draws: u32,
    /// How many of them may overflow on a day without breaking the promise.
    pub draws_allowed: u32,
    /// Sites to open, the earliest decision first.
    pub openings: Vec<RoomOpening>,
    /// The city, day by day.
    pub city: Vec<RoomDay>,
    /// Each district, day by day; by code.
    pub districts: Vec<DistrictRooms>,
    /// What one reserve for all needs, beside one for each district; empty without an outlook.
    pub sharing: Vec<RoomSharing>,
    /// What is short, with its cause and what would mend it; known people first.
    pub shortfalls: Vec<RoomShortfall>,
    /// What the inputs lack or where they contradict themselves.
    pub gaps: Vec<RoomGap>,
    /// How far each tier was brought.
    pub tiers: Vec<RoomTierOutcome>,
    /// How past promises held: the city first, then all districts together.
    pub record: Vec<PromisesHeld>,
    /// Worst origin of all inputs used; `synthetic` marks the whole plan.
    pub origin: Origin,
    /// What solved it.
    pub solver: SolverRecord,
    /// Version of the planner.
    pub engine_version: String,
}

/// A site that should open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomOpening {
    /// Last day on which it can be decided: as many days before it opens as it needs.
    pub decide_by: Date,
    /// First day on which it takes people.
    pub opens_on: Date,
    /// The site.
    pub site: FacilityId,
    /// The district it lies in.
    pub district: PlaceCode,
    /// Whose people it takes.
    #[serde(flatten)]
    pub serves: Serves,
    /// Rooms that it brings: those that exist and are certified.
    pub rooms: Rooms,
    /// People on duty that it needs each day; `None` = not known, and no staff were reported either.
    pub staff: Option<u64>,
    /// Whether somebody must confirm the staff before it is ordered, since nobody has reported how many are free.
    pub staff_unconfirmed: bool,
    /// Mean way of its people, metres; `None` = no way is known from any district that it serves.
    pub metres: Option<u64>,
    /// Why; never empty.
    pub reasons: Vec<RoomReason>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// Why a site should open, by what would be if it alone stayed closed; the most important tier that would suffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum RoomReason {
    /// Known people would be without a room.
    Known {
        /// So many room-days more.
        room_days: u64,
    },
    /// The promise would be broken, or broken further.
    Promise {
        /// So many room-days more at the stated probability, over the city and the districts.
        room_days: u64,
    },
    /// The worst draws would be worse than the policy bears.
    Tail {
        /// So many room-days more in the worst draws together.
        room_days: u64,
    },
    /// No tier of safety would suffer: the search ended before it could be left out.
    NotProved,
}

/// The balance of an area on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomDay {
    /// The day.
    pub day: Date,
    /// Rooms that can be used with the openings proposed: for a district its own, for the city all.
    pub usable: Rooms,
    /// Rooms that known people need.
    pub known: Rooms,
    /// Of these, without a room.
    pub known_short: Rooms,
    /// Rooms expected: the mean of the draws. `None` without an outlook, as the next two.
    pub expected: Option<f64>,
    /// Rooms that suffice but for the stated probability: an order statistic of the joint draws.
    pub need: Option<Rooms>,
    /// Of the need, rooms that are missing at the stated probability after sharing; the rest is covered.
    pub uncovered: Option<Rooms>,
    /// Draws in which people of the area are left without a room. A district's are counted as if everybody else's people
    /// were placed first, so no district is promised what another one may need.
    pub overflow_draws: u32,
    /// Sum over all draws of the rooms short. For a district: as above.
    pub short_sum: u64,
}

/// One district, day by day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictRooms {
    /// The district.
    pub district: PlaceCode,
    /// Its days.
    pub days: Vec<RoomDay>,
}

/// What sharing saves on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomSharing {
    /// The day.
    pub day: Date,
    /// Rooms if each district keeps the stated probability alone: the sum of the districts' needs.
    pub separate: Rooms,
    /// Rooms if the city keeps it together: the need of the sum. Fewer, unless all districts rise and fall as one.
    pub together: Rooms,
    /// Rooms that a shared reserve must hold beside what each district has of its own now and with the openings proposed.
    pub beside_own: Rooms,
    /// Rooms that the shared sites hold.
    pub held: Rooms,
}

/// Of what something is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomNeed {
    /// Rooms for people who are known.
    Known,
    /// Rooms for the promise.
    Promise,
}

/// What keeps rooms short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomCause {
    /// No site takes the people at all.
    NoSite,
    /// Sites that do have not reported what they can hold or need.
    Unknown,
    /// Sites that do have no safety acceptance that holds on the day.
    NotAccepted,
    /// Sites that could open need longer.
    LeadTime,
    /// Staff: rooms without staff in sites that are open, or too few people free to open another.
    Staff,
    /// All that can be used is used.
    Rooms,
}

/// What would mend a shortfall.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "remedy")]
pub enum RoomRemedy {
    /// One more usable room on that day.
    OneRoom {
        /// Where.
        site: FacilityId,
        /// When.
        day: Date,
    },
    /// A report of what the site holds and needs.
    Report {
        /// Which site.
        site: FacilityId,
    },
    /// A safety acceptance that holds on the day.
    Acceptance {
        /// Whose.
        site: FacilityId,
    },
    /// An opening earlier than its lead time allows.
    OpenEarlier {
        /// Which site.
        site: FacilityId,
    },
    /// Staff for rooms that exist and are certified.
    StaffRooms {
        /// Which site.
        site: FacilityId,
        /// So many rooms.
        rooms: Rooms,
    },
    /// People to open a site that could open.
    StaffToOpen {
        /// Which site.
        site: FacilityId,
    },
    /// Rooms from outside, or an agreement with a neighbour.
    RoomsFromOutside {
        /// How many.
        rooms: Rooms,
    },
}

/// A remedy and what it would bring on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomMend {
    /// What to do.
    #[serde(flatten)]
    pub remedy: RoomRemedy,
    /// Draws in which the city would no longer overflow on that day, and rooms short less in all draws together; `None` =
    /// cannot be told before it is done.
    pub saves: Option<RoomSaving>,
}

/// What a remedy saves on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSaving {
    /// Draws in which the city no longer overflows.
    pub draws: u32,
    /// Rooms short less, summed over the draws.
    pub short_sum: u64,
    /// Rooms less that known people lack.
    pub known: u64,
}

/// Rooms that an area lacks on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomShortfall {
    /// The day.
    pub day: Date,
    /// Which district; `None` = the city as a whole.
    pub district: Option<PlaceCode>,
    /// For whom.
    pub of: RoomNeed,
    /// How many rooms: a district's as if everybody else's people were placed first.
    pub rooms: Rooms,
    /// What binds.
    pub cause: RoomCause,
    /// What would mend it, the best first; never empty.
    pub mends: Vec<RoomMend>,
}

/// What the inputs lack or where they contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum RoomGap {
    /// There is no outlook of rooms: only known people are planned for.
    NoOutlook,
    /// The outlook says of itself that it failed; its draws are used all the same, for want of better.
    OutlookFlagged,
    /// The draws hold fewer days than the plan was asked for.
    FewerDays {
        /// Days they hold.
        days: u8,
    },
    /// Too few draws, or a probability that is none: the promise is made as if no draw may overflow.
    TooFewDraws,
    /// The draws leave the district out; it counts with its known people alone.
    NoDraws {
        /// The district.
        district: PlaceCode,
    },
    /// Nobody says what known people of the district need.
    KnownMissing {
        /// The district.
        district: PlaceCode,
    },
    /// A row of known people lies outside the plan's days, or counts more rooms than people live; not planned for.
    KnownNotUsed {
        /// The district.
        district: PlaceCode,
        /// Its day.
        day: Date,
    },
    /// Rooms of the site are not reported; nobody is planned in.
    RoomsUnknown {
        /// The site.
        site: FacilityId,
        /// The columns that are missing.
        missing: Vec<String>,
    },
    /// Two rows speak of the same site, or one counts more rooms than people live; nobody is planned in.
    SiteContradicts {
        /// The site.
        site: FacilityId,
    },
    /// No safety acceptance that holds on any day of the plan; nobody is planned in.
    NotAccepted {
        /// The site.
        site: FacilityId,
    },
    /// It is not known how long the site takes to open, or, where staff are limited, how many people it needs; it is not
    /// proposed to open.
    OpeningUnknown {
        /// The site.
        site: FacilityId,
        /// The columns that are missing.
        missing: Vec<String>,
    },
    /// It takes people of no district that the plan speaks of; not planned with.
    ServesNobody {
        /// The site.
        site: FacilityId,
    },
    /// More groups of sites than a plan can tell apart; this one is not planned with.
    TooManyGroups {
        /// The site.
        site: FacilityId,
    },
    /// Nobody has reported how many people are free to run sites that open.
    StaffUnknown,
    /// No way is known from a district that it serves to a site that could open.
    NoLane {
        /// The district.
        district: PlaceCode,
        /// The site.
        site: FacilityId,
    },
}

/// The tiers, the most important first. A lower one never costs a higher one anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomTier {
    /// Room-days that known people lack.
    Known,
    /// Room-days that the promise lacks: the rooms uncovered at the stated probability, summed over the days, the city and the
    /// districts. Zero = the promise is kept for all of them.
    Promise,
    /// Room-days short in the worst draws together, beyond what the policy bears.
    Tail,
    /// Price of the openings.
    Price,
    /// Staff-days of the openings.
    Staff,
    /// Room-metres: rooms opened times the mean way of their people.
    Distance,
}

impl RoomTier {
    /// All tiers, the most important first.
    pub const ALL: [Self; 6] = [Self::Known, Self::Promise, Self::Tail, Self::Price, Self::Staff, Self::Distance];
}

/// How far a tier was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomTierOutcome {
    /// Which.
    pub tier: RoomTier,
    /// What the plan costs in it.
    pub value: u64,
    /// No plan can cost less, given the values of the tiers before; `None` = the search ended in a tier before.
    pub bound: Option<u64>,
}

/// How past promises held.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromisesHeld {
    /// Whether they were made for single districts; else for the city.
    pub of_districts: bool,
    /// Promises whose outcome is known.
    pub known: u32,
    /// Promises whose outcome nobody knows yet.
    pub open: u32,
    /// Of the known ones, how many were broken: more rooms were needed than promised.
    pub broken: u32,
    /// How many were to be broken if every stated probability were exact.
    pub stated: f64,
}
