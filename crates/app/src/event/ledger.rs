//! What happens in the ledger of obligations.

use crate::blob::BlobRef;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::{Change, Section};
use levee_model::ids::{EntityId, PersonId};

/// Rows of a table that were accepted as obligations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchRows {
    /// The batch that they came with.
    pub batch: EntityId,
    /// How many rows of it these changes stand for.
    pub rows: u64,
}

/// Obligations or orders changed.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerChanged {
    /// What changed, in order; all in the books of one district, or of the city.
    pub changes: Vec<Change>,
    /// The rows of a table that this follows from, if it does.
    pub batch: Option<BatchRows>,
    /// Why, in words of the one who gave the command, in the blob store.
    pub note: Option<BlobRef>,
}

/// Somebody has read a day's statement and signs it. A second person seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementPrepared {
    /// The district, or the city for all of it.
    pub scope: String,
    /// The day.
    pub day: Date,
    /// The statement, in the blob store.
    pub statement: BlobRef,
    /// Who signs.
    pub by: PersonId,
}

/// A day is sealed: nothing is entered on it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySealed {
    /// The district, or the city for all of it.
    pub scope: String,
    /// The books that are closed by it.
    pub books: Vec<String>,
    /// The day.
    pub day: Date,
    /// 24:00 of it.
    pub ends: Timestamp,
    /// The statement, in the blob store.
    pub statement: BlobRef,
    /// The two who sealed it, in the order in which they signed.
    pub sealed_by: (PersonId, PersonId),
    /// Merkle root over the heads of all chains right before this event.
    pub root: [u8; 32],
    /// The seal of the day before of the same scope; zeros for the first.
    pub previous: [u8; 32],
    /// Hash over all of the above.
    pub seal: [u8; 32],
}

/// How far a hand-over has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOverStep {
    /// The one on duty has signed the list of what is open.
    Offered,
    /// The next one has read and signed the same list; they answer from now on.
    Accepted,
}

/// A post is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// The code of the area.
    pub area: String,
    /// The section.
    pub section: Section,
    /// Who was on duty.
    pub from: PersonId,
    /// Who takes over.
    pub to: PersonId,
    /// How far it has come.
    pub step: HandOverStep,
    /// When.
    pub at: Timestamp,
    /// Obligations that are open.
    pub open: u64,
    /// The list of them, in the blob store.
    pub list: BlobRef,
}
