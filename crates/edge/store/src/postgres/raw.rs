//! The journal in PostgreSQL as rows that are copied: all of it at one moment, and all of it in one transaction.

use super::PostgresJournal;
use super::fault::{self, PostgresFault};
use super::group::Group;
use super::link::Link;
use super::load::{Load, NewRow, signed};
use super::pages::{self, EventPages};
use super::read;
use crate::raw::{CopyFault, EachRaw, Import, Look, RawCommand, RawEvent, RawImport, RawRead, RawView, RawWrite};
use levee_app::event::{NewEvent, Position};
use levee_app::journal::{EachRow, Journal as _, JournalError, Projections, Read, Space};
use levee_app::projection;
use levee_model::command::CommandId;
use std::ops::ControlFlow;
use tokio_postgres::Row;

const COMMANDS: &str =
    "SELECT command_id, first, last FROM levee.command WHERE command_id > $1 ORDER BY command_id LIMIT 4096";
const USED: &str = "SELECT EXISTS (SELECT FROM levee.event) OR EXISTS (SELECT FROM levee.command) \
     OR EXISTS (SELECT FROM levee.projection) OR EXISTS (SELECT FROM levee.projection_long)";

impl RawRead for PostgresJournal {
    fn snapshot(&self, look: Look<'_>) -> Result<(), JournalError> {
        let _one_moment = self.link.snapshot()?;
        look(&Moment(self))
    }
}

/// What a snapshot sees; the link asks within it.
struct Moment<'j>(&'j PostgresJournal);

impl Read for Moment<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.0.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.0.scan(space, from, to, each)
    }
}

impl RawView for Moment<'_> {
    fn place(&self) -> &str {
        &self.0.link.place
    }

    fn raw_last(&self) -> Result<Position, JournalError> {
        self.0.last()
    }

    fn raw_events(&self, after: Position, upto: Position, each: EachRaw<'_, RawEvent>) -> Result<(), JournalError> {
        let link = &self.0.link;
        // Not a page of events for one that is asked for.
        let mut pages = EventPages::between(signed(after.0), upto.0.saturating_sub(after.0));
        while !pages.ended() {
            for row in pages.fetch(link)? {
                let position: i64 = row.try_get(0).map_err(|error| link.fault(error))?;
                let position = u64::try_from(position).unwrap_or(0);
                if position > upto.0 {
                    return Ok(());
                }
                let event = raw_event(&row).map_err(|why| JournalError::Unreadable { position, why })?;
                if each(event).is_break() || position == upto.0 {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn raw_commands(&self, each: EachRaw<'_, RawCommand>) -> Result<(), JournalError> {
        let link = &self.0.link;
        let mut after: Vec<u8> = Vec::new();
        loop {
            let rows =
                link.ask(async |session| session.client().query(&session.prepared(COMMANDS).await?, &[&after]).await)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.try_get(0).map_err(|error| link.fault(error))?;
            for row in &rows {
                if each(raw_command(row, link)?).is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn raw_heads(&self) -> Result<Vec<(String, u64, [u8; 32])>, JournalError> {
        let link = &self.0.link;
        let rows =
            link.ask(async |session| session.client().query(&session.prepared(read::HEADS).await?, &[]).await)?;
        let head = |row| read::named_head(row, &link.place).map(|(name, (sequence, hash))| (name, sequence, hash));
        rows.iter().map(head).collect()
    }
}

fn raw_command(row: &Row, link: &Link) -> Result<RawCommand, JournalError> {
    let get = || Ok((row.try_get::<_, &[u8]>(0)?, row.try_get::<_, i64>(1)?, row.try_get::<_, i64>(2)?));
    let (id, first, last) = get().map_err(|error| link.fault(error))?;
    match (id.try_into(), u64::try_from(first), u64::try_from(last)) {
        (Ok(command_id), Ok(first), Ok(last)) => Ok(RawCommand { command_id, first, last }),
        _ => Err(fault::store(&link.place, PostgresFault::Number)),
    }
}

fn raw_event(row: &Row) -> Result<RawEvent, String> {
    let (fields, hash) = pages::fields(row)?;
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

impl RawWrite for PostgresJournal {
    fn raw_import(&mut self, import: Import<'_>) -> Result<(), JournalError> {
        let group = Group::begin(&self.link, &mut self.memory, &[])?;
        let used =
            group.answered(async |session| session.client().query_one(USED, &[]).await?.try_get::<_, bool>(0))?;
        if used {
            return Err(fault::store(&group.link.place, CopyFault::NotEmpty));
        }
        // Rolls back when dropped.
        let mut importing = Importing { group, nothing: Load::default() };
        import(&mut importing)?;
        importing.group.finish()
    }
}

/// Events, and no row of the projections: a step of the schema threw them away, or was cut off after it had.
const ROBBED: &str = "SELECT EXISTS (SELECT FROM levee.event) AND NOT EXISTS (SELECT FROM levee.projection) \
     AND NOT EXISTS (SELECT FROM levee.projection_long)";

impl PostgresJournal {
    /// Makes the projections again from the events where there are none, in one transaction. Whoever comes second finds it
    /// done.
    pub(super) fn make_projections_again(&mut self, address: &str) -> Result<(), JournalError> {
        let robbed = |session: tokio_postgres::Row| session.try_get::<_, bool>(0);
        if !self.link.ask(async |session| robbed(session.client().query_one(ROBBED, &[]).await?))? {
            return Ok(());
        }
        // Events do not change: they are read beside the transaction that holds the lock.
        let events = super::PostgresJournal { link: Link::new(address, true)?, memory: Default::default() };
        let group = Group::begin(&self.link, &mut self.memory, &[])?;
        if !group.answered(async |session| robbed(session.client().query_one(ROBBED, &[]).await?))? {
            return Ok(());
        }
        let mut onto = Importing { group, nothing: Load::default() };
        let mut fault = None;
        events.events(Position(0), &mut |stored| {
            // A transaction is kept for the sake of a command. Were its answer lost, the next opening would look again.
            onto.group.first_kept(stored.envelope.command_id);
            let (stream, occurred, known_at) = (stored.stream, stored.occurred, stored.known_at);
            let new = NewEvent { stream, occurred, known_at, event: stored.event };
            let done = projection::project(&mut onto, stored.position, &new);
            match done.and_then(|()| onto.group.imported(stored.position.0)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    fault = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        fault.map_or_else(|| onto.group.finish(), Err)
    }
}

struct Importing<'j> {
    group: Group<'j>,
    /// There is no command with writes of its own.
    nothing: Load,
}

impl Read for Importing<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.group.value(&self.nothing, space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.group.range(&self.nothing, (space, from, to), each)
    }
}

impl Projections for Importing<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.group.load.rows.set(space, key, Some(value));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.group.load.rows.set(space, key, None);
        Ok(())
    }
}

impl RawImport for Importing<'_> {
    fn raw_event(&mut self, event: &RawEvent) -> Result<(), JournalError> {
        self.group.load.body_bytes += event.body.len();
        self.group.load.events.push(NewRow {
            position: event.position,
            stream: event.stream.clone(),
            sequence: event.sequence,
            kind: event.kind.clone(),
            version: event.version,
            command: event.command_id,
            envelope: event.envelope.as_slice().into(),
            occurred: event.occurred,
            known_at: event.known_at,
            recorded_at: event.recorded_at,
            hash: event.hash,
            body: event.body.clone(),
        });
        self.group.imported(event.position)
    }

    fn raw_command(&mut self, command: RawCommand) -> Result<(), JournalError> {
        self.group.load.commands.push((command.command_id, command.first, command.last));
        self.group.first_kept(CommandId::new(uuid::Uuid::from_bytes(command.command_id)));
        Ok(())
    }

    fn raw_head(&mut self, stream: &str, sequence: u64, hash: &[u8; 32]) -> Result<(), JournalError> {
        self.group.load.heads.insert(stream.to_owned(), (sequence, *hash));
        Ok(())
    }
}
