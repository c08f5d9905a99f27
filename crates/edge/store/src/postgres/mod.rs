//! The journal in a PostgreSQL database: one database, one city; tables in its schema `levee`.
//!
//! Any number of processes may write. A commit holds the city's lock from its first look at the journal until it is
//! durable, so positions have no gaps and become visible in their order, and times of record do not run backwards. Whoever
//! reads follows positions; a notification on the channel `levee` only says that it is worth looking.
//!
//! No call may be made from within an asynchronous runtime: each waits for the server on the calling thread.
//! Questions and answers: `docs/design/postgres.md`.

mod asked;
mod blobs;
mod commit;
mod fault;
mod group;
mod link;
mod load;
mod outcome;
mod pages;
mod raw;
mod read;
mod rows;
mod schema;
mod verify;

pub(crate) use asked::Asked;
pub use blobs::PostgresBlobs;
pub use fault::PostgresFault;

use crate::group::{GroupStore, RunGroup};
use group::{Group, Memory, RECEIPTS};
use jiff::Timestamp;
use levee_app::event::{Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Verification, Work};
use levee_model::command::{CommandId, Envelope};
use link::Link;
use load::signed;
use pages::{EventPages, Pages};
use std::time::{Duration, Instant};

const LAST: &str = "SELECT max(position) FROM levee.event";

/// How long a reader trusts that it would have been told, before it looks for itself.
const LOOK: Duration = Duration::from_secs(5);

/// A city's journal in PostgreSQL.
pub struct PostgresJournal {
    link: Link,
    memory: Memory,
}

impl PostgresJournal {
    /// Makes the journal of a new city in a database that has none. `address` is what PostgreSQL's own programs take:
    /// `postgres://user@host/database`, or `host=/folder/of/socket user=… dbname=…`.
    pub fn create(address: &str) -> Result<Self, JournalError> {
        let link = Link::new(address, false)?;
        schema::create(&*link.session()?, &link.place)?;
        Ok(Self { link, memory: Memory::default() })
    }

    /// Opens a journal for reading and writing. Other processes may have it open too. Older tables are brought to those
    /// of this version.
    pub fn open(address: &str) -> Result<Self, JournalError> {
        let link = Link::new(address, false)?;
        schema::migrate(&*link.session()?, &link.place)?;
        let mut journal = Self { link, memory: Memory::default() };
        journal.make_projections_again(address)?;
        Ok(journal)
    }

    /// Opens a journal for reading.
    pub fn open_read_only(address: &str) -> Result<Self, JournalError> {
        let link = Link::new(address, true)?;
        if schema::check(&*link.session()?, &link.place)? < schema::KNOWN {
            // What an earlier version kept must be brought up before anybody reads it; that only a writer may.
            drop(Self::open(address)?);
        }
        Ok(Self { link, memory: Memory::default() })
    }

    /// The database as errors name it, without a password.
    pub fn place(&self) -> &str {
        &self.link.place
    }

    /// How long a commit whose answer was lost is looked for, when the database cannot be reached; 15 s unless set.
    pub fn patience(&mut self, patience: Duration) {
        self.link.patience = patience;
    }

    /// Waits until there is an event after `after`, or the time is up; gives the last position either way.
    pub fn wait(&self, after: Position, timeout: Duration) -> Result<Position, JournalError> {
        let until = Instant::now() + timeout;
        loop {
            // Listening begins before the look: what comes after the look is told. Asked for again it costs nothing, and
            // a connection that was made anew listens again.
            let (last, session) = self.link.ask_with(async |session| {
                session.client().batch_execute("LISTEN levee").await?;
                let statement = session.prepared(LAST).await?;
                session.client().query_one(&statement, &[]).await?.try_get::<_, Option<i64>>(0)
            })?;
            let last = position(last);
            let left = until.saturating_duration_since(Instant::now());
            if last > after || left.is_zero() {
                return Ok(last);
            }
            // Woken, or not: what counts is where the journal stands.
            let _ = session.wait_for(async { tokio::time::timeout(left.min(LOOK), session.woken.notified()).await });
        }
    }
}

fn position(last: Option<i64>) -> Position {
    Position(last.and_then(|last| u64::try_from(last).ok()).unwrap_or(0))
}

impl Read for PostgresJournal {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.link.ask(async |session| pages::get(session, space, key).await)
    }

    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        let (rows, ended) = self.link.ask(async |session| {
            let mut pages = Pages::new(space, from, to);
            Ok((pages.next(session).await?, pages.ended()))
        })?;
        if ended {
            let mut rows = rows.iter();
            rows.try_for_each(|(key, value)| each((key, value)).is_continue().then_some(()));
            return Ok(());
        }
        // More than a page: from the beginning again, all pages at one moment.
        let snapshot = self.link.snapshot()?;
        let mut pages = Pages::new(space, from, to);
        while !pages.ended() {
            let rows = snapshot.session.wait_for(pages.next(&snapshot.session));
            for (key, value) in rows.map_err(|error| self.link.fault(error))? {
                if each((&key, &value)).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl GroupStore for PostgresJournal {
    fn group(&mut self, run: RunGroup<'_>) -> Result<(), JournalError> {
        let mut group = Group::begin(&self.link, &mut self.memory, &[])?;
        run(&mut group);
        group.finish()
    }
}

impl Journal for PostgresJournal {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        let mut group = Group::begin(&self.link, &mut self.memory, &[envelope.command_id])?;
        // Rolls back when dropped: on an error, and while a panic in `work` unwinds.
        let receipt = group.carry_out(envelope, now, work)?;
        group.finish()?;
        Ok(receipt)
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        let wanted = vec![command.uuid().as_bytes().to_vec()];
        let rows = self
            .link
            .ask(async |session| session.client().query(&session.prepared(RECEIPTS).await?, &[&wanted]).await)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (_, first, last) = group::receipt(row).map_err(|error| self.link.fault(error))?;
        Ok(Some(Receipt { command_id: command, first: Position(first), last: Position(last), repeated: true }))
    }

    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        // Events are never changed, so that pages of different moments fit; but not beyond the moment of the call.
        let mut pages = EventPages::after(signed(after.0));
        let mut until = None;
        loop {
            let rows = pages.fetch(&self.link)?;
            if !pages.ended() && until.is_none() {
                until = Some(self.last()?.0);
            }
            for row in &rows {
                let position: i64 = row.try_get(0).map_err(|error| self.link.fault(error))?;
                let position = u64::try_from(position).unwrap_or(0);
                if until.is_some_and(|until| position > until) {
                    return Ok(());
                }
                let unreadable = |why: String| JournalError::Unreadable { position, why };
                let (fields, _) = pages::fields(row).map_err(unreadable)?;
                let stored = fields.read().map_err(|error| unreadable(error.to_string()))?;
                if each(stored).is_break() {
                    return Ok(());
                }
            }
            if pages.ended() {
                return Ok(());
            }
        }
    }

    fn last(&self) -> Result<Position, JournalError> {
        let last = self.link.ask(async |session| {
            session.client().query_one(&session.prepared(LAST).await?, &[]).await?.try_get::<_, Option<i64>>(0)
        })?;
        Ok(position(last))
    }

    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        let rows =
            self.link.ask(async |session| session.client().query(&session.prepared(read::HEADS).await?, &[]).await)?;
        let head = |row| {
            let (name, (sequence, hash)) = read::named_head(row, &self.link.place)?;
            Ok((read::stream(&name, &self.link.place)?, sequence, hash))
        };
        rows.iter().map(head).collect()
    }

    fn verify(&self) -> Result<Verification, JournalError> {
        verify::verify(&self.link)
    }
}
