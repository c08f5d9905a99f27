//! What can be wrong with runs.

use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::RunGap;
use levee_model::plan::{CareClass, CareNeed};
use levee_model::subject::Pseudonym;

/// One thing that is wrong, and where. `run` counts from 0 in the plan's list.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RunViolation {
    /// The plan speaks of another day than its inputs.
    #[error("the runs are of another day than they were made for")]
    WrongDay,
    /// What made the plan is not said.
    #[error("the plan does not say what made it")]
    NoRecord,
    /// Somebody is listed in no list, in two, in the wrong one, or not as they are.
    #[error("{person}: {what}")]
    Person {
        /// Who.
        person: Pseudonym,
        /// What is not so.
        what: &'static str,
    },
    /// A run breaks a rule.
    #[error("run {run}: {rule}")]
    Run {
        /// Which run.
        run: usize,
        /// Which rule.
        rule: RunRule,
    },
    /// More people have places than the plan of transfers gives.
    #[error("{district} to {facility} {level:?}: {given} places for {class:?} {care:?} given out, {planned} planned")]
    Places {
        /// Whose people.
        district: PlaceCode,
        /// Where.
        facility: FacilityId,
        /// At which level.
        level: Level,
        /// For whom.
        class: CareClass,
        /// What they need beside the bed.
        care: Option<CareNeed>,
        /// Given out.
        given: u64,
        /// Planned.
        planned: u64,
    },
    /// A list is not in its order.
    #[error("the {list} do not stand in their order")]
    Unordered {
        /// Which list.
        list: &'static str,
    },
    /// The cuts are not what the waiting people's places sum to.
    #[error("the cuts are not what the places without a run sum to")]
    Cuts,
    /// A figure is wrong.
    #[error("the figure {what} is not what its parts make")]
    Figure {
        /// Which.
        what: &'static str,
    },
    /// Something that the inputs lack is not said.
    #[error("not said: {gap:?}")]
    GapMissing {
        /// What.
        gap: RunGap,
    },
    /// Something is said to be lacking that is not, or twice.
    #[error("said, but not so: {gap:?}")]
    GapInvented {
        /// What.
        gap: RunGap,
    },
    /// A mark of origin is better than what it rests on, or worse.
    #[error("the origin of {of} is not the worst of what it rests on")]
    Origin {
        /// Of what.
        of: &'static str,
    },
}

/// A rule that a run can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunRule {
    /// The vehicle is not listed, contradicts itself, or something needed of it is not known (law 11).
    #[error("its vehicle is not one that may be planned with")]
    Vehicle,
    /// Kind, base or seats are not the vehicle's.
    #[error("it says something of its vehicle that is not so")]
    VehicleSays,
    /// It carries nobody, or stops for nobody.
    #[error("it stops for nobody")]
    Nobody,
    /// More people than seats.
    #[error("it carries more people than it has seats")]
    Seats,
    /// A way is not known.
    #[error("a way of it is not known")]
    Way,
    /// Its times do not follow from its ways, loading and unloading.
    #[error("its times do not follow from its ways")]
    Times,
    /// Outside the window.
    #[error("it is not within the hours of planned runs")]
    Window,
    /// Outside the crew's shift.
    #[error("it is not within the shift of its crew")]
    Shift,
    /// A coach on the road during the night curfew (law 9).
    #[error("a coach is on the road during the night curfew")]
    Curfew,
    /// Two runs of one vehicle overlap, or leave no time for cleaning.
    #[error("its vehicle is not back and clean")]
    TurnRound,
    /// More minutes at the wheel than a crew may drive within a day or a week (law 9).
    #[error("its crew drives longer than it may")]
    Driving,
    /// A stretch without a break is too long (law 9).
    #[error("its crew drives too long without a break")]
    Break,
    /// The origin is not the worst of what it rests on.
    #[error("its origin is not the worst of what it rests on")]
    Origin,
}
