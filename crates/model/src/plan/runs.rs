//! Runs: which waiting person goes to which facility in which vehicle, and when.
//!
//! Data only. People stand here by pseudonym, never by name. All times are civil times of the plan's day, in whole minutes: a
//! run starts and ends on its day. `levee-planner` turns [`RunInputs`] into a [`RunPlan`]; `levee-check` judges it.

mod answer;

pub use answer::{
    Cut, CutCause, Exempt, Meant, Passenger, PickUp, Run, RunFigures, RunGap, RunPlan, RunRemedy, Spread, StayCause,
    StillWaiting, Urgent,
};

use super::{CareClass, CareNeed, Lane, ProposedOrder, Surge};
use crate::area::PlaceCode;
use crate::facility::Level;
use crate::ids::{FacilityId, PersonId, text_id};
use crate::provenance::Origin;
use crate::quantity::Persons;
use crate::report::VehicleKind;
use crate::subject::Pseudonym;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

text_id!(
    /// One vehicle, such as a fleet number. Never a number plate: those lead to people.
    VehicleId,
    "vehicle id"
);

/// On what ground somebody stays where they are although they should be in a place of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExemptionGround {
    /// A clinician says that moving would harm.
    Clinical,
    /// Somebody at home depends on them.
    Carer,
    /// A child who stays with its guardian.
    ChildWithGuardian,
    /// A disability that the place of care does not serve.
    Disability,
    /// They refuse, and the refusal lies with a person, not with a machine.
    Refusal,
}

/// A ground for staying, and who decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// On what ground.
    pub ground: ExemptionGround,
    /// Who decided it (a refusal: who took it on); `None` = nobody yet. Until then the person is neither exempt nor moved.
    pub decided_by: Option<PersonId>,
}

/// Whether somebody may travel alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "guardian")]
pub enum Guardianship {
    /// They may.
    NotNeeded,
    /// Only together with this person.
    By {
        /// The guardian.
        person: Pseudonym,
    },
    /// Only with a guardian, and nobody has said who that is.
    Unknown,
}

/// One person who waits for a place of care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPerson {
    /// Who, by pseudonym.
    pub person: Pseudonym,
    /// Where they wait.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// What they need beside the bed.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// Old, pregnant, disabled or otherwise at risk: goes first among those equally ill.
    pub vulnerable: bool,
    /// When they were found positive.
    pub since: DateTime,
    /// With whom they stay together: the same pseudonym for all members of one household; `None` = alone.
    pub household: Option<Pseudonym>,
    /// Who noted that this person's household agreed to be parted; `None` = kept together. A child stays with its guardian
    /// whatever is noted.
    pub parting_agreed: Option<PersonId>,
    /// Whether they need somebody with them.
    pub guardianship: Guardianship,
    /// Ground for staying, if one was claimed or decided.
    pub exemption: Option<Exemption>,
    /// What the row rests on.
    pub origin: Origin,
}

/// The crew of a vehicle on the day. `None` = not reported, which is neither zero nor plenty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crew {
    /// Start of the shift, after a stop that counts as a break.
    pub from: Time,
    /// End of the shift: the vehicle is back at its base by then.
    pub until: Time,
    /// Minutes driven within the 24 hours before the end of this shift, so far.
    pub driven_24h_minutes: Option<u32>,
    /// Minutes driven within the 7 days before the end of this shift, so far.
    pub driven_7d_minutes: Option<u32>,
    /// A limit of this crew's own on the minutes driven today, if it is tighter than the rule's.
    pub limit_minutes: Option<u32>,
}

/// One vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunVehicle {
    /// Which.
    pub id: VehicleId,
    /// What it is.
    pub kind: VehicleKind,
    /// The district where it starts and ends.
    pub base: PlaceCode,
    /// Seats for passengers; `None` = not reported.
    pub seats: Option<u64>,
    /// Its crew today; `None` = none reported, and it makes no run.
    pub crew: Option<Crew>,
    /// What the row rests on.
    pub origin: Origin,
}

/// A way between two districts: to another district's people, or from one pick-up to the next. Used in both directions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// One end.
    pub from: PlaceCode,
    /// The other.
    pub to: PlaceCode,
    /// Minutes by coach or taxi.
    pub minutes: u32,
    /// What it rests on.
    pub origin: Origin,
}

/// Places that the plan of transfers gives a district's people of one class in one facility on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Whose people.
    pub from: PlaceCode,
    /// Where.
    pub facility: FacilityId,
    /// At which level of care.
    pub level: Level,
    /// For whom.
    pub class: CareClass,
    /// Whose need beside the bed is met; `None` = for people who need nothing beside it.
    #[serde(default)]
    pub care: Option<CareNeed>,
    /// How many, expected people included: whoever waits when runs are made has come.
    pub people: Persons,
    /// Received over capacity: life-saving care only (law 7).
    pub over_capacity: bool,
    /// What it rests on.
    pub origin: Origin,
}

impl Quota {
    /// The places of a proposed order.
    pub fn of_order(order: &ProposedOrder) -> Self {
        Self {
            from: order.from.clone(),
            facility: order.facility.clone(),
            level: order.level,
            class: order.class,
            care: order.care,
            people: order.people,
            over_capacity: false,
            origin: order.origin,
        }
    }

    /// The places beyond capacity of a surge; `None` when it names no facility.
    pub fn of_surge(surge: &Surge) -> Option<Self> {
        Some(Self {
            from: surge.from.clone(),
            facility: surge.facility.clone()?,
            level: surge.class.level_needed(),
            class: surge.class,
            care: surge.care,
            people: surge.people,
            over_capacity: true,
            origin: surge.origin,
        })
    }
}

/// The limits that runs keep. All of them are hard.
///
/// The defaults of driving and of the curfew are those of the Safety management rules for road passenger transport companies
/// (道路旅客运输企业安全管理规范), article 38, as the packs cite them (`COACH-RULE`); the caller passes its own from the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLimits {
    /// Earliest departure of a run; 06:00 as in [`super::PlanLimits`].
    pub from: Time,
    /// Latest arrival at a facility; 22:00 as there.
    pub until: Time,
    /// From here on no coach is on the road; 02:00 (article 38).
    pub curfew_from: Time,
    /// To here; 05:00 (article 38).
    pub curfew_until: Time,
    /// Minutes that one crew drives within 24 hours at most; 480 (article 38).
    pub drive_24h_minutes: u32,
    /// Minutes that one crew drives within 7 days at most; 2,640 (article 38).
    pub drive_7d_minutes: u32,
    /// Minutes driven without a break at most; 240 (article 38).
    pub continuous_minutes: u32,
    /// The same when any of them is driven at night, if that is less; 120 (article 38).
    pub continuous_night_minutes: u32,
    /// Night for driving starts; 22:00, a choice of judgement (the rule as cited names no hours).
    pub night_from: Time,
    /// Night for driving ends; 06:00, a choice of judgement as well.
    pub night_until: Time,
    /// A stop of at least so many minutes without work is a break; 20 (article 38).
    pub break_minutes: u32,
    /// Minutes at each pick-up; 20, as the packs' synthetic `transfer.load_minutes`.
    pub load_minutes: u32,
    /// Minutes at the facility; 15, a choice of judgement: handing over takes less long than finding people.
    pub unload_minutes: u32,
    /// Minutes at the base between two runs, for cleaning; 30, a choice of judgement.
    pub turnround_minutes: u32,
}

impl Default for RunLimits {
    fn default() -> Self {
        let hour = |h| Time::constant(h, 0, 0, 0);
        Self {
            from: hour(6),
            until: hour(22),
            curfew_from: hour(2),
            curfew_until: hour(5),
            drive_24h_minutes: 480,
            drive_7d_minutes: 2_640,
            continuous_minutes: 240,
            continuous_night_minutes: 120,
            night_from: hour(22),
            night_until: hour(6),
            break_minutes: 20,
            load_minutes: 20,
            unload_minutes: 15,
            turnround_minutes: 30,
        }
    }
}

/// All that runs are made from, and all that they are checked against. The order of the rows means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunInputs {
    /// The day.
    pub day: Date,
    /// Who waits.
    pub people: Vec<WaitingPerson>,
    /// The places of the day.
    pub quotas: Vec<Quota>,
    /// Ways from districts to facilities.
    pub lanes: Vec<Lane>,
    /// Ways between districts; without one, a vehicle serves its own district only.
    pub hops: Vec<Hop>,
    /// Vehicles.
    pub vehicles: Vec<RunVehicle>,
    /// Limits.
    pub limits: RunLimits,
}
