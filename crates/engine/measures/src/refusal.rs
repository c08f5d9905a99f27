//! Why a command is not done. Refusing is a normal answer.

use crate::appeal::AppealId;
use crate::gate::Lack;
use crate::measure::{MeasureId, PhaseName};
use jiff::Timestamp;
use levee_model::ids::PersonId;
use std::collections::BTreeSet;

/// Why a command is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such restriction.
    #[error("there is no measure {0}")]
    Unknown(MeasureId),
    /// The id is taken.
    #[error("{0} is there already")]
    Exists(MeasureId),
    /// Levee decides nothing that restricts.
    #[error("a person has to do this")]
    NeedsAPerson,
    /// One person twice.
    #[error("`{0}` cannot be both of the two people")]
    SamePerson(PersonId),
    /// Not in this phase.
    #[error("{id} is {is}; {asked}")]
    WrongPhase {
        /// Which.
        id: MeasureId,
        /// Its phase.
        is: PhaseName,
        /// What can be done in which.
        asked: &'static str,
    },
    /// The gate does not open.
    #[error("the gate of {id} is shut: {}", list(lacks))]
    GateShut {
        /// Which.
        id: MeasureId,
        /// Every line that fails.
        lacks: BTreeSet<Lack>,
    },
    /// An override was used.
    #[error("{0} was overridden once already")]
    OverrideUsed(MeasureId),
    /// It defers nothing.
    #[error("nothing is put off, so there is nothing to override")]
    NothingDeferred,
    /// Too long.
    #[error("an override until {until} is longer than the 24 h to {most}, or over already")]
    OverrideTooLong {
        /// Asked.
        until: Timestamp,
        /// At most.
        most: Timestamp,
    },
    /// The same evidence again.
    #[error("renewal rests on nothing new: `{0}` was evidence before, or is older than what the restriction rests on")]
    StaleEvidence(String),
    /// Renewal without evidence.
    #[error("renewal names no evidence")]
    NoEvidence,
    /// Not later, or the review is outside.
    #[error("the new end {end} with review {review} does not lie after {after} in this order")]
    BadRenewal {
        /// Asked end.
        end: Timestamp,
        /// Asked review.
        review: Timestamp,
        /// What it must lie after.
        after: Timestamp,
    },
    /// No such appeal.
    #[error("there is no appeal {0}")]
    UnknownAppeal(AppealId),
    /// The id is taken.
    #[error("appeal {0} is there already")]
    AppealExists(AppealId),
    /// It is decided.
    #[error("appeal {0} is decided already")]
    AppealDecided(AppealId),
    /// Their own case.
    #[error("`{0}` decided or activated this restriction and cannot decide an appeal against it")]
    OwnCase(PersonId),
    /// No reason.
    #[error("an appeal is decided with a reason")]
    NoReason,
    /// What was observed is there under this id.
    #[error("{0} was drafted in Levee: what others did has an id of its own")]
    NotObserved(MeasureId),
}

fn list(lacks: &BTreeSet<Lack>) -> String {
    lacks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Refusal {
    /// What the one who asked can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown(_) | Self::UnknownAppeal(_) => "check the id".to_owned(),
            Self::Exists(_) | Self::AppealExists(_) | Self::NotObserved(_) => "make a new id".to_owned(),
            Self::NeedsAPerson => "say who you are".to_owned(),
            Self::SamePerson(_) => "name a second person".to_owned(),
            Self::WrongPhase { asked, .. } => (*asked).to_owned(),
            Self::GateShut { lacks, .. } => lacks.iter().map(Lack::mend).collect::<Vec<_>>().join("; "),
            Self::OverrideUsed(_) => "reserve what is missing, then run the gate".to_owned(),
            Self::NothingDeferred => "run the gate without an override".to_owned(),
            Self::OverrideTooLong { most, .. } => format!("end it by {most}"),
            Self::StaleEvidence(_) | Self::NoEvidence => "name reports that came since; else let it end".to_owned(),
            Self::BadRenewal { .. } => "give an end later than the present one, and a review before it".to_owned(),
            Self::AppealDecided(_) => "open another appeal".to_owned(),
            Self::OwnCase(_) => "give the appeal to somebody else".to_owned(),
            Self::NoReason => "say why, in words that the one who appealed can read".to_owned(),
        }
    }
}
