//! Port: a city's journal for the many threads of a server.

use crate::event::Position;
use crate::journal::{Journal, JournalError, Receipt, Transaction};
use levee_model::command::Envelope;
use std::time::Duration;

/// The work of a command that is handed over whole. It may be carried out on another thread, later.
pub type OwnedWork = Box<dyn FnMut(&mut dyn Transaction) -> Result<(), JournalError> + Send>;

/// Told once when a command is durable or refused, on the writer's thread: it should do no more than wake whoever waits.
pub type WhenDone = Box<dyn FnOnce(Result<Receipt, JournalError>) + Send>;

/// Lends journals. Whoever reads has a connection of their own; all who write share one writer, and their commands reach the
/// disk together.
pub trait Journals: Send + Sync {
    /// Lends a journal to a use case on the calling thread, which may block.
    ///
    /// # Errors
    /// There is no connection to be had. What the use case itself says stays with `work`.
    fn lend(&self, work: &mut dyn FnMut(&mut dyn Journal)) -> Result<(), JournalError>;

    /// Hands a small command over and returns at once.
    fn submit(&self, envelope: Envelope, work: OwnedWork, done: WhenDone);

    /// Waits on the calling thread until there is an event after `after`, or the time is up; gives the last position either way.
    ///
    /// # Errors
    /// The journal cannot be read.
    fn wait(&self, after: Position, timeout: Duration) -> Result<Position, JournalError>;

    /// Carries out what was handed in before and writes nothing after it.
    fn close(&self);
}
