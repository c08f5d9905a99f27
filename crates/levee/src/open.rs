//! Wires a city: its folder, its journal, its keys and blobs, the clock, and who is acting.

use crate::cli::Cli;
use crate::failure::Failure;
use crate::store::{self, CityJournal};
use levee_app::city::{AppError, City};
use levee_app::clock::{Clock, MachineClock};
use levee_app::journal::Journal;
use levee_app::rights::{NotAllowed, person};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_store::blobs::FolderBlobs;
use levee_store::keys::keys_folder;
use levee_store::sqlite::{FILE, SqliteJournal};
use std::path::{Path, PathBuf};

/// A city that is open, with everything that a use case needs.
pub(crate) struct Opened {
    pub(crate) folder: PathBuf,
    pub(crate) journal: CityJournal,
    pub(crate) blobs: FolderBlobs,
    pub(crate) clock: MachineClock,
}

impl Opened {
    pub(crate) fn city(&mut self) -> City<'_> {
        City { journal: &mut self.journal, blobs: &self.blobs, clock: &self.clock }
    }
}

/// Whether a use case writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
}

/// Who acts, through this door, with a new command id.
pub(crate) fn envelope(cli: &Cli) -> Envelope {
    Envelope {
        command_id: CommandId::new(uuid::Uuid::now_v7()),
        actor: cli.actor.clone().map_or(Actor::LocalOperator, Actor::Person),
        on_behalf_of: None,
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    }
}

/// The folder of keys.
pub(crate) fn key_folder(cli: &Cli) -> Result<PathBuf, Failure> {
    if let Some(dir) = &cli.keys {
        return Ok(dir.clone());
    }
    let env = std::env::var_os;
    keys_folder(env("LEVEE_KEYS"), env("XDG_DATA_HOME"), env("HOME")).map_err(|e| Failure::of(&e, None))
}

/// Opens a city that is there.
pub(crate) fn open(cli: &Cli, folder: &Path, access: Access) -> Result<Opened, Failure> {
    let journal = store::open(folder, access == Access::Write)?;
    // A name that nobody bears is refused even where anybody may look.
    if let Some(id) = &cli.actor
        && person(&journal, id)?.is_none()
    {
        return Err(AppError::from(NotAllowed::Unknown(id.clone())).into());
    }
    let blobs = FolderBlobs::open(folder, &key_folder(cli)?).map_err(|e| Failure::of(&e, None))?;
    if access == Access::Write && matches!(journal, CityJournal::Sqlite(_)) {
        // The lock is held: what lies about was left by a process that is gone.
        blobs.clear_leftovers()?;
    }
    Ok(Opened { folder: folder.to_owned(), journal, blobs, clock: MachineClock })
}

/// Makes the folder, journal and key of a new city and lets `found` fill it. If anything fails, no half-made city stays.
pub(crate) fn create<T>(
    cli: &Cli,
    folder: &Path,
    found: impl FnOnce(&mut Opened) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let keys = key_folder(cli)?;
    let was_there = folder.is_dir();
    std::fs::create_dir_all(folder).map_err(|e| Failure::io("make the folder", folder, &e))?;
    // From here on the city's lock is held: what is in the folder is ours.
    let journal = SqliteJournal::create(folder)?;
    let blobs = match FolderBlobs::create(folder, &keys) {
        Ok(blobs) => blobs,
        Err(error) => {
            unmake(folder, was_there);
            return Err(Failure::of(&error, None));
        }
    };
    let journal = CityJournal::Sqlite(journal);
    let mut opened = Opened { folder: folder.to_owned(), journal, blobs, clock: MachineClock };
    found(&mut opened).inspect_err(|_| unmake(folder, was_there))
}

/// Removes a city that could not be founded: the files that making it writes, and no other. The key in the folder of
/// keys stays; nothing is sealed with it.
fn unmake(folder: &Path, was_there: bool) {
    // What cannot be removed is left: the failure that led here is what the person must hear about.
    for name in ["levee.db-wal", "levee.db-shm", FILE] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    let _ = std::fs::remove_dir_all(folder.join("blobs"));
    let _ = std::fs::remove_file(folder.join("levee.lock"));
    if !was_there {
        let _ = std::fs::remove_dir(folder);
    }
}

/// The moment, from the one clock.
pub(crate) fn now() -> jiff::Timestamp {
    MachineClock.now()
}

/// The journal of an open city, for reading.
pub(crate) fn reader(opened: &Opened) -> &dyn Journal {
    &opened.journal
}
