//! What a statement is made from: its figures as sealed, and the names of what they speak of.

use super::units::Units;
use crate::facts::Words;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a day has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Standing {
    /// Sealed by two people.
    Sealed {
        /// Who signed first, and who sealed.
        by: [Words; 2],
        /// When it was sealed, in the city's calendar.
        at: DateTime,
        /// The seal, in hex.
        seal: String,
    },
    /// Signed by one person; a second must seal it. The figures are those that were signed.
    Signed {
        /// Who.
        by: Words,
    },
    /// Nobody has signed: the figures as the books stand.
    Draft,
}

/// A kind of obligation, as the city's catalogue names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindWords {
    /// The system of the city that it belongs to, 1 to 29.
    pub system: u8,
    /// Its name.
    pub name: Words,
    /// The unit of its counts.
    pub unit: Words,
    /// Care, food or exits, or it saves lives: it stays owed until it is met, and is read first.
    pub protected: bool,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaWords {
    /// Its short name.
    pub name: Words,
    /// The district whose books it is in; the city for what belongs to no district.
    pub district: String,
}

/// An account: a kind in an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// Code of the area, a key of [`StatementFacts::areas`].
    pub area: String,
    /// The kind, a key of [`StatementFacts::kinds`].
    pub kind: String,
    /// What came in and went out.
    pub units: Units,
    /// Rests on invented rows.
    pub synthetic: bool,
}

/// Something that was due by the end of the day and is still owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementArrear {
    /// Which; with it, whoever may see more finds more.
    pub obligation: String,
    /// The kind, a key of [`StatementFacts::kinds`].
    pub kind: String,
    /// Code of the area, a key of [`StatementFacts::areas`].
    pub area: String,
    /// The section whose it is.
    pub section: Words,
    /// How many units.
    pub units: u64,
    /// By when it was owed, in the city's calendar.
    pub due: DateTime,
    /// How late at the end of the day, in minutes.
    pub late_minutes: u64,
    /// Why, if somebody has said so.
    pub reason: Option<Words>,
    /// Who answers for it, if somebody has said so.
    pub owner: Option<Words>,
    /// Rests on invented rows.
    pub synthetic: bool,
}

/// Everything that a statement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFacts {
    /// The city.
    pub city: Words,
    /// The district, or the city for all of it.
    pub scope: Words,
    /// Districts that had sealed this day themselves, and are not in this statement.
    pub sealed_apart: Vec<Words>,
    /// The day.
    pub day: Date,
    /// How far it has come.
    pub standing: Standing,
    /// The digest of the statement's bytes in the city's blob store, in hex; none for a draft.
    pub digest: Option<String>,
    /// The seal of the day before of the same scope, in hex; none before the first.
    pub chained_to: Option<String>,
    /// Made in a replay of a past outbreak.
    pub replay: bool,
    /// The kinds that it speaks of.
    pub kinds: BTreeMap<String, KindWords>,
    /// The places that it speaks of.
    pub areas: BTreeMap<String, AreaWords>,
    /// Every account in which anything was owed or happened, no place below a community.
    pub lines: Vec<StatementLine>,
    /// What is late.
    pub arrears: Vec<StatementArrear>,
}

impl StatementFacts {
    /// Whether it is sealed.
    pub fn is_sealed(&self) -> bool {
        matches!(self.standing, Standing::Sealed { .. })
    }
    /// Whether any of it rests on invented rows.
    pub fn is_synthetic(&self) -> bool {
        self.lines.iter().any(|line| line.synthetic) || self.arrears.iter().any(|arrear| arrear.synthetic)
    }
    /// Whether some of it rests on invented rows and some does not.
    pub fn is_mixed(&self) -> bool {
        let mut all =
            self.lines.iter().map(|line| line.synthetic).chain(self.arrears.iter().map(|arrear| arrear.synthetic));
        let first = all.next();
        all.any(|synthetic| Some(synthetic) != first)
    }
    /// Name of a kind; one that is not named stands as its code.
    pub fn kind(&self, kind: &str) -> Words {
        self.kinds.get(kind).map_or_else(|| Words::same(kind), |words| words.name.clone())
    }
    /// Unit of a kind.
    pub fn unit(&self, kind: &str) -> Words {
        self.kinds.get(kind).map_or_else(|| Words::new("项", "units"), |words| words.unit.clone())
    }
    /// Name of a place; one that is not named stands as its code.
    pub fn area(&self, code: &str) -> Words {
        self.areas.get(code).map_or_else(|| Words::same(code), |words| words.name.clone())
    }
    /// Code of the district of a place; its own for one that is not known.
    pub fn district<'f>(&'f self, code: &'f str) -> &'f str {
        self.areas.get(code).map_or(code, |words| words.district.as_str())
    }
    /// Whether a kind is care, food or exits, or saves lives.
    pub fn is_protected(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_some_and(|words| words.protected)
    }
    /// What is late, in the order in which it is read: without a reason first, then the longest.
    pub fn arrears_in_order(&self) -> Vec<&StatementArrear> {
        let mut all: Vec<&StatementArrear> = self.arrears.iter().collect();
        all.sort_by(|a, b| (a.reason.is_some(), a.due, &a.obligation).cmp(&(b.reason.is_some(), b.due, &b.obligation)));
        all
    }
}
