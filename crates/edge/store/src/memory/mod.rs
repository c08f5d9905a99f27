//! The journal in memory: the same semantics, formats, hashes and checks as on disk, and nothing survives the process.
//!
//! For tests, drills and what-if runs. A commit writes into the maps at once and keeps what was there before; unless it
//! is committed, dropping it puts everything back.

mod raw;

use crate::audit::{Audit, Commanded, ProjectionRow};
use crate::format;
use crate::group::{Group, GroupStore, RunGroup};
use crate::record::{self, Fields, NO_HASH};
use crate::sqlite::StoreFault;
use jiff::Timestamp;
use levee_app::event::{NewEvent, Position, StoredEvent, StreamName};
use levee_app::journal::{
    Each, EachRow, Fault, Journal, JournalError, Projections, Read, Receipt, Space, Transaction, Verification, Work,
};
use levee_app::projection;
use levee_model::command::{CommandId, Envelope};
use std::collections::BTreeMap;
use std::ops::Bound;

/// How errors name it.
const PLACE: &str = "the journal in memory";

/// One event as stored.
#[derive(Clone, Debug)]
struct Stored {
    position: u64,
    stream: StreamName,
    sequence: u64,
    kind: &'static str,
    version: u32,
    command: CommandId,
    envelope: Vec<u8>,
    occurred: i64,
    known_at: i64,
    recorded_at: i64,
    body: Vec<u8>,
    hash: [u8; 32],
}

impl Stored {
    fn fields<'a>(&'a self, command: &'a [u8; 16]) -> Fields<'a> {
        Fields {
            position: self.position,
            stream: self.stream.as_str().as_bytes(),
            sequence: self.sequence,
            kind: self.kind.as_bytes(),
            version: u64::from(self.version),
            command,
            envelope: &self.envelope,
            occurred: self.occurred,
            known_at: self.known_at,
            recorded_at: self.recorded_at,
            body: &self.body,
        }
    }
}

type Table = BTreeMap<Vec<u8>, Vec<u8>>;

/// Projections in maps.
#[derive(Clone, Debug, Default)]
struct Maps(BTreeMap<Space, Table>);

impl Read for Maps {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.0.get(&space).and_then(|table| table.get(key)).cloned())
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        if let (Some(table), true) = (self.0.get(&space), from < to) {
            for (key, value) in table.range::<[u8], _>((Bound::Included(from), Bound::Excluded(to))) {
                if each((key, value)).is_break() {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Maps {
    /// Sets or removes; gives what was there.
    fn set(&mut self, space: Space, key: &[u8], value: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let table = self.0.entry(space).or_default();
        match value {
            Some(value) => table.insert(key.to_vec(), value),
            None => table.remove(key),
        }
    }
    fn rows(&self) -> impl Iterator<Item = ProjectionRow> {
        self.0.iter().flat_map(|(space, table)| {
            let space = i64::from(*space as u8);
            table.iter().map(move |(key, value)| ProjectionRow { space, key: key.clone(), value: value.clone() })
        })
    }
}

impl Projections for Maps {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.set(space, key, Some(value.to_vec()));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.set(space, key, None);
        Ok(())
    }
}

/// A city's journal in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal {
    events: Vec<Stored>,
    heads: BTreeMap<StreamName, (u64, [u8; 32])>,
    commands: BTreeMap<CommandId, (u64, u64)>,
    maps: Maps,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What a commit has to put back.
enum Before {
    Row(Space, Vec<u8>, Option<Vec<u8>>),
    Head(StreamName, Option<(u64, [u8; 32])>),
}

struct Commit<'j> {
    journal: &'j mut MemoryJournal,
    envelope: &'j Envelope,
    stored_envelope: Vec<u8>,
    recorded_at: i64,
    events_before: usize,
    before: Vec<Before>,
    refused: bool,
}

impl Drop for Commit<'_> {
    /// Puts back whatever was not committed; also while a panic unwinds.
    fn drop(&mut self) {
        for before in std::mem::take(&mut self.before).into_iter().rev() {
            match before {
                Before::Row(space, key, value) => {
                    self.journal.maps.set(space, &key, value);
                }
                Before::Head(stream, Some(head)) => {
                    self.journal.heads.insert(stream, head);
                }
                Before::Head(stream, None) => {
                    self.journal.heads.remove(&stream);
                }
            }
        }
        if !self.journal.commands.contains_key(&self.envelope.command_id) {
            self.journal.events.truncate(self.events_before);
        }
    }
}

impl Read for Commit<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.journal.maps.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.journal.maps.scan(space, from, to, each)
    }
}

impl Projections for Commit<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        let before = self.journal.maps.set(space, key, Some(value.to_vec()));
        self.before.push(Before::Row(space, key.to_vec(), before));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        let before = self.journal.maps.set(space, key, None);
        self.before.push(Before::Row(space, key.to_vec(), before));
        Ok(())
    }
}

impl Commit<'_> {
    fn write(&mut self, mut event: NewEvent) -> Result<Position, JournalError> {
        let (occurred, known_at) = record::cut(&mut event).ok_or_else(|| store(StoreFault::Moment))?;
        let encoded = format::encode(&event.event).map_err(store)?;
        let position = self.journal.events.last().map_or(0, |last| last.position) + 1;
        projection::project(self, Position(position), &event)?;
        let head = self.journal.heads.get(&event.stream).copied();
        let (sequence, previous) = head.unwrap_or((0, NO_HASH));
        let mut stored = Stored {
            position,
            stream: event.stream,
            sequence: sequence + 1,
            kind: encoded.kind,
            version: encoded.version,
            command: self.envelope.command_id,
            envelope: self.stored_envelope.clone(),
            occurred,
            known_at,
            recorded_at: self.recorded_at,
            body: encoded.body,
            hash: NO_HASH,
        };
        stored.hash = stored.fields(self.envelope.command_id.uuid().as_bytes()).hash(&previous);
        self.before.push(Before::Head(stored.stream.clone(), head));
        self.journal.heads.insert(stored.stream.clone(), (stored.sequence, stored.hash));
        self.journal.events.push(stored);
        Ok(Position(position))
    }
}

impl Transaction for Commit<'_> {
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError> {
        let written = self.write(event);
        self.refused |= written.is_err();
        written
    }
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        Ok(self.journal.heads.get(stream).copied().unwrap_or((0, NO_HASH)))
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.journal.heads()
    }
}

fn store(fault: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError::Store { place: PLACE.to_owned(), source: Box::new(fault) }
}

impl Read for MemoryJournal {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.maps.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.maps.scan(space, from, to, each)
    }
}

impl GroupStore for MemoryJournal {
    fn group(&mut self, run: RunGroup<'_>) -> Result<(), JournalError> {
        // Nothing here can fail as a whole: each command is kept as soon as it is carried out.
        run(self);
        Ok(())
    }
}

impl Group for MemoryJournal {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        Journal::transact(self, envelope, now, work)
    }
    fn last(&self) -> Position {
        Position(self.events.last().map_or(0, |last| last.position))
    }
}

impl Journal for MemoryJournal {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        if let Some(receipt) = self.receipt(envelope.command_id)? {
            return Ok(receipt);
        }
        let last = self.events.last();
        let recorded_at = record::recorded_at(now, last.map(|last| last.recorded_at))
            .map_err(|(now, last)| JournalError::ClockBehind { now, last })?;
        let first = last.map_or(0, |last| last.position) + 1;
        let stored_envelope = format::encode_envelope(envelope).map_err(store)?;
        let events_before = self.events.len();
        let before = Vec::new();
        let mut commit =
            Commit { journal: self, envelope, stored_envelope, recorded_at, events_before, before, refused: false };
        work(&mut commit)?;
        if commit.refused {
            return Err(store(StoreFault::Refused));
        }
        projection::at_commit(&commit)?;
        let last = commit.journal.events.last().map_or(0, |last| last.position);
        commit.journal.commands.insert(envelope.command_id, (first, last));
        commit.before.clear();
        let command_id = envelope.command_id;
        Ok(Receipt { command_id, first: Position(first), last: Position(last), repeated: false })
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        Ok(self.commands.get(&command).map(|(first, last)| Receipt {
            command_id: command,
            first: Position(*first),
            last: Position(*last),
            repeated: true,
        }))
    }

    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        let from = self.events.partition_point(|event| event.position <= after.0);
        for event in self.events.get(from..).unwrap_or_default() {
            let read = event.fields(event.command.uuid().as_bytes()).read();
            let unreadable =
                |e: format::FormatError| JournalError::Unreadable { position: event.position, why: e.to_string() };
            if each(read.map_err(unreadable)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn last(&self) -> Result<Position, JournalError> {
        Ok(Position(self.events.last().map_or(0, |last| last.position)))
    }

    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        Ok(self.heads.iter().map(|(name, (sequence, hash))| (name.clone(), *sequence, *hash)).collect())
    }

    fn verify(&self) -> Result<Verification, JournalError> {
        let mut rebuilt = Maps::default();
        let mut audit = Audit::default();
        let check = |audit: &mut Audit, ended: Option<Commanded>| {
            let Some(Commanded { id, first, last }) = ended else { return };
            let id = uuid::Uuid::from_slice(&id).map(CommandId::new);
            if id.ok().and_then(|id| self.commands.get(&id)) != Some(&(first, last)) {
                audit.fault(Fault::Stored {
                    place: format!("the receipt of the command of events {first} to {last}"),
                    why: "it is missing or names other events".to_owned(),
                });
            }
        };
        for event in &self.events {
            let ended = audit.event(&event.fields(event.command.uuid().as_bytes()), &event.hash, &mut rebuilt)?;
            check(&mut audit, ended);
        }
        let ended = audit.ended(&rebuilt)?;
        check(&mut audit, ended);
        audit.heads(
            self.heads
                .iter()
                .map(|(name, (sequence, hash))| (name.as_str().as_bytes().to_vec(), *sequence, hash.to_vec())),
        );
        let (mut kept, mut made) = (self.maps.rows(), rebuilt.rows());
        audit.compare(|| Ok(kept.next()), || Ok(made.next()))?;
        Ok(audit.finish())
    }
}
