//! The rulebooks that a city keeps, by the day from which each holds.

use super::keys::day_bytes;
use super::{decode, encode, scanned};
use crate::event::{Position, RulebookKept};
use crate::journal::{JournalError, Projections, Read, Space};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A rulebook that the city keeps, and since when the city knew that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRow {
    /// Which, and from when.
    #[serde(flatten)]
    pub kept: RulebookKept,
    /// When it was known.
    pub known_at: Timestamp,
}

/// All that were kept: by the first day of each, then by when they were written down.
pub fn rulebooks(on: &dyn Read) -> Result<Vec<KeptRow>, JournalError> {
    scanned(on, Space::City, (b"rulebook\0", b"rulebook\x01"), |_, value| decode(Space::City, value))
}

pub(super) fn kept(
    on: &mut dyn Projections,
    position: Position,
    known_at: Timestamp,
    kept: &RulebookKept,
) -> Result<(), JournalError> {
    let key = [b"rulebook\0", &day_bytes(kept.from)[..], &position.0.to_be_bytes()].concat();
    on.put(Space::City, &key, &encode(Space::City, &KeptRow { kept: kept.clone(), known_at })?)
}
