//! Where a figure comes from, and since when the city has known it.

use crate::ids::OfficeId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a figure rests on. The worst of its inputs decides for a figure that is computed from several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody published or sent it.
    Reported,
    /// It follows from what was published by arithmetic that its note names.
    Derived,
    /// Invented for a demonstration, a drill or a test; marked `S` wherever it is shown.
    Synthetic,
}

impl Origin {
    /// The origin of something computed from both.
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Where a row comes from and since when it has been known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The office whose statement it is.
    pub office: OfficeId,
    /// The document or page that says it; several joined by `+`.
    pub source: String,
    /// When the city received it. "As known then" compares with this.
    pub known_at: Timestamp,
    /// Whether `known_at` is a rule's assumption because no publication date was found.
    pub known_at_assumed: bool,
    /// What it rests on.
    pub origin: Origin,
}
