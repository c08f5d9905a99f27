//! Appeals: anyone who is held can ask for review; somebody else decides within 24 hours; upheld ones free them and count.

use crate::terms::{Household, Subject};
use crate::{APPEAL_HOURS, after};
use jiff::Timestamp;
use levee_model::ids::{BadId, EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Identity of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppealId(pub EntityId);

impl std::str::FromStr for AppealId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        given.parse().map(Self)
    }
}

impl fmt::Display for AppealId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an appeal asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum For {
    /// That the restriction ends.
    All,
    /// That it ends for one household.
    Household(Household),
}

/// How an appeal was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// By whom; never by those who decided or activated the restriction.
    pub by: PersonId,
    /// Whether it was upheld.
    pub upheld: bool,
    /// Why, in words.
    pub reason: String,
}

/// One appeal against one restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Who appeals, by pseudonym.
    pub by: Subject,
    /// For what.
    pub asks: For,
    /// Since when.
    pub opened: Timestamp,
    /// How it was decided.
    pub decided: Option<Decided>,
    /// It was said already that it is late.
    pub told_late: bool,
}

impl Appeal {
    /// By when somebody must have decided it.
    pub fn due(&self) -> Timestamp {
        after(self.opened, APPEAL_HOURS)
    }

    /// Whether it was not decided in time, or is not yet though it should be.
    pub fn late(&self, now: Timestamp) -> bool {
        self.decided.as_ref().map_or(now, |decided| decided.at) > self.due()
    }
}
