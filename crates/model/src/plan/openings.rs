//! Which sites open or close, and when: what a plan of openings is made from, and what it answers.
//!
//! Data only. A site opens as a whole, with all its beds and all the staff that runs them; a site that can open hall by hall is
//! listed hall by hall. Days are civil days of the city. Preparing may begin on the plan's first day at the earliest.

use super::{CareClass, PlanInputs};
use crate::area::PlaceCode;
use crate::facility::{FacilityKind, Level};
use crate::ids::{FacilityId, text_id};
use crate::provenance::Origin;
use crate::quantity::{Beds, Persons, Rooms};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

text_id!(
    /// A team of staff that is free to run sites: a district's reserve, a team from outside.
    TeamId,
    "team id"
);

/// What somebody who runs a site is trained for. A person counts under one kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffKind {
    /// Physicians.
    Physician,
    /// Nurses.
    Nurse,
    /// Intensive care, by training.
    IntensiveCare,
    /// Cleaning, catering, registration, security.
    Support,
}

impl StaffKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Physician, Self::Nurse, Self::IntensiveCare, Self::Support];
}

/// So many people of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StaffCount {
    /// Which kind.
    pub kind: StaffKind,
    /// How many, on each day, all shifts together.
    pub people: u64,
}

/// Staff that no site has yet. Rows add up over teams; two rows of one team and kind must be equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffTeam {
    /// Which team.
    pub team: TeamId,
    /// Which kind.
    pub kind: StaffKind,
    /// How many; `None` = not reported, and nobody is counted on.
    pub people: Option<u64>,
    /// From outside the city.
    pub outside: bool,
    /// First day on duty.
    pub from: Date,
    /// Last day on duty; `None` = to the plan's end and beyond.
    pub until: Option<Date>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Beds (rooms, where the level is isolation) that a shut site would have. `None` = not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SiteBeds {
    /// The level of care that they give.
    pub level: Level,
    /// Beds that exist.
    pub physical: Option<Beds>,
    /// Of these, with equipment.
    pub equipped: Option<Beds>,
}

/// How a site stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum SiteNow {
    /// It takes nobody, and may open. The city's capacity must not list it.
    Shut,
    /// It takes people, and may close. Its beds are those of the city's capacity.
    Open {
        /// Since when; `None` = not known, and it cannot be closed, because its days open cannot be counted.
        since: Option<Date>,
    },
}

/// A makeshift hospital, designated hospital or isolation site about which can be decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Which.
    pub facility: FacilityId,
    /// What it is.
    pub kind: FacilityKind,
    /// Where it lies: from there its people are moved if it closes.
    pub district: PlaceCode,
    /// How it stands.
    pub now: SiteNow,
    /// What it would have once open; for an open site the city's capacity says it, and this is empty.
    pub beds: Vec<SiteBeds>,
    /// Whole days between the decision and the first day it takes people; `None` = not known, and it is not opened.
    pub lead_days: Option<u8>,
    /// Staff that prepares it on each day of the lead time, and is free again when it opens.
    pub prepared_by: Option<Vec<StaffCount>>,
    /// Staff that runs it on each day it is open. Of an open site: what would come free.
    pub run_by: Option<Vec<StaffCount>>,
    /// It closes at the earliest so many days after it opened.
    pub minimum_days_open: u8,
    /// Last day of its safety acceptance; `None` = none known, and it is not opened (law 8).
    pub acceptance_until: Option<Date>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// People who newly need a room in isolation in one district from one day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomsNeed {
    /// Where they are.
    pub district: PlaceCode,
    /// From which day.
    pub day: Date,
    /// Rooms.
    pub rooms: Rooms,
    /// What the figure rests on.
    pub origin: Origin,
}

/// All that a plan of openings is made from. The order of the rows means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningsInputs {
    /// The city without any of the openings: needs, beds, ways (those to shut sites too), vehicles, limits.
    pub city: PlanInputs,
    /// People who need a room in isolation. Rooms that there are stand in the city's capacity at level isolation.
    pub rooms: Vec<RoomsNeed>,
    /// Sites about which can be decided.
    pub sites: Vec<Site>,
    /// Staff that is free.
    pub staff: Vec<StaffTeam>,
}

/// What is minimised, one tier after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpeningTier {
    /// Person-days without a usable bed of severe and critical people.
    LifeSaving,
    /// Person-days of moderate people.
    Vulnerable,
    /// Person-days of mild people.
    Waiting,
    /// Person-days without a room of those who should be in isolation.
    Isolation,
    /// Staff-days of preparing and running the sites decided about, those that stay open included.
    StaffDays,
}

impl OpeningTier {
    /// All tiers, the most important first.
    pub const ALL: [Self; 5] = [Self::LifeSaving, Self::Vulnerable, Self::Waiting, Self::Isolation, Self::StaffDays];
}

/// How far one tier was brought. Person-days are those of the flow of whole people over days, before coaches are shared between
/// mild and moderate people and trips are made whole: the plan of transfers says what is left then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningTierOutcome {
    /// Which tier.
    pub tier: OpeningTier,
    /// What the plan costs in it.
    pub value: u64,
    /// No openings and closings within the limits can cost less in it, with the tiers before at their bound. Equal to `value` = proved
    /// best. `None` = a tier before has a gap, so nothing is known of this one.
    pub bound: Option<u64>,
    /// What it would cost to leave every site as it is.
    pub unchanged: u64,
}

/// Person-days saved in the first four tiers; negative = it costs so many there.
pub type SavedPersonDays = [i64; 4];

/// Why a site opens or closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum OpeningReason {
    /// Against the same plan without this decision.
    Saves {
        /// Person-days by tier.
        person_days: SavedPersonDays,
        /// Staff-days.
        staff_days: i64,
    },
    /// Those who would wait longest without it.
    Need {
        /// Of which class; `None` = people for isolation.
        class: Option<CareClass>,
        /// Person-days that they wait less.
        person_days: u64,
    },
    /// It opens on the first day on which its lead time lets it.
    AsEarlyAsLeadTimeLets {
        /// The lead time.
        lead_days: u8,
    },
    /// A day earlier would save nothing, or there is no staff for it.
    NoEarlierDayBetter,
    /// Staff of a site that closes.
    FreesStaff {
        /// How many of which kind.
        staff: Vec<StaffCount>,
    },
}

/// A site that should open. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedOpening {
    /// Which.
    pub facility: FacilityId,
    /// What it is.
    pub kind: FacilityKind,
    /// Where.
    pub district: PlaceCode,
    /// First day of preparing: the day by which people must have decided.
    pub prepare_from: Date,
    /// First day it takes people.
    pub opens_on: Date,
    /// First day on which it may close again.
    pub closes_not_before: Date,
    /// Usable beds by level.
    pub beds: Vec<(Level, Beds)>,
    /// Staff that prepares it, each day of the lead time.
    pub prepared_by: Vec<StaffCount>,
    /// Staff that runs it, each day from the opening.
    pub run_by: Vec<StaffCount>,
    /// Why; never empty.
    pub reasons: Vec<OpeningReason>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// A site that should close. It takes nobody within the plan, and those still there move on the day it closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedClosing {
    /// Which.
    pub facility: FacilityId,
    /// What it is.
    pub kind: FacilityKind,
    /// Where.
    pub district: PlaceCode,
    /// The day on which it is empty, and its staff is free.
    pub closes_on: Date,
    /// People to be moved out on that day, by the level of their beds.
    pub moved_out: Vec<(Level, Persons)>,
    /// Staff that comes free, each day from the closing.
    pub frees: Vec<StaffCount>,
    /// Why; never empty.
    pub reasons: Vec<OpeningReason>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// Why a site stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum LeftBecause {
    /// It has no safety acceptance that holds from its earliest day to the plan's end (law 8).
    NotAccepted {
        /// Inspect it by this day, so that it can open on its earliest day.
        inspect_by: Date,
        /// What it would save in this plan, opened on that day with staff of its own.
        saves_person_days: Option<SavedPersonDays>,
    },
    /// Not known, and unknown is not zero; the names of what is missing.
    Unknown {
        /// Columns to report.
        missing: Vec<String>,
    },
    /// Two rows disagree, or a shut site has beds in the city's capacity.
    Contradicts,
    /// Its lead time ends after the plan.
    LeadTimeTooLong {
        /// The lead time.
        lead_days: u8,
    },
    /// It was opened too short ago to close within the plan.
    MinimumDaysOpen,
    /// It has no beds that anybody needs.
    NoBeds,
    /// It would save waiting, and there is no staff for it beside the sites that save more.
    StaffShort {
        /// What is missing most, on its earliest day.
        short: StaffCount,
        /// What it would save in this plan with staff of its own.
        saves_person_days: SavedPersonDays,
    },
    /// Opening it (or closing it) would save nothing.
    NothingToSave,
    /// Closing it would cost waiting.
    StillNeeded {
        /// Person-days that it saves by staying open, against closing on the earliest day.
        saves_person_days: SavedPersonDays,
    },
    /// The work limit ended the search before this was known.
    NotTried,
}

/// A site that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteLeft {
    /// Which.
    pub facility: FacilityId,
    /// Why.
    pub because: LeftBecause,
}

/// Staff on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffLoad {
    /// Which kind.
    pub kind: StaffKind,
    /// When.
    pub day: Date,
    /// Free before any decision.
    pub free: u64,
    /// Come free from sites that close.
    pub freed: u64,
    /// Prepare sites.
    pub preparing: u64,
    /// Run sites that this plan opens.
    pub running: u64,
}

/// What one more unit would save in person-days, all decisions held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneMoreBed {
    /// Where.
    pub facility: FacilityId,
    /// At which level.
    pub level: Level,
    /// From the plan's first possible day at that site on.
    pub from_day: Date,
    /// What it would save.
    pub saves_person_days: SavedPersonDays,
}

/// What is missing or contradictory beside the sites themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum OpeningGap {
    /// A team's number is not reported: nobody of it is counted on.
    TeamUnknown {
        /// Which team.
        team: TeamId,
        /// Which kind.
        kind: StaffKind,
    },
    /// Two rows of a team disagree: nobody of it is counted on.
    TeamContradicts {
        /// Which team.
        team: TeamId,
        /// Which kind.
        kind: StaffKind,
    },
    /// People for isolation on a day outside the plan, or more than live on Earth: not planned for.
    RoomsNeedUnusable {
        /// Where.
        district: PlaceCode,
        /// When.
        day: Date,
    },
}

/// What made the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningsRecord {
    /// Name of the back end.
    pub name: String,
    /// Flows solved exactly.
    pub flows: u64,
    /// Nodes of the search.
    pub nodes: u64,
    /// Iterations over all flows (pivots).
    pub iterations: u64,
    /// Why it could not do what it should; normally none.
    pub fell_back: Option<String>,
}

/// A proposed plan of openings and closings. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningsPlan {
    /// First day.
    pub start: Date,
    /// Days covered.
    pub days: u8,
    /// Sites that open, by day and name.
    pub openings: Vec<ProposedOpening>,
    /// Sites that close, by day and name.
    pub closings: Vec<ProposedClosing>,
    /// All other sites, by name.
    pub left: Vec<SiteLeft>,
    /// Staff by kind and day, for every kind that some team or site names.
    pub staff: Vec<StaffLoad>,
    /// Where one more bed would save most, at most five.
    pub one_more_bed: Vec<OneMoreBed>,
    /// How far each tier was brought.
    pub tiers: Vec<OpeningTierOutcome>,
    /// What is missing or contradictory.
    pub gaps: Vec<OpeningGap>,
    /// Worst origin of all inputs.
    pub origin: Origin,
    /// What solved it.
    pub solver: OpeningsRecord,
    /// Version of the planner.
    pub engine_version: String,
    /// Seed; nothing is drawn, it is kept for the record.
    pub seed: u64,
}
