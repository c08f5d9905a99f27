//! Two plans side by side, and why the later one differs.

use super::{CareClass, CareNeed, TierOutcome};
use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::FacilityId;
use crate::quantity::{Beds, Persons};
use crate::report::VehicleKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Two plans side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanComparison {
    /// The earlier one, or the one beside it.
    pub before: PlanFigures,
    /// The later one.
    pub after: PlanFigures,
    /// People whom only one of the two places there on that day, counted on the side that has more of them: who is placed
    /// elsewhere counts once.
    pub people_changed: Persons,
    /// What differs, by day, the most ill first.
    pub changes: Vec<PlanChange>,
}

/// What a plan comes to. Arrays are by class, the mildest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanFigures {
    /// People who need a bed.
    pub needed: [Persons; 4],
    /// People planned into beds.
    pub served: [Persons; 4],
    /// People without a bed at the end.
    pub unserved: [Persons; 4],
    /// Days of waiting, summed over people.
    pub late_person_days: [u64; 4],
    /// Kilometres, summed over people.
    pub person_km: u64,
    /// Usable beds that are free at the end of the last day, by the class whose level they are.
    pub reserve: [Beds; 4],
    /// Person-days of life-saving care beyond usable beds.
    pub surge_person_days: u64,
    /// Tiers with their bounds.
    pub tiers: Vec<TierOutcome>,
}

/// People of one group who go somewhere on a day in other numbers than before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanChange {
    /// The day.
    pub day: Date,
    /// From which district.
    pub from: PlaceCode,
    /// How ill they are.
    pub class: CareClass,
    /// What they need beside the bed.
    pub care: Option<CareNeed>,
    /// To which facility.
    pub facility: FacilityId,
    /// At which level of care.
    pub level: Level,
    /// How many the earlier plan sends.
    pub before: Persons,
    /// How many the later plan sends.
    pub after: Persons,
    /// Why, as far as the inputs tell; never empty.
    pub why: Vec<ChangeCause>,
}

/// What changed in the inputs that bears on a change of the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum ChangeCause {
    /// A pin is new, was lifted, or is ruled otherwise.
    Pin,
    /// An accepted order is new, or cannot stand any more.
    Accepted,
    /// More people of the group need a bed by that day.
    NeedGrew {
        /// How many more.
        by: Persons,
    },
    /// Fewer people of the group need a bed by that day.
    NeedShrank {
        /// How many fewer.
        by: Persons,
    },
    /// The beds take people on that day, and did not before.
    BedsOpened,
    /// The beds take nobody on that day, and did before: closed, not accepted, or not reported any more.
    BedsClosed,
    /// More beds are free by that day before the plan's own people.
    BedsGained {
        /// How many more.
        by: Beds,
    },
    /// Fewer beds are free by that day before the plan's own people.
    BedsLost {
        /// How many fewer.
        by: Beds,
    },
    /// The way is known, and was not before.
    LaneFound,
    /// The way was known, and is not any more.
    LaneGone,
    /// The way's length or time differs.
    LaneChanged,
    /// The district's vehicles of the kind that carries them differ.
    Vehicles {
        /// Which kind.
        kind: VehicleKind,
    },
    /// The day lies in one of the two plans only.
    OtherDays,
    /// Nothing of its own: it follows from changes elsewhere in the plan.
    Elsewhere,
}
