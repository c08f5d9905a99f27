//! The journal on disk as rows that are copied: all of it at one moment, and all of it in one transaction.

use super::tables::{self, Tables};
use super::{COLUMNS, SqliteJournal, StoreFault, fault, fields};
use crate::raw::{CopyFault, EachRaw, Import, Look, RawCommand, RawEvent, RawImport, RawRead, RawView, RawWrite};
use levee_app::event::Position;
use levee_app::journal::{EachRow, JournalError, Projections, Read, Space};
use rusqlite::{CachedStatement, Connection, Row, Transaction, TransactionBehavior, params};

/// What a read transaction sees.
struct Snapshot<'c> {
    connection: &'c Connection,
    place: &'c str,
}

impl RawRead for SqliteJournal {
    fn snapshot(&self, look: Look<'_>) -> Result<(), JournalError> {
        let _one_moment = self.connection.unchecked_transaction().map_err(|error| fault::sqlite(&self.place, error))?;
        look(&Snapshot { connection: &self.connection, place: &self.place })
    }
}

impl Read for Snapshot<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        tables::get(self.connection, space, key).map_err(|error| fault::sqlite(self.place, error))
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        tables::scan(self.connection, space, from, to, each).map_err(|error| fault::sqlite(self.place, error))
    }
}

impl RawView for Snapshot<'_> {
    fn place(&self) -> &str {
        self.place
    }

    fn raw_last(&self) -> Result<Position, JournalError> {
        super::last(self.connection, self.place)
    }

    fn raw_events(&self, after: Position, upto: Position, each: EachRaw<'_, RawEvent>) -> Result<(), JournalError> {
        let sqlite = |error| fault::sqlite(self.place, error);
        let bound = |position: Position| i64::try_from(position.0).unwrap_or(i64::MAX);
        let mut select = self
            .connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM event WHERE position > ?1 AND position <= ?2 ORDER BY position"
            ))
            .map_err(sqlite)?;
        let mut rows = select.query(params![bound(after), bound(upto)]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let position = row.get(0).map_err(sqlite)?;
            let event = raw_event(row).map_err(|why| JournalError::Unreadable { position, why })?;
            if each(event).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn raw_commands(&self, each: EachRaw<'_, RawCommand>) -> Result<(), JournalError> {
        let sqlite = |error| fault::sqlite(self.place, error);
        let mut select = self
            .connection
            .prepare_cached("SELECT command_id, first, last FROM command ORDER BY command_id")
            .map_err(sqlite)?;
        let mut rows = select.query([]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let command = || Ok(RawCommand { command_id: row.get(0)?, first: row.get(1)?, last: row.get(2)? });
            if each(command().map_err(sqlite)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn raw_heads(&self) -> Result<Vec<(String, u64, [u8; 32])>, JournalError> {
        self.connection
            .prepare_cached("SELECT name, sequence, hash FROM stream ORDER BY name")
            .and_then(|mut select| select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
            .map_err(|error| fault::sqlite(self.place, error))
    }
}

fn raw_event(row: &Row<'_>) -> Result<RawEvent, String> {
    let (fields, hash) = fields(row).map_err(|error| error.to_string())?;
    let text = |bytes: &[u8], what| String::from_utf8(bytes.to_vec()).map_err(|_| format!("its {what} is not text"));
    Ok(RawEvent {
        position: fields.position,
        stream: text(fields.stream, "stream")?,
        sequence: fields.sequence,
        kind: text(fields.kind, "kind")?,
        version: u32::try_from(fields.version).map_err(|_| "its version is beyond any")?,
        command_id: fields.command.try_into().map_err(|_| "its command id is not 16 bytes")?,
        envelope: fields.envelope.to_vec(),
        occurred: fields.occurred,
        known_at: fields.known_at,
        recorded_at: fields.recorded_at,
        hash: hash.try_into().map_err(|_| "its hash is not 32 bytes")?,
        body: fields.body.to_vec(),
    })
}

struct Importing<'c> {
    tables: Tables<'c>,
    event: CachedStatement<'c>,
    command: CachedStatement<'c>,
    head: CachedStatement<'c>,
    place: &'c str,
}

impl RawWrite for SqliteJournal {
    fn raw_import(&mut self, import: Import<'_>) -> Result<(), JournalError> {
        let (connection, place) = (&self.connection, self.place.as_str());
        if self.lock.is_none() {
            return Err(fault::store(place, StoreFault::ReadOnly));
        }
        let sqlite = |error| fault::sqlite(place, error);
        // Rolls back when dropped.
        let whole = Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(sqlite)?;
        let used = "SELECT EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM command) OR EXISTS (SELECT 1 FROM projection)";
        if connection.query_row(used, [], |row| row.get(0)).map_err(sqlite)? {
            return Err(fault::store(place, CopyFault::NotEmpty));
        }
        let prepare = |sql| connection.prepare_cached(sql).map_err(sqlite);
        let mut importing = Importing {
            tables: Tables::new(connection, place),
            event: prepare(&super::insert::event().single)?,
            command: prepare("INSERT INTO command (command_id, first, last) VALUES (?1, ?2, ?3)")?,
            head: prepare("INSERT INTO stream (name, sequence, hash) VALUES (?1, ?2, ?3)")?,
            place,
        };
        import(&mut importing)?;
        importing.tables.flush()?;
        drop(importing);
        whole.commit().map_err(sqlite)
    }
}

impl Read for Importing<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.tables.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.tables.scan(space, from, to, each)
    }
}

impl Projections for Importing<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.tables.put(space, key, value)
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.tables.delete(space, key)
    }
}

impl RawImport for Importing<'_> {
    fn raw_event(&mut self, event: &RawEvent) -> Result<(), JournalError> {
        let place = self.place;
        // Envelopes are text in this store; another store may keep them as bytes.
        let envelope = std::str::from_utf8(&event.envelope).map_err(|error| fault::store(place, error))?;
        self.event
            .execute(params![
                event.position,
                event.stream,
                event.sequence,
                event.kind,
                event.version,
                event.command_id,
                envelope,
                event.occurred,
                event.known_at,
                event.recorded_at,
                event.hash,
                event.body
            ])
            .map(|_| ())
            .map_err(|error| fault::sqlite(place, error))
    }

    fn raw_command(&mut self, command: RawCommand) -> Result<(), JournalError> {
        self.command
            .execute(params![command.command_id, command.first, command.last])
            .map(|_| ())
            .map_err(|error| fault::sqlite(self.place, error))
    }

    fn raw_head(&mut self, stream: &str, sequence: u64, hash: &[u8; 32]) -> Result<(), JournalError> {
        self.head.execute(params![stream, sequence, hash]).map(|_| ()).map_err(|error| fault::sqlite(self.place, error))
    }
}
