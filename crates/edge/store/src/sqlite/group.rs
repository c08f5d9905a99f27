//! Commands that share one transaction of the database. Each sees the writes of those before it.

use super::commit::Commit;
use super::fault::{self, StoreFault};
use super::insert::{self, Waits};
use super::tables::{MOST_WAITING_BYTES, Tables};
use crate::group::{Group as GroupPort, same_failure};
use crate::layer::Layer;
use crate::record::{self, NO_HASH};
use jiff::Timestamp;
use levee_app::event::{Position, StreamName};
use levee_app::journal::{JournalError, Receipt, Work};
use levee_model::command::{CommandId, Envelope};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;

/// What the commands of a transaction have left so far.
pub(super) struct Group<'c> {
    connection: &'c Connection,
    pub(super) place: &'c str,
    pub(super) tables: Tables<'c>,
    pub(super) next: u64,
    last_recorded: Option<i64>,
    heads: BTreeMap<StreamName, (u64, [u8; 32])>,
    /// Events of finished commands that wait to be written, in order.
    events: Vec<Waits>,
    event_bytes: usize,
    /// Commands that wait to be written, with their first and last event.
    commands: BTreeMap<CommandId, (u64, u64)>,
    /// Why nothing of the transaction can be kept any more.
    failed: Option<JournalError>,
}

impl<'c> Group<'c> {
    /// Starts a group; the transaction has begun on `connection`.
    pub(super) fn begin(connection: &'c Connection, place: &'c str) -> Result<Self, JournalError> {
        let last: Option<(u64, i64)> = connection
            .prepare_cached("SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1")
            .and_then(|mut last| last.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(|error| fault::sqlite(place, error))?;
        Ok(Self {
            connection,
            place,
            tables: Tables::new(connection, place),
            next: last.map_or(1, |(position, _)| position + 1),
            last_recorded: last.map(|(_, at)| at),
            heads: BTreeMap::new(),
            events: Vec::new(),
            event_bytes: 0,
            commands: BTreeMap::new(),
            failed: None,
        })
    }

    /// Writes what has waited. The caller commits, unless there is an error.
    pub(super) fn finish(mut self) -> Result<(), JournalError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.flush()?;
        self.write_heads().map_err(|error| fault::sqlite(self.place, error))
    }

    /// Sends everything that waits to the database, but the heads of the chains.
    fn flush(&mut self) -> Result<(), JournalError> {
        self.event_bytes = 0;
        let (events, commands) = (std::mem::take(&mut self.events), std::mem::take(&mut self.commands));
        insert::events(self.connection, &events)
            .and_then(|()| insert::commands(self.connection, &commands))
            .map_err(|error| fault::sqlite(self.place, error))?;
        self.tables.flush()
    }

    fn write_heads(&self) -> rusqlite::Result<()> {
        let mut put = self.connection.prepare_cached(
            "INSERT INTO stream (name, sequence, hash) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash",
        )?;
        for (name, (sequence, hash)) in &self.heads {
            put.execute(params![name.as_str(), sequence, hash])?;
        }
        Ok(())
    }

    /// The head of a chain as the next command sees it.
    pub(super) fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        if let Some(head) = self.heads.get(stream) {
            return Ok(*head);
        }
        self.connection
            .prepare_cached("SELECT sequence, hash FROM stream WHERE name = ?1")
            .and_then(|mut select| select.query_row([stream.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map(|stored| stored.unwrap_or((0, NO_HASH)))
            .map_err(|error| fault::sqlite(self.place, error))
    }

    /// The head of every chain as the next command sees it.
    pub(super) fn heads(&self) -> Result<BTreeMap<StreamName, (u64, [u8; 32])>, JournalError> {
        let stored = super::heads(self.connection, self.place)?;
        let mut heads: BTreeMap<_, _> =
            stored.into_iter().map(|(name, sequence, hash)| (name, (sequence, hash))).collect();
        heads.extend(self.heads.iter().map(|(name, head)| (name.clone(), *head)));
        Ok(heads)
    }

    /// Whatever the database would not write is lost to all: SQLite may have rolled the transaction back, and what is
    /// half written cannot be told from what is whole.
    fn writing<T>(&mut self, done: Result<T, JournalError>) -> Result<T, JournalError> {
        done.inspect_err(|error| {
            self.failed.get_or_insert_with(|| same_failure(error));
        })
    }

    fn execute(&mut self, sql: &str) -> Result<(), JournalError> {
        let done = self.connection.execute_batch(sql).map_err(|error| fault::sqlite(self.place, error));
        self.writing(done)
    }

    /// Writes a part of a command's events behind its savepoint.
    pub(super) fn insert(&mut self, events: &[Waits]) -> Result<(), JournalError> {
        let done = insert::events(self.connection, events).map_err(|error| fault::sqlite(self.place, error));
        self.writing(done)
    }

    /// Takes over what a command leaves.
    pub(super) fn take(
        &mut self,
        command: CommandId,
        (first, last): (u64, u64),
        recorded_at: i64,
        events: Vec<Waits>,
        rows: Layer,
        heads: BTreeMap<StreamName, (u64, [u8; 32])>,
    ) -> Result<(), JournalError> {
        self.event_bytes += events.iter().map(Waits::bytes).sum::<usize>();
        self.events.extend(events);
        self.commands.insert(command, (first, last));
        let done = self.tables.take_over(rows);
        self.writing(done)?;
        if self.event_bytes > MOST_WAITING_BYTES {
            let done = self.flush();
            self.writing(done)?;
        }
        self.heads.extend(heads);
        self.next = last + 1;
        if first <= last {
            self.last_recorded = Some(recorded_at);
        }
        Ok(())
    }

    /// From here on the database can take back what a command has written.
    pub(super) fn savepoint(&mut self) -> Result<(), JournalError> {
        // What waits is of the commands before: it must not be taken back.
        let done = self.flush();
        self.writing(done)?;
        self.execute("SAVEPOINT command")
    }

    /// Writes a part of a command's projections behind its savepoint.
    pub(super) fn spill(&mut self, rows: Layer) -> Result<(), JournalError> {
        let done = self.tables.send(rows);
        self.writing(done)
    }

    pub(super) fn release(&mut self) -> Result<(), JournalError> {
        self.execute("RELEASE command")
    }

    pub(super) fn back_to_savepoint(&mut self) {
        self.tables.forget();
        // A failure stays in `failed`, and the transaction is not committed.
        let _ = self.execute("ROLLBACK TO command; RELEASE command");
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        match self.commands.get(&command) {
            Some((first, last)) => Ok(Some(Receipt {
                command_id: command,
                first: Position(*first),
                last: Position(*last),
                repeated: true,
            })),
            None => super::receipt(self.connection, self.place, command),
        }
    }

    fn carry_out(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        if let Some(receipt) = self.receipt(envelope.command_id)? {
            return Ok(receipt);
        }
        let recorded_at = record::recorded_at(now, self.last_recorded)
            .map_err(|(now, last)| JournalError::ClockBehind { now, last })?;
        let mut commit = Commit::begin(self, envelope, recorded_at)?;
        work(&mut commit)?;
        commit.finish()
    }
}

impl GroupPort for Group<'_> {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        if let Some(error) = &self.failed {
            return Err(same_failure(error));
        }
        let done = self.carry_out(envelope, now, work);
        // Some errors of reading end the transaction too.
        if self.connection.is_autocommit() && self.failed.is_none() {
            self.failed = Some(match &done {
                Err(error) => same_failure(error),
                Ok(_) => fault::store(self.place, StoreFault::RolledBack),
            });
        }
        match &self.failed {
            Some(error) if done.is_ok() => Err(same_failure(error)),
            _ => done,
        }
    }

    fn last(&self) -> Position {
        Position(self.next - 1)
    }
}
