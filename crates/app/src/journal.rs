//! Port: the journal, append-only and chained, with its projections in the same transaction.

use crate::event::{NewEvent, Position, StoredEvent, StreamName};
use jiff::Timestamp;
use levee_model::command::{CommandId, Envelope};
use std::ops::ControlFlow;

/// Which table of the projections a key belongs to. All of them can be rebuilt from the journal, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Space {
    /// The city's settings.
    City = 1,
    /// Rows of the reference tables, by table and key.
    Reference = 2,
    /// Accepted rows, by table, day, key and the moment they became known.
    Fact = 3,
    /// Batches, by id.
    Batch = 5,
    /// Rejected rows, by batch and line.
    Rejected = 6,
    /// Issued artefacts, by kind and day.
    Artefact = 7,
    /// Obligations, by id.
    Obligation = 8,
    /// Batches whose rows are still being written; empty after every commit.
    OpenBatch = 9,
    /// Batches by digest of their file.
    BatchFile = 10,
    /// People with data in the vault, by pseudonym, and the days on which their data end.
    Subject = 11,
    /// What is still owed, by book, section and due time.
    Owed = 12,
    /// What flowed in the accounts, by day, area and kind.
    Account = 13,
    /// Where the units of the accounts stand, by area and kind.
    Balance = 14,
    /// How much is owed, by book, section, kind and quarter of an hour in which it is due.
    Due = 15,
    /// How much of what was due then was met, in time or late, by book, section, quarter of an hour and kind.
    Closure = 16,
    /// Obligations by what they follow from.
    Ground = 17,
    /// What is still owed by a person, by due time.
    Owner = 18,
    /// Orders by id, and those under way by book.
    Order = 19,
    /// What orders hold, by resource.
    Resource = 20,
    /// Seals: the last of each book, and all of each scope by day; statements that wait for a second person.
    Seal = 21,
    /// What the sealed days leave owed, by area and kind.
    Carry = 22,
    /// Posts that were handed over, by area, section and time.
    HandOver = 23,
    /// Restrictions with what was recorded for them, what others did, what providers can give.
    Measure = 24,
}

impl Space {
    /// All spaces.
    pub const ALL: [Self; 23] = [
        Self::City,
        Self::Reference,
        Self::Fact,
        Self::Batch,
        Self::Rejected,
        Self::Artefact,
        Self::Obligation,
        Self::OpenBatch,
        Self::BatchFile,
        Self::Subject,
        Self::Owed,
        Self::Account,
        Self::Balance,
        Self::Due,
        Self::Closure,
        Self::Ground,
        Self::Owner,
        Self::Order,
        Self::Resource,
        Self::Seal,
        Self::Carry,
        Self::HandOver,
        Self::Measure,
    ];
}

/// What was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The command.
    pub command_id: CommandId,
    /// Its first event.
    pub first: Position,
    /// Its last event.
    pub last: Position,
    /// Whether the command had been carried out before; then nothing was written now.
    pub repeated: bool,
}

/// Why the journal could not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk is full.
    #[error("the disk is full; nothing of this command was written to {place}")]
    Full {
        /// The database.
        place: String,
    },
    /// Another process holds the city.
    #[error("another process works on {place}")]
    Busy {
        /// The city.
        place: String,
    },
    /// The database failed.
    #[error("the journal {place} failed")]
    Store {
        /// The database.
        place: String,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The journal is of a later version of Levee.
    #[error("{place} was written by a later version of Levee (schema {found}, this one reads up to {known})")]
    TooNew {
        /// The database.
        place: String,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A stored event could not be read.
    #[error("event {position} of the journal cannot be read: {why}")]
    Unreadable {
        /// Which one.
        position: u64,
        /// Why.
        why: String,
    },
    /// The command itself gave up; it knows why.
    #[error("the command was given up; nothing was written")]
    GivenUp,
    /// A law would have been broken by the commit; the whole command was refused.
    #[error("{0}")]
    Law(#[from] LawBroken),
    /// A chain has moved on since the command was prepared.
    #[error("`{stream}` has moved on: the command rests on {expected} events of it, and there are {found}")]
    Stale {
        /// The chain.
        stream: String,
        /// How many events it had when the command was prepared.
        expected: u64,
        /// How many it has.
        found: u64,
    },
    /// The clock stands before the last recorded event.
    #[error("the clock says {now}, but the journal's last event was recorded at {last}; set the clock right")]
    ClockBehind {
        /// The clock.
        now: Timestamp,
        /// The last event.
        last: Timestamp,
    },
}

/// A law of the journal that a commit would have broken. It is a fault of ours, never of the data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LawBroken {
    /// Law 1.
    #[error(
        "batch {batch} does not balance: received {received}, but accepted {accepted} + rejected {rejected} + duplicate {duplicate}"
    )]
    Unbalanced {
        /// The batch.
        batch: String,
        /// Rows received.
        received: u64,
        /// Rows accepted.
        accepted: u64,
        /// Rows rejected.
        rejected: u64,
        /// Rows on record before.
        duplicate: u64,
    },
    /// Law 1: a batch was left open at the end of its commit, or rows came without one.
    #[error("batch {batch} is not whole: {why}")]
    BatchNotWhole {
        /// The batch.
        batch: String,
        /// What is missing.
        why: &'static str,
    },
    /// Law 2.
    #[error("obligations do not balance: {why}")]
    Obligations {
        /// What does not.
        why: String,
    },
    /// Law 3.
    #[error("{scope} cannot be sealed on {day}: {why}")]
    Settlement {
        /// The district, or the city.
        scope: String,
        /// The day.
        day: jiff::civil::Date,
        /// What stands against it.
        why: String,
    },
    /// Law 5.
    #[error("a restriction cannot be so: {why}")]
    Restriction {
        /// What is wrong.
        why: String,
    },
    /// Law 12.
    #[error("{subject}: {why}")]
    Personal {
        /// Whose data.
        subject: levee_model::subject::Pseudonym,
        /// What would be broken.
        why: &'static str,
    },
    /// A projection row could not be read back.
    #[error("projection {space:?} holds a row that cannot be read: {why}")]
    Projection {
        /// Which space.
        space: Space,
        /// Why.
        why: String,
    },
    /// An event came before the city was founded, or it was founded twice.
    #[error("{0}")]
    Founding(&'static str),
}

/// What `events` hands over, one by one; `Break` ends early.
pub type Each<'a, T> = &'a mut dyn FnMut(T) -> ControlFlow<()>;

/// What `scan` hands over: a key and its value, lent for the call.
pub type EachRow<'a> = &'a mut dyn FnMut((&[u8], &[u8])) -> ControlFlow<()>;

/// Reads projections. Keys are ordered by their bytes.
pub trait Read {
    /// The value under a key.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError>;
    /// Whether there is a value under a key.
    fn has(&self, space: Space, key: &[u8]) -> Result<bool, JournalError> {
        Ok(self.get(space, key)?.is_some())
    }
    /// All keys from `from` up to and without `to`, in order, with their values.
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError>;
}

/// Reads and writes projections; the store hands it to [`crate::projection::project`] within the transaction.
pub trait Projections: Read {
    /// Sets the value under a key.
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError>;
    /// Removes a key; it need not be there.
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError>;
}

/// A commit in the making. It sees its own writes; nobody else does until it is whole.
pub trait Transaction: Read {
    /// Appends an event and lets it change the projections.
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError>;
    /// The length and hash of one chain as this commit sees it, its own events included; `(0, zeros)` when there is none.
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError>;
    /// The head of every chain as this commit sees it, its own events included, by name.
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError>;
    /// Refuses the command unless the chain still has as many events as when the command was prepared.
    fn expect(&mut self, stream: &StreamName, sequence: u64) -> Result<(), JournalError> {
        match self.head(stream)?.0 {
            found if found == sequence => Ok(()),
            found => Err(JournalError::Stale { stream: stream.to_string(), expected: sequence, found }),
        }
    }
}

/// What a command does within its transaction. An error leaves nothing behind.
pub type Work<'a> = &'a mut dyn FnMut(&mut dyn Transaction) -> Result<(), JournalError>;

/// The only source of truth of a city.
pub trait Journal: Read {
    /// Carries out a command: all of its events or none. A command id that was carried out before writes nothing and
    /// gives its first receipt, marked `repeated`.
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError>;
    /// The receipt of a command, if it was carried out.
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError>;
    /// Events after a position, in order.
    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError>;
    /// The last position; 0 when empty.
    fn last(&self) -> Result<Position, JournalError>;
    /// The head of every chain: its length and hash, by name.
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError>;
    /// Checks the chains over the stored bytes, and that the projections rebuilt from the journal equal the kept ones.
    fn verify(&self) -> Result<Verification, JournalError>;
}

/// What `verify` found. An empty list of faults is the good news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Events read.
    pub events: u64,
    /// Chains read.
    pub streams: u64,
    /// Projection rows compared.
    pub rows: u64,
    /// What is wrong, each with the place.
    pub faults: Vec<Fault>,
}

/// One thing that `verify` found wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The stored bytes of an event do not give its hash, or its hash does not continue the chain.
    #[error("event {position} (`{stream}` no. {sequence}) was changed: its hash does not fit")]
    Chain {
        /// Its position.
        position: u64,
        /// Its chain.
        stream: String,
        /// Its place in the chain.
        sequence: u64,
    },
    /// The chains before a seal are not those that it was set on.
    #[error(
        "event {position}: the seal of {scope} on {day} does not fit the chains before it: an event of a sealed day was changed"
    )]
    Seal {
        /// The position of the seal.
        position: u64,
        /// The district, or the city.
        scope: String,
        /// The day.
        day: jiff::civil::Date,
    },
    /// Positions or sequences have a hole.
    #[error("events are missing before position {position}")]
    Gap {
        /// Where the next one stands.
        position: u64,
    },
    /// An event cannot be read.
    #[error("event {position} cannot be read: {why}")]
    Unreadable {
        /// Which one.
        position: u64,
        /// Why.
        why: String,
    },
    /// The stored head of a chain is not the last event's hash.
    #[error("the head of `{stream}` does not match its last event")]
    Head {
        /// The chain.
        stream: String,
    },
    /// A projection row differs from what the journal gives.
    #[error("projection {space:?} differs from the journal at key {key}")]
    Projection {
        /// Which space.
        space: Space,
        /// The key, escaped.
        key: String,
    },
    /// A law does not hold when the journal is read again.
    #[error("{0}")]
    Law(LawBroken),
    /// A blob that an event names is missing or does not open.
    #[error("event {position} names blob {digest}, which is missing or does not open")]
    Blob {
        /// The event.
        position: u64,
        /// The blob.
        digest: String,
    },
    /// Something that the store keeps beside events and projections does not fit them.
    #[error("{place}: {why}")]
    Stored {
        /// Where it lies.
        place: String,
        /// What does not fit.
        why: String,
    },
    /// Recorded times run backwards.
    #[error("event {position} was recorded before the one ahead of it")]
    Time {
        /// The event.
        position: u64,
    },
}
