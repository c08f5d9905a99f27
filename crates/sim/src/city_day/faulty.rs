//! A journal that fails as machines do: before a commit, between two of its writes, or after it without a word.
//!
//! It also lets somebody else commit in between: another server on the same store, after this one has read and before it
//! writes.

use jiff::Timestamp;
use levee_app::event::{NewEvent, Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Transaction, Verification, Work};
use levee_model::command::{CommandId, Envelope};

/// What happens to the next commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Plan {
    /// Nothing unusual.
    #[default]
    Sound,
    /// The machine stops before anything is written.
    Before,
    /// It stops after so many events of the commit, at the latest when all are written and nothing is committed.
    Between(u32),
    /// It stops when all is committed, before anybody is told.
    After,
    /// Says that it has committed, and has not. No such journal is in use: it shows that the laws would be seen broken.
    Forget,
}

/// The machine stopped.
#[derive(Debug, thiserror::Error)]
#[error("the machine stopped (simulated)")]
struct Stopped;

fn stopped() -> JournalError {
    JournalError::Store { place: "the simulated machine".to_owned(), source: Box::new(Stopped) }
}

/// Whether an error is one of ours.
pub(super) fn is_simulated(error: &JournalError) -> bool {
    matches!(error, JournalError::Store { place, .. } if place == "the simulated machine")
}

/// What another server does in between.
pub(super) type InBetween<'a> = Box<dyn FnOnce(&mut dyn Journal) + 'a>;

/// The journal of one request, with its fate.
pub(super) struct Faulty<'a> {
    pub(super) inner: &'a mut dyn Journal,
    pub(super) plan: Plan,
    pub(super) between: Option<InBetween<'a>>,
    /// What was committed newly by this request, whatever its client was told.
    pub(super) committed: Option<CommandId>,
}

impl Read for Faulty<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.inner.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.inner.scan(space, from, to, each)
    }
}

impl Journal for Faulty<'_> {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        if let Some(other) = self.between.take() {
            other(self.inner);
        }
        let done = match self.plan {
            Plan::Before => return Err(stopped()),
            Plan::Forget => {
                let (command_id, last) = (envelope.command_id, self.inner.last()?);
                self.committed = Some(command_id);
                return Ok(Receipt {
                    command_id,
                    first: Position(last.0 + 1),
                    last: Position(last.0 + 1),
                    repeated: false,
                });
            }
            Plan::Between(writes) => self.inner.transact(envelope, now, &mut |tx| {
                work(&mut Stopping { tx, left: writes })?;
                Err(stopped())
            }),
            Plan::Sound | Plan::After => self.inner.transact(envelope, now, work),
        }?;
        if !done.repeated {
            self.committed = Some(envelope.command_id);
        }
        if self.plan == Plan::After { Err(stopped()) } else { Ok(done) }
    }
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        self.inner.receipt(command)
    }
    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        self.inner.events(after, each)
    }
    fn last(&self) -> Result<Position, JournalError> {
        self.inner.last()
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.inner.heads()
    }
    fn verify(&self) -> Result<Verification, JournalError> {
        self.inner.verify()
    }
}

/// A commit that stops after so many events.
struct Stopping<'t> {
    tx: &'t mut dyn Transaction,
    left: u32,
}

impl Read for Stopping<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.tx.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.tx.scan(space, from, to, each)
    }
}

impl Transaction for Stopping<'_> {
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.tx.append(event)
            }
            None => Err(stopped()),
        }
    }
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        self.tx.head(stream)
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.tx.heads()
    }
}
