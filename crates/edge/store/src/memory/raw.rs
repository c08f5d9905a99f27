//! The journal in memory as rows that are copied.

use super::{MemoryJournal, PLACE, Stored, store};
use crate::format::{FormatError, KINDS};
use crate::raw::{CopyFault, EachRaw, Import, Look, RawCommand, RawEvent, RawImport, RawRead, RawView, RawWrite};
use levee_app::event::Position;
use levee_app::journal::{EachRow, JournalError, Projections, Read, Space};
use levee_model::command::CommandId;
use uuid::Uuid;

impl RawRead for MemoryJournal {
    fn snapshot(&self, look: Look<'_>) -> Result<(), JournalError> {
        look(self)
    }
}

impl RawView for MemoryJournal {
    fn place(&self) -> &str {
        PLACE
    }

    fn raw_last(&self) -> Result<Position, JournalError> {
        Ok(Position(self.events.last().map_or(0, |last| last.position)))
    }

    fn raw_events(&self, after: Position, upto: Position, each: EachRaw<'_, RawEvent>) -> Result<(), JournalError> {
        let from = self.events.partition_point(|event| event.position <= after.0);
        for event in self.events.iter().skip(from).take_while(|event| event.position <= upto.0) {
            let raw = RawEvent {
                position: event.position,
                stream: event.stream.to_string(),
                sequence: event.sequence,
                kind: event.kind.to_owned(),
                version: event.version,
                command_id: *event.command.uuid().as_bytes(),
                envelope: event.envelope.clone(),
                occurred: event.occurred,
                known_at: event.known_at,
                recorded_at: event.recorded_at,
                hash: event.hash,
                body: event.body.clone(),
            };
            if each(raw).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn raw_commands(&self, each: EachRaw<'_, RawCommand>) -> Result<(), JournalError> {
        for (id, (first, last)) in &self.commands {
            if each(RawCommand { command_id: *id.uuid().as_bytes(), first: *first, last: *last }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn raw_heads(&self) -> Result<Vec<(String, u64, [u8; 32])>, JournalError> {
        Ok(self.heads.iter().map(|(name, (sequence, hash))| (name.to_string(), *sequence, *hash)).collect())
    }
}

impl RawWrite for MemoryJournal {
    fn raw_import(&mut self, import: Import<'_>) -> Result<(), JournalError> {
        if !self.events.is_empty() || !self.commands.is_empty() {
            return Err(store(CopyFault::NotEmpty));
        }
        let mut whole = Importing(Self::new());
        import(&mut whole)?;
        *self = whole.0;
        Ok(())
    }
}

/// Only an import may write projections without an event.
struct Importing(MemoryJournal);

impl Read for Importing {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.0.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.0.scan(space, from, to, each)
    }
}

impl Projections for Importing {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.0.maps.put(space, key, value)
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.0.maps.delete(space, key)
    }
}

impl RawImport for Importing {
    fn raw_event(&mut self, event: &RawEvent) -> Result<(), JournalError> {
        let unknown = || FormatError::UnknownKind { kind: event.kind.clone() };
        self.0.events.push(Stored {
            position: event.position,
            stream: event.stream.parse().map_err(store)?,
            sequence: event.sequence,
            kind: KINDS.into_iter().find(|kind| *kind == event.kind).ok_or_else(unknown).map_err(store)?,
            version: event.version,
            command: CommandId::new(Uuid::from_bytes(event.command_id)),
            envelope: event.envelope.clone(),
            occurred: event.occurred,
            known_at: event.known_at,
            recorded_at: event.recorded_at,
            body: event.body.clone(),
            hash: event.hash,
        });
        Ok(())
    }

    fn raw_command(&mut self, command: RawCommand) -> Result<(), JournalError> {
        let id = CommandId::new(Uuid::from_bytes(command.command_id));
        self.0.commands.insert(id, (command.first, command.last));
        Ok(())
    }

    fn raw_head(&mut self, stream: &str, sequence: u64, hash: &[u8; 32]) -> Result<(), JournalError> {
        self.0.heads.insert(stream.parse().map_err(store)?, (sequence, *hash));
        Ok(())
    }
}
