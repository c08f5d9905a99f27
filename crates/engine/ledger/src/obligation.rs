//! One obligation, and the states that its units are in.

use crate::catalogue::{FieldValue, KindId};
use crate::order::OrderId;
use crate::place::AreaPath;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::ids::{BadId, EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Identity of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObligationId(pub EntityId);

impl fmt::Display for ObligationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ObligationId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        given.parse().map(Self)
    }
}

/// Digest of a blob: a note, a document, a photograph. The bytes lie sealed in the blob store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

/// Why a short text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: expected 1 to 64 letters, digits or - _ . :")]
pub struct BadText {
    /// What was expected.
    pub what: &'static str,
    /// What was given.
    pub given: String,
}

macro_rules! short_text {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = BadText;
            fn from_str(given: &str) -> Result<Self, BadText> {
                let fits = !given.is_empty()
                    && given.chars().count() <= 64
                    && given.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
                match fits {
                    true => Ok(Self(given.into())),
                    false => Err(BadText { what: $what, given: given.chars().take(80).collect() }),
                }
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadText;
            fn try_from(given: String) -> Result<Self, BadText> {
                given.parse()
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.as_ref().to_owned()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use short_text;

short_text!(
    /// Whom a named obligation is owed to: a pseudonym, a household, a site, an enterprise. Never a name.
    Subject,
    "subject"
);
short_text!(
    /// What an obligation follows from, such as `infections:2022-11-17` or the number of a request. Of one kind and area
    /// it is opened once; opened again with another number, it is corrected.
    Ground,
    "ground"
);

short_text!(
    /// A section of the command system: `transfer`, `testing`.
    Section,
    "section"
);

/// Where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Owed; nobody is on it.
    Opened,
    /// Somebody was given it.
    Assigned,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Met,
    /// Excused, with a reason, by somebody who may.
    Waived,
    /// Not done in time: failed.
    Expired,
    /// Opened in error.
    Voided,
    /// Owed elsewhere now, as another obligation.
    Transferred,
    /// No longer counted here but named, as another obligation of the same account.
    Named,
}

impl State {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::Opened,
        Self::Assigned,
        Self::InProgress,
        Self::Met,
        Self::Waived,
        Self::Expired,
        Self::Voided,
        Self::Transferred,
        Self::Named,
    ];
    /// States in which a unit is still owed, those nearest to being met first.
    pub const OWED: [Self; 3] = [Self::InProgress, Self::Assigned, Self::Opened];

    /// Whether a unit in this state is still owed.
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Opened | Self::Assigned | Self::InProgress)
    }

    /// The whole state machine. There is no other transition. Back from a closed state leads only a correction.
    pub fn may_become(self, next: Self) -> bool {
        match (self.is_owed(), next.is_owed()) {
            (true, true) => self != next,
            (true, false) => true,
            // A correction: it was recorded as closed and is owed after all. What was transferred or named lives on
            // elsewhere and is corrected there.
            (false, true) => {
                next == Self::Opened && matches!(self, Self::Met | Self::Waived | Self::Expired | Self::Voided)
            }
            (false, false) => false,
        }
    }
}

/// The units of an obligation by state. Their sum changes only when more are opened on the same ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split([u64; 9]);

impl Split {
    /// So many, all just opened.
    pub fn opened(units: u64) -> Self {
        let mut split = [0; 9];
        split[State::Opened as usize] = units;
        Self(split)
    }
    /// The numbers, in the order of [`State::ALL`].
    pub fn to_array(self) -> [u64; 9] {
        self.0
    }
    /// From the numbers, in the order of [`State::ALL`].
    pub fn from_array(units: [u64; 9]) -> Self {
        Self(units)
    }
    /// Units in a state.
    pub fn of(&self, state: State) -> u64 {
        self.0.get(state as usize).copied().unwrap_or(0)
    }
    /// Units still owed.
    pub fn owed(&self) -> u64 {
        State::OWED.iter().fold(0, |sum: u64, state| sum.saturating_add(self.of(*state)))
    }
    /// All units.
    pub fn all(&self) -> u64 {
        self.0.iter().fold(0, |sum, units| sum.saturating_add(*units))
    }
    /// After more were opened.
    pub fn grown(&self, units: u64) -> Option<Self> {
        let mut split = self.0;
        let opened = split.get_mut(State::Opened as usize)?;
        *opened = opened.checked_add(units)?;
        Some(Self(split))
    }
    /// After moving units; `None` when there are not so many.
    pub fn moved(&self, from: State, to: State, units: u64) -> Option<Self> {
        let mut split = self.0;
        let source = split.get_mut(from as usize)?;
        *source = source.checked_sub(units)?;
        let target = split.get_mut(to as usize)?;
        *target = target.checked_add(units)?;
        Some(Self(split))
    }
}

/// Why something is still owed after the day it was due, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrears {
    /// The day for whose settlement this was said. Tomorrow asks again.
    pub day: Date,
    /// The reason, a code of the catalogue.
    pub reason: String,
    /// Who answers for it from now on.
    pub owner: PersonId,
}

/// Something owed in one area by a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    /// Its id.
    pub id: ObligationId,
    /// What is owed.
    pub kind: KindId,
    /// Where.
    pub path: AreaPath,
    /// To whom; a named one is a single unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// What it follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// Since when.
    pub opened_at: Timestamp,
    /// By when.
    pub due: Timestamp,
    /// The section whose it is.
    pub section: Section,
    /// 1 comes first.
    pub priority: u8,
    /// Law 2: care, food and exits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_expires: bool,
    /// Law 7.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub life_saving: bool,
    /// Invented for an exercise or a demonstration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
    /// What only this kind says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldValue>,
    /// Units by state.
    pub split: Split,
    /// The person it was given to; until then it is the duty owner's of its section and area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// The latest settlement day that an entry was posted to; none goes before it.
    pub posted: Date,
    /// Why it is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrears: Option<Arrears>,
    /// Orders under way that promise units of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderId>,
    /// Counts its changes, from 1.
    pub version: u32,
}

impl Obligation {
    /// Units that came in on its ground and were not opened in error.
    pub fn standing_units(&self) -> u64 {
        self.split.all().saturating_sub(self.split.of(State::Voided))
    }
    /// Whether it is one unit with a subject.
    pub fn is_named(&self) -> bool {
        self.subject.is_some()
    }
    /// Units still owed.
    pub fn owed(&self) -> u64 {
        self.split.owed()
    }
    /// Whether nothing of it is owed any more.
    pub fn is_closed(&self) -> bool {
        self.owed() == 0
    }
    /// Whether it is late at `now`.
    pub fn is_late(&self, now: Timestamp) -> bool {
        !self.is_closed() && self.due < now
    }
}
