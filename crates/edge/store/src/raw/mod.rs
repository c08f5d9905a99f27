//! Moving a journal from one store to another, byte for byte.
//!
//! Positions, chains, hashes, envelopes and the three times go over as they are stored; projections are made again from
//! the events. So a copy up to an earlier position is the journal as it stood then (point-in-time restore), a copy
//! into another kind of store is a migration, and a copy beside a city at work is a backup.
//!
//! A store implements [`RawRead`] and [`RawWrite`]; [`copy()`] does the rest, and checks what it carries.

mod copy;

pub use copy::{Copied, CopyFault, copy, copy_seeing, position_at};

use crate::record::Fields;
use levee_app::event::Position;
use levee_app::journal::{JournalError, Projections, Read};
use std::ops::ControlFlow;

/// An event as it lies in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEvent {
    /// Its place in the whole journal, from 1.
    pub position: u64,
    /// Its chain.
    pub stream: String,
    /// Its place in the chain, from 1.
    pub sequence: u64,
    /// The stable name of its kind.
    pub kind: String,
    /// The version of its shape.
    pub version: u32,
    /// The command that it belongs to.
    pub command_id: [u8; 16],
    /// Who acted, as stored.
    pub envelope: Vec<u8>,
    /// When it was so, in microseconds since 1970.
    pub occurred: i64,
    /// When the city received it, in microseconds since 1970.
    pub known_at: i64,
    /// When the store wrote it, in microseconds since 1970.
    pub recorded_at: i64,
    /// BLAKE3 over the hash before it and all of the above with the body.
    pub hash: [u8; 32],
    /// What happened, as stored.
    pub body: Vec<u8>,
}

impl RawEvent {
    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields {
            position: self.position,
            stream: self.stream.as_bytes(),
            sequence: self.sequence,
            kind: self.kind.as_bytes(),
            version: u64::from(self.version),
            command: &self.command_id,
            envelope: &self.envelope,
            occurred: self.occurred,
            known_at: self.known_at,
            recorded_at: self.recorded_at,
            body: &self.body,
        }
    }
}

/// A receipt as it lies in a store; of a command without events, `first` = `last` + 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawCommand {
    /// The command.
    pub command_id: [u8; 16],
    /// Its first event.
    pub first: u64,
    /// Its last event.
    pub last: u64,
}

/// What `raw_events` and `raw_commands` hand over, one by one; `Break` ends early.
pub type EachRaw<'a, T> = &'a mut dyn FnMut(T) -> ControlFlow<()>;

/// What [`RawRead::snapshot`] runs.
pub type Look<'a> = &'a mut dyn FnMut(&dyn RawView) -> Result<(), JournalError>;

/// What [`RawWrite::raw_import`] runs.
pub type Import<'a> = &'a mut dyn FnMut(&mut dyn RawImport) -> Result<(), JournalError>;

/// A store whose journal can be copied.
pub trait RawRead {
    /// Shows the journal as it stands at one moment, for as long as `look` runs, though others write meanwhile.
    fn snapshot(&self, look: Look<'_>) -> Result<(), JournalError>;
}

/// A journal at one moment. [`Read`] gives its kept projections.
pub trait RawView: Read {
    /// How errors name the store.
    fn place(&self) -> &str;
    /// The last position; 0 when empty.
    fn raw_last(&self) -> Result<Position, JournalError>;
    /// Events after `after`, up to and with `upto`, in order.
    fn raw_events(&self, after: Position, upto: Position, each: EachRaw<'_, RawEvent>) -> Result<(), JournalError>;
    /// All receipts, also those of commands without events, in any order.
    fn raw_commands(&self, each: EachRaw<'_, RawCommand>) -> Result<(), JournalError>;
    /// The kept head of every chain: name, length, hash.
    fn raw_heads(&self) -> Result<Vec<(String, u64, [u8; 32])>, JournalError>;
}

/// A store that can take a copied journal in.
pub trait RawWrite {
    /// Lets `import` fill the store, which must be empty: all of it when `import` succeeds, else nothing.
    ///
    /// An empty store has no event and no receipt; any other is refused with [`CopyFault::NotEmpty`].
    fn raw_import(&mut self, import: Import<'_>) -> Result<(), JournalError>;
}

/// An import in the making. [`Projections`] reads and writes its projections; reads see what was written before.
///
/// Events come in order of position and each row comes once. Nothing is checked here: [`copy()`] has done so.
pub trait RawImport: Projections {
    /// Takes an event as it is.
    fn raw_event(&mut self, event: &RawEvent) -> Result<(), JournalError>;
    /// Takes a receipt as it is; in the order in which the other store gave them.
    fn raw_command(&mut self, command: RawCommand) -> Result<(), JournalError>;
    /// Takes the head of a chain.
    fn raw_head(&mut self, stream: &str, sequence: u64, hash: &[u8; 32]) -> Result<(), JournalError>;
}
