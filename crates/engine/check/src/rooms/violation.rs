//! What can be wrong with a plan of rooms.

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomGap, RoomNeed, RoomTier};

/// One thing that is not as the plan says, or not as it must be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RoomViolation {
    /// The first page does not say what was asked.
    #[error("the plan's {what} is not what its inputs give")]
    Header {
        /// Which field.
        what: &'static str,
    },
    /// A site opens that may not, or not so.
    #[error("opening of {site}: {rule}")]
    Opening {
        /// Which site.
        site: FacilityId,
        /// What is wrong.
        rule: OpeningRoomRule,
    },
    /// More people run the openings than are free.
    #[error("openings need more staff on {day} than are free")]
    Staff {
        /// When.
        day: Date,
    },
    /// The balance of an area on a day is not what draws and rooms give.
    #[error("balance of {} on {day} is not what draws and rooms give", area(.district.as_ref()))]
    Balance {
        /// Which district; `None` = the city.
        district: Option<PlaceCode>,
        /// When.
        day: Date,
    },
    /// Areas or days are missing, doubled or out of order.
    #[error("the balances do not name each day and district once, in order")]
    Rows,
    /// What sharing saves on a day is not so.
    #[error("sharing on {day} is not what the draws give")]
    Sharing {
        /// When.
        day: Date,
    },
    /// A shortfall is missing, made up, or says what is not so.
    #[error("shortfall of {} on {day} ({of:?}): {rule}", area(.district.as_ref()))]
    Shortfall {
        /// When.
        day: Date,
        /// Which district; `None` = the city.
        district: Option<PlaceCode>,
        /// Of what.
        of: RoomNeed,
        /// What is wrong.
        rule: RoomShortRule,
    },
    /// A gap that is not there.
    #[error("the inputs have no such gap: {gap:?}")]
    GapMadeUp {
        /// Which.
        gap: RoomGap,
    },
    /// A gap that the plan hides.
    #[error("a gap of the inputs is not listed: {gap:?}")]
    GapMissing {
        /// Which.
        gap: RoomGap,
    },
    /// A tier's value is not what the plan costs, or its bound cannot be.
    #[error("tier {tier:?} is not what the plan costs, or its bound lies above it")]
    Tier {
        /// Which.
        tier: RoomTier,
    },
    /// The tiers are not all there in order.
    #[error("the plan does not name every tier once, in order")]
    Tiers,
    /// How past promises held is not so.
    #[error("the record of past promises is not what they came to")]
    Record,
    /// Nothing says what made the plan.
    #[error("nothing says what made the plan")]
    NoRecord,
}

fn area(district: Option<&PlaceCode>) -> &str {
    district.map_or("the city", |d| d.as_str())
}

/// What is wrong with an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum OpeningRoomRule {
    /// No room of a site counts twice.
    #[error("it opens twice")]
    Twice,
    /// It is open already, not known, not accepted, or its rows say too little.
    #[error("it cannot be opened: open already, unknown, not accepted, or too little is said of it")]
    NotPossible,
    /// Before its lead time or outside the plan.
    #[error("it cannot be open by that day")]
    LeadTime,
    /// The last day of decision is not its lead time before the opening.
    #[error("the last day of decision is not its lead time before the opening")]
    DecideBy,
    /// District, people, rooms, staff or way are not those of its rows.
    #[error("what it brings or needs is not what its rows say")]
    Facts,
    /// The reason is none.
    #[error("its reason is not what would be without it")]
    Reason,
    /// Its origin is better than what it rests on.
    #[error("its origin is not that of what it rests on")]
    Origin,
    /// Not in the order of decisions.
    #[error("the openings are not in the order of their decisions")]
    Order,
}

/// What is wrong with a shortfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RoomShortRule {
    /// The plan hides it.
    #[error("it is not listed once")]
    Missing,
    /// The area lacks nothing.
    #[error("nothing is short")]
    MadeUp,
    /// Another number of rooms is short.
    #[error("another number of rooms is short")]
    Rooms,
    /// Something else binds.
    #[error("something else binds")]
    Cause,
    /// A remedy is not one.
    #[error("a remedy is not one, stands twice, or saves something else")]
    Remedy,
    /// Known people do not stand first, then the days.
    #[error("it does not stand in order")]
    Order,
}
