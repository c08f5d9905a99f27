//! What people have decided about a plan before it is made: pins, accepted orders and orders already issued.
//!
//! A plan answers each of them: kept, or refused with its cause. It is never silent about one, and never bends a law for
//! one: what holds back life-saving care is refused, whoever asks (law 7).

use super::{CareClass, CareNeed};
use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::FacilityId;
use crate::quantity::{Beds, Persons};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// All that was decided before. The order of the rows means nothing; equal pins count once; orders that agree in all
/// but their people are added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Revision {
    /// What a section lead asks of the plan.
    pub pins: Vec<Pin>,
    /// Accepted orders: they hold beds, vehicles and needs, and stand in the new plan unchanged.
    pub frozen: Vec<StandingOrder>,
    /// Orders issued and not accepted yet: placing their people otherwise is a change, which the plan avoids where it
    /// costs nobody a day of waiting.
    pub issued: Vec<StandingOrder>,
}

/// An order that was made before this plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StandingOrder {
    /// The day.
    pub day: Date,
    /// From which district.
    pub from: PlaceCode,
    /// How ill they are.
    pub class: CareClass,
    /// What they need beside the bed.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// To which facility.
    pub facility: FacilityId,
    /// At which level of care.
    pub level: Level,
    /// How many.
    pub people: Persons,
}

/// What a person asks of the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "pin")]
pub enum Pin {
    /// Nobody goes this way.
    Forbid {
        /// From which district.
        from: PlaceCode,
        /// To which facility.
        facility: FacilityId,
        /// Only people of this class; `None` = nobody at all.
        #[serde(default)]
        class: Option<CareClass>,
    },
    /// No more than so many of the beds are used at the end of a day, those in use before included.
    Cap {
        /// Which facility.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// How many beds.
        beds: Beds,
    },
    /// So many people go there on that day.
    Assign {
        /// Who, where, when and how many.
        #[serde(flatten)]
        order: StandingOrder,
        /// Exactly so many; otherwise so many at least.
        #[serde(default)]
        exactly: bool,
    },
    /// These people count as vulnerable: they wait in the tier above. Life-saving care stays first whatever is asked.
    Priority {
        /// Where they are.
        district: PlaceCode,
        /// Their class.
        class: CareClass,
        /// Only those who need this beside the bed; `None` = all of the class.
        #[serde(default)]
        care: Option<CareNeed>,
    },
}

/// What became of a pin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinOutcome {
    /// The pin.
    pub pin: Pin,
    /// `None` = kept; else why it was refused.
    pub refused: Option<Refusal>,
}

/// What became of an accepted order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenOutcome {
    /// The order.
    pub order: StandingOrder,
    /// `None` = it stands in the plan unchanged. Else what makes it impossible now: it must be called back, its people
    /// are planned for anew, the same way as far as that is possible.
    pub refused: Option<Refusal>,
}

/// Why a pin or an accepted order cannot be kept beside those that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Its day is not in the plan.
    OutsidePlan,
    /// It names nobody.
    Nobody,
    /// No such beds for infected people.
    NoBeds,
    /// The level of care is below the need, or too far above it.
    WrongLevel,
    /// No such way is known, or no coach can make it within its hours.
    NoLane,
    /// The service these people need is not offered there.
    NoService,
    /// Beds, occupancy or service slots are not reported (law 11).
    Unknown,
    /// The facility is not open on that day.
    NotOpen,
    /// The facility has no valid safety acceptance on that day (law 8).
    NotAccepted,
    /// A pin that is kept forbids the way.
    Forbidden,
    /// A pin that is kept says something else of the same people, beds and day.
    Contradicts,
    /// Fewer people need it by that day, beside those of orders and pins kept.
    NotEnoughPeople,
    /// Fewer beds are usable, beside those of orders and pins kept (law 8).
    NotEnoughBeds,
    /// Fewer service slots are left, beside those of orders and pins kept.
    NotEnoughSlots,
    /// The district's coaches cannot make the trips, beside those of orders and pins kept (law 9).
    NotEnoughVehicles,
    /// Nothing but life-saving care stands before these people already.
    AlreadyFirst,
    /// It would hold back life-saving care (law 7).
    LifeSaving,
}
