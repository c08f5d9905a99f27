//! What a restriction is: whom it holds, on what ground and evidence, who decided, from when to when.

use jiff::Timestamp;
use levee_model::area::PlaceCode;
use levee_model::ids::{BadId, PersonId};
use levee_rulebook::{RuleId, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

macro_rules! pseudonym {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            /// The pseudonym.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(given: &str) -> Result<Self, BadId> {
                let good = given.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
                if given.is_empty() || given.len() > 64 || !good {
                    let why = "expected 1 to 64 letters, digits or - _ . (a pseudonym, never a name)";
                    return Err(BadId { kind: $kind, given: String::new(), why });
                }
                Ok(Self(given.to_owned()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(given: String) -> Result<Self, BadId> {
                given.parse()
            }
        }
        impl From<$name> for String {
            fn from(one: $name) -> String {
                one.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pseudonym!(
    /// A person, by pseudonym. `Debug` gives nothing away.
    Subject,
    "subject"
);
pseudonym!(
    /// A household, by pseudonym. `Debug` gives nothing away.
    Household,
    "household"
);

/// How one person is restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalKind {
    /// A contact or a traveller kept apart.
    Quarantine,
    /// An infected person kept apart.
    Isolation,
}

/// Whom a restriction holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Those in an area, which may be as small as a household.
    Area(PlaceCode),
    /// One person, who is told.
    Person {
        /// Who, by pseudonym.
        subject: Subject,
        /// How.
        kind: PersonalKind,
    },
}

/// The rule and clause that a restriction rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The rule.
    #[serde(with = "crate::told::rule")]
    pub rule: RuleId,
    /// The clause of its text, in words.
    pub clause: String,
}

/// A report that a restriction rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// Id of the report.
    pub report: String,
    /// When what it says was so.
    pub occurred: Timestamp,
}

/// The terms of a restriction. The only way to some is [`Terms::new`]: without ground, evidence or end there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub(crate) scope: Scope,
    pub(crate) ground: Ground,
    pub(crate) evidence: BTreeSet<EvidenceItem>,
    pub(crate) decider: PersonId,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) review: Timestamp,
}

/// Why terms cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTerms {
    /// Ends before it starts.
    #[error("`end` {end} is not after `start` {start}; give the moment at which it ends by itself")]
    EndsBeforeStart {
        /// Start.
        start: Timestamp,
        /// End.
        end: Timestamp,
    },
    /// Reviewed outside its time.
    #[error(
        "`review` {review} is not between start {start} and end {end}; give the moment at which somebody looks again"
    )]
    ReviewOutside {
        /// Review.
        review: Timestamp,
        /// Start.
        start: Timestamp,
        /// End.
        end: Timestamp,
    },
    /// No evidence.
    #[error("`evidence` is empty; name the reports that it rests on")]
    NoEvidence,
    /// No clause.
    #[error("`ground.clause` is empty; name the clause of the rule that allows it")]
    NoClause,
}

impl Terms {
    /// Terms, checked.
    pub fn new(
        scope: Scope,
        ground: Ground,
        evidence: impl IntoIterator<Item = EvidenceItem>,
        decider: PersonId,
        (start, review, end): (Timestamp, Timestamp, Timestamp),
    ) -> Result<Self, BadTerms> {
        let evidence: BTreeSet<EvidenceItem> = evidence.into_iter().collect();
        if end <= start {
            return Err(BadTerms::EndsBeforeStart { start, end });
        }
        if review <= start || review > end {
            return Err(BadTerms::ReviewOutside { review, start, end });
        }
        if evidence.is_empty() {
            return Err(BadTerms::NoEvidence);
        }
        if ground.clause.trim().is_empty() {
            return Err(BadTerms::NoClause);
        }
        Ok(Self { scope, ground, evidence, decider, start, end, review })
    }

    /// Whom it holds.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
    /// What it rests on in the book.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }
    /// What it rests on in fact.
    pub fn evidence(&self) -> &BTreeSet<EvidenceItem> {
        &self.evidence
    }
    /// Who decided.
    pub fn decider(&self) -> &PersonId {
        &self.decider
    }
    /// From when.
    pub fn start(&self) -> Timestamp {
        self.start
    }
    /// Until when, this moment not included.
    pub fn end(&self) -> Timestamp {
        self.end
    }
    /// When somebody looks again.
    pub fn review(&self) -> Timestamp {
        self.review
    }
}

/// What was weighed before a restriction: proportionality, and what the rulebook says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Expected effect with its interval, in the words and numbers of the outlook; `None` = there is no outlook, and
    /// that is said.
    pub effect: Option<String>,
    /// People restricted.
    pub persons: u64,
    /// People restricted times days.
    pub person_days: u64,
    /// The least restrictive alternative that was considered, and why it does not do.
    pub alternative: String,
    /// What the rulebook says of it on its day.
    #[serde(with = "crate::told::verdict")]
    pub verdict: Verdict,
    /// Whether every gate of the rulebook is open ([`levee_rulebook::Judgement::gates_open`]).
    pub rulebook_gates_open: bool,
}
