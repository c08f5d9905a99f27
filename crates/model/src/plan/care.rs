//! What people need beside a bed of their class, who offers it, and who may leave a higher bed for a lower one.

use crate::facility::Level;
use crate::ids::FacilityId;
use crate::provenance::Origin;
use crate::quantity::{Beds, Persons};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A service that some people need beside the bed. A person with several is listed under the scarcest of them.
///
/// The words are those of hospital availability reports (OASIS EDXL-HAVE 1.0, service coverage and bed types), except
/// `frail`: old or dependent people who need nursing day and night, whom the field lists beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CareNeed {
    /// Dialysis.
    Dialysis,
    /// Late pregnancy, birth and childbed.
    Obstetrics,
    /// Children. A guardian who goes along is a person of their own class beside the child; who belongs to whom is
    /// kept where single people are placed, within the quotas of a plan's orders.
    Paediatrics,
    /// Psychiatric care.
    Psychiatry,
    /// Nursing day and night.
    Frail,
}

impl CareNeed {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Dialysis, Self::Obstetrics, Self::Paediatrics, Self::Psychiatry, Self::Frail];
}

/// A service that a facility's beds of one level come with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceSlots {
    /// Which.
    pub care: CareNeed,
    /// How many more people who need it can be there at the same time, beside those who are there before the plan's
    /// first day. `None` = not reported, which is neither zero nor plenty: nobody who needs it is planned in.
    pub slots: Option<Beds>,
}

/// People in beds of a higher level who may move to a lower one in the same facility, because they got better.
///
/// The lower level is makeshift or general: people who still need life-saving care are never moved down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepDown {
    /// The facility.
    pub facility: FacilityId,
    /// The level they lie at.
    pub level: Level,
    /// The level they may move to.
    pub to: Level,
    /// How many become able to move on each day of the plan, its first day first. They may move on that day or later.
    pub eligible: Vec<Persons>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// People who move to a lower level of care in their facility, so that others have their beds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDownOrder {
    /// The day.
    pub day: Date,
    /// The facility.
    pub facility: FacilityId,
    /// The level they leave.
    pub level: Level,
    /// The level they move to.
    pub to: Level,
    /// How many.
    pub people: Persons,
    /// Why; never empty.
    pub reasons: Vec<StepDownReason>,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// Why people are asked to move to a lower level of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum StepDownReason {
    /// So many were able to move by that day.
    Eligible {
        /// How many, those of days before included.
        people: Persons,
    },
    /// So many are planned into the beds they leave or into others of that level, on that day or later.
    BedsNeeded {
        /// How many.
        people: Persons,
    },
}
