//! Group commit: commands that wait at the same time are carried out in one transaction and synced to the disk once.
//!
//! A [`Committer`] is a thread that owns a journal. Any number of threads hold a [`Handle`] to it. Each command sees the
//! writes of those before it; one that is refused, or that panics, leaves nothing and does not touch the others; nobody
//! is answered before all of them are durable. When the transaction itself fails (a full disk), all of them fail.
//!
//! A store takes part through [`GroupStore`].

use crate::sqlite::StoreFault;
use jiff::Timestamp;
use levee_app::clock::Clock;
use levee_app::event::Position;
use levee_app::journal::{Journal, JournalError, Receipt, Transaction, Work};
use levee_model::command::{CommandId, Envelope};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What [`GroupStore::group`] runs.
pub type RunGroup<'a> = &'a mut dyn FnMut(&mut dyn Group);

/// A journal that can carry out several commands in one transaction.
pub trait GroupStore: Journal {
    /// Runs `run` within one transaction, and returns when all that it did is durable. An error means that nothing is.
    fn group(&mut self, run: RunGroup<'_>) -> Result<(), JournalError>;
}

/// Commands that share a transaction.
pub trait Group {
    /// Carries out a command as [`Journal::transact`] does, after those before it. Its receipt counts only when the
    /// group has been committed. An error leaves nothing of this command and does not touch the others, unless the
    /// transaction is lost; then every later command and the group itself fail too.
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError>;
    /// The last position, the commands of the group so far included.
    fn last(&self) -> Position;
    /// Says which commands wait and come next. Nothing depends on it: a store that asks another machine whether they
    /// have been carried out before asks for all of them at once.
    fn announce(&mut self, commands: &mut dyn Iterator<Item = CommandId>) {
        let _ = commands;
    }
}

/// The same failure once more, for those who shared the transaction with the one that was hit.
pub fn same_failure(error: &JournalError) -> JournalError {
    match error {
        JournalError::Full { place } => JournalError::Full { place: place.clone() },
        JournalError::Busy { place } => JournalError::Busy { place: place.clone() },
        JournalError::Store { place, source } => {
            let mut why = source.to_string();
            let mut inner = source.source();
            while let Some(source) = inner {
                why = format!("{why}: {source}");
                inner = source.source();
            }
            JournalError::Store { place: place.clone(), source: Box::new(StoreFault::Shared { why }) }
        }
        other => {
            let why = other.to_string();
            JournalError::Store { place: "the journal".to_owned(), source: Box::new(StoreFault::Shared { why }) }
        }
    }
}

/// How long a group may grow.
#[derive(Clone, Copy, Debug)]
pub struct GroupLimits {
    /// Commands in a group. 1,024: far above the writers that wait at once, and a few MiB of small commands.
    pub commands: usize,
    /// When a group has worked so long, it takes no more commands and is committed: a quarter of the 20 ms that a field
    /// command may wait, so that a group, its sync and the rest of the next one fit. One long command is not cut short.
    pub work: Duration,
    /// How long the committer waits for writers that shared the last group and will be back at once. Without it every
    /// second group would hold a single command. Never longer than the last group took to sync.
    pub linger: Duration,
}

impl Default for GroupLimits {
    fn default() -> Self {
        Self { commands: 1024, work: Duration::from_millis(5), linger: Duration::from_micros(300) }
    }
}

/// Why a command that was handed in was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The journal refused it, or failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The command's own work panicked: a fault of ours. Nothing of it was written.
    #[error("the command failed by a fault in Levee and nothing of it was written: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// The committer has stopped. Whether the command was carried out shows its receipt.
    #[error("the journal is being closed; send the command again when it is open")]
    Stopped,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What was committed.
    pub receipt: Receipt,
    /// What the work gave. `None` when the command had been carried out before (`receipt.repeated`): then the work was
    /// not run.
    pub value: Option<T>,
}

type Answer = Result<Receipt, CommitError>;

/// A command in the queue.
trait Waiting: Send {
    fn envelope(&self) -> &Envelope;
    fn run(&mut self, on: &mut dyn Transaction) -> Result<(), JournalError>;
    fn answer(self: Box<Self>, answer: Answer);
}

struct Queued<T, W, D> {
    envelope: Envelope,
    work: W,
    value: Option<T>,
    done: D,
}

impl<T, W, D> Waiting for Queued<T, W, D>
where
    T: Send,
    W: FnMut(&mut dyn Transaction) -> Result<T, JournalError> + Send,
    D: FnOnce(Result<Done<T>, CommitError>) + Send,
{
    fn envelope(&self) -> &Envelope {
        &self.envelope
    }
    fn run(&mut self, on: &mut dyn Transaction) -> Result<(), JournalError> {
        self.value = Some((self.work)(on)?);
        Ok(())
    }
    fn answer(self: Box<Self>, answer: Answer) {
        let Self { value, done, .. } = *self;
        done(answer.map(|receipt| Done { receipt, value }));
    }
}

type Reading<J> = Box<dyn FnOnce(&J) + Send>;

enum Request<J> {
    Command(Box<dyn Waiting>),
    Read(Reading<J>),
    Stop,
}

/// A thread that owns a journal and carries out what its handles hand in.
pub struct Committer<J> {
    handle: Handle<J>,
    thread: JoinHandle<J>,
}

/// Hands commands to a [`Committer`]. Cheap to clone; each thread has its own.
pub struct Handle<J> {
    queue: Sender<Request<J>>,
}

impl<J> Clone for Handle<J> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<J: GroupStore + Send + 'static> Committer<J> {
    /// Starts the thread. `clock` gives the time of record of each command.
    ///
    /// # Errors
    /// The system would not start a thread.
    pub fn start(journal: J, clock: impl Clock + Send + 'static, limits: GroupLimits) -> std::io::Result<Self> {
        let (queue, requests) = channel();
        let thread = std::thread::Builder::new().name("levee-committer".to_owned()).spawn(move || {
            Worker { journal, clock, limits, requests, waiting: VecDeque::new(), last: 0, sync: Duration::ZERO }.run()
        })?;
        Ok(Self { handle: Handle { queue }, thread })
    }

    /// A handle for another thread.
    pub fn handle(&self) -> Handle<J> {
        self.handle.clone()
    }

    /// Carries out what was handed in before, ends the thread and gives the journal back. Later commands are answered
    /// with [`CommitError::Stopped`].
    ///
    /// # Errors
    /// The thread itself panicked: a fault of ours, for panics of commands are caught. The journal is closed.
    pub fn stop(self) -> Result<J, CommitError> {
        // The thread is gone already when nobody takes the request.
        let _ = self.handle.queue.send(Request::Stop);
        self.thread.join().map_err(|panic| CommitError::Panicked { message: said(&*panic) })
    }
}

impl<J: GroupStore + 'static> Handle<J> {
    /// Carries out a command and waits until it is durable.
    pub fn transact<T: Send + 'static>(
        &self,
        envelope: Envelope,
        work: impl FnMut(&mut dyn Transaction) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<Done<T>, CommitError> {
        let (give, take) = sync_channel(1);
        self.submit(envelope, work, move |done| {
            // Nobody waits any more: then nobody needs the answer.
            let _ = give.send(done);
        });
        take.recv().unwrap_or(Err(CommitError::Stopped))
    }

    /// Hands a command in and returns at once. `done` is called on the committer's thread when the command is durable
    /// or refused: it should do no more than wake whoever waits.
    pub fn submit<T: Send + 'static>(
        &self,
        envelope: Envelope,
        work: impl FnMut(&mut dyn Transaction) -> Result<T, JournalError> + Send + 'static,
        done: impl FnOnce(Result<Done<T>, CommitError>) + Send + 'static,
    ) {
        let command = Box::new(Queued { envelope, work, value: None, done });
        if let Err(std::sync::mpsc::SendError(Request::Command(command))) = self.queue.send(Request::Command(command)) {
            command.answer(Err(CommitError::Stopped));
        }
    }

    /// Reads the journal on the committer's thread, between two groups: sees every command answered before. All writers
    /// wait meanwhile, so it is for a look of a few milliseconds; longer ones open a connection of their own
    /// (`SqliteJournal::open_read_only`).
    pub fn read<T: Send + 'static>(&self, look: impl FnOnce(&J) -> T + Send + 'static) -> Result<T, CommitError> {
        let (give, take) = sync_channel(1);
        let look: Reading<J> = Box::new(move |journal| {
            let _ = give.send(look(journal));
        });
        self.queue.send(Request::Read(look)).map_err(|_| CommitError::Stopped)?;
        take.recv().map_err(|_| CommitError::Stopped)
    }
}

struct Worker<J, C> {
    journal: J,
    clock: C,
    limits: GroupLimits,
    requests: Receiver<Request<J>>,
    /// Commands that were taken from the queue and have not been carried out.
    waiting: VecDeque<Box<dyn Waiting>>,
    /// Commands in the last group.
    last: usize,
    /// How long its commit took.
    sync: Duration,
}

/// A command that has been carried out and waits for its group.
type Carried = (Box<dyn Waiting>, Answer);

impl<J: GroupStore, C: Clock> Worker<J, C> {
    fn run(mut self) -> J {
        // What ended a group comes after the commands that were taken before it.
        let mut kept_back = None;
        loop {
            if !self.waiting.is_empty() {
                kept_back = self.group(kept_back);
                continue;
            }
            let Some(next) = kept_back.take().or_else(|| self.requests.recv().ok()) else { return self.journal };
            match next {
                Request::Stop => return self.journal,
                // A panic of the look is told to whoever asked: its channel closes.
                Request::Read(look) => drop(catch_unwind(AssertUnwindSafe(|| look(&self.journal)))),
                Request::Command(first) => self.waiting.push_back(first),
            }
        }
    }

    /// Carries out a group of the commands that wait, and of those that come meanwhile unless `ending` is to follow.
    /// Gives the request that is to follow, if there is one.
    fn group(&mut self, mut ending: Option<Request<J>>) -> Option<Request<J>> {
        let Self { journal, clock, limits, requests, waiting, last, sync } = self;
        let linger = limits.linger.min(*sync);
        let mut carried: Vec<Carried> = Vec::with_capacity(*last);
        let mut worked = Instant::now();
        let committed = journal.group(&mut |group| {
            let began = Instant::now();
            loop {
                // The store is told of all that wait before the first of them is carried out.
                while ending.is_none() && carried.len() + waiting.len() < limits.commands {
                    match requests.try_recv() {
                        Ok(Request::Command(command)) => waiting.push_back(command),
                        Ok(other) => ending = Some(other),
                        Err(_) => break,
                    }
                }
                group.announce(&mut waiting.iter().map(|command| command.envelope().command_id));
                while let Some(command) = waiting.pop_front() {
                    carried.push(carry_out(group, clock, command));
                    worked = Instant::now();
                    if carried.len() >= limits.commands || worked - began >= limits.work {
                        return;
                    }
                }
                if ending.is_some() {
                    return;
                }
                let expected = carried.len() < *last;
                match wait(requests, if expected { linger.saturating_sub(worked - began) } else { Duration::ZERO }) {
                    Some(Request::Command(command)) => waiting.push_back(command),
                    other => {
                        ending = other;
                        return;
                    }
                }
            }
        });
        *sync = worked.elapsed();
        *last = carried.len();
        for (command, answer) in carried {
            // A refusal stands, whatever became of the others.
            let answer = match &committed {
                Err(error) if answer.is_ok() => Err(CommitError::Journal(same_failure(error))),
                _ => answer,
            };
            // Whoever is told may panic; the next one is told all the same.
            drop(catch_unwind(AssertUnwindSafe(|| command.answer(answer))));
        }
        // A group that could not even begin has carried nothing out.
        if let (Err(error), 0) = (&committed, *last) {
            for command in std::mem::take(waiting) {
                command.answer(Err(CommitError::Journal(same_failure(error))));
            }
        }
        ending
    }
}

fn wait<J>(requests: &Receiver<Request<J>>, most: Duration) -> Option<Request<J>> {
    match requests.try_recv() {
        Ok(request) => Some(request),
        Err(_) if most.is_zero() => None,
        Err(_) => requests.recv_timeout(most).ok(),
    }
}

fn carry_out(group: &mut dyn Group, clock: &impl Clock, mut command: Box<dyn Waiting>) -> Carried {
    let (now, envelope) = (clock.now(), command.envelope().clone());
    let done = catch_unwind(AssertUnwindSafe(|| group.transact(&envelope, now, &mut |on| command.run(on))));
    let answer = match done {
        Ok(done) => done.map_err(CommitError::Journal),
        Err(panic) => Err(CommitError::Panicked { message: said(&*panic) }),
    };
    (command, answer)
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it gave no message".to_owned())
}
