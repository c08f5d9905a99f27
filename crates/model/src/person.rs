//! People who act in Levee, and what their role lets them do.

use crate::area::PlaceCode;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// What somebody is in the command system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// At city headquarters; decides.
    Commander,
    /// Leads one section (testing, transfer, isolation, …) for the city.
    SectionLead,
    /// Coordinates one district.
    Coordinator,
    /// Takes in reports.
    IntakeClerk,
    /// Questions and scores the outlook.
    Analyst,
    /// Reads everything, changes nothing.
    Auditor,
}

/// A person who may act in Levee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Their role.
    pub role: Role,
    /// Their section, if their role has one.
    pub section: Option<String>,
    /// The area their role covers; none = the city.
    pub area: Option<PlaceCode>,
}
