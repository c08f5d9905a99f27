//! The city behind the server: which thread runs a use case, how many may wait, and who is shed when too many do.

use crate::problem::Problem;
use jiff::Timestamp;
use levee_app::blob::Blobs;
use levee_app::city::{AppError, City};
use levee_app::clock::Clock;
use levee_app::event::Mode;
use levee_app::intake::Tables;
use levee_app::journal::{Journal, JournalError, Receipt};
use levee_app::journals::{Journals, OwnedWork};
use levee_app::ledger::Desk;
use levee_app::settings::CitySettings;
use levee_app::vault::Vault;
use levee_model::command::Envelope;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// Opens the vault to look into it, or says in words why it cannot be.
pub type Vaults = dyn Fn() -> Result<Box<dyn Vault>, String> + Send + Sync;

/// What a server needs of a city.
#[derive(Clone)]
pub struct CityParts {
    /// Its journal.
    pub journals: Arc<dyn Journals>,
    /// Its blobs.
    pub blobs: Arc<dyn Blobs + Send + Sync>,
    /// Its clock.
    pub clock: Arc<dyn Clock + Send + Sync>,
    /// How files are read.
    pub tables: Arc<dyn Tables>,
    /// The folder in which files lie while they are received; nobody else writes there.
    pub uploads: PathBuf,
    /// The texts of the rulebooks that travel with the program.
    pub rulebooks: Vec<String>,
    /// Its vault.
    pub vault: Arc<Vaults>,
}

/// The city of a running server.
pub(crate) struct OpenCity {
    pub(crate) parts: CityParts,
    pub(crate) mode: Mode,
    pub(crate) settings: CitySettings,
    /// The desk, and which change of people, places or duties it was read at.
    desk: RwLock<(u64, Arc<Desk>)>,
    desk_changes: AtomicU64,
    turns: Arc<Semaphore>,
    /// Turns of urgent care: it waits behind nobody else (law 7).
    urgent_turns: Arc<Semaphore>,
    waiting: AtomicU64,
}

/// Threads that work for requests at once: looks are short and need the processor, not the disk.
const AT_ONCE: usize = 8;

/// Requests that may wait for one of them: at 2 ms each, a second of waiting. More is shed.
const MAY_WAIT: u64 = 512;

/// Places beside these, for urgent care alone.
const KEPT_FOR_URGENT: u64 = 128;

/// How long whoever is shed should wait before asking again, in seconds.
pub(crate) const RETRY_AFTER: u64 = 2;

/// How urgent a request is when there is more to do than can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Shed first.
    Ordinary,
    /// Urgent care: shed last.
    Urgent,
}

/// Runs `work` on a journal that is lent for it.
fn lent<T>(journals: &dyn Journals, work: impl FnOnce(&mut dyn Journal) -> Result<T, Problem>) -> Result<T, Problem> {
    let (mut work, mut done) = (Some(work), None);
    journals.lend(&mut |journal| done = work.take().map(|work| work(journal)))?;
    done.unwrap_or_else(|| Err(Problem::fault("no journal was lent")))
}

impl OpenCity {
    pub(crate) fn open(parts: CityParts) -> Result<Self, AppError> {
        let mut read = None;
        parts.journals.lend(&mut |journal| {
            read = Some(levee_app::city::founded(journal).and_then(|founded| Ok((founded, Desk::load(journal)?))));
        })?;
        let ((founded, settings, _), desk) = read.unwrap_or(Err(AppError::NoCity))?;
        Ok(Self {
            parts,
            mode: founded.mode,
            settings,
            desk: RwLock::new((0, Arc::new(desk))),
            desk_changes: AtomicU64::new(0),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            urgent_turns: Arc::new(Semaphore::new(AT_ONCE / 2)),
            waiting: AtomicU64::new(0),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// The desk of the ledger, read again when people, places or duties have changed.
    pub(crate) fn desk(&self, on: &dyn Journal) -> Result<Arc<Desk>, AppError> {
        let changes = self.desk_changes.load(Ordering::Acquire);
        {
            let known = self.desk.read().unwrap_or_else(PoisonError::into_inner);
            if known.0 == changes {
                return Ok(Arc::clone(&known.1));
            }
        }
        let desk = Arc::new(Desk::load(on)?);
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = (changes, Arc::clone(&desk));
        Ok(desk)
    }

    /// Reads the desk again where people, places or duties have changed since.
    pub(crate) fn read_desk_again(&self) -> Result<(), AppError> {
        if self.desk.read().unwrap_or_else(PoisonError::into_inner).0 == self.desk_changes.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut read = Ok(());
        self.parts.journals.lend(&mut |journal| read = self.desk(journal).map(drop))?;
        read
    }

    /// The vault, to look into.
    pub(crate) fn vault(&self) -> Result<Box<dyn Vault>, Problem> {
        (self.parts.vault)().map_err(|why| {
            Problem::new(axum::http::StatusCode::CONFLICT, "vault", "The vault cannot be opened", why)
                .hint("somebody must have been taken in, and the server needs the city's keys (--keys)")
        })
    }

    /// The desk as it was read last.
    pub(crate) fn known_desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Says that people, places or duties have changed: whoever asks next reads them again.
    pub(crate) fn desk_has_changed(&self) {
        self.desk_changes.fetch_add(1, Ordering::Release);
    }

    /// Runs a use case on the calling thread, which may block.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut City<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
        lent(&*self.parts.journals, |journal| {
            work(&mut City { journal, blobs: &*self.parts.blobs, clock: &*self.parts.clock })
        })
    }

    /// How many requests wait for a thread.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A place in the queue, or none when too many wait already.
    fn queue(&self, urgency: Urgency) -> Result<InQueue<'_>, Problem> {
        let most = if urgency == Urgency::Urgent { MAY_WAIT + KEPT_FOR_URGENT } else { MAY_WAIT };
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let queued = InQueue(&self.waiting);
        if before < most { Ok(queued) } else { Err(Problem::overloaded()) }
    }
}

struct InQueue<'a>(&'a AtomicU64);

impl Drop for InQueue<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs a use case on a thread that may block, or sheds it when too many wait already.
pub(crate) async fn run<T: Send + 'static>(
    city: &Arc<OpenCity>,
    urgency: Urgency,
    work: impl FnOnce(&OpenCity, &mut City<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let queued = city.queue(urgency)?;
    let turns = if urgency == Urgency::Urgent { &city.urgent_turns } else { &city.turns };
    let turn = Arc::clone(turns).acquire_owned().await.map_err(|_| Problem::closing())?;
    drop(queued);
    let city = Arc::clone(city);
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        city.with(|open| work(&city, open))
    });
    done.await.unwrap_or_else(|_| Err(Problem::fault("a use case ended by a panic; nothing of it was written")))
}

/// Hands a small command to the writer and waits until it is durable; no thread is held meanwhile. What the work says goes
/// back as it is: `None` = the command had been carried out before.
pub(crate) async fn submit<T: Send + 'static>(
    city: &Arc<OpenCity>,
    urgency: Urgency,
    envelope: Envelope,
    mut work: impl FnMut(&mut dyn levee_app::journal::Transaction) -> Result<T, AppError> + Send + 'static,
) -> Result<(Receipt, Option<T>), Problem> {
    let _queued = city.queue(urgency)?;
    let (give, take) = tokio::sync::oneshot::channel();
    let said = Arc::new(std::sync::Mutex::new(None));
    let says = Arc::clone(&said);
    let work: OwnedWork = Box::new(move |tx| {
        let (kept, answer) = match work(tx) {
            Ok(value) => (Ok(value), Ok(())),
            Err(AppError::Journal(error)) => return Err(error),
            Err(error) => (Err(error), Err(JournalError::GivenUp)),
        };
        *says.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        answer
    });
    // Nobody waits any more: then nobody needs the answer.
    let done = Box::new(move |receipt| drop(give.send(receipt)));
    city.parts.journals.submit(envelope, work, done);
    let receipt = take.await.map_err(|_| Problem::closing())?;
    let said = said.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (receipt, said) {
        (_, Some(Err(error))) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
        (Ok(receipt), said) => Ok((receipt, said.and_then(Result::ok))),
    }
}
