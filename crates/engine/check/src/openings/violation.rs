//! What can be wrong with a plan of openings.

use crate::transfer::Violation;
use jiff::civil::Date;
use levee_model::ids::FacilityId;
use levee_model::plan::StaffKind;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpeningViolation {
    /// The plan speaks of other days than its inputs.
    #[error("the plan covers other days than it was made for")]
    WrongDays,
    /// A site is answered not at all, more than once, or nobody asked about it.
    #[error("{facility} is answered {times} times, asked about {asked} times")]
    NotOnce {
        /// Which.
        facility: FacilityId,
        /// How often the plan speaks of it.
        times: usize,
        /// 1 if it is a site of the inputs, else 0.
        asked: usize,
    },
    /// A site opens or closes that may not, or not then, or not as stated.
    #[error("{facility}: {what}")]
    Decision {
        /// Which.
        facility: FacilityId,
        /// What is not so.
        what: &'static str,
    },
    /// A site is left as it is for a reason that is not so.
    #[error("{facility} is left as it is: {what}")]
    Left {
        /// Which.
        facility: FacilityId,
        /// What is not so.
        what: &'static str,
    },
    /// More staff is used than there is.
    #[error("{kind:?}, {day}: {used} used, {there} there")]
    StaffShort {
        /// Which kind.
        kind: StaffKind,
        /// When.
        day: Date,
        /// Used by this plan.
        used: u64,
        /// Free, and come free.
        there: u64,
    },
    /// The staff is not listed as it is.
    #[error("{kind:?}, {day}: staff is not listed as it is")]
    Staff {
        /// Which kind.
        kind: StaffKind,
        /// When.
        day: Date,
    },
    /// The tiers are not what they should be.
    #[error("tiers: {0}")]
    Tiers(&'static str),
    /// A bed of which one more would help is none.
    #[error("one more bed at {facility}: {what}")]
    OneMoreBed {
        /// Where.
        facility: FacilityId,
        /// What is not so.
        what: &'static str,
    },
    /// Gaps are listed that are none, or missing.
    #[error("the gaps are not those of the inputs")]
    Gaps,
    /// The plan rests on worse than it says, or better.
    #[error("the plan's origin is not the worst of its inputs")]
    Origin,
    /// The transfers let people wait less than the openings say is possible.
    #[error("the transfers let people wait less than the openings say is possible")]
    WaitsLessThanPossible,
    /// The transfers themselves.
    #[error("transfers: {0}")]
    Transfers(Violation),
}
