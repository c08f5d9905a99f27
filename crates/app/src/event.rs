//! What has happened in a city, as the journal keeps it.
//!
//! These are the names of today. How they lie in the store, by version, is the store's business; it reads old shapes
//! upward into these.

mod ledger;
pub mod legacy;
mod measures;

pub use ledger::{BatchRows, DaySealed, HandOverStep, HandedOver, LedgerChanged, SettlementPrepared};
pub use legacy::ObligationsMoved;
pub use measures::{
    Counted, Duty, Judged, MeasureRecorded, MeasuresChanged, Obliged, Owes, Recorded, RulebookKept, ServiceOffered,
    Sheet,
};

use crate::blob::BlobRef;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::command::Envelope;
use levee_model::ids::{BadId, EntityId, PersonId};
use levee_model::subject::{PersonalField, Pseudonym, Purpose};
use levee_model::table::Row;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The name of one hash chain: a section of the city (`intake`, `plan`), or a section and an area (`ledger.500103`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName(String);

impl StreamName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StreamName {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        let bad = |why| BadId { kind: "stream name", given: given.chars().take(80).collect(), why };
        if given.is_empty() || given.len() > 120 {
            return Err(bad("it has no character, or more than 120 bytes"));
        }
        if !given.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Err(bad("only letters, digits and - _ . may stand in it"));
        }
        Ok(Self(given.to_owned()))
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an event stands in the order of the whole journal; from 1, without gaps once committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// Whether `known_at` comes from the clock or from the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A city at work: `known_at` is the moment of receipt, and nobody can set it back.
    Live,
    /// A past outbreak run again: `known_at` stands in the pack.
    Replay,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A city was made from a pack.
    CityFounded(CityFounded),
    /// Rows of a reference table were taken from the pack.
    ReferenceTaken(ReferenceTaken),
    /// A file was received; its rows follow in the same commit.
    BatchOpened(BatchOpened),
    /// Rows of the batch were accepted.
    RowsAccepted(RowsAccepted),
    /// Rows of the batch were rejected; their values lie in the blob store.
    RowsRejected(RowsRejected),
    /// The batch balances: received = accepted + rejected + duplicate.
    BatchClosed(BatchClosed),
    /// An outlook, plan or brief was issued; stored as issued.
    ArtefactIssued(ArtefactIssued),
    /// Sums of obligations moved; read from old journals, never written.
    ObligationsMoved(ObligationsMoved),
    /// Obligations or orders changed.
    LedgerChanged(LedgerChanged),
    /// A first person signed a day's statement.
    SettlementPrepared(SettlementPrepared),
    /// A day was sealed by a second.
    DaySealed(Box<DaySealed>),
    /// A post is handed over.
    HandedOver(HandedOver),
    /// Somebody read rejected values, and why.
    RejectedRead(RejectedRead),
    /// Personal data of somebody were sealed into the vault, for the first time or anew.
    PersonSealed(PersonSealed),
    /// Somebody read personal data, and why.
    PersonRead(PersonRead),
    /// Somebody's key was destroyed; their data are unreadable for ever.
    PersonErased(PersonErased),
    /// Restrictions changed.
    MeasuresChanged(MeasuresChanged),
    /// Something that a restriction needs was recorded.
    MeasureRecorded(Box<MeasureRecorded>),
    /// A provider said how much of a service it can give.
    ServiceOffered(ServiceOffered),
    /// The city goes by a rulebook from a day on.
    RulebookKept(RulebookKept),
}

impl Event {
    /// The stable name under which the store keeps this kind of event.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CityFounded(_) => "city_founded",
            Self::ReferenceTaken(_) => "reference_taken",
            Self::BatchOpened(_) => "batch_opened",
            Self::RowsAccepted(_) => "rows_accepted",
            Self::RowsRejected(_) => "rows_rejected",
            Self::BatchClosed(_) => "batch_closed",
            Self::ArtefactIssued(_) => "artefact_issued",
            Self::ObligationsMoved(_) => "obligations_moved",
            Self::LedgerChanged(_) => "ledger_changed",
            Self::SettlementPrepared(_) => "settlement_prepared",
            Self::DaySealed(_) => "day_sealed",
            Self::HandedOver(_) => "handed_over",
            Self::RejectedRead(_) => "rejected_read",
            Self::PersonSealed(_) => "person_sealed",
            Self::PersonRead(_) => "person_read",
            Self::PersonErased(_) => "person_erased",
            Self::MeasuresChanged(_) => "measures_changed",
            Self::MeasureRecorded(_) => "measure_recorded",
            Self::ServiceOffered(_) => "service_offered",
            Self::RulebookKept(_) => "rulebook_kept",
        }
    }
}

/// A city was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CityFounded {
    /// Live or replay; never changes.
    pub mode: Mode,
    /// `city.toml` as it stood in the pack.
    pub city_toml: String,
    /// The boundaries file, if the pack has one.
    pub boundaries: Option<BlobRef>,
}

/// Rows of a reference table.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceTaken {
    /// The rows, all of one table.
    pub rows: Vec<Row>,
}

/// How a file was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// `csv` or `xlsx`.
    pub format: String,
    /// Character set, for text.
    pub encoding: Option<String>,
    /// Delimiter, for text.
    pub delimiter: Option<String>,
    /// Sheet, for a workbook.
    pub sheet: Option<String>,
    /// Line of the headings, from 1.
    pub header_line: u64,
}

/// A file was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchOpened {
    /// The batch.
    pub batch: EntityId,
    /// The table that it is for.
    pub table: String,
    /// The file as it was sent.
    pub file: BlobRef,
    /// Its name as it was sent, in the blob store (a name may hold personal data).
    pub file_name: BlobRef,
    /// Its bytes.
    pub bytes: u64,
    /// How it was written.
    pub dialect: Dialect,
}

/// Whether a row is the first of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// First row of its key.
    New,
    /// Other figures than the row before it under the same key, which stays on record.
    Supersedes,
}

/// One accepted row.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Whether it supersedes.
    pub change: Change,
    /// When the city knew it.
    pub known_at: Timestamp,
    /// Its cells, without free text.
    pub row: Row,
}

/// Rows of a batch were accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsAccepted {
    /// The batch.
    pub batch: EntityId,
    /// The rows, at most a thousand, all of the batch's table.
    pub rows: Vec<AcceptedRow>,
    /// Free text of these rows: `{"<line>": "<note>"}` in the blob store.
    pub notes: Option<BlobRef>,
}

/// What is wrong with a cell, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The column.
    pub column: String,
    /// Stable code.
    pub code: String,
    /// Arguments of the sentence that explains it.
    pub args: Vec<String>,
}

/// One rejected row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// All that is wrong with it.
    pub problems: Vec<Problem>,
}

/// Rows of a batch were rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsRejected {
    /// The batch.
    pub batch: EntityId,
    /// The rows.
    pub rows: Vec<RejectedRow>,
    /// Their values with the headings of the file, in the blob store.
    pub values: BlobRef,
}

/// Where every row of a batch went. Whole only when it balances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Rows in the file that are not blank.
    pub received: u64,
    /// Accepted.
    pub accepted: u64,
    /// Rejected, to be mended.
    pub rejected: u64,
    /// Already on record, word for word.
    pub duplicate: u64,
}

impl Balance {
    /// Law 1: received = accepted + rejected + duplicate.
    pub fn holds(&self) -> bool {
        self.accepted.checked_add(self.rejected).and_then(|sum| sum.checked_add(self.duplicate)) == Some(self.received)
    }
}

/// The batch is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchClosed {
    /// The batch.
    pub batch: EntityId,
    /// Where its rows went.
    pub balance: Balance,
    /// Of the accepted ones, how many supersede.
    pub superseding: u64,
    /// How often each warning was given (accepted, but contradictory).
    pub warnings: Vec<(String, u64)>,
}

/// What was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtefactKind {
    /// Estimates and forecasts.
    Outlook,
    /// Proposed orders.
    Plan,
    /// The document of the day.
    Brief,
}

/// An artefact, stored as issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtefactIssued {
    /// Its id.
    pub id: EntityId,
    /// What it is.
    pub kind: ArtefactKind,
    /// The day it is of.
    pub day: Date,
    /// What was known when it was made.
    pub as_known_at: Timestamp,
    /// The last event that it could rest on.
    pub position: Position,
    /// Its bytes (JSON), in the blob store.
    pub body: BlobRef,
    /// Digests of what it was made from.
    pub inputs: Vec<BlobRef>,
    /// Version of the engine that made it.
    pub engine: String,
    /// Seed of its chance.
    pub seed: u64,
}

/// Somebody read rejected values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRead {
    /// Of which batch.
    pub batch: EntityId,
    /// How many rows.
    pub rows: u64,
    /// Why, in the blob store (free text).
    pub reason: BlobRef,
}

/// Personal data of somebody were sealed into the vault. No value stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSealed {
    /// Whose.
    pub subject: Pseudonym,
    /// Names of the fields that are kept from now on.
    pub fields: Vec<PersonalField>,
    /// What they are kept for.
    pub purpose: Purpose,
    /// The last day on which they are kept.
    pub retain_until: Date,
}

/// Whose data were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Up to 100 people, by pseudonym.
    Named(Vec<Pseudonym>),
    /// More: their number, and the list of their pseudonyms in the blob store.
    Listed {
        /// How many.
        count: u64,
        /// One pseudonym per line.
        list: BlobRef,
    },
}

/// Somebody read personal data. Who and through which door stands in the envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRead {
    /// Whose.
    pub whom: Whom,
    /// Which fields were asked for.
    pub fields: Vec<PersonalField>,
    /// Why, in the blob store (free text).
    pub reason: BlobRef,
    /// The second person, where two are needed.
    pub with: Option<PersonId>,
}

/// Why somebody's data were destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasedWhy {
    /// What they were kept for is over.
    PurposeEnded,
    /// The person asked for it.
    PersonAsked,
    /// Their last day has passed.
    Retention,
    /// They stood on the erasure list, and the journal did not know it: a crash, or a journal restored from a backup.
    OnTheList,
}

/// Somebody's key was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonErased {
    /// Whose.
    pub subject: Pseudonym,
    /// Why.
    pub why: ErasedWhy,
}

/// An event to be appended.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// The chain it goes to.
    pub stream: StreamName,
    /// When it was so.
    pub occurred: Timestamp,
    /// When the city received it.
    pub known_at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// An event as the journal gives it back.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// Its place in the whole journal.
    pub position: Position,
    /// Its chain.
    pub stream: StreamName,
    /// Its place in the chain, from 1.
    pub sequence: u64,
    /// When it was so.
    pub occurred: Timestamp,
    /// When the city received it.
    pub known_at: Timestamp,
    /// When the store wrote it; never earlier than the event before it.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub envelope: Envelope,
    /// What happened.
    pub event: Event,
}
