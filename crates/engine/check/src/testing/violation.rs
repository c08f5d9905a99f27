//! What can be wrong with a plan of testing.

use levee_model::ids::FacilityId;
use levee_model::plan::testing::{DutyId, TeamId, TestClass, TestingTier};

/// One thing that is wrong, and where. Numbers of rows count from 0 in the plan's list.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TestingViolation {
    /// Another day than the inputs'.
    #[error("the plan starts on another day than it was made for")]
    WrongStart,
    /// A team stands twice, nowhere in the list, or where it may not be.
    #[error("team {team}: {what}")]
    Team {
        /// Which.
        team: TeamId,
        /// What is wrong.
        what: &'static str,
    },
    /// More teams than a site has room for.
    #[error("{site}, hour {hour}: {teams} teams, room for {room}")]
    TooManyTeams {
        /// Where.
        site: FacilityId,
        /// When.
        hour: u16,
        /// Teams.
        teams: u32,
        /// Room.
        room: u32,
    },
    /// More people than the teams there can sample, or a row that does not say what is so.
    #[error("{site}, hour {hour}: sampling is not so")]
    Sampling {
        /// Where.
        site: FacilityId,
        /// When.
        hour: u16,
    },
    /// A parcel of tubes breaks a rule.
    #[error("parcel {row}: {what}")]
    Parcel {
        /// Which.
        row: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// More tubes than a laboratory may load in an hour (law 9), or a load that is not what its tubes sum to.
    #[error("{laboratory}, hour {hour}: {tubes} tubes, {possible} possible, or its load is not so")]
    Load {
        /// Where.
        laboratory: FacilityId,
        /// When.
        hour: u16,
        /// Tubes.
        tubes: u64,
        /// Tubes that may be loaded.
        possible: u64,
    },
    /// More tubes than a laboratory may load in a day (law 9).
    #[error("{laboratory}, day {day}: {tubes} tubes, {possible} possible")]
    Day {
        /// Where.
        laboratory: FacilityId,
        /// Which day of the plan, from 0.
        day: u16,
        /// Tubes.
        tubes: u64,
        /// Tubes that may be loaded.
        possible: u64,
    },
    /// Tubes collected before have another fate than they can have, or do not add up.
    #[error("tubes waiting at {at}: {what}")]
    Waiting {
        /// Where.
        at: FacilityId,
        /// What is wrong.
        what: &'static str,
    },
    /// The outcome of a duty is missing, doubled or not so.
    #[error("duty {duty}: {what}")]
    Duty {
        /// Which.
        duty: DutyId,
        /// What is wrong.
        what: &'static str,
    },
    /// A class's share is not so.
    #[error("the share of {class:?} is not so")]
    Share {
        /// Which.
        class: TestClass,
    },
    /// A tier's value is not so, or better than its bound.
    #[error("tier {tier:?}: value or bound is not so")]
    Tier {
        /// Which.
        tier: TestingTier,
    },
    /// The proof does not prove it.
    #[error("the proof of shortfall fails: {what}")]
    Proof {
        /// Where it fails.
        what: &'static str,
    },
    /// Another part of the plan is not so.
    #[error("the plan's {what} is not so")]
    Wrong {
        /// Which.
        what: &'static str,
    },
}
