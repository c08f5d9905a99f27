//! A command in the making: its events, chains and projections, apart from those of the commands before it in the same
//! transaction, so that a refusal drops them and nothing else.
//!
//! They wait in memory. A command that outgrows its memory goes on in a savepoint of the database.

use super::fault::{self, StoreFault};
use super::group::Group;
use super::insert::Waits;
use super::tables::MOST_WAITING_BYTES;
use crate::format;
use crate::layer::Layer;
use crate::record::{self, Fields};
use levee_app::event::{NewEvent, Position, StreamName};
use levee_app::journal::{EachRow, JournalError, Projections, Read, Receipt, Space, Transaction};
use levee_app::projection;
use levee_model::command::Envelope;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) struct Commit<'g, 'c> {
    group: &'g mut Group<'c>,
    envelope: &'g Envelope,
    stored_envelope: Arc<str>,
    recorded_at: i64,
    first: u64,
    next: u64,
    heads: BTreeMap<StreamName, (u64, [u8; 32])>,
    events: Vec<Waits>,
    event_bytes: usize,
    rows: Layer,
    /// Set when an event was refused half-way: whatever the command makes of it, it must not be committed.
    refused: bool,
    /// Whether the database holds a part of it, behind a savepoint.
    spilled: bool,
    /// Whether it wrote to a batch; then what must hold of batches at its end is looked for.
    batches: bool,
}

impl<'g, 'c> Commit<'g, 'c> {
    pub(super) fn begin(
        group: &'g mut Group<'c>,
        envelope: &'g Envelope,
        recorded_at: i64,
    ) -> Result<Self, JournalError> {
        let place = group.place;
        let stored = format::encode_envelope(envelope).map_err(|error| fault::store(place, error))?;
        let stored_envelope = std::str::from_utf8(&stored).map_err(|error| fault::store(place, error))?.into();
        let first = group.next;
        Ok(Self {
            group,
            envelope,
            stored_envelope,
            recorded_at,
            first,
            next: first,
            heads: BTreeMap::new(),
            events: Vec::new(),
            event_bytes: 0,
            rows: Layer::default(),
            refused: false,
            spilled: false,
            batches: false,
        })
    }

    /// Checks what must hold at the end of a command, and hands its writes to the group.
    pub(super) fn finish(mut self) -> Result<Receipt, JournalError> {
        if self.refused {
            return Err(fault::store(self.group.place, StoreFault::Refused));
        }
        if self.batches {
            projection::at_commit(&self)?;
        }
        if self.spilled {
            self.write_events()?;
            self.group.release()?;
            self.spilled = false;
        }
        let (first, last) = (self.first, self.next - 1);
        let command_id = self.envelope.command_id;
        let (rows, heads, events) =
            (std::mem::take(&mut self.rows), std::mem::take(&mut self.heads), std::mem::take(&mut self.events));
        self.group.take(command_id, (first, last), self.recorded_at, events, rows, heads)?;
        Ok(Receipt { command_id, first: Position(first), last: Position(last), repeated: false })
    }

    /// Writes events behind the command's savepoint.
    fn write_events(&mut self) -> Result<(), JournalError> {
        self.event_bytes = 0;
        let events = std::mem::take(&mut self.events);
        self.group.insert(&events)
    }

    fn spill_when_full(&mut self) -> Result<(), JournalError> {
        if self.rows.bytes() + self.event_bytes <= MOST_WAITING_BYTES {
            return Ok(());
        }
        if !self.spilled {
            self.group.savepoint()?;
            self.spilled = true;
        }
        self.write_events()?;
        self.group.spill(std::mem::take(&mut self.rows))
    }

    fn stored_head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        match self.heads.get(stream) {
            Some(head) => Ok(*head),
            None => self.group.head(stream),
        }
    }

    fn write(&mut self, mut event: NewEvent) -> Result<Position, JournalError> {
        let place = self.group.place;
        let (occurred, known_at) = record::cut(&mut event).ok_or_else(|| fault::store(place, StoreFault::Moment))?;
        let encoded = format::encode(&event.event).map_err(|error| fault::store(place, error))?;
        let position = self.next;
        projection::project(self, Position(position), &event)?;
        let (sequence, previous) = self.stored_head(&event.stream)?;
        let command = self.envelope.command_id.uuid();
        let fields = Fields {
            position,
            stream: event.stream.as_str().as_bytes(),
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
        let head = (sequence + 1, fields.hash(&previous));
        match self.heads.get_mut(&event.stream) {
            Some(known) => *known = head,
            None => {
                self.heads.insert(event.stream.clone(), head);
            }
        }
        let waits = Waits {
            position,
            stream: event.stream,
            sequence: head.0,
            kind: encoded.kind,
            version: encoded.version,
            command: self.envelope.command_id,
            envelope: Arc::clone(&self.stored_envelope),
            occurred,
            known_at,
            recorded_at: self.recorded_at,
            hash: head.1,
            body: encoded.body,
        };
        self.event_bytes += waits.bytes();
        self.events.push(waits);
        self.next += 1;
        self.spill_when_full()?;
        Ok(Position(position))
    }
}

impl Drop for Commit<'_, '_> {
    /// Takes back what the database holds of a command that was not finished; also while a panic unwinds.
    fn drop(&mut self) {
        if self.spilled {
            self.group.back_to_savepoint();
        }
    }
}

impl Read for Commit<'_, '_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        match self.rows.get(space, key) {
            Some(waits) => Ok(waits.clone()),
            None => self.group.tables.get(space, key),
        }
    }
    fn has(&self, space: Space, key: &[u8]) -> Result<bool, JournalError> {
        self.rows.get(space, key).map_or_else(|| self.group.tables.has(space, key), |waits| Ok(waits.is_some()))
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.rows.scan(space, (from, to), each, |each| self.group.tables.scan(space, from, to, each))
    }
}

impl Projections for Commit<'_, '_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.batches |= space == Space::OpenBatch;
        self.rows.set(space, key, Some(value));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.rows.set(space, key, None);
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
        self.stored_head(stream)
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        let mut heads = self.group.heads()?;
        heads.extend(self.heads.iter().map(|(name, head)| (name.clone(), *head)));
        Ok(heads.into_iter().map(|(name, (sequence, hash))| (name, sequence, hash)).collect())
    }
}
