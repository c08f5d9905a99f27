//! Kinds of obligations, as data.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is owed. The name is one of [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct KindId(&'static str);

/// One kind of obligation.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its stable name.
    pub id: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Unit of its counts in Chinese and English.
    pub unit: (&'static str, &'static str),
    /// Care, food and exit kinds never expire (law 2): they stay owed until met, waived by the recipient, or moot.
    pub never_expires: bool,
    /// The section that owns it at city level.
    pub owner_section: &'static str,
}

/// The kinds that the books know today; each further one is a row here, not another life cycle.
pub const KINDS: &[Kind] = &[Kind {
    id: "care_placement",
    name_zh: "收治（转运或注明豁免）",
    name_en: "care placement (transfer, or a documented exemption)",
    unit: ("人", "people"),
    never_expires: true,
    owner_section: "transfer",
}];

/// A name that no kind bears.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no kind of obligation")]
pub struct UnknownKind {
    /// What was given.
    pub given: String,
}

impl KindId {
    /// The kind with this name.
    pub fn named(id: &str) -> Result<Self, UnknownKind> {
        let found = KINDS.iter().find(|kind| kind.id == id);
        found.map(|kind| Self(kind.id)).ok_or_else(|| UnknownKind { given: id.to_owned() })
    }
    /// Its row of the catalogue.
    pub fn kind(self) -> &'static Kind {
        // A `KindId` is only ever made from a row; the first row stands in for a row that cannot be missing.
        KINDS.iter().find(|kind| kind.id == self.0).unwrap_or(&KINDS[0])
    }
    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl<'de> Deserialize<'de> for KindId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::named(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl From<KindId> for String {
    fn from(id: KindId) -> String {
        id.0.to_owned()
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
