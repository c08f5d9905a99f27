//! What can be wrong with a plan.

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, CareNeed, Gap, Pin, StandingOrder, Tier};
use levee_model::report::VehicleKind;

/// One thing that is wrong, and where. `order` counts from 0 in the plan's list.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Violation {
    /// The plan speaks of other days than its inputs.
    #[error("the plan covers other days than it was made for")]
    WrongDays,
    /// An order breaks a rule that it can break alone.
    #[error("order {order}: {rule}")]
    Order {
        /// Which order.
        order: usize,
        /// Which rule.
        rule: OrderRule,
    },
    /// More people are planned in than beds are usable (law 8).
    #[error("{facility} {level:?}, {day}: {planned} planned in, {free} beds free")]
    OverCapacity {
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// When.
        day: Date,
        /// People of the plan who hold a bed.
        planned: u64,
        /// Beds that those who were there before leave free.
        free: u64,
    },
    /// More people are planned to a service than its slots take, or to one that is not offered or not known.
    #[error("{facility} {level:?}: {served} people planned to {care:?} are more than it takes")]
    Slots {
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// Which service.
        care: CareNeed,
        /// People of the plan who need it.
        served: u64,
    },
    /// A move to a lower level of care breaks a rule. `order` counts from 0 in the plan's list of such moves.
    #[error("move to a lower level {order}: {what}")]
    StepDown {
        /// Which order.
        order: usize,
        /// What is not so.
        what: &'static str,
    },
    /// Decisions are not answered, or what is kept does not hold.
    #[error("{what}")]
    Decisions {
        /// What is not so.
        what: &'static str,
    },
    /// A pin is said to be kept and is not, or refused with a cause that is not so.
    #[error("the answer to a pin is not so: {pin:?}")]
    Pin {
        /// Which.
        pin: Pin,
    },
    /// An accepted order is said to be kept and may not be, or refused with a cause that is not so.
    #[error("the answer to an accepted order is not so: {order:?}")]
    Frozen {
        /// Which.
        order: StandingOrder,
    },
    /// More people are moved than need it.
    #[error("{district} {class:?}, {day}: {moved} moved by then, {needed} needed it")]
    NotNeeded {
        /// Where.
        district: PlaceCode,
        /// Who.
        class: CareClass,
        /// By the end of which day.
        day: Date,
        /// Moved so far.
        moved: u64,
        /// Needed so far.
        needed: u64,
    },
    /// More known people are moved than are known.
    #[error("{district} {class:?}, {day}: more known people are moved than are known")]
    NotKnown {
        /// Where.
        district: PlaceCode,
        /// Who.
        class: CareClass,
        /// By the end of which day.
        day: Date,
    },
    /// Vehicles make more trips than they can (law 9).
    #[error("{district} {kind:?}, {day}: {trips} trips, {possible} possible")]
    TooManyTrips {
        /// Whose vehicles.
        district: PlaceCode,
        /// Which kind.
        kind: VehicleKind,
        /// When.
        day: Date,
        /// Trips planned.
        trips: u64,
        /// Trips possible.
        possible: u64,
    },
    /// Life-saving transport is handed to a dispatcher while own ambulances stand idle.
    #[error("{district}, {day}: dispatched although own ambulances have trips left")]
    DispatchedWithinFleet {
        /// Whose people.
        district: PlaceCode,
        /// When.
        day: Date,
    },
    /// The people without a bed are not listed as they are.
    #[error("{district} {class:?}, {day}: {waiting} without a bed, {listed:?} listed as shortfall")]
    Shortfall {
        /// Where.
        district: PlaceCode,
        /// Who.
        class: CareClass,
        /// When.
        day: Date,
        /// How many there are.
        waiting: u64,
        /// How many each entry lists.
        listed: Vec<u64>,
    },
    /// A shortfall's cause is not so, or it names no remedy, or one of something that does not exist.
    #[error("{district} {class:?}, {day}: the shortfall's {what} is not so")]
    ShortfallSays {
        /// Where.
        district: PlaceCode,
        /// Who.
        class: CareClass,
        /// When.
        day: Date,
        /// What is not so.
        what: &'static str,
    },
    /// Life-saving care beyond usable beds is not listed as surge, or not as it is (law 7).
    #[error("{district} {class:?}, {day}: surge care is not listed as it is: {what}")]
    Surge {
        /// Where.
        district: PlaceCode,
        /// Who.
        class: CareClass,
        /// When.
        day: Date,
        /// What is not so.
        what: &'static str,
    },
    /// A facility's load is missing, doubled or wrong.
    #[error("{facility} {level:?}, {day}: the load is not so")]
    Load {
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// When.
        day: Date,
    },
    /// A sum of the plan is wrong.
    #[error("the plan's {what} is not what its parts sum to")]
    Sum {
        /// Which.
        what: &'static str,
    },
    /// A tier's value is wrong or better than its bound.
    #[error("tier {tier:?}: value or bound is not so")]
    Tier {
        /// Which.
        tier: Tier,
    },
    /// Something that the inputs lack is not said.
    #[error("not said: {gap:?}")]
    GapMissing {
        /// What.
        gap: Gap,
    },
    /// Something is said to be lacking that is not.
    #[error("said, but not so: {gap:?}")]
    GapInvented {
        /// What.
        gap: Gap,
    },
    /// A mark of origin is better than what it rests on.
    #[error("the origin of {of} is not the worst of what it rests on")]
    Origin {
        /// Of what.
        of: &'static str,
    },
    /// A list is not in its order: the most urgent would not come first.
    #[error("the {list} do not stand in their order")]
    Unordered {
        /// Which list.
        list: &'static str,
    },
    /// What made the plan is not said.
    #[error("the plan does not say what made it")]
    NoRecord,
}

/// A rule that one order can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRule {
    /// Its day is not in the plan.
    #[error("its day is not in the plan")]
    Day,
    /// It moves nobody.
    #[error("it moves nobody")]
    Nobody,
    /// It has more known people than people.
    #[error("it has more known people than people")]
    Known,
    /// The same order stands twice.
    #[error("the same order stands twice")]
    Twice,
    /// No such beds.
    #[error("the facility has no such beds")]
    NoBeds,
    /// Beds or occupancy are not known (law 11).
    #[error("the facility's beds or occupancy are not known")]
    UnknownBeds,
    /// Not open on that day.
    #[error("the facility is not open on that day")]
    NotOpen,
    /// No valid acceptance on that day (law 8).
    #[error("the facility has no valid safety acceptance on that day")]
    NotAccepted,
    /// Below the level needed, or too far above it.
    #[error("the level of care does not fit")]
    Level,
    /// What these people need beside the bed is not offered there, or not known to be.
    #[error("the beds do not come with the service needed")]
    Service,
    /// No such way.
    #[error("no such way is known")]
    Lane,
    /// Outside the hours allowed (law 9).
    #[error("its window breaks the hours allowed")]
    Window,
    /// The rides do not carry its people.
    #[error("its rides do not carry its people")]
    Rides,
    /// A vehicle that may not carry these people.
    #[error("the vehicle may not carry these people")]
    Vehicle,
    /// Vehicles that are not known are used as known, or the other way round (law 11).
    #[error("vehicles are said to be known or unknown and are not")]
    Confirmed,
    /// No reason, or one that is not so.
    #[error("a reason is missing or not so")]
    Reason,
    /// The origin is better than what it rests on.
    #[error("its origin is not the worst of what it rests on")]
    Origin,
}
