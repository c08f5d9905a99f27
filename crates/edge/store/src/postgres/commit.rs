//! One command of a group: its events, chains and projections.

use super::fault::{self, PostgresFault};
use super::group::Group;
use super::load::{Load, MOST_WAITING_BYTES, NewRow};
use crate::format;
use crate::record::{self, Fields};
use levee_app::event::{NewEvent, Position, StreamName};
use levee_app::journal::{EachRow, JournalError, Projections, Read, Space, Transaction};
use levee_app::projection;
use levee_model::command::CommandId;
use std::sync::Arc;

/// One command of a group.
pub(super) struct Commit<'g, 'j> {
    group: &'g mut Group<'j>,
    id: CommandId,
    stored_envelope: Arc<[u8]>,
    recorded_at: i64,
    next: u64,
    /// What it has written and not sent.
    own: Load,
    /// Whether a part of it lies in the database, behind a savepoint.
    spilled: bool,
    /// Set when an event was refused half-way: whatever the command makes of it, it must not be committed.
    refused: bool,
    kept: bool,
}

impl Drop for Commit<'_, '_> {
    fn drop(&mut self) {
        if self.spilled && !self.kept {
            self.group.forget();
            // Should it fail, the transaction is broken and the group's end will say so.
            let _ = self.group.run("ROLLBACK TO SAVEPOINT levee");
        }
    }
}

impl<'g, 'j> Commit<'g, 'j> {
    pub(super) fn begin(group: &'g mut Group<'j>, id: CommandId, stored_envelope: Arc<[u8]>, recorded_at: i64) -> Self {
        let next = group.last + 1;
        let own = Load::default();
        Self { group, id, stored_envelope, recorded_at, next, own, spilled: false, refused: false, kept: false }
    }

    /// Checks what must hold at the end, and hands over to the group what it wrote. Gives its last position.
    pub(super) fn finish(mut self) -> Result<u64, JournalError> {
        if self.refused {
            return Err(fault::store(&self.group.link.place, PostgresFault::Refused));
        }
        projection::at_commit(&self)?;
        let (first, last) = (self.group.last + 1, self.next - 1);
        if self.spilled {
            self.group.run("RELEASE SAVEPOINT levee")?;
        }
        self.kept = true;
        self.own.commands.push((*self.id.uuid().as_bytes(), first, last));
        let own = std::mem::take(&mut self.own);
        self.group.keep(self.id, (first, last), self.recorded_at, own)?;
        Ok(last)
    }

    /// Sends what has grown too large to wait.
    fn spill(&mut self) -> Result<(), JournalError> {
        if !self.spilled {
            self.group.flush()?;
            self.group.run("SAVEPOINT levee")?;
            self.spilled = true;
        }
        let own = std::mem::take(&mut self.own);
        self.group.send(&own)
    }

    fn write(&mut self, mut event: NewEvent) -> Result<Position, JournalError> {
        let store = |error| fault::store(&self.group.link.place, error);
        let (occurred, known_at) =
            record::cut(&mut event).ok_or_else(|| fault::store(&self.group.link.place, PostgresFault::Moment))?;
        let encoded = format::encode(&event.event).map_err(store)?;
        let position = self.next;
        projection::project(self, Position(position), &event)?;
        let (sequence, previous) = self.group.head(&self.own, event.stream.as_str())?;
        let command = *self.id.uuid().as_bytes();
        let fields = Fields {
            position,
            stream: event.stream.as_str().as_bytes(),
            sequence: sequence + 1,
            kind: encoded.kind.as_bytes(),
            version: u64::from(encoded.version),
            command: &command,
            envelope: &self.stored_envelope,
            occurred,
            known_at,
            recorded_at: self.recorded_at,
            body: &encoded.body,
        };
        let hash = fields.hash(&previous);
        self.own.heads.insert(event.stream.as_str().to_owned(), (sequence + 1, hash));
        self.own.body_bytes += encoded.body.len();
        self.own.events.push(NewRow {
            position,
            stream: event.stream.as_str().to_owned(),
            sequence: sequence + 1,
            kind: encoded.kind.to_owned(),
            version: encoded.version,
            command,
            envelope: Arc::clone(&self.stored_envelope),
            occurred,
            known_at,
            recorded_at: self.recorded_at,
            hash,
            body: encoded.body,
        });
        self.next += 1;
        if self.own.bytes() > MOST_WAITING_BYTES {
            self.spill()?;
        }
        Ok(Position(position))
    }
}

impl Read for Commit<'_, '_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.group.value(&self.own, space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.group.range(&self.own, (space, from, to), each)
    }
}

impl Projections for Commit<'_, '_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.own.rows.set(space, key, Some(value));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.own.rows.set(space, key, None);
        Ok(())
    }
}

impl Transaction for Commit<'_, '_> {
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError> {
        let written = self.write(event);
        self.refused |= written.is_err();
        written
    }
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        self.group.head(&self.own, stream.as_str())
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.group.heads(&self.own)
    }
}
