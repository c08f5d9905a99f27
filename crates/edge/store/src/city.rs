//! A city's journal, wherever it lives: one type for whoever does not care.

use crate::group::{GroupStore, RunGroup};
use crate::postgres::PostgresJournal;
use crate::raw::{Look, RawRead};
use crate::sqlite::SqliteJournal;
use jiff::Timestamp;
use levee_app::event::{Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Verification, Work};
use levee_model::command::{CommandId, Envelope};

/// A city's journal, wherever it lives.
pub enum CityJournal {
    /// In one file of the city's folder.
    Sqlite(SqliteJournal),
    /// In a PostgreSQL database.
    Postgres(Box<PostgresJournal>),
}

impl CityJournal {
    fn as_dyn(&self) -> &dyn Journal {
        match self {
            Self::Sqlite(journal) => journal,
            Self::Postgres(journal) => journal.as_ref(),
        }
    }
}

impl Read for CityJournal {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.as_dyn().get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.as_dyn().scan(space, from, to, each)
    }
}

impl Journal for CityJournal {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        match self {
            Self::Sqlite(journal) => journal.transact(envelope, now, work),
            Self::Postgres(journal) => journal.transact(envelope, now, work),
        }
    }
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        self.as_dyn().receipt(command)
    }
    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        self.as_dyn().events(after, each)
    }
    fn last(&self) -> Result<Position, JournalError> {
        self.as_dyn().last()
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.as_dyn().heads()
    }
    fn verify(&self) -> Result<Verification, JournalError> {
        self.as_dyn().verify()
    }
}

impl RawRead for CityJournal {
    fn snapshot(&self, look: Look<'_>) -> Result<(), JournalError> {
        match self {
            Self::Sqlite(journal) => journal.snapshot(look),
            Self::Postgres(journal) => journal.snapshot(look),
        }
    }
}

impl GroupStore for CityJournal {
    fn group(&mut self, run: RunGroup<'_>) -> Result<(), JournalError> {
        match self {
            Self::Sqlite(journal) => journal.group(run),
            Self::Postgres(journal) => journal.group(run),
        }
    }
}
