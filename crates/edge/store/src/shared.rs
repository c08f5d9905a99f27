//! One journal for the many threads of a server: each reads on a connection of its own, and all write through one
//! [`Committer`].
//!
//! A use case asks for a [`Journal`] and knows nothing of groups. [`SharedJournal`] is one: its work runs on the caller's own
//! thread, and each look or event of it goes over to the committer's, where the group's transaction is. That costs two
//! wake-ups for each; who writes thousands of small commands a second hands a whole command over instead
//! ([`Handle::submit`]).

use crate::group::{CommitError, Committer, Done, GroupLimits, GroupStore, Handle, same_failure};
use jiff::Timestamp;
use levee_app::clock::Clock;
use levee_app::event::{NewEvent, Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Transaction, Verification, Work};
use levee_app::journals::{Journals, OwnedWork, WhenDone};
use levee_model::command::{CommandId, Envelope};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Rows that go over at once while a command scans.
const PAGE: usize = 256;

type Rows = Vec<(Vec<u8>, Vec<u8>)>;
type Heads = Vec<(StreamName, u64, [u8; 32])>;

/// What a command asks of the transaction.
enum Op {
    Get(Space, Vec<u8>),
    Scan(Space, Vec<u8>, Vec<u8>),
    Append(Box<NewEvent>),
    Head(StreamName),
    Heads,
    /// The work is done; what became of it decides what becomes of the command.
    End(Result<(), JournalError>),
}

/// What comes back.
enum Back {
    /// The command's turn has come.
    Begin,
    Value(Result<Option<Vec<u8>>, JournalError>),
    Rows(Result<Rows, JournalError>),
    Appended(Result<Position, JournalError>),
    Head(Result<(u64, [u8; 32]), JournalError>),
    Heads(Result<Heads, JournalError>),
    /// The command is durable, refused, or was carried out before.
    Done(Result<Done<()>, CommitError>),
}

/// A journal that reads on `reader` and writes through a committer.
pub struct SharedJournal<R, J> {
    reader: R,
    writer: Handle<J>,
}

impl<R: Journal, J: GroupStore + 'static> SharedJournal<R, J> {
    /// `reader` and the committer's journal are of the same city.
    pub fn new(reader: R, writer: Handle<J>) -> Self {
        Self { reader, writer }
    }

    /// The connection that reads.
    pub fn into_reader(self) -> R {
        self.reader
    }
}

impl<R: Journal, J> Read for SharedJournal<R, J> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.reader.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.reader.scan(space, from, to, each)
    }
}

impl<R: Journal, J: GroupStore + 'static> Journal for SharedJournal<R, J> {
    /// The time of record is the committer's: commands of many threads come to it in no order of their own times.
    fn transact(&mut self, envelope: &Envelope, _now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        let (ask, asked) = channel();
        let (answer, answers) = channel();
        let (serve, told) = (answer.clone(), answer);
        let mut asked = Some(asked);
        self.writer.submit(
            envelope.clone(),
            move |tx| match asked.take() {
                Some(asked) => attend(tx, &asked, &serve),
                None => Err(JournalError::GivenUp),
            },
            move |done| {
                // Nobody waits any more: then nobody needs the answer.
                let _ = told.send(Back::Done(done));
            },
        );
        let mut refused = None;
        loop {
            match answers.recv() {
                Ok(Back::Begin) => {
                    let mut far = Far { ask: &ask, answers: &answers };
                    // The error goes back to the use case as it is; the committer only needs to know that there is one.
                    let end = work(&mut far).map_err(|error| {
                        let same = same_failure(&error);
                        refused = Some(error);
                        same
                    });
                    let _ = ask.send(Op::End(end));
                }
                Ok(Back::Done(Ok(done))) => return Ok(done.receipt),
                Ok(Back::Done(Err(error))) => {
                    return Err(refused.take().unwrap_or_else(|| journal_error(error)));
                }
                Ok(_) | Err(_) => return Err(stopped()),
            }
        }
    }
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        self.reader.receipt(command)
    }
    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        self.reader.events(after, each)
    }
    fn last(&self) -> Result<Position, JournalError> {
        self.reader.last()
    }
    fn heads(&self) -> Result<Heads, JournalError> {
        self.reader.heads()
    }
    fn verify(&self) -> Result<Verification, JournalError> {
        self.reader.verify()
    }
}

/// On the committer's thread: does what the command asks until it ends. A command whose thread is gone leaves nothing.
fn attend(tx: &mut dyn Transaction, asked: &Receiver<Op>, answers: &Sender<Back>) -> Result<(), JournalError> {
    if answers.send(Back::Begin).is_err() {
        return Err(JournalError::GivenUp);
    }
    loop {
        let back = match asked.recv() {
            Ok(Op::Get(space, key)) => Back::Value(tx.get(space, &key)),
            Ok(Op::Scan(space, from, to)) => Back::Rows(page(tx, space, &from, &to)),
            Ok(Op::Append(event)) => Back::Appended(tx.append(*event)),
            Ok(Op::Head(stream)) => Back::Head(tx.head(&stream)),
            Ok(Op::Heads) => Back::Heads(tx.heads()),
            Ok(Op::End(end)) => return end,
            Err(_) => return Err(JournalError::GivenUp),
        };
        if answers.send(back).is_err() {
            return Err(JournalError::GivenUp);
        }
    }
}

fn page(tx: &dyn Transaction, space: Space, from: &[u8], to: &[u8]) -> Result<Rows, JournalError> {
    let mut rows = Vec::new();
    tx.scan(space, from, to, &mut |(key, value)| {
        rows.push((key.to_vec(), value.to_vec()));
        if rows.len() < PAGE { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) }
    })?;
    Ok(rows)
}

/// The transaction as the command's own thread sees it.
struct Far<'a> {
    ask: &'a Sender<Op>,
    answers: &'a Receiver<Back>,
}

impl Far<'_> {
    fn ask(&self, op: Op) -> Result<Back, JournalError> {
        self.ask.send(op).map_err(|_| stopped())?;
        self.answers.recv().map_err(|_| stopped())
    }
}

impl Read for Far<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        match self.ask(Op::Get(space, key.to_vec()))? {
            Back::Value(value) => value,
            _ => Err(stopped()),
        }
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        let mut from = from.to_vec();
        loop {
            let Back::Rows(rows) = self.ask(Op::Scan(space, from, to.to_vec()))? else { return Err(stopped()) };
            let rows = rows?;
            for (key, value) in &rows {
                if each((key, value)).is_break() {
                    return Ok(());
                }
            }
            let Some((last, _)) = rows.last().filter(|_| rows.len() == PAGE) else { return Ok(()) };
            // The next key after it in the order of bytes.
            from = last.iter().copied().chain([0]).collect();
        }
    }
}

impl Transaction for Far<'_> {
    fn append(&mut self, event: NewEvent) -> Result<Position, JournalError> {
        match self.ask(Op::Append(Box::new(event)))? {
            Back::Appended(position) => position,
            _ => Err(stopped()),
        }
    }
    fn head(&self, stream: &StreamName) -> Result<(u64, [u8; 32]), JournalError> {
        match self.ask(Op::Head(stream.clone()))? {
            Back::Head(head) => head,
            _ => Err(stopped()),
        }
    }
    fn heads(&self) -> Result<Heads, JournalError> {
        match self.ask(Op::Heads)? {
            Back::Heads(heads) => heads,
            _ => Err(stopped()),
        }
    }
}

fn stopped() -> JournalError {
    journal_error(CommitError::Stopped)
}

/// A failure of the committer as the journal's: what a use case can tell.
pub fn journal_error(error: CommitError) -> JournalError {
    match error {
        CommitError::Journal(error) => error,
        other => JournalError::Store { place: "the journal".to_owned(), source: Box::new(other) },
    }
}

/// Opens another connection that reads.
pub type OpenReader<R> = Box<dyn Fn() -> Result<R, JournalError> + Send + Sync>;

/// How often a journal that cannot wake anybody is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// A city's journal for a whole server: connections that read, and the one writer.
pub struct SharedJournals<R, J> {
    writer: Handle<J>,
    committer: Mutex<Option<Committer<J>>>,
    open: OpenReader<R>,
    idle: Mutex<Vec<R>>,
}

impl<R: Journal + Send, J: GroupStore + Send + 'static> SharedJournals<R, J> {
    /// Starts the writer; `open` gives connections that read what it writes.
    ///
    /// # Errors
    /// The system would not start a thread.
    pub fn start(writer: J, clock: impl Clock + Send + 'static, open: OpenReader<R>) -> std::io::Result<Self> {
        let committer = Committer::start(writer, clock, GroupLimits::default())?;
        Ok(Self { writer: committer.handle(), committer: Mutex::new(Some(committer)), open, idle: Mutex::default() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<R>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> Result<R, JournalError> {
        let idle = self.idle().pop();
        idle.map_or_else(|| (self.open)(), Ok)
    }
}

impl<R: Journal + Send, J: GroupStore + Send + 'static> Journals for SharedJournals<R, J> {
    /// A connection on which a use case panicked is dropped; one on which it failed mends itself or is made anew by its store.
    fn lend(&self, work: &mut dyn FnMut(&mut dyn Journal)) -> Result<(), JournalError> {
        let mut shared = SharedJournal::new(self.reader()?, self.writer.clone());
        work(&mut shared);
        self.idle().push(shared.into_reader());
        Ok(())
    }

    fn submit(&self, envelope: Envelope, mut work: OwnedWork, done: WhenDone) {
        let told =
            move |answer: Result<Done<()>, CommitError>| done(answer.map(|done| done.receipt).map_err(journal_error));
        self.writer.submit(envelope, move |tx| work(tx), told);
    }

    fn wait(&self, after: Position, timeout: Duration) -> Result<Position, JournalError> {
        let until = Instant::now() + timeout;
        let reader = self.reader()?;
        loop {
            let last = reader.last()?;
            let left = until.saturating_duration_since(Instant::now());
            if last > after || left.is_zero() {
                self.idle().push(reader);
                return Ok(last);
            }
            std::thread::sleep(LOOK.min(left));
        }
    }

    fn close(&self) {
        let committer = self.committer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A committer that ended by a panic has told whoever waited.
        drop(committer.map(Committer::stop));
    }
}
