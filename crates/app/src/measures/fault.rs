//! Why a use case of restrictions was not carried out.

use jiff::civil::Date;
use levee_measures::{BadTerms, MeasureId, Refusal};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;

/// Why something was not done. Refusing is a normal answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The engine refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The terms cannot be.
    #[error(transparent)]
    Terms(#[from] BadTerms),
    /// Nobody knows the place.
    #[error("the city knows no place `{0}`")]
    UnknownPlace(PlaceCode),
    /// It has no way out of this name.
    #[error("{id} has no way out `{way}`")]
    UnknownWay {
        /// Which restriction.
        id: MeasureId,
        /// Which way.
        way: String,
    },
    /// A name that cannot be used.
    #[error("`{given}` cannot be used as {what}")]
    BadName {
        /// What was given.
        given: String,
        /// As what.
        what: &'static str,
    },
    /// The rulebook has nothing for the day.
    #[error("{day} lies before every version of `{book}`")]
    BeforeBook {
        /// The rulebook.
        book: String,
        /// The day.
        day: Date,
        /// Its first day.
        first: Date,
    },
    /// A fact that no rule reads.
    #[error("no rule of the book reads the fact `{given}`")]
    Misspelt {
        /// As given.
        given: String,
        /// What may have been meant.
        known: String,
    },
    /// The rule that it rests on is not in the book, or not in force.
    #[error("`{rule}` is not in force in `{book}` on {day}")]
    NoSuchRule {
        /// The rule.
        rule: String,
        /// The rulebook.
        book: String,
        /// The day.
        day: Date,
    },
    /// The facts cannot be read.
    #[error("the facts of the proposal cannot be read: {0}")]
    Facts(String),
    /// Nobody counted.
    #[error("nobody said how many people {0} holds")]
    NotCounted(MeasureId),
    /// The milder alternative was not considered.
    #[error("the proposal names no milder alternative and why it does not do")]
    NoAlternative,
    /// Somebody outside their area.
    #[error("`{person}` has no say over {area}")]
    NotTheirs {
        /// Who.
        person: PersonId,
        /// Where.
        area: String,
    },
    /// An expected effect without its interval, or one that rests on no outlook.
    #[error("the expected effect {0}")]
    Effect(String),
    /// A file that cannot be read.
    #[error("{0}")]
    Sheet(String),
    /// What was seen outside Levee cannot be read.
    #[error("{0}")]
    Sighting(String),
}

impl Fault {
    /// Whether what was handed in cannot be used as it is, rather than that the answer is no.
    pub fn is_about_the_input(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::NotTheirs { .. } | Self::NotCounted(_) | Self::NoAlternative)
    }

    /// What the one who asked can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.hint(),
            Self::Terms(BadTerms::EndsBeforeStart { .. }) => "put the end after the start".to_owned(),
            Self::Terms(BadTerms::ReviewOutside { .. }) => {
                "put the review after the start and not after the end".to_owned()
            }
            Self::Terms(BadTerms::NoEvidence) => "name the reports that it rests on under [[evidence]]".to_owned(),
            Self::Terms(BadTerms::NoClause) => "name the clause under [ground]".to_owned(),
            Self::UnknownPlace(_) => {
                "use a code of areas.csv; for a building or compound below them, name the area it lies in with `within`"
                    .to_owned()
            }
            Self::UnknownWay { .. } => "name it first: levee measure inspect CITY ID --way NAME --kind exit".to_owned(),
            Self::BadName { .. } => "use 1 to 64 letters, digits or - _ . :".to_owned(),
            Self::BeforeBook { first, .. } => {
                format!("give a start from {first} on, or a rulebook with older versions")
            }
            Self::Misspelt { known, .. } => format!("did you mean `{known}`?"),
            Self::NoSuchRule { .. } => "name a rule that is in force on the day it starts".to_owned(),
            Self::Facts(_) => "write each fact as `measure.scope = \"building\"` under [facts]".to_owned(),
            Self::NotCounted(_) => "count them: `persons` under [people], or levee measure count CITY ID".to_owned(),
            Self::NoAlternative => {
                "say under [words] what milder way was considered, and why it does not do".to_owned()
            }
            Self::NotTheirs { .. } => "ask the coordinator of that district, or headquarters".to_owned(),
            Self::Effect(_) => {
                "give low, high and the day of an issued outlook; or leave it out, and it says: none known".to_owned()
            }
            Self::Sighting(_) => "see `levee measures observe --help` for an example".to_owned(),
            Self::Sheet(_) => "see `levee measure propose --help` for an example".to_owned(),
        }
    }
}
