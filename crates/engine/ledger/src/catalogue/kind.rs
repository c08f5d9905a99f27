//! A kind of obligation: one row of the catalogue.

use levee_model::area::Level;
use levee_model::ids::BadId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The name of a kind, such as `care_placement`: letters, digits and `-_.`. Cheap to copy around: the text is shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KindId(Arc<str>);

impl KindId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KindId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        let fits = !given.is_empty()
            && given.len() <= 64
            && given.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        match fits {
            true => Ok(Self(given.into())),
            false => Err(BadId {
                kind: "kind of obligation",
                given: given.chars().take(80).collect(),
                why: "expected 1 to 64 letters, digits or - _ .",
            }),
        }
    }
}

impl TryFrom<String> for KindId {
    type Error = BadId;
    fn try_from(given: String) -> Result<Self, BadId> {
        given.parse()
    }
}

impl From<KindId> for String {
    fn from(id: KindId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KindId({})", self.0)
    }
}

/// Whether obligations of a kind name whom they are owed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// One person, household or site each.
    Named,
    /// A number of people or things in an area.
    Counted,
    /// Either; counted ones become named when somebody learns who they are.
    Both,
}

/// What the obligation protects. All but ordinary ones never expire (law 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// May fail: expire with a reason and an owner.
    Ordinary,
    /// Care of a person.
    Care,
    /// Food, water or medicine.
    Food,
    /// An exit that must stay open.
    Exit,
}

impl Class {
    /// Care, food and exits stay owed until they are met, waived by the recipient, or moot.
    pub fn never_expires(self) -> bool {
        self != Self::Ordinary
    }
}

/// How the time by which it is owed follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from", content = "after_minutes")]
pub enum DueFrom {
    /// So many minutes after it was opened; a policy of the pack, with its source in the row.
    Rule(u32),
    /// The order that opens it says.
    Order,
    /// The request that opens it says.
    Request,
}

/// Whom or what a named obligation is owed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Nobody is named: the kind is counted only.
    None,
    /// A person, by pseudonym.
    Person,
    /// A household, by the code of its area or a pseudonym.
    Household,
    /// A place: hospital, shop, exit, building.
    Site,
    /// A member of staff, by pseudonym or person id.
    Staff,
    /// An enterprise.
    Enterprise,
}

/// A post: a section of the command system in the areas of one level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Post {
    /// The section, such as `transfer`.
    pub section: String,
    /// At which level of the tree somebody stands for it.
    pub level: Level,
}

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Minutes overdue from which on this post is asked.
    pub after_minutes: u32,
    /// Whom.
    pub post: Post,
}

/// Who is asked when something is late, in the order of time. An overdue obligation climbs by itself: where it stands
/// follows from the clock alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// Its name.
    pub id: String,
    /// Its steps, the soonest first.
    pub rungs: Vec<Rung>,
}

impl Ladder {
    /// The step that something stands on that is overdue by so many minutes: how high (from 1), and who is asked.
    pub fn rung(&self, overdue_minutes: u64) -> Option<(usize, &Post)> {
        let reached = self.rungs.iter().take_while(|rung| u64::from(rung.after_minutes) <= overdue_minutes).count();
        self.rungs.get(reached.checked_sub(1)?).map(|rung| (reached, &rung.post))
    }
}

/// One kind of obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name.
    pub id: KindId,
    /// The system of the city that it belongs to, 1 to 29.
    pub system: u8,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Unit of its counts, Chinese and English.
    pub unit: (String, String),
    /// Named, counted, or both.
    pub counting: Counting,
    /// What it protects.
    pub class: Class,
    /// Nothing stands before it (law 7): its orders need no approver, and a full ward does not refuse them.
    pub life_saving: bool,
    /// 1 comes first, 9 last.
    pub priority: u8,
    /// How its due time follows.
    pub due: DueFrom,
    /// Whose it is until somebody is named.
    pub owner: Post,
    /// Who is asked when it is late.
    pub ladder: String,
    /// What must be attached to say that it was met, as codes; empty = nothing.
    pub evidence: Vec<String>,
    /// Whom it is owed to.
    pub subject: SubjectKind,
    /// Days after it is closed until its personal data are destroyed.
    pub retention_days: u32,
}
