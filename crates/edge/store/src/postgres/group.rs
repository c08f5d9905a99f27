//! A transaction of the database in the making, and the commands that share it.
//!
//! Each command gathers what it writes; one that is refused is dropped and has touched nothing. The others go to the
//! database together, with one commit. Only a command that outgrows its memory writes earlier, behind a savepoint.

use super::commit::Commit;
use super::fault::{self, PostgresFault};
use super::link::{Link, Session};
use super::load::{Answer, Load, MOST_WAITING_BYTES, signed, together};
use super::rows::Known;
use super::schema;
use crate::format;
use crate::record;
use jiff::Timestamp;
use levee_app::event::Position;
use levee_app::journal::{JournalError, Receipt, Work};
use levee_model::command::{CommandId, Envelope};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio_postgres::Row;

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const LAST: &str = "SELECT position, recorded_at FROM levee.event ORDER BY position DESC LIMIT 1";
pub(super) const RECEIPTS: &str = "SELECT command_id, first, last FROM levee.command WHERE command_id = ANY ($1)";
/// What a journal remembers between its commits: true as long as the last event is still this one.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) known: RefCell<Known>,
    last: Option<i64>,
}

/// Commands that share one commit. Dropping it before [`Group::finish`] leaves nothing.
pub(super) struct Group<'j> {
    pub(super) link: &'j Link,
    pub(super) session: Arc<Session>,
    pub(super) memory: &'j mut Memory,
    receipts: BTreeMap<CommandId, (u64, u64)>,
    /// Commands whose receipts have been looked up.
    asked: BTreeSet<CommandId>,
    pub(super) load: Load,
    /// Whether something of this transaction has been sent before its end.
    sent: bool,
    pub(super) last: u64,
    last_recorded: Option<i64>,
    /// The first command that is kept; all of them are, or none.
    kept: Option<CommandId>,
    ended: bool,
}

impl<'j> Group<'j> {
    /// Takes the city's lock, and looks up in the same round trip what the commands need.
    pub(super) fn begin(link: &'j Link, memory: &'j mut Memory, ids: &[CommandId]) -> Result<Self, JournalError> {
        if link.read_only {
            return Err(fault::store(&link.place, PostgresFault::ReadOnly));
        }
        let wanted: Vec<Vec<u8>> = ids.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
        // The connection that answered holds the lock. Another one, made because this one has died since, would write
        // outside any transaction.
        let begun = link.ask_with(async |session| {
            let (last, receipts) = (session.prepared(LAST).await?, session.prepared(RECEIPTS).await?);
            let (mut last_row, mut receipt_rows) = (None, Vec::new());
            let begin = format!("{BEGIN}; {}", schema::LOCK);
            let mut answers: Vec<Answer<'_>> = vec![
                Box::pin(session.client().batch_execute(&begin)),
                Box::pin(async { session.client().query_opt(&last, &[]).await.map(|row| last_row = row) }),
            ];
            if !wanted.is_empty() {
                answers.push(Box::pin(async {
                    session.client().query(&receipts, &[&wanted]).await.map(|rows| receipt_rows = rows)
                }));
            }
            let done = together(answers).await;
            if done.is_err() {
                // The error says why; the transaction that may have begun must not stay open.
                let _ = session.client().batch_execute("ROLLBACK").await;
            }
            done.map(|()| (last_row, receipt_rows))
        });
        let ((last, receipts), session) = begun?;
        let mut group = Self {
            link,
            session,
            memory,
            receipts: BTreeMap::new(),
            asked: ids.iter().copied().collect(),
            load: Load::default(),
            sent: false,
            last: 0,
            last_recorded: None,
            kept: None,
            ended: false,
        };
        let place = &link.place;
        let wrong = |error| fault::postgres(place, error);
        let mut at = None;
        if let Some(row) = last {
            let position: i64 = row.try_get(0).map_err(wrong)?;
            group.last_recorded = Some(row.try_get(1).map_err(wrong)?);
            group.last = u64::try_from(position).map_err(|_| fault::store(place, PostgresFault::Number))?;
            at = Some(position);
        }
        if group.memory.last.take().is_none_or(|last| last != signed(group.last)) {
            group.memory.known.take();
        }
        group.memory.last = at.or(Some(0));
        group.learn_receipts(&receipts)?;
        Ok(group)
    }

    /// Learns which of these commands have been carried out before, unless that is known.
    fn look_up(&mut self, ids: &mut dyn Iterator<Item = CommandId>) -> Result<(), JournalError> {
        let ids: Vec<CommandId> = ids.filter(|id| !self.asked.contains(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let wanted: Vec<Vec<u8>> = ids.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
        let rows = self
            .answered(async |session| session.client().query(&session.prepared(RECEIPTS).await?, &[&wanted]).await)?;
        self.asked.extend(ids);
        self.learn_receipts(&rows)
    }

    fn learn_receipts(&mut self, rows: &[Row]) -> Result<(), JournalError> {
        for row in rows {
            let (id, first, last) = receipt(row).map_err(|error| self.link.fault(error))?;
            if let Some(id) = id {
                self.receipts.insert(id, (first, last));
            }
        }
        Ok(())
    }

    /// Carries out one command of the group; it sees what those before it wrote. Refused, it leaves nothing and the
    /// others are as if it had not been. What is kept is durable when [`Group::finish`] returns.
    pub(super) fn carry_out(
        &mut self,
        envelope: &Envelope,
        now: Timestamp,
        work: Work<'_>,
    ) -> Result<Receipt, JournalError> {
        let id = envelope.command_id;
        self.look_up(&mut std::iter::once(id))?;
        if let Some((first, last)) = self.receipts.get(&id) {
            return Ok(Receipt { command_id: id, first: Position(*first), last: Position(*last), repeated: true });
        }
        let recorded_at = record::recorded_at(now, self.last_recorded)
            .map_err(|(now, last)| JournalError::ClockBehind { now, last })?;
        let stored_envelope =
            format::encode_envelope(envelope).map_err(|error| fault::store(&self.link.place, error))?.into();
        let first = self.last + 1;
        let mut commit = Commit::begin(self, id, stored_envelope, recorded_at);
        work(&mut commit)?;
        let last = commit.finish()?;
        Ok(Receipt { command_id: id, first: Position(first), last: Position(last), repeated: false })
    }

    /// Makes durable what the commands wrote. On an error none of them is kept.
    pub(super) fn finish(mut self) -> Result<(), JournalError> {
        let Some(id) = self.kept else {
            return Ok(());
        };
        let load = std::mem::take(&mut self.load);
        // Until it is known what became of it, nothing is known of the database.
        let known = self.memory.known.take();
        self.memory.last = None;
        let sent = self.session.wait_for(load.send(&self.session, Some(self.last)));
        match sent {
            Ok(()) => {
                self.ended = true;
                self.memory.known.replace(known);
                self.memory.known.borrow_mut().follow(&load.rows, &load.heads);
                self.memory.last = Some(signed(self.last));
                Ok(())
            }
            Err(error) if fault::is_lost(&error) => {
                self.ended = true;
                let link = self.link;
                drop(self);
                link.forget();
                super::outcome::was_kept(link, id, error)
            }
            Err(error) => Err(self.link.fault(error)),
        }
    }

    /// Takes over what a command wrote that is accepted.
    pub(super) fn keep(
        &mut self,
        id: CommandId,
        (first, last): (u64, u64),
        recorded_at: i64,
        own: Load,
    ) -> Result<(), JournalError> {
        self.load.merge(own);
        self.receipts.insert(id, (first, last));
        self.first_kept(id);
        self.last = last;
        if last >= first {
            self.last_recorded = Some(recorded_at);
        }
        if self.load.bytes() > MOST_WAITING_BYTES { self.flush() } else { Ok(()) }
    }

    /// Counts an event that was imported as it is.
    pub(super) fn imported(&mut self, position: u64) -> Result<(), JournalError> {
        self.last = position;
        if self.load.bytes() > MOST_WAITING_BYTES { self.flush() } else { Ok(()) }
    }

    /// Remembers a command by whose receipt it can be told whether the transaction was kept.
    pub(super) fn first_kept(&mut self, id: CommandId) {
        self.kept.get_or_insert(id);
    }

    /// Sends what waits of accepted commands, before the end of the transaction.
    pub(super) fn flush(&mut self) -> Result<(), JournalError> {
        let load = std::mem::take(&mut self.load);
        if load.is_empty() { Ok(()) } else { self.send(&load) }
    }

    /// Sends something within this transaction.
    pub(super) fn send(&mut self, load: &Load) -> Result<(), JournalError> {
        self.sent = true;
        self.answered(async |session| load.send(session, None).await)?;
        self.memory.known.borrow_mut().follow(&load.rows, &load.heads);
        Ok(())
    }

    /// Forgets what is known of the database.
    pub(super) fn forget(&self) {
        self.memory.known.take();
    }

    /// Runs a statement that has no parameters and gives nothing.
    pub(super) fn run(&self, sql: &str) -> Result<(), JournalError> {
        self.answered(async |session| session.client().batch_execute(sql).await)
    }

    /// What the database says within this transaction.
    #[expect(clippy::needless_pass_by_value, reason = "a closure made for this call")]
    pub(super) fn answered<T>(
        &self,
        ask: impl AsyncFn(&Session) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, JournalError> {
        self.session.wait_for(ask(&self.session)).map_err(|error| self.link.fault(error))
    }
}

impl crate::group::Group for Group<'_> {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        self.carry_out(envelope, now, work)
    }
    fn last(&self) -> Position {
        Position(self.last)
    }
    fn announce(&mut self, commands: &mut dyn Iterator<Item = CommandId>) {
        // When it fails, each of them asks again and is told why.
        let _ = self.look_up(commands);
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if self.sent {
            self.memory.known.take();
        }
        // When it cannot be told, the connection is gone and the server ends the transaction by itself.
        if self.session.wait_for(self.session.client().batch_execute("ROLLBACK")).is_err() {
            self.memory.known.take();
            self.link.forget();
        }
    }
}

/// The command of a receipt, when its id is one, and its first and last event.
pub(super) fn receipt(row: &Row) -> Result<(Option<CommandId>, u64, u64), tokio_postgres::Error> {
    let whole = |nth: usize| row.try_get::<_, i64>(nth).map(|number| u64::try_from(number).unwrap_or(u64::MAX));
    let id = uuid::Uuid::from_slice(row.try_get(0)?).ok().map(CommandId::new);
    Ok((id, whole(1)?, whole(2)?))
}
