//! A commit in the making: events, chains and projections of one command.

use super::fault::{self, StoreFault};
use super::tables::Tables;
use crate::format;
use crate::record::{self, Fields, NO_HASH};
use jiff::Timestamp;
use levee_app::event::{NewEvent, Position, StreamName};
use levee_app::journal::{EachRow, JournalError, Read, Receipt, Space, Transaction};
use levee_app::projection;
use levee_model::command::Envelope;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;

pub(super) const INSERT: &str = "INSERT INTO event (position, stream, sequence, kind, version, command_id, envelope, occurred, \
     known_at, recorded_at, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

pub(super) struct Commit<'c> {
    connection: &'c Connection,
    place: &'c str,
    tables: Tables<'c>,
    insert: CachedStatement<'c>,
    envelope: &'c Envelope,
    stored_envelope: String,
    recorded_at: i64,
    first: u64,
    next: u64,
    heads: BTreeMap<String, (u64, [u8; 32])>,
    /// Set when an event was refused half-way: whatever the command makes of it, it must not be committed.
    refused: bool,
}

impl<'c> Commit<'c> {
    /// Starts a commit; the transaction has begun on `connection`.
    pub(super) fn begin(
        connection: &'c Connection,
        place: &'c str,
        envelope: &'c Envelope,
        now: Timestamp,
    ) -> Result<Self, JournalError> {
        let sqlite = |error| fault::sqlite(place, error);
        let last: Option<(u64, i64)> = connection
            .prepare_cached("SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1")
            .and_then(|mut last| last.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(sqlite)?;
        let recorded_at = record::recorded_at(now, last.map(|(_, at)| at))
            .map_err(|(now, last)| JournalError::ClockBehind { now, last })?;
        let stored = format::encode_envelope(envelope).map_err(|error| fault::store(place, error))?;
        let stored_envelope = String::from_utf8(stored).map_err(|error| fault::store(place, error))?;
        let first = last.map_or(1, |(position, _)| position + 1);
        Ok(Self {
            connection,
            place,
            tables: Tables::new(connection, place),
            insert: connection.prepare_cached(INSERT).map_err(sqlite)?,
            envelope,
            stored_envelope,
            recorded_at,
            first,
            next: first,
            heads: BTreeMap::new(),
            refused: false,
        })
    }

    /// Checks what must hold at the end and writes what has waited. The caller commits.
    pub(super) fn finish(mut self) -> Result<Receipt, JournalError> {
        if self.refused {
            return Err(fault::store(self.place, StoreFault::Refused));
        }
        projection::at_commit(&self.tables)?;
        self.tables.flush()?;
        let (first, last) = (self.first, self.next - 1);
        let command_id = self.envelope.command_id;
        self.write_heads().map_err(|error| fault::sqlite(self.place, error))?;
        self.connection
            .prepare_cached("INSERT INTO command (command_id, first, last) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.execute(params![command_id.uuid().as_bytes(), first, last]))
            .map_err(|error| fault::sqlite(self.place, error))?;
        Ok(Receipt { command_id, first: Position(first), last: Position(last), repeated: false })
    }

    fn write_heads(&mut self) -> rusqlite::Result<()> {
        let mut put = self.connection.prepare_cached(
            "INSERT INTO stream (name, sequence, hash) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash",
        )?;
        for (name, (sequence, hash)) in std::mem::take(&mut self.heads) {
            put.execute(params![name, sequence, hash])?;
        }
        Ok(())
    }

    fn head(&self, stream: &str) -> rusqlite::Result<(u64, [u8; 32])> {
        if let Some(head) = self.heads.get(stream) {
            return Ok(*head);
        }
        let mut select = self.connection.prepare_cached("SELECT sequence, hash FROM stream WHERE name = ?1")?;
        let stored = select.query_row([stream], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(stored.unwrap_or((0, NO_HASH)))
    }

    fn write(&mut self, mut event: NewEvent) -> Result<Position, JournalError> {
        let place = self.place;
        let (occurred, known_at) = record::cut(&mut event).ok_or_else(|| fault::store(place, StoreFault::Moment))?;
        let encoded = format::encode(&event.event).map_err(|error| fault::store(place, error))?;
        let position = self.next;
        projection::project(&mut self.tables, Position(position), &event)?;
        let stream = event.stream.as_str();
        let (sequence, previous) = self.head(stream).map_err(|error| fault::sqlite(place, error))?;
        let command = self.envelope.command_id.uuid();
        let fields = Fields {
            position,
            stream: stream.as_bytes(),
            sequence: sequence + 1,
            kind: encoded.kind.as_bytes(),
            version: u64::from(encoded.version),
            command: command.as_bytes(),
            envelope: self.stored_envelope.as_bytes(),
            occurred,
            known_at,
            recorded_at: self.recorded_at,
            body: &encoded.body,
        };
        let hash = fields.hash(&previous);
        self.insert
            .execute(params![
                position,
                stream,
                fields.sequence,
                encoded.kind,
                encoded.version,
                fields.command,
                self.stored_envelope,
                occurred,
                known_at,
                self.recorded_at,
                hash,
                encoded.body
            ])
            .map_err(|error| fault::sqlite(place, error))?;
        match self.heads.get_mut(stream) {
            Some(head) => *head = (fields.sequence, hash),
            None => {
                self.heads.insert(stream.to_owned(), (fields.sequence, hash));
            }
        }
        self.next += 1;
        Ok(Position(position))
    }
}

impl Read for Commit<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.tables.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.tables.scan(space, from, to, each)
    }
}

impl Transaction for Commit<'_> {
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError> {
        let written = self.write(event);
        self.refused |= written.is_err();
        written
    }
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        Commit::head(self, stream.as_str()).map_err(|error| fault::sqlite(self.place, error))
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        let mut heads: BTreeMap<StreamName, (u64, [u8; 32])> = super::heads(self.connection, self.place)?
            .into_iter()
            .map(|(name, sequence, hash)| (name, (sequence, hash)))
            .collect();
        for (name, head) in &self.heads {
            heads.insert(name.parse().map_err(|error| fault::store(self.place, error))?, *head);
        }
        Ok(heads.into_iter().map(|(name, (sequence, hash))| (name, sequence, hash)).collect())
    }
}
