//! A proposal: whom a restriction would hold, on what ground, from when to when, and its words for people.

use crate::event::Counted;
use jiff::Timestamp;
use levee_measures::{EvidenceItem, ExitKind, Ground, PersonalKind, Subject, WayId};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use levee_model::settings::Bilingual;
use serde::{Deserialize, Serialize};

/// A place, known to the city or lying in one that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub code: PlaceCode,
    /// The known area that it lies in; none when the city knows the place itself.
    pub within: Option<PlaceCode>,
}

/// Whom it would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Those in an area.
    Area(Place),
    /// One person.
    Person {
        /// Who, by pseudonym.
        subject: Subject,
        /// How.
        kind: PersonalKind,
        /// The known area they are in.
        within: PlaceCode,
    },
}

/// The words of a proposal. They are read by the people whom it holds, and name nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What it is called and where it holds: "Building 7, Jiefangbei".
    pub place: Bilingual,
    /// What people may not do.
    pub what: Bilingual,
    /// Why.
    pub why: Bilingual,
    /// The least restrictive alternative that was considered, and why it does not do.
    pub alternative: Bilingual,
    /// Facts for the rulebook, by path.
    #[serde(default)]
    pub facts: serde_json::Value,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Whom it would hold.
    pub whom: Whom,
    /// The rule and clause that allow it.
    pub ground: Ground,
    /// The reports that it rests on.
    pub evidence: Vec<EvidenceItem>,
    /// Who decides; none = the one who proposes.
    pub decided_by: Option<PersonId>,
    /// From when.
    pub start: Timestamp,
    /// When somebody looks again.
    pub review: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// How many it holds, if somebody counted.
    pub counted: Option<Counted>,
    /// The ways out.
    pub ways: Vec<(WayId, ExitKind)>,
    /// Where people can appeal.
    pub appeal_channel: Option<String>,
    /// Days on which a test is offered, from 1.
    pub tests_on: Vec<u16>,
    /// In words.
    pub words: Words,
}
